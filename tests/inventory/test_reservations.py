from datetime import timedelta

import pytest
from django.db import connection, transaction

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.inventory.models import Reservation, StockItem
from shop.inventory.selectors import get_stock
from shop.inventory.services import (
    Demand,
    InsufficientStock,
    NotReserved,
    ReservationExpired,
    confirm_reservation,
    release_stock,
    reserve_stock,
    ship_stock,
    sweep_expired_reservations,
)
from tests.factories.catalogue import VariantFactory
from tests.factories.inventory import StockItemFactory, WarehouseFactory

pytestmark = pytest.mark.django_db


def reserve(item, quantity, *, owner="order:1", minutes=60):
    return reserve_stock(
        owner=owner,
        demands=[Demand(item.variant_id, quantity)],
        expires_at=clock.now() + timedelta(minutes=minutes),
    )


def status_events():
    return list(OutboxEvent.objects.filter(topic="stock.status_changed").order_by("id"))


def test_what_is_reserved_is_available_to_nobody_else():
    item = StockItemFactory(on_hand=5)

    reserve(item, 3)

    assert get_stock([item.variant_id])[item.variant_id].available == 2
    with pytest.raises(InsufficientStock) as refused:
        reserve(item, 3, owner="order:2")
    assert refused.value.extra["lines"] == [
        {"variant_id": item.variant_id, "sku": item.variant.sku, "requested": 3, "available": 2}
    ]


def test_the_same_variant_in_two_demands_is_added_up_before_it_is_tested():
    item = StockItemFactory(on_hand=5)

    with pytest.raises(InsufficientStock) as refused:
        reserve_stock(
            owner="order:1",
            demands=[Demand(item.variant_id, 3), Demand(item.variant_id, 3)],
            expires_at=None,
        )

    assert refused.value.lines[0]["requested"] == 6


def test_every_short_variant_is_named_and_nothing_is_reserved():
    plenty, short = StockItemFactory(on_hand=5), StockItemFactory(on_hand=1)
    without_stock = VariantFactory()

    with pytest.raises(InsufficientStock) as refused:
        reserve_stock(
            owner="order:1",
            demands=[Demand(plenty.variant_id, 1), Demand(short.variant_id, 2), Demand(without_stock.pk, 1)],
            expires_at=None,
        )

    assert {line["sku"] for line in refused.value.lines} == {short.variant.sku, without_stock.sku}
    assert not Reservation.objects.exists()
    assert StockItem.objects.get(pk=plenty.pk).reserved == 0


def test_a_refusal_leaves_the_callers_transaction_usable():
    item = StockItemFactory(on_hand=1)

    with transaction.atomic():
        with pytest.raises(InsufficientStock):
            reserve(item, 2)
        reserve(item, 1)

    assert get_stock([item.variant_id])[item.variant_id].available == 0


def test_a_demand_for_nothing_is_a_mistake_of_the_caller():
    item = StockItemFactory()

    with pytest.raises(ValueError, match="one piece"):
        reserve(item, 0)


def test_an_expired_reservation_counts_for_nobody_even_before_the_sweeper_comes():
    item = StockItemFactory(on_hand=1)
    reserve(item, 1, minutes=10)

    with clock.at(clock.now() + timedelta(minutes=11)):
        assert get_stock([item.variant_id])[item.variant_id].available == 1
        reserve(item, 1, owner="order:2")

        assert get_stock([item.variant_id])[item.variant_id].available == 0
    item.refresh_from_db()
    assert item.reserved == 1


def test_the_sweeper_makes_the_stock_whole_and_says_so():
    item = StockItemFactory(on_hand=1)
    reserve(item, 1, minutes=10)
    before = len(status_events())

    given_back = sweep_expired_reservations(at=clock.now() + timedelta(minutes=11))
    again = sweep_expired_reservations(at=clock.now() + timedelta(minutes=11))

    item.refresh_from_db()
    assert (given_back, again, item.reserved) == (1, 0, 0)
    assert status_events()[before].payload == {"variant_ids": [item.variant_id]}


def test_a_confirmed_reservation_never_expires():
    item = StockItemFactory(on_hand=1)
    reserve(item, 1, minutes=10)

    confirm_reservation(owner="order:1")
    confirm_reservation(owner="order:1")

    sweep_expired_reservations(at=clock.now() + timedelta(days=400))
    assert get_stock([item.variant_id])[item.variant_id].available == 0


def test_a_late_payment_still_gets_goods_that_nobody_else_took():
    item = StockItemFactory(on_hand=1)
    reserve(item, 1, minutes=10)

    with clock.at(clock.now() + timedelta(minutes=30)):
        confirm_reservation(owner="order:1")

    assert Reservation.objects.get().expires_at is None
    assert StockItem.objects.get(pk=item.pk).reserved == 1


def test_a_late_payment_is_told_when_the_goods_have_gone_to_somebody_else():
    item = StockItemFactory(on_hand=1)
    reserve(item, 1, minutes=10)

    with clock.at(clock.now() + timedelta(minutes=30)):
        reserve(item, 1, owner="order:2")
        with pytest.raises(ReservationExpired):
            confirm_reservation(owner="order:1")


def test_confirming_what_was_never_reserved_is_refused():
    with pytest.raises(ReservationExpired):
        confirm_reservation(owner="order:unknown")


def test_released_stock_is_on_sale_again_once():
    item = StockItemFactory(on_hand=5)
    reserve(item, 3)

    first, second = release_stock(owner="order:1"), release_stock(owner="order:1")

    item.refresh_from_db()
    assert (first, second, item.reserved) == (3, 0, 0)


