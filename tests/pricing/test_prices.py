from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from shop.core import clock
from shop.core.models import AuditEntry, OutboxEvent
from shop.core.models.append_only import RowsAreAppendOnly
from shop.pricing.models import Price, PriceHistory, PriceList
from shop.pricing.selectors import PricingContext, get_base_price_list, list_price_history, quote_prices
from shop.pricing.services import (
    PriceChange,
    PricesRefused,
    bulk_load_prices,
    delete_price_list,
    ensure_base_price_list,
    set_prices,
)
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.customers import CustomerGroupFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db


def context(**overrides):
    return PricingContext(**{"currency": "EUR", "at": clock.now(), **overrides})


def quote(variant, *, quantity=1, **overrides):
    quotes = quote_prices(
        variant_ids=[variant.pk], context=context(**overrides), quantities={variant.pk: quantity}
    )
    return quotes.get(variant.pk)


def change(variant, amount, *, price_list="base", **overrides):
    return PriceChange(
        variant_id=variant.pk,
        price_list_code=price_list,
        amount=None if amount is None else Decimal(amount),
        **overrides,
    )


def test_a_price_is_set_changed_and_taken_away_and_the_history_keeps_it_all():
    ensure_base_price_list()
    lamp = VariantFactory()

    for amount in ("49.90", "44.90", None):
        set_prices(changes=[change(lamp, amount)], actor=None, reason="spring")

    assert quote(lamp) is None
    history = list_price_history(variant_id=lamp.pk)
    assert [row.amount for row in history] == [None, Decimal("44.90"), Decimal("49.90")]
    assert {row.reason for row in history} == {"spring"}


def test_every_change_is_told_and_audited_once_and_no_change_is_not():
    ensure_base_price_list()
    lamp, chair = VariantFactory(), VariantFactory()
    OutboxEvent.objects.all().delete()

    changed = set_prices(changes=[change(lamp, "49.90"), change(chair, "120")], actor=None)
    unchanged = set_prices(changes=[change(lamp, "49.90"), change(chair, "120")], actor=None)

    assert (changed, unchanged) == (2, 0)
    event = OutboxEvent.objects.get(topic="price.changed")
    assert event.payload == {"variant_ids": sorted([lamp.pk, chair.pk]), "price_list": "base"}
    assert AuditEntry.objects.filter(action="price.set").count() == 1
    assert PriceHistory.objects.count() == 2


def test_many_changes_are_told_in_portions_that_search_can_index():
    ensure_base_price_list()
    product = ProductFactory()
    variants = [VariantFactory(product=product) for _ in range(3)]
    OutboxEvent.objects.all().delete()

    from shop.pricing.services import writing

    before, writing.VARIANTS_PER_EVENT = writing.VARIANTS_PER_EVENT, 2
    try:
        set_prices(changes=[change(variant, "1") for variant in variants], actor=None)
    finally:
        writing.VARIANTS_PER_EVENT = before

    sizes = [len(event.payload["variant_ids"]) for event in OutboxEvent.objects.order_by("id")]
    assert sizes == [2, 1]


@pytest.mark.parametrize(
    ("overrides", "attr", "code"),
    [
        ({"amount": Decimal("-1")}, "amount", "invalid_amount"),
        ({"amount": Decimal("NaN")}, "amount", "invalid_amount"),
        ({"amount": Decimal("1e15")}, "amount", "invalid_amount"),
        ({"amount": 1.5}, "amount", "invalid_amount"),
        ({"amount": Decimal("1.005")}, "amount", "too_many_digits"),
        ({"compare_at": Decimal("1.005")}, "compare_at", "too_many_digits"),
        ({"price_list_code": "moon"}, "price_list_code", "unknown_price_list"),
        ({"variant_id": 0}, "variant_id", "unknown_variant"),
        ({"min_quantity": 0}, "min_quantity", "invalid_quantity"),
    ],
)
def test_a_wrong_price_is_refused_by_its_place_and_none_is_set(overrides, attr, code):
    ensure_base_price_list()
    lamp = VariantFactory()
    right = {"variant_id": lamp.pk, "price_list_code": "base", "amount": Decimal(5)}

    with pytest.raises(PricesRefused) as refused:
        set_prices(changes=[PriceChange(**right), PriceChange(**{**right, **overrides})], actor=None)

    assert (refused.value.errors[0].attr, refused.value.errors[0].code) == (f"changes.1.{attr}", code)
    assert not Price.objects.exists()


def test_a_price_given_twice_is_refused():
    ensure_base_price_list()
    lamp = VariantFactory()

    with pytest.raises(PricesRefused) as refused:
        set_prices(changes=[change(lamp, "5"), change(lamp, "6")], actor=None)

    assert refused.value.errors[0].code == "duplicate_price"


