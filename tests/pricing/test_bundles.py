from decimal import Decimal

import pytest

from shop.core import clock
from shop.core.money import Money
from shop.pricing.selectors import PricingContext, lowest_prices_30_days, quote_prices
from tests.factories.cart import bundle_of
from tests.factories.catalogue import VariantFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db


def context():
    return PricingContext(currency="EUR", at=clock.now())


def quote(variant, quantity=1):
    quotes = quote_prices(variant_ids=[variant.pk], context=context(), quantities={variant.pk: quantity})
    return quotes.get(variant.pk)


def priced(amount, **price):
    variant = VariantFactory()
    PriceFactory(variant=variant, amount=amount, **price)
    return variant


def euro(amount):
    return Money(Decimal(amount), "EUR")


def test_a_bundle_costs_what_its_parts_cost():
    whole = bundle_of([(priced("49.90"), 1), (priced("5.25"), 2)], price=None)

    assert quote(whole).amount == euro("60.40")
    assert quote(whole).compare_at is None


def test_a_bundle_with_a_price_of_its_own_costs_that():
    whole = bundle_of([(priced("49.90"), 1)], price="40.00")

    assert quote(whole).amount == euro("40.00")


def test_where_any_part_is_reduced_the_sum_of_the_former_prices_is_struck_through():
    whole = bundle_of([(priced("8.00", compare_at="10.00"), 2), (priced("5.00"), 1)], price=None)

    assert quote(whole).amount == euro("21.00")
    assert quote(whole).compare_at == euro("25.00")


def test_a_bundle_of_a_part_without_a_price_cannot_be_sold_even_with_an_old_price_of_its_own():
    whole = bundle_of([(priced("8.00"), 1), (VariantFactory(), 1)], price=None)
    PriceFactory(variant=whole, amount="1.00")

    assert quote(whole) is None


def test_prices_from_a_quantity_on_count_all_pieces_in_all_bundles():
    bulb = priced("5.00")
    PriceFactory(variant=bulb, amount="4.00", min_quantity=6)
    whole = bundle_of([(bulb, 2)], price=None)

    assert quote(whole, 2).amount == euro("10.00")
    assert quote(whole, 3).amount == euro("8.00")


def test_prices_with_and_without_tax_are_not_added_up():
    net = PriceListFactory(includes_tax=False)
    whole = bundle_of([(priced("8.00"), 1), (priced("5.00", price_list=net), 1)], price=None)

    assert quote(whole) is None


def test_bundles_and_others_are_quoted_in_one_query(django_assert_num_queries):
    bulb = priced("5.00")
    bundles = [bundle_of([(bulb, size)], price=None) for size in (1, 2, 3)]

    with django_assert_num_queries(1):
        quotes = quote_prices(variant_ids=[bulb.pk, *(one.pk for one in bundles)], context=context())

    assert [quotes[one.pk].amount for one in bundles] == [euro("5.00"), euro("10.00"), euro("15.00")]
    assert quotes[bulb.pk].amount == euro("5.00")


def test_the_lowest_price_before_a_reduction_is_that_of_the_parts():
    sale = PriceListFactory(kind="sale")
    bulb = priced("5.00", at=clock.now().replace(year=clock.now().year - 1))
    PriceFactory(variant=bulb, amount="4.00", price_list=sale)
    whole = bundle_of([(bulb, 2), (priced("1.00"), 1)], price=None)

    assert quote(whole).is_reduced
    assert quote(whole).compare_at == euro("11.00")
    assert lowest_prices_30_days(variant_ids=[whole.pk], context=context()) == {whole.pk: euro("11.00")}


def test_the_trace_names_the_part_of_each_step():
    bulb = priced("5.00")
    whole = bundle_of([(bulb, 2)], price=None)

    (step,) = quote(whole).trace_as_json()

    assert (step["sku"], step["pieces"], step["outcome"]) == (bulb.sku, 2, "won")
