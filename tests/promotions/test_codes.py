"""Voucher codes in the admin: single ones, batches made in the background, blocking and reports."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from content.roles import sync_roles
from shop.core.jobs import run_due_jobs
from shop.core.money import Money
from shop.promotions.facts import Shopper
from shop.promotions.models import Voucher, VoucherBatch
from shop.promotions.services import Redeemed, redeem
from tests.factories.cart import cart_with, goods
from tests.factories.customers import StaffFactory, UserFactory
from tests.factories.promotions import PromotionFactory, VoucherFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def ops() -> Client:
    sync_roles()
    client = Client()
    client.force_login(StaffFactory(role="Ops"))
    return client


def used(voucher: Voucher, amount: str) -> None:
    given = Money(Decimal(amount), "EUR")
    redeem(
        order_id=uuid4(),
        redeemed=[Redeemed(promotion_id=voucher.promotion_id, amount=given, code=voucher.code)],
        shopper=Shopper(email="ada@example.com"),
        at=NOW,
    )


def make_batch(ops: Client, **changes: Any) -> VoucherBatch:
    promotion = PromotionFactory(needs_voucher=True)
    data = {"promotion": promotion.pk, "name": "Leaflet", "prefix": "autumn", "size": "30", "max_uses": "1"}
    response = ops.post(reverse("voucher_batches:add"), {**data, **changes}, follow=True)
    assert response.status_code == 200
    return VoucherBatch.objects.get()


def test_ops_makes_a_code_that_shoppers_may_write_small(ops: Client) -> None:
    promotion = PromotionFactory(needs_voucher=True)
    customer = UserFactory(email="ada@example.com")

    ops.post(
        reverse("vouchers:add"),
        {
            "promotion": promotion.pk,
            "code": "welcome-10",
            "customer_email": "ADA@example.com",
            "is_active": "on",
        },
    )

    voucher = Voucher.objects.get()
    assert (voucher.code, voucher.customer) == ("WELCOME-10", customer)


def test_a_code_that_is_blocked_gives_nothing_in_carts(ops: Client) -> None:
    voucher = VoucherFactory(code="SUMMER")
    cart = cart_with([(goods("10.00"), 1)])

    ops.post(reverse("vouchers:edit", args=[voucher.pk]), {"max_uses": "5"})

    response = Client().post(
        f"/api/v1/carts/{cart.pk}/vouchers/", {"code": "summer"}, content_type="application/json"
    )
    assert response.json()["code"] == "voucher_expired"


def test_a_batch_is_made_in_the_background_and_each_code_is_unlike_the_others(ops: Client) -> None:
    batch = make_batch(ops)
    assert not batch.vouchers.exists()

    run_due_jobs(seconds=20)

    codes = list(batch.vouchers.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == 30
    assert all(code.startswith("AUTUMN-") and not set(code[7:]) & set("01OIL") for code in codes)


def test_a_batch_that_was_cut_off_is_made_whole_and_not_doubled(
    ops: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = make_batch(ops)
    Voucher.objects.create(promotion=batch.promotion, batch=batch, code="AUTUMN-HELD")
    monkeypatch.setattr("shop.promotions.jobs.CODES_AT_ONCE", 7)

    run_due_jobs(seconds=20)

    assert batch.vouchers.count() == 30
    assert VoucherBatch.objects.get().job.status == "done"


def test_a_hundred_thousand_is_the_most(ops: Client) -> None:
    promotion = PromotionFactory(needs_voucher=True)

    response = ops.post(
        reverse("voucher_batches:add"), {"promotion": promotion.pk, "name": "Too many", "size": "100001"}
    )

    assert "size" in response.context["form"].errors
    assert not VoucherBatch.objects.exists()


def test_reports_say_what_each_code_and_the_batch_brought(ops: Client) -> None:
    batch = make_batch(ops, size="3")
    run_due_jobs(seconds=20)
    voucher = batch.vouchers.first()
    used(voucher, "4.50")

    report = ops.get(reverse("voucher_batches:report", args=[batch.pk])).content.decode()
    listed = ops.get(reverse("vouchers:index"), {"q": voucher.code}).content.decode()
    file = b"".join(ops.get(reverse("voucher_batches:codes", args=[batch.pk])).streaming_content).decode()

    assert "€4.50" in report
    assert "1 of 1" in listed
    assert "€4.50" in listed
    lines = file.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("code,in use,orders")
    assert len(lines) == 4
    assert any(line.startswith(f"{voucher.code},yes,1,1,4.5000,EUR,2026-11-20") for line in lines)


def test_a_whole_batch_is_blocked_and_let_go_again(ops: Client) -> None:
    batch = make_batch(ops, size="3")
    run_due_jobs(seconds=20)
    address = reverse("voucher_batches:report", args=[batch.pk])

    ops.post(address, {"active": "0"})
    blocked = batch.vouchers.filter(is_active=False).count()
    ops.post(address, {"active": "1"})

    assert (blocked, batch.vouchers.filter(is_active=True).count()) == (3, 3)