def test_a_recommended_price_has_no_place_in_a_sale_list():
    PriceListFactory(code="sale", kind="sale")
    lamp = VariantFactory()

    with pytest.raises(PricesRefused) as refused:
        set_prices(changes=[change(lamp, "5", price_list="sale", compare_at=Decimal(9))], actor=None)

    assert refused.value.errors[0].code == "no_recommended_price_here"


def test_yen_have_no_decimal_places_and_dinars_have_three():
    PriceListFactory(code="yen", currency="JPY")
    PriceListFactory(code="dinar", currency="KWD")
    lamp = VariantFactory()

    with pytest.raises(PricesRefused):
        set_prices(changes=[change(lamp, "5.5", price_list="yen")], actor=None)
    set_prices(changes=[change(lamp, "5.505", price_list="dinar")], actor=None)

    assert quote(lamp, currency="KWD").amount.as_json() == {"amount": "5.505", "currency": "KWD"}


def test_lists_of_another_currency_group_site_or_time_serve_nobody_else():
    trade = CustomerGroupFactory()
    lamp = VariantFactory()
    PriceFactory(variant=lamp, amount="20")
    now = clock.now()
    for number, overrides in enumerate(
        [
            {"currency": "USD"},
            {"customer_group": trade},
            {"valid_from": now + timedelta(hours=1)},
            {"valid_until": now},
            {"is_active": False},
        ]
    ):
        other = PriceListFactory(kind="override", **overrides)
        PriceFactory(variant=lamp, price_list=other, amount=str(number + 1))

    assert quote(lamp, at=now).amount.amount == 20
    assert quote(lamp, at=now, customer_group_id=trade.pk).amount.amount == 2
    assert quote(lamp, at=now + timedelta(hours=2)).amount.amount == 3


def test_any_number_of_variants_is_quoted_in_one_query(django_assert_num_queries):
    product = ProductFactory()
    variants = [VariantFactory(product=product) for _ in range(6)]
    sale = PriceListFactory(kind="sale")
    for variant in variants:
        PriceFactory(variant=variant, amount="20")
        PriceFactory(variant=variant, price_list=sale, amount="15")

    with django_assert_num_queries(1):
        quotes = quote_prices(variant_ids=[variant.pk for variant in variants], context=context())

    assert {found.amount.amount for found in quotes.values()} == {15}


def test_a_bulk_load_sets_thousands_with_few_statements(django_assert_max_num_queries):
    ensure_base_price_list()
    product = ProductFactory()
    variants = [VariantFactory(product=product) for _ in range(20)]

    with django_assert_max_num_queries(16):
        changed = bulk_load_prices(
            changes=(change(variant, "5") for variant in variants), batch_size=10, announce=False
        )

    assert changed == 20
    assert PriceHistory.objects.count() == 20


def test_the_database_refuses_a_negative_price_and_a_second_one():
    price = PriceFactory()

    for wrong in ({"amount": -1}, {"min_quantity": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Price.objects.filter(pk=price.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(price_list=price.price_list, variant=price.variant, amount=1)


def test_the_history_can_only_be_added_to():
    PriceFactory()
    row = PriceHistory.objects.get()

    with pytest.raises(RowsAreAppendOnly):
        row.save()
    with pytest.raises(RowsAreAppendOnly):
        PriceHistory.objects.update(amount=1)
    with pytest.raises(RowsAreAppendOnly):
        PriceHistory.objects.all().delete()


def test_a_deleted_list_leaves_its_past_and_tells_search():
    price = PriceFactory(price_list=PriceListFactory(code="gone"))
    OutboxEvent.objects.all().delete()

    delete_price_list(price_list=price.price_list, actor=None)

    assert not PriceList.objects.filter(code="gone").exists()
    assert [row.amount for row in list_price_history(variant_id=price.variant_id)] == [None, Decimal(10)]
    assert OutboxEvent.objects.get(topic="price.changed").payload["variant_ids"] == [price.variant_id]


def test_the_base_list_is_the_one_everybody_gets_in_the_shops_currency():
    with pytest.raises(PriceList.DoesNotExist, match="no base price list in EUR"):
        get_base_price_list()
    ensure_base_price_list()
    PriceListFactory(code="usd", currency="USD")

    assert get_base_price_list().code == "base"
    assert get_base_price_list("USD").code == "usd"


def test_a_moment_is_in_a_list_from_its_beginning_until_just_before_its_end():
    begin, end = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 8))
    price_list = PriceListFactory(valid_from=begin, valid_until=end)

    moments = (begin - timedelta(seconds=1), begin, end - timedelta(seconds=1), end)
    assert [price_list.is_valid_at(moment) for moment in moments] == [False, True, True, False]
    assert [PriceList.objects.valid_at(moment).exists() for moment in moments] == [False, True, True, False]
