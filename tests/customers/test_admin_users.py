from __future__ import annotations

import pytest
from django.test import Client

from shop.customers.models import CustomerGroup, User
from tests.factories.customers import (
    PASSWORD,
    AdministratorFactory,
    CustomerGroupFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(AdministratorFactory())
    return client


def form_of(user: User, **changes: str) -> dict[str, str]:
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "is_active": "on",
        "password1": "",
        "password2": "",
    } | changes


def test_an_administrator_adds_a_person_to_a_customer_group(admin: Client) -> None:
    trade = CustomerGroupFactory(name="Trade")
    form = {
        "email": "grace@example.com",
        "first_name": "Grace",
        "last_name": "Hopper",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "group": str(trade.pk),
    }

    assert "Customer group" in admin.get("/admin/users/new/").content.decode()
    answer = admin.post("/admin/users/new/", form)

    assert answer.status_code == 302
    assert User.objects.get(email="grace@example.com").group == trade


def test_an_address_that_differs_in_case_only_is_refused(admin: Client) -> None:
    UserFactory(email="ada@example.com")
    grace = UserFactory(email="grace@example.com")

    answer = admin.post(f"/admin/users/edit/{grace.pk}/", form_of(grace, email="ADA@example.com"))

    assert "registered already" in answer.content.decode()
    grace.refresh_from_db()
    assert grace.email == "grace@example.com"


def test_a_new_password_ends_the_persons_log_ins(admin: Client) -> None:
    grace = UserFactory()

    admin.post(
        f"/admin/users/edit/{grace.pk}/",
        form_of(grace, password1="another good password", password2="another good password"),
    )

    assert User.objects.get(pk=grace.pk).auth_version == 2


def test_customer_groups_are_kept_in_settings(admin: Client) -> None:
    answer = admin.post("/admin/customer-groups/new/", {"name": "Trade customers", "slug": "trade"})

    assert answer.status_code == 302
    assert CustomerGroup.objects.get().slug == "trade"
    assert "Trade customers" in admin.get("/admin/customer-groups/").content.decode()


def test_people_log_in_to_the_admin_by_email_whatever_its_case() -> None:
    AdministratorFactory(email="Root@example.com")
    client = Client()

    answer = client.post("/admin/login/", {"username": "root@EXAMPLE.com", "password": PASSWORD})

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"


@pytest.mark.parametrize("make", [UserFactory, StaffFactory])
def test_shoppers_and_staff_without_a_role_stay_outside(make: type[UserFactory]) -> None:
    client = Client()
    client.force_login(make())

    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/admin/login/")
