from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from rest_framework.test import APIRequestFactory

from shop.core.api.permissions import IsStaffWithPermission
from tests.factories.customers import UserFactory

pytestmark = pytest.mark.django_db

VIEW = SimpleNamespace(read_permission="core.view_auditentry", write_permission="core.change_outboxevent")


def may(user: Any, method: str, view: Any = VIEW) -> bool:
    request = APIRequestFactory().generic(method, "/")
    request.user = user
    return IsStaffWithPermission().has_permission(request, view)  # type: ignore[arg-type]


def test_staff_need_the_views_own_permission_for_the_method() -> None:
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_auditentry"))

    assert may(reader, "GET")
    assert not may(reader, "POST")


def test_nobody_else_may_anything() -> None:
    permitted_but_no_staff = UserFactory()
    permitted_but_no_staff.user_permissions.add(Permission.objects.get(codename="view_auditentry"))

    assert not may(permitted_but_no_staff, "GET")
    assert not may(AnonymousUser(), "GET")


def test_a_view_that_names_no_permission_is_closed_to_an_administrator_too() -> None:
    administrator = UserFactory(is_staff=True, is_superuser=True)

    assert may(administrator, "POST")
    assert not may(administrator, "POST", SimpleNamespace(read_permission="core.view_auditentry"))