def test_shipping_ends_the_reservation_and_writes_the_ledger():
    item = StockItemFactory(on_hand=5)
    reserve(item, 3)

    ship_stock(owner="order:1", demands=[Demand(item.variant_id, 3)], reference="NX-1")

    item.refresh_from_db()
    movement = item.movements.first()
    assert (item.on_hand, item.reserved) == (2, 0)
    assert (movement.kind, movement.quantity, movement.balance_after, movement.reference) == (
        "shipment", -3, 2, "NX-1",
    )  # fmt: skip


def test_a_part_can_be_shipped_and_the_rest_later():
    item = StockItemFactory(on_hand=5)
    reserve(item, 3)

    ship_stock(owner="order:1", demands=[Demand(item.variant_id, 1)], reference="NX-1")
    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (4, 2)
    ship_stock(owner="order:1", demands=[Demand(item.variant_id, 2)], reference="NX-1")

    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (2, 0)
    states = Reservation.objects.values_list("state", "quantity").order_by("quantity")
    assert list(states) == [("shipped", 1), ("shipped", 2)]


def test_more_than_is_reserved_is_not_shipped():
    item = StockItemFactory(on_hand=5)
    reserve(item, 1)

    with pytest.raises(NotReserved):
        ship_stock(owner="order:1", demands=[Demand(item.variant_id, 2)], reference="NX-1")

    item.refresh_from_db()
    assert (item.on_hand, item.reserved) == (5, 1)


def test_goods_on_backorder_are_shipped_when_they_have_come():
    item = StockItemFactory(on_hand=1, allows_backorder=True)
    reserve(item, 3)
    assert get_stock([item.variant_id])[item.variant_id].status == "backorder"

    with pytest.raises(InsufficientStock) as refused:
        ship_stock(owner="order:1", demands=[Demand(item.variant_id, 3)], reference="NX-1")

    assert refused.value.lines[0]["available"] == 1


def test_a_demand_goes_to_the_first_warehouse_that_holds_it_all():
    near, far = WarehouseFactory(priority=1), WarehouseFactory(priority=2)
    near_item = StockItemFactory(warehouse=near, on_hand=2)
    far_item = StockItemFactory(warehouse=far, variant=near_item.variant, on_hand=9)

    whole = reserve(near_item, 3, owner="order:1")
    rest = reserve(near_item, 8, owner="order:2")

    assert [row.stock_item_id for row in whole] == [far_item.pk]
    assert {(row.stock_item_id, row.quantity) for row in rest} == {(near_item.pk, 2), (far_item.pk, 6)}


def test_a_warehouse_out_of_use_sells_nothing():
    item = StockItemFactory(warehouse=WarehouseFactory(is_active=False), on_hand=5)

    assert get_stock([item.variant_id])[item.variant_id].status == "out_of_stock"
    with pytest.raises(InsufficientStock):
        reserve(item, 1)


def test_a_change_of_status_is_recorded_once_and_low_stock_told():
    item = StockItemFactory(on_hand=5, low_stock_threshold=2)
    OutboxEvent.objects.all().delete()

    reserve(item, 1, owner="order:1")
    reserve(item, 2, owner="order:2")
    reserve(item, 2, owner="order:3")

    topics = list(OutboxEvent.objects.order_by("id").values_list("topic", flat=True))
    assert topics == ["stock.status_changed", "stock.low", "stock.status_changed"]
    low = OutboxEvent.objects.get(topic="stock.low")
    assert low.payload == {"variant_id": item.variant_id, "warehouse": "main", "available": 2}


def test_a_sale_that_takes_back_expired_goods_still_tells_that_they_are_gone():
    # A reader may have been shown "in stock" by the clock alone, between expiry and this sale.
    item = StockItemFactory(on_hand=1)
    reserve(item, 1, minutes=10)
    OutboxEvent.objects.all().delete()

    with clock.at(clock.now() + timedelta(minutes=11)):
        reserve(item, 1, owner="order:2")

    assert [event.payload for event in status_events()] == [{"variant_ids": [item.variant_id]}]


def test_reserving_costs_the_same_few_statements_for_any_number_of_lines(django_assert_num_queries):
    items = [StockItemFactory(on_hand=10) for _ in range(8)]

    with transaction.atomic(), django_assert_num_queries(4):
        reserve_stock(
            owner="order:1", demands=[Demand(item.variant_id, 1, ()) for item in items], expires_at=None
        )
    with transaction.atomic(), django_assert_num_queries(5):  # and what is in the bundles that nobody named
        reserve_stock(
            owner="order:1", demands=[Demand(item.variant_id, 1) for item in items], expires_at=None
        )


def test_stock_of_any_number_of_variants_is_one_query(django_assert_num_queries):
    items = [StockItemFactory(on_hand=3) for _ in range(6)]
    reserve(items[0], 1, minutes=1)

    with django_assert_num_queries(1), clock.at(clock.now() + timedelta(minutes=2)):
        stock = get_stock([item.variant_id for item in items] + [999_999])

    assert stock[items[0].variant_id].available == 3
    assert stock[999_999].status == "out_of_stock"


@pytest.mark.parametrize(("on_hand", "reserved"), [(1, 2), (-1, 0), (0, -1)])
def test_the_database_itself_refuses_to_oversell(on_hand, reserved):
    from django.db import IntegrityError

    item = StockItemFactory(on_hand=5)

    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(pk=item.pk).update(on_hand=on_hand, reserved=reserved)

    assert connection.is_usable()
