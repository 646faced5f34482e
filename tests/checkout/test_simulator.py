"""The simulator: a cart that is priced like any other, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from content.roles import sync_roles
from shop.cart.models import Cart
from shop.promotions.models import Promotion
from tests.factories.cart import goods
from tests.factories.customers import CustomerGroupFactory, StaffFactory
from tests.factories.promotions import PromotionFactory, VoucherFactory
from tests.orders.placed import place_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def support() -> Client:
    sync_roles()
    client = Client()
    client.force_login(StaffFactory(role="Support"))
    return client


def ask(client: Client, **fields: Any) -> Any:
    return client.post(reverse("promotions_simulator"), fields)


def sums(response: Any) -> dict[str, str]:
    return dict(response.context["sums"])


def test_it_says_what_a_cart_costs_and_why_and_keeps_nothing(support: Client) -> None:
    lamp = goods("10.00")
    PromotionFactory(name="Everything")
    VoucherFactory(promotion__name="With a code")

    response = ask(support, lines=f"{lamp.sku} 2")

    assert sums(response)["Discount"] == "-€4.00"
    tried = {one.name: (one.outcome, one.reason) for one in response.context["answer"].tried}
    assert tried["Everything"] == ("applied", "It applies.")
    assert tried["With a code"] == ("not applied", "None of its vouchers is entered.")
    assert not Cart.objects.exists()


def test_a_draft_can_be_tried_and_stays_a_draft(support: Client) -> None:
    lamp = goods("10.00")
    draft = PromotionFactory(is_active=False)

    without = ask(support, lines=lamp.sku)
    tried = ask(support, lines=lamp.sku, drafts=[draft.pk])

    assert (sums(without)["Total"], sums(tried)["Total"]) == ("€10.00", "€8.00")
    kept = Promotion.objects.get()
    assert (kept.is_active, kept.version) == (False, draft.version)


def test_group_moment_and_voucher_count(support: Client) -> None:
    lamp = goods("10.00")
    group = CustomerGroupFactory(slug="trade")
    VoucherFactory(
        code="TRADE",
        promotion__conditions={"field": "customer_group", "op": "in", "value": ["trade"]},
        promotion__valid_from="2027-01-01T00:00:00Z",
    )
    asked = {"lines": lamp.sku, "vouchers": "trade", "group": group.pk}

    now = ask(support, **asked)
    later = ask(support, **asked, at="2027-02-01 12:00")

    assert (sums(now)["Discount"], sums(later)["Discount"]) == ("€0.00", "-€2.00")


def test_an_order_is_loaded_by_its_number(support: Client) -> None:
    order = place_order(quantities=(3,))

    response = ask(support, source=order.number)

    assert [row["line"].quantity for row in response.context["lines"]] == [3]


def test_what_is_not_there_is_said_beside_its_field(support: Client) -> None:
    unknown = ask(support, lines="NOTHING 1")
    empty = ask(support, source="NX-NONE")

    assert unknown.context["form"].errors == {"lines": ["There is no SKU NOTHING."]}
    assert "source" in empty.context["form"].errors
