"""The 30-day price of art. 6a against a reference that remembers what every hour really cost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from shop.core import clock
from shop.pricing.models import PriceList
from shop.pricing.selectors import PricingContext, lowest_prices_30_days, quote_prices
from shop.pricing.services import (
    PriceChange,
    apply_due_price_lists,
    delete_price_list,
    save_price_list,
    set_prices,
)
from tests.factories.catalogue import VariantFactory

START = datetime(2026, 1, 1, tzinfo=UTC)
LAST = 45
CODES = ("base", "sale", "offer")


def day(number):
    return START + timedelta(days=number)


what_happens = st.one_of(
    st.tuples(st.just("price"), st.sampled_from(CODES), st.integers(5, 30)),
    st.tuples(st.just("take away"), st.sampled_from(CODES[1:]), st.none()),
    st.tuples(
        st.just("window"), st.sampled_from(CODES[1:]), st.tuples(st.integers(-5, 40), st.integers(1, 40))
    ),
    st.tuples(st.just("active"), st.sampled_from(CODES[1:]), st.booleans()),
    st.tuples(st.just("priority"), st.sampled_from(CODES), st.integers(0, 3)),
    st.tuples(st.just("kind"), st.sampled_from(CODES[1:]), st.sampled_from(["sale", "override"])),
    st.tuples(st.just("delete"), st.just("offer"), st.none()),
    st.tuples(st.just("sweep"), st.none(), st.none()),
)
stories = st.lists(st.tuples(st.integers(0, LAST), what_happens), max_size=12).map(
    lambda story: sorted(story, key=lambda entry: entry[0])
)


class Shop:
    """The real shop, driven by its services."""

    def __init__(self):
        self.variant = VariantFactory()
        for code, kind in zip(CODES, ("base", "sale", "sale"), strict=True):
            with clock.at(day(0)):
                save_price_list(
                    price_list=PriceList(code=code, name=code, currency="EUR", kind=kind),
                    actor=None,
                    at=day(0),
                )

    def do(self, at, what, code, value):
        if what == "sweep":
            apply_due_price_lists(at=at)
            return
        price_list = PriceList.objects.filter(code=code).first()
        if price_list is None:
            return
        if what in ("price", "take away"):
            amount = None if value is None else Decimal(value)
            set_prices(changes=[PriceChange(self.variant.pk, code, amount)], actor=None, at=at)
            return
        if what == "delete":
            delete_price_list(price_list=price_list, actor=None, at=at)
            return
        if what == "window":
            begins, length = value
            price_list.valid_from = at + timedelta(days=begins)
            price_list.valid_until = price_list.valid_from + timedelta(days=length)
        else:
            setattr(price_list, {"active": "is_active"}.get(what, what), value)
        save_price_list(price_list=price_list, actor=None, at=at)

    def quote(self, at):
        context = PricingContext(currency="EUR", at=at)
        return quote_prices(variant_ids=[self.variant.pk], context=context).get(self.variant.pk)

    def lowest(self, at):
        context = PricingContext(currency="EUR", at=at)
        found = lowest_prices_30_days(variant_ids=[self.variant.pk], context=context)
        money = found.get(self.variant.pk)
        return None if money is None else money.amount


def remembered_lowest(memory, at):
    """By brute force: what was really quoted at each moment, noted as it went by."""
    if memory[at] is None or not memory[at].is_reduced:
        return None
    moments = sorted(memory)
    began = at
    for moment in reversed([one for one in moments if one <= at]):
        if memory[moment] is None or not memory[moment].is_reduced:
            break
        began = moment
    before = [memory[one] for one in moments if began - timedelta(days=30) <= one < began]
    return min((one.amount for one in before if one is not None), default=None)


class TestLowestPrice(TestCase):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(story=stories)
    def test_the_lowest_price_is_the_lowest_that_anybody_was_really_quoted(self, story):
        shop = Shop()
        memory = {}
        for number in range(LAST + 1):
            # Everything begins, ends and is edited at the same hour, so that each day has one price.
            at = day(number)
            for when, event in story:
                if when == number:
                    shop.do(at, *event)
            quote = shop.quote(at)
            memory[at] = quote and SimpleNamespace(amount=quote.amount.amount, is_reduced=quote.is_reduced)
        last = max(memory)

        assert shop.lowest(last) == remembered_lowest(memory, last)


@pytest.mark.django_db
def test_a_deleted_list_still_counts_as_what_was_paid():
    shop = Shop()
    shop.do(day(0), "price", "base", 20)
    shop.do(day(20), "price", "offer", 12)
    shop.do(day(22), "delete", "offer", None)
    shop.do(day(40), "price", "sale", 15)

    assert shop.lowest(day(41)) == 12


@pytest.mark.django_db
def test_a_list_that_is_dated_back_did_not_cost_less_before_somebody_did_so():
    shop = Shop()
    shop.do(day(0), "price", "base", 20)
    shop.do(day(0), "active", "sale", False)
    shop.do(day(0), "price", "sale", 10)
    sale = PriceList.objects.get(code="sale")
    sale.is_active, sale.valid_from = True, day(30)
    save_price_list(price_list=sale, actor=None, at=day(40))

    assert shop.lowest(day(41)) == 20


@pytest.mark.django_db
def test_a_list_with_a_new_code_keeps_its_past():
    shop = Shop()
    shop.do(day(0), "price", "base", 20)
    base = PriceList.objects.get(code="base")
    base.code = "retail"
    save_price_list(price_list=base, actor=None, at=day(20))
    shop.do(day(40), "price", "sale", 15)

    assert shop.lowest(day(41)) == 20


@pytest.mark.django_db
def test_a_product_younger_than_30_days_is_compared_with_its_own_days():
    shop = Shop()
    shop.do(day(10), "price", "base", 20)
    shop.do(day(12), "price", "base", 18)
    shop.do(day(15), "price", "sale", 15)

    assert shop.lowest(day(16)) == 18
