from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.money import Money
from shop.pricing.models import PriceListPeriod
from shop.pricing.selectors import PricingContext, lowest_prices_30_days
from shop.pricing.services import apply_due_price_lists, save_price_list
from tests.factories.catalogue import VariantFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db

DAY_0 = datetime(2026, 1, 1, tzinfo=UTC)


def day(number):
    return DAY_0 + timedelta(days=number)


def told():
    return OutboxEvent.objects.filter(topic="price.changed").count()


def lowest(variant, at):
    context = PricingContext(currency="EUR", at=at)
    return lowest_prices_30_days(variant_ids=[variant.pk], context=context).get(variant.pk)


def test_a_list_is_announced_once_when_it_begins_and_once_when_it_ends():
    sale = PriceListFactory(code="sale", kind="sale", valid_from=day(1), valid_until=day(8))
    PriceFactory(price_list=sale, at=day(0))
    apply_due_price_lists(at=day(0))
    before = told()

    turns = [apply_due_price_lists(at=moment) for moment in (day(0), day(1), day(1), day(7), day(8), day(9))]

    assert turns == [[], ["sale"], [], [], ["sale"], []]
    assert told() == before + 2
    period = PriceListPeriod.objects.get(price_list=sale)
    assert (period.began_at, period.ended_at) == (day(1), day(8))


def test_a_list_that_was_in_use_with_its_first_price_is_noted_without_telling_everybody_again():
    price = PriceFactory()
    before = told()

    assert apply_due_price_lists() == []
    assert told() == before
    assert price.price_list.periods.get().began_at <= clock.now()


def test_an_editor_who_puts_a_prepared_list_into_use_tells_everybody_at_once():
    prepared = PriceListFactory(kind="sale", is_active=False)
    PriceFactory(price_list=prepared)
    before = told()

    prepared.is_active = True
    save_price_list(price_list=prepared, actor=None)

    assert told() == before + 1


def test_a_scheduler_that_was_dead_for_days_notes_what_it_missed_and_changes_no_price():
    sale = PriceListFactory(kind="sale", valid_from=day(1), valid_until=day(3))
    PriceFactory(price_list=sale, at=day(0))
    before = told()

    assert apply_due_price_lists(at=day(9)) == []
    assert apply_due_price_lists(at=day(10)) == []

    period = PriceListPeriod.objects.get(price_list=sale)
    assert (period.began_at, period.ended_at, told()) == (day(1), day(3), before)


def test_an_editor_who_takes_a_list_out_of_use_ends_it_now_and_may_begin_it_again():
    sale = PriceListFactory(kind="sale")
    PriceFactory(price_list=sale, at=day(0))
    apply_due_price_lists(at=day(0))

    sale.is_active = False
    save_price_list(price_list=sale, actor=None, at=day(2))
    sale.is_active = True
    save_price_list(price_list=sale, actor=None, at=day(5))

    periods = [(period.began_at, period.ended_at) for period in sale.periods.all()]
    assert periods == [(day(0), day(2)), (day(5), None)]


def test_a_new_priority_is_told_to_search_though_no_price_changed():
    price = PriceFactory()
    apply_due_price_lists()
    before = told()

    price.price_list.priority = 9
    save_price_list(price_list=price.price_list, actor=None)

    assert told() == before + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": day(2), "valid_until": day(1)}, "valid_until"),
        ({"currency": "USD"}, "currency"),
        ({"currency": "ABC"}, "currency"),
        ({"code": "Not a code"}, "code"),
        ({"includes_tax": False}, "includes_tax"),
    ],
)
def test_a_list_that_does_not_hold_together_is_refused_with_the_field(changes, field):
    PriceListFactory(code="other-base")
    price_list = PriceFactory(price_list=PriceListFactory()).price_list
    for name, value in changes.items():
        setattr(price_list, name, value)

    with pytest.raises(ValidationError) as refused:
        save_price_list(price_list=price_list, actor=None)

    assert field in refused.value.message_dict


def test_beside_a_reduced_price_stands_the_lowest_of_the_30_days_before():
    lamp = VariantFactory()
    for number, amount in ((0, "100"), (40, "90"), (50, "95")):
        PriceFactory(variant=lamp, amount=amount, at=day(number))
    sale = PriceListFactory(kind="sale", valid_from=day(60))
    PriceFactory(variant=lamp, price_list=sale, amount="70", at=day(55))

    assert lowest(lamp, day(61)) == Money(Decimal("90.00"), "EUR")
    assert lowest(lamp, day(59)) is None


def test_a_price_that_was_left_more_than_30_days_ago_does_not_count():
    lamp = VariantFactory()
    for number, amount in ((0, "50"), (10, "100")):
        PriceFactory(variant=lamp, amount=amount, at=day(number))
    sale = PriceListFactory(kind="sale", valid_from=day(60))
    PriceFactory(variant=lamp, price_list=sale, amount="70", at=day(55))

    assert lowest(lamp, day(61)).amount == 100


def test_a_price_reduced_step_by_step_is_compared_with_before_the_first_step():
    lamp = VariantFactory()
    PriceFactory(variant=lamp, amount="100", at=day(0))
    sale = PriceListFactory(kind="sale", valid_from=day(60))
    for number, amount in ((60, "90"), (65, "80")):
        PriceFactory(variant=lamp, price_list=sale, amount=amount, at=day(number))

    assert lowest(lamp, day(70)).amount == 100


def test_an_earlier_sale_within_the_30_days_counts_although_its_list_says_otherwise_now():
    lamp = VariantFactory()
    PriceFactory(variant=lamp, amount="100", at=day(0))
    sale = PriceListFactory(kind="sale", valid_from=day(30), valid_until=day(35))
    PriceFactory(variant=lamp, price_list=sale, amount="60", at=day(29))
    apply_due_price_lists(at=day(30))
    apply_due_price_lists(at=day(35))

    sale.valid_from, sale.valid_until = day(50), day(60)
    save_price_list(price_list=sale, actor=None, at=day(40))
    apply_due_price_lists(at=day(50))

    assert lowest(lamp, day(51)).amount == 60
    assert [(p.began_at, p.ended_at) for p in sale.periods.all()] == [(day(30), day(35)), (day(50), None)]


def test_a_price_that_is_not_reduced_needs_no_comparison(django_assert_num_queries):
    variant = PriceFactory().variant

    with django_assert_num_queries(1):
        assert lowest(variant, clock.now()) is None


def test_the_lowest_prices_of_many_are_four_queries(django_assert_num_queries):
    sale = PriceListFactory(kind="sale")
    variants = [VariantFactory() for _ in range(3)]
    for variant in variants:
        PriceFactory(variant=variant, amount="20", at=day(0))
        PriceFactory(variant=variant, price_list=sale, amount="15", at=day(40))
    context = PricingContext(currency="EUR", at=clock.now())

    with django_assert_num_queries(4):
        found = lowest_prices_30_days(variant_ids=[variant.pk for variant in variants], context=context)

    assert {money.amount for money in found.values()} == {20}
