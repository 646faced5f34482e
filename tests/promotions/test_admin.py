"""Making promotions in the admin: drafting, the words, what is refused, and putting them to use."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from content.roles import sync_roles
from shop.core.models import AuditEntry, OutboxEvent
from shop.core.money import Money
from shop.promotions.facts import Shopper
from shop.promotions.models import Promotion
from shop.promotions.services import Redeemed, redeem
from tests.factories.cart import cart_with, goods
from tests.factories.catalogue import CategoryFactory
from tests.factories.customers import StaffFactory
from tests.factories.promotions import PromotionFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, tzinfo=UTC)
LAMPS = {"field": "category", "op": "in", "value": ["lamps"]}


@pytest.fixture
def roles() -> None:
    sync_roles()


def log_in(role: str) -> Client:
    client = Client()
    client.force_login(StaffFactory(role=role))
    return client


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Autumn sale",
        "label": "10 % off",
        "kind": "cart",
        "lane": "10",
        "priority": "0",
        "currency": "EUR",
        "conditions": "",
        "qualifiers": "",
        "targets": "",
        "min_quantity": "0",
        "reward_kind": "percent",
        "reward_percent": "10",
        "valid_until": "2027-12-01 00:00",
        **changes,
    }


def add(client: Client, **changes: Any) -> Any:
    return client.post(reverse("promotions:add"), filled(**changes), follow=True)


def errors_of(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def given_to_an_order(promotion: Promotion, amount: str) -> None:
    redeem(
        order_id=uuid4(),
        redeemed=[Redeemed(promotion_id=promotion.pk, amount=Money(Decimal(amount), "EUR"))],
        shopper=Shopper(),
        at=NOW,
    )


@pytest.mark.usefixtures("roles")
def test_a_merchandiser_drafts_a_promotion_and_reads_it_in_words() -> None:
    CategoryFactory(slug="lamps", name="Lamps")
    client = log_in("Merchandiser")

    response = add(
        client,
        targets=json.dumps({"all": [LAMPS]}),
        conditions=json.dumps({"field": "minute_of_day", "op": "gte", "value": "1080"}),
    )

    promotion = Promotion.objects.get()
    text = response.content.decode()
    assert "10 % off goods where category is Lamps." in text
    assert "When time of day is at least 18:00." in text
    assert not promotion.is_active
    assert promotion.reward == {"kind": "percent", "percent": "10"}
    assert AuditEntry.objects.filter(action="promotion.added", actor=promotion.created_by).exists()
    assert OutboxEvent.objects.filter(topic="promotion.changed").count() == 1


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        (
            {"reward_percent": "120"},
            "reward_percent",
            "Enter a percentage above 0 and up to 100, such as 20.",
        ),
        (
            {"targets": json.dumps({"all": [LAMPS]})},
            "targets",
            "Condition 1: There is no “lamps” here: remove it, or choose another.",
        ),
        (
            {"conditions": '{"field": "moon", "op": "is", "value": true}'},
            "conditions",
            "Choose what this condition is about.",
        ),
        ({"valid_from": "2028-01-01 00:00"}, "valid_until", "The end must be after the beginning."),
        ({"budget": "0.001"}, "budget", "EUR has fewer decimal places: round the amount."),
        (
            {"reward_kind": "tiers", "reward_by": "quantity", "reward_steps": "3 = 10 %\nmany = 5"},
            "reward_steps",
            "Line 2: Enter where the step begins, such as 3.",
        ),
        (
            {"kind": "catalogue", "reward_kind": "shipping"},
            "reward_kind",
            "In the catalogue a promotion gives a percentage, an amount or a fixed price.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changes: dict[str, str], field: str, message: str) -> None:
    response = add(log_in("Merchandiser"), **changes)

    assert errors_of(response) == {field: [message]}
    assert not Promotion.objects.exists()


@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize(
    ("fields", "reward", "sentence"),
    [
        (
            {"reward_kind": "amount", "reward_amount": "5,00"},
            {"kind": "amount", "amount": "5.00"},
            "€5.00 off any goods.",
        ),
        (
            {"reward_kind": "fixed_price", "reward_amount": "9.90"},
            {"kind": "fixed_price", "amount": "9.90"},
            "Each piece of any goods costs €9.90.",
        ),
        (
            {"reward_kind": "cheapest_free", "reward_of": "3", "reward_percent": ""},
            {"kind": "cheapest_free", "of": "3"},
            "Of every 3 pieces of any goods the cheapest one is free.",
        ),
        (
            {"reward_kind": "buy_x_get_y", "reward_buy": "2", "reward_get": "1", "reward_percent": "50"},
            {"kind": "buy_x_get_y", "buy": "2", "get": "1", "percent": "50"},
            "With every 2 pieces of any goods, 1 piece of any goods at 50 % off.",
        ),
        (
            {"reward_kind": "set_price", "reward_pieces": "3", "reward_amount": "50"},
            {"kind": "set_price", "pieces": "3", "amount": "50"},
            "3 pieces of any goods together cost €50.00.",
        ),
        (
            {"reward_kind": "tiers", "reward_by": "quantity", "reward_steps": "3 = 10 %\n5 = 20.00"},
            {
                "kind": "tiers",
                "by": "quantity",
                "steps": [{"from": "3", "percent": "10"}, {"from": "5", "amount": "20.00"}],
            },
            "Off any goods, by pieces: from 3 pieces 10 %; from 5 pieces €20.00.",
        ),
        (
            {"reward_kind": "gift", "reward_sku": "BULB-1"},
            {"kind": "gift", "sku": "BULB-1"},
            "1 piece of BULB-1 for nothing.",
        ),
        ({"reward_kind": "shipping", "reward_percent": ""}, {"kind": "shipping"}, "Free shipping."),
    ],
)
def test_each_kind_is_kept_as_the_engine_reads_it_and_comes_back_into_its_fields(
    fields: dict[str, str], reward: dict[str, Any], sentence: str
) -> None:
    client = log_in("Merchandiser")

    response = add(client, **fields)

    promotion = Promotion.objects.get()
    assert promotion.reward == reward
    assert response.context["sentences"][0] == sentence
    shown = response.context["form"]
    assert {name: shown[name].value() for name in fields if fields[name] and name != "reward_amount"} == {
        name: value for name, value in fields.items() if value and name != "reward_amount"
    }


@pytest.mark.usefixtures("roles")
def test_saving_says_what_is_rarely_meant() -> None:
    response = add(log_in("Merchandiser"), reward_percent="100", valid_until="", needs_voucher="on")

    said = [str(message) for message in response.context["messages"]]
    assert any("gives goods away" in sentence for sentence in said)
    assert any("no end" in sentence for sentence in said)
    assert any("without limit" in sentence for sentence in said)


@pytest.mark.usefixtures("roles")
def test_the_words_follow_what_is_typed_and_nothing_is_saved() -> None:
    client = log_in("Merchandiser")

    found = client.post(reverse("promotions_in_words"), filled(min_subtotal="50", name="")).json()

    assert found["sentences"][:2] == [
        "10 % off any goods.",
        "When any goods for €50.00 or more are in the cart.",
    ]
    assert found["missing"] == ["Name"]
    assert not Promotion.objects.exists()


@pytest.mark.usefixtures("roles")
def test_the_builder_is_told_the_rule_in_words_and_what_can_be_chosen() -> None:
    CategoryFactory(slug="lamps", name="Lamps")
    client = log_in("Merchandiser")

    words = client.post(
        reverse("promotions_rule", args=["goods"]), json.dumps(LAMPS), content_type="application/json"
    ).json()
    wrong = client.post(
        reverse("promotions_rule", args=["carts"]), "{", content_type="application/json"
    ).json()
    offered = client.get(reverse("promotions_words"), {"field": "country", "q": "germ"}).json()

    assert words == {"errors": [], "words": "Category is Lamps."}
    assert wrong["errors"][0]["detail"] == "This is no JSON."
    assert offered["words"] == [{"word": "de", "name": "Germany"}]


@pytest.mark.usefixtures("roles")
def test_an_approver_puts_a_draft_to_use_and_pauses_it_again() -> None:
    promotion = PromotionFactory(is_active=False)
    address = reverse("promotions:activation", args=[promotion.pk])
    approver = log_in("Approver")

    approver.post(address, {"active": "1"})
    assert Promotion.objects.get().is_active
    approver.post(address, {"active": "0"})

    assert not Promotion.objects.get().is_active


@pytest.mark.usefixtures("roles")
def test_a_merchandiser_neither_activates_nor_changes_what_is_in_use() -> None:
    promotion = PromotionFactory(is_active=True)
    client = log_in("Merchandiser")

    client.post(reverse("promotions:activation", args=[promotion.pk]), {"active": "0"})
    client.post(reverse("promotions:edit", args=[promotion.pk]), filled(name="Mine"))

    promotion.refresh_from_db()
    assert promotion.is_active
    assert promotion.name != "Mine"


@pytest.mark.usefixtures("roles")
def test_a_broken_promotion_is_shown_refused_and_named_on_the_home_page() -> None:
    promotion = PromotionFactory(name="Broken one")
    Promotion.objects.filter(pk=promotion.pk).update(targets={"field": "gone", "op": "in", "value": ["x"]})
    client = log_in("Approver")

    home = client.get(reverse("wagtailadmin_home")).content.decode()
    listed = client.get(reverse("promotions:index"), {"state": "broken"}).content.decode()
    Promotion.objects.filter(pk=promotion.pk).update(is_active=False)
    client.post(reverse("promotions:activation", args=[promotion.pk]), {"active": "1"})

    assert "Promotions that are broken" in home
    assert "Broken one" in listed
    assert not Promotion.objects.get().is_active


@pytest.mark.usefixtures("roles")
def test_a_limit_that_is_set_later_counts_what_was_given_before() -> None:
    promotion = PromotionFactory(is_active=False, min_quantity=0)
    given_to_an_order(promotion, "4.00")
    given_to_an_order(promotion, "6.00")
    client = log_in("Approver")
    edit = reverse("promotions:edit", args=[promotion.pk])

    refused = client.post(edit, filled(budget="9.00"))
    client.post(edit, filled(budget="50.00", max_uses="5"))

    promotion.refresh_from_db()
    assert errors_of(refused) == {"budget": ["It has given 10 already: enter that or more, or pause it."]}
    assert (promotion.uses, promotion.spent) == (2, Decimal("10.00"))


@pytest.mark.usefixtures("roles")
def test_one_that_was_used_is_not_deleted_but_a_copy_of_it_can_be() -> None:
    promotion = PromotionFactory(name="Used")
    given_to_an_order(promotion, "4.00")
    client = log_in("Approver")

    client.post(reverse("promotions:duplicate", args=[promotion.pk]))
    copied = Promotion.objects.get(name="Used (copy)")
    refused = client.post(reverse("promotions:delete", args=[promotion.pk]), follow=True)
    client.post(reverse("promotions:delete", args=[copied.pk]))

    assert "Pause it instead." in refused.content.decode()
    assert not copied.is_active
    assert list(Promotion.objects.values_list("name", flat=True)) == ["Used"]


@pytest.mark.usefixtures("roles")
def test_the_list_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        PromotionFactory()
    client = log_in("Support")
    client.get(reverse("promotions:index"))

    with django_assert_max_num_queries(12):
        response = client.get(reverse("promotions:index"), {"q": "Promotion"})

    assert response.status_code == 200


def test_carts_notice_an_activation_at_once() -> None:
    promotion = PromotionFactory(is_active=False)
    cart = cart_with([(goods("10.00"), 1)])
    before = Client().get(f"/api/v1/carts/{cart.pk}/").json()["totals"]["discount"]["amount"]

    from shop.promotions.services import set_promotion_active

    set_promotion_active(promotion=promotion, is_active=True, actor=None, at=NOW)

    after = Client().get(f"/api/v1/carts/{cart.pk}/").json()["totals"]["discount"]["amount"]
    assert (before, after) == ("0.00", "2.00")
