import random
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.db.models import Sum

from shop.core import clock
from shop.inventory.models import Reservation, StockItem
from shop.inventory.services import (
    Demand,
    adjust_stock,
    confirm_reservation,
    move_stock,
    release_stock,
    reserve_stock,
    ship_stock,
    sweep_expired_reservations,
)
from tests.concurrency.crowd import run_crowd
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.inventory import StockItemFactory

pytestmark = pytest.mark.django_db(transaction=True)


def items(count, *, on_hand):
    product = ProductFactory()
    return [StockItemFactory(variant=VariantFactory(product=product), on_hand=on_hand) for _ in range(count)]


def assert_books_balance():
    for item in StockItem.objects.all():
        active = item.reservations.filter(state=Reservation.State.ACTIVE)
        assert item.reserved == (active.aggregate(total=Sum("quantity"))["total"] or 0)
        assert item.on_hand == (item.movements.aggregate(total=Sum("quantity"))["total"] or 0)
        assert 0 <= item.reserved <= item.on_hand


def test_fifty_units_are_promised_to_exactly_fifty_of_five_hundred():
    (item,) = items(1, on_hand=50)

    outcomes = run_crowd(
        partial(reserve_stock, owner=f"order:{n}", demands=[Demand(item.variant_id, 1)], expires_at=None)
        for n in range(500)
    )

    assert outcomes == {"ok": 50, "InsufficientStock": 450}
    assert_books_balance()


@pytest.mark.postgres
def test_a_control_that_reads_then_writes_sells_more_than_there_is():
    (item,) = items(1, on_hand=50)

    def reserve_without_guard(owner):
        with transaction.atomic():
            read = StockItem.objects.get(pk=item.pk)
            if read.on_hand - read.reserved < 1:
                raise LookupError
            Reservation.objects.create(stock_item=read, owner=owner, quantity=1)
            StockItem.objects.filter(pk=item.pk).update(reserved=read.reserved + 1)

    outcomes = run_crowd(partial(reserve_without_guard, f"order:{n}") for n in range(500))

    assert outcomes["ok"] > 50


def shared_baskets(stock, *, seed, count=500):
    rng = random.Random(seed)
    for number in range(count):
        chosen = rng.sample(stock, rng.randint(2, min(5, len(stock))))
        rng.shuffle(chosen)
        yield f"order:{number}", [Demand(item.variant_id, rng.randint(1, 3)) for item in chosen]


def test_five_hundred_baskets_of_shared_goods_never_deadlock():
    stock = items(8, on_hand=150)

    outcomes = run_crowd(
        partial(reserve_stock, owner=owner, demands=demands, expires_at=None)
        for owner, demands in shared_baskets(stock, seed=20_261)
    )

    assert set(outcomes) <= {"ok", "InsufficientStock"}
    assert sum(outcomes.values()) == 500
    assert outcomes["InsufficientStock"] > 0
    assert_books_balance()


@pytest.mark.postgres
def test_a_control_that_locks_in_the_baskets_own_order_deadlocks():
    stock = items(8, on_hand=1000)

    def reserve_in_own_order(demands):
        with transaction.atomic():
            for demand in demands:
                row = StockItem.objects.select_for_update().get(variant_id=demand.variant_id)
                row.reserved += demand.quantity
                row.save(update_fields=["reserved"])

    baskets = shared_baskets(stock, seed=20_261, count=32)
    # PostgreSQL looks for deadlocks after a second each: a few baskets are enough.
    outcomes = run_crowd(partial(reserve_in_own_order, demands) for _, demands in baskets)

    assert outcomes["OperationalError"] > 0


def test_everything_at_once_leaves_the_books_balanced():
    stock = items(4, on_hand=60)
    rng = random.Random(7)
    calls = []
    for owner, demands in shared_baskets(stock, seed=7, count=120):
        expires_at = clock.now() + timedelta(seconds=rng.choice([-1, 0, 3600]))
        calls += [
            partial(reserve_stock, owner=owner, demands=demands[:2], expires_at=expires_at),
            partial(
                rng.choice([confirm_reservation, release_stock, confirm_reservation]),
                owner=owner,
            ),
            partial(ship_stock, owner=owner, demands=[Demand(demands[0].variant_id, 1)], reference=owner),
            rng.choice(
                [
                    sweep_expired_reservations,
                    partial(
                        move_stock,
                        variant_id=demands[0].variant_id,
                        warehouse="main",
                        kind="receipt",
                        quantity=2,
                    ),
                    partial(
                        move_stock,
                        variant_id=demands[1].variant_id,
                        warehouse="main",
                        kind="correction",
                        quantity=-1,
                    ),
                ]
            ),
        ]

    outcomes = run_crowd(calls, threads=12)

    assert set(outcomes) <= {
        "ok", "InsufficientStock", "NotReserved", "ReservationExpired", "StockBelowReserved",
    }  # fmt: skip
    assert_books_balance()


def test_of_many_counts_of_the_same_shelf_one_is_entered():
    (item,) = items(1, on_hand=10)

    outcomes = run_crowd(
        partial(
            adjust_stock, variant_id=item.variant_id, warehouse="main", counted=20 + n, seen=10, actor=None
        )
        for n in range(16)
    )

    assert outcomes == {"ok": 1, "StockChanged": 15}
    assert_books_balance()


def test_one_promise_is_confirmed_or_taken_over_but_never_both():
    for _ in range(10):
        (item,) = items(1, on_hand=1)
        reserve_stock(
            owner=f"late:{item.pk}",
            demands=[Demand(item.variant_id, 1)],
            expires_at=clock.now() - timedelta(seconds=1),
        )

        outcomes = run_crowd(
            [
                partial(confirm_reservation, owner=f"late:{item.pk}"),
                partial(
                    reserve_stock,
                    owner=f"next:{item.pk}",
                    demands=[Demand(item.variant_id, 1)],
                    expires_at=None,
                ),
                sweep_expired_reservations,
            ]
        )

        assert outcomes["ok"] == 2
        assert outcomes["ReservationExpired"] + outcomes["InsufficientStock"] in {0, 1}
        active = Reservation.objects.filter(stock_item=item, state=Reservation.State.ACTIVE)
        assert active.count() <= 1
        assert_books_balance()
