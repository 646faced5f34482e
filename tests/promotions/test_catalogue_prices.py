"""Promotions of the catalogue: the reduced prices that they write, and what keeps them in step."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shop.catalogue.models import ProductCategory
from shop.core import clock
from shop.core.jobs import run_due_jobs
from shop.core.outbox import record_event
from shop.pricing.models import Price, PriceList
from shop.pricing.selectors import PricingContext, quote_prices
from shop.pricing.services import PriceChange, set_prices
from shop.promotions.models import Promotion
from shop.promotions.services import set_promotion_active
from tests.factories.cart import goods
from tests.factories.catalogue import CategoryFactory
from tests.factories.promotions import PromotionFactory

pytestmark = pytest.mark.django_db

LAMPS = {"field": "category", "op": "in", "value": ["lamps"]}


def sale(**changes: Any) -> Promotion:
    values = {"kind": "catalogue", "is_active": False, **changes}
    return PromotionFactory(**values)


def switch(promotion: Promotion, *, on: bool) -> None:
    set_promotion_active(promotion=promotion, is_active=on, actor=None, at=clock.now())


def price_of(variant: Any, at: Any = None) -> Decimal:
    context = PricingContext(currency="EUR", at=at or clock.now())
    return quote_prices(variant_ids=[variant.pk], context=context)[variant.pk].amount.amount


def test_prices_are_reduced_while_it_is_in_use_and_whole_again_after() -> None:
    lamp = goods("10.00")
    promotion = sale()
    assert price_of(lamp) == Decimal("10.00")

    switch(promotion, on=True)
    reduced = price_of(lamp)
    switch(promotion, on=False)

    assert (reduced, price_of(lamp)) == (Decimal("8.00"), Decimal("10.00"))


def test_they_begin_and_end_at_their_minute() -> None:
    lamp = goods("10.00")
    begin = clock.now() + timedelta(days=1)
    end = begin + timedelta(days=1)
    switch(sale(valid_from=begin, valid_until=end), on=True)

    moments = (begin - timedelta(seconds=1), begin, end - timedelta(seconds=1), end)

    assert [price_of(lamp, at) for at in moments] == [Decimal(10), Decimal(8), Decimal(8), Decimal(10)]


def test_a_new_base_price_is_reduced_in_the_same_transaction() -> None:
    lamp = goods("10.00")
    switch(sale(), on=True)
    base = PriceList.objects.get(kind=PriceList.Kind.BASE)

    set_prices(
        changes=[PriceChange(variant_id=lamp.pk, price_list_code=base.code, amount=Decimal("20.00"))],
        actor=None,
    )

    assert price_of(lamp) == Decimal("16.00")


def test_a_product_that_joins_the_category_is_reduced_and_one_that_leaves_is_not() -> None:
    lamp = goods("10.00")
    lamps = CategoryFactory(slug="lamps")
    switch(sale(targets=LAMPS), on=True)
    before = price_of(lamp)

    filed = ProductCategory.objects.create(page_id=lamp.product_id, category=lamps)
    record_event("products.changed", key="products", payload={"product_ids": [lamp.product_id]})
    joined = price_of(lamp)
    filed.delete()
    record_event("products.changed", key="products", payload={"product_ids": [lamp.product_id]})

    assert (before, joined, price_of(lamp)) == (Decimal(10), Decimal(8), Decimal(10))


@pytest.mark.parametrize(
    ("reward", "expected"),
    [
        ({"kind": "amount", "amount": "3.00"}, "7.00"),
        ({"kind": "amount", "amount": "10.00"}, "10.00"),
        ({"kind": "fixed_price", "amount": "4.00"}, "4.00"),
        ({"kind": "fixed_price", "amount": "12.00"}, "10.00"),
    ],
)
def test_no_kind_gives_goods_away_or_makes_them_dearer(reward: dict[str, str], expected: str) -> None:
    lamp = goods("10.00")

    switch(sale(reward=reward), on=True)

    assert price_of(lamp) == Decimal(expected)


def test_a_large_shop_is_written_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    lamps = [goods("10.00") for _ in range(3)]
    monkeypatch.setattr("shop.promotions.services.catalogue.VARIANTS_AT_ONCE", 2)
    promotion = sale()

    switch(promotion, on=True)
    written_at_once = Price.objects.filter(price_list__promotion_link__promotion=promotion).count()
    run_due_jobs(seconds=20)

    assert written_at_once == 0
    assert [price_of(lamp) for lamp in lamps] == [Decimal(8)] * 3
