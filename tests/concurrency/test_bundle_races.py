"""Bundles and their parts sold to many at once: nothing is oversold, nobody waits for ever."""

import random
from functools import partial

import pytest
from django.db.models import Sum

from shop.inventory.models import Reservation, StockItem
from shop.inventory.services import Demand, release_stock, reserve_stock
from tests.concurrency.crowd import run_crowd
from tests.factories.cart import bundle_of, goods, ready_cart, several_goods
from tests.factories.inventory import StockItemFactory
from tests.factories.orders import place

pytestmark = pytest.mark.django_db(transaction=True)


def assert_books_balance():
    for item in StockItem.objects.all():
        active = item.reservations.filter(state=Reservation.State.ACTIVE)
        assert item.reserved == (active.aggregate(total=Sum("quantity"))["total"] or 0)
        assert item.on_hand == (item.movements.aggregate(total=Sum("quantity"))["total"] or 0)
        assert 0 <= item.reserved <= item.on_hand


def test_a_hundred_checkouts_of_a_bundle_and_its_parts_sell_what_there_is():
    lamp, bulb = goods("49.90", stock=30), goods("5.00", stock=60)
    whole = bundle_of([(bulb, 2), (lamp, 1)], price=None)
    kinds = [[(whole, 1)], [(bulb, 1), (lamp, 1)], [(lamp, 1), (whole, 1)], [(bulb, 3)]]
    carts = [ready_cart(kinds[number % 4]) for number in range(100)]

    outcomes = run_crowd((partial(place, cart) for cart in carts), threads=8)

    assert set(outcomes) <= {"ok", "NotEnoughStock"}
    assert sum(outcomes.values()) == 100
    assert outcomes["NotEnoughStock"] > 0
    assert_books_balance()
    # Something ran out: nothing that could still be sold was refused for good.
    free = {item.variant_id: item.on_hand - item.reserved for item in StockItem.objects.all()}
    assert free[lamp.pk] == 0 or free[bulb.pk] < 3


def test_baskets_of_bundles_that_share_parts_in_any_order_never_deadlock():
    rng = random.Random(5)
    parts = several_goods(6, stock=120)
    bundles = []
    for _ in range(6):
        chosen = rng.sample(parts, 3)
        bundles.append(bundle_of([(part, rng.randint(1, 3)) for part in chosen]))
    calls = []
    for number in range(200):
        wanted = rng.sample([*parts, *bundles], 3)
        demands = [Demand(variant.pk, 1) for variant in wanted]
        calls.append(partial(reserve_stock, owner=f"order:{number}", demands=demands, expires_at=None))
        if number % 5 == 0:
            calls.append(partial(release_stock, owner=f"order:{number}"))

    outcomes = run_crowd(calls)

    assert set(outcomes) <= {"ok", "InsufficientStock"}
    assert outcomes["InsufficientStock"] > 0
    assert_books_balance()


def test_the_last_part_is_sold_once_as_itself_or_in_a_bundle():
    item = StockItemFactory(on_hand=1)
    whole = bundle_of([(item.variant, 1)])

    outcomes = run_crowd(
        partial(
            reserve_stock,
            owner=f"order:{number}",
            demands=[Demand(item.variant_id if number % 2 else whole.pk, 1)],
            expires_at=None,
        )
        for number in range(40)
    )

    assert outcomes == {"ok": 1, "InsufficientStock": 39}
