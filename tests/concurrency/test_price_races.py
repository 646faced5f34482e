from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.pricing.models import Price, PriceHistory
from shop.pricing.services import PriceChange, apply_due_price_lists, set_prices
from tests.concurrency.crowd import run_crowd
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_list_that_begins_is_announced_once_by_many_schedulers():
    sale = PriceListFactory(kind="sale", valid_from=clock.now() + timedelta(hours=1))
    PriceFactory(price_list=sale)
    apply_due_price_lists()
    OutboxEvent.objects.all().delete()

    at = clock.now() + timedelta(hours=2)
    outcomes = run_crowd([partial(apply_due_price_lists, at=at)] * 12)

    assert outcomes == {"ok": 12}
    assert OutboxEvent.objects.filter(topic="price.changed").count() == 1
    assert sale.periods.count() == 1


def test_many_who_price_the_same_goods_neither_deadlock_nor_lose_history():
    product = ProductFactory()
    variants = [VariantFactory(product=product) for _ in range(4)]
    lists = [PriceListFactory(), PriceListFactory()]

    def save(number):
        # Each in another order, as two sheets that were sorted differently.
        goods = [(price_list, variant) for price_list in lists for variant in variants]
        shift = number % len(goods)
        set_prices(
            changes=[
                PriceChange(
                    variant_id=variant.pk, price_list_code=price_list.code, amount=Decimal(number + 1)
                )
                for price_list, variant in goods[shift:] + goods[:shift]
            ],
            actor=None,
        )

    outcomes = run_crowd(partial(save, number) for number in range(48))

    assert outcomes == {"ok": 48}
    assert Price.objects.count() == 8
    assert PriceHistory.objects.count() == 48 * 8
    for price in Price.objects.all():
        last = PriceHistory.objects.filter(
            variant=price.variant, price_list_code=price.price_list.code
        ).order_by("-id")[0]
        assert last.amount == price.amount
