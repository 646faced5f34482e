from __future__ import annotations

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from content.roles import Role, sync_roles

pytestmark = pytest.mark.django_db


def sync(*args: str) -> str:
    out = StringIO()
    call_command("sync_roles", *args, stdout=out)
    return out.getvalue()


def test_every_permission_of_every_role_exists() -> None:
    report = json.loads(sync("--json"))

    assert [role["name"] for role in report] == ["Merchandiser", "Approver", "Ops", "Support", "Analyst"]
    assert all(role["missing"] == [] and role["created"] for role in report)


def test_a_second_run_changes_nothing() -> None:
    sync()
    counts = [
        model.objects.count()
        for model in (Group.permissions.through, GroupPagePermission, GroupCollectionPermission)
    ]

    report = json.loads(sync("--json"))

    assert {role["added"] for role in report} == {0}
    assert counts == [
        model.objects.count()
        for model in (Group.permissions.through, GroupPagePermission, GroupCollectionPermission)
    ]


def test_what_an_operator_added_stays() -> None:
    sync()
    extra = Permission.objects.get(codename="delete_user")
    Group.objects.get(name="Support").permissions.add(extra)

    sync()

    assert extra in Group.objects.get(name="Support").permissions.all()


def test_merchandisers_publish_pages_and_move_no_order() -> None:
    sync()
    merchandiser = Group.objects.get(name="Merchandiser")

    pages = set(merchandiser.page_permissions.values_list("permission__codename", flat=True))
    everywhere = set(merchandiser.permissions.values_list("content_type__app_label", flat=True))

    assert pages == {"add_page", "change_page", "publish_page"}
    assert not everywhere & {"orders", "payments", "notifications", "customers"}


def test_analysts_change_nothing() -> None:
    sync()

    codenames = set(Group.objects.get(name="Analyst").permissions.values_list("codename", flat=True))

    assert {name for name in codenames if not name.startswith("view_")} == {"access_admin"}


def test_a_permission_that_does_not_exist_is_reported() -> None:
    strange = Role(name="Strange", models={"orders.order": ("view", "fly")})

    [report] = sync_roles([strange])

    assert report.missing == ["orders.fly_order"]
    assert Group.objects.get(name="Strange").permissions.filter(codename="view_order").exists()
