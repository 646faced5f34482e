from datetime import timedelta

import pytest

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.inventory.allocation import Pool, bundle_status, serve_in_order
from shop.inventory.models import Reservation, StockItem
from shop.inventory.selectors import get_stock, read_stock
from shop.inventory.services import (
    Demand,
    InsufficientStock,
    InvalidMovement,
    adjust_stock,
    confirm_reservation,
    move_stock,
    release_stock,
    reserve_stock,
    ship_stock,
    sweep_expired_reservations,
)
from tests.factories.cart import bundle_of, typed_product
from tests.factories.catalogue import VariantFactory
from tests.factories.inventory import StockItemFactory

pytestmark = pytest.mark.django_db


def reserve(*demands, owner="order:1", expires_at=None):
    return reserve_stock(owner=owner, demands=[Demand(*demand) for demand in demands], expires_at=expires_at)


def stock_of(variant):
    return get_stock([variant.pk])[variant.pk]


def test_there_are_as_many_bundles_as_the_scarcest_part_allows():
    lamp, bulb = StockItemFactory(on_hand=5), StockItemFactory(on_hand=9)
    whole = bundle_of([(lamp.variant, 1), (bulb.variant, 2)])

    stock = stock_of(whole)

    assert (stock.status, stock.available) == ("in_stock", 4)


def test_stock_of_bundles_and_others_is_one_query(django_assert_num_queries):
    lamp = StockItemFactory(on_hand=5).variant
    bundles = [bundle_of([(lamp, size)]) for size in (1, 2, 6)]

    with django_assert_num_queries(1):
        stock = get_stock([lamp.pk, *(bundle.pk for bundle in bundles)])

    assert [stock[bundle.pk].available for bundle in bundles] == [5, 2, 0]
    assert stock[lamp.pk].available == 5


@pytest.mark.parametrize(
    ("bulbs", "backorder", "low_from", "status"),
    [
        (2, False, 0, "in_stock"),
        (2, False, 2, "low"),
        (1, False, 0, "out_of_stock"),
        (1, True, 0, "backorder"),
    ],
)
def test_the_state_of_a_bundle_follows_its_parts(bulbs, backorder, low_from, status):
    lamp = StockItemFactory(on_hand=5)
    bulb = StockItemFactory(on_hand=bulbs, allows_backorder=backorder, low_stock_threshold=low_from)

    assert stock_of(bundle_of([(lamp.variant, 1), (bulb.variant, 2)])).status == status


def test_a_bundle_is_sold_out_when_a_part_has_never_had_stock_or_is_archived():
    lamp = StockItemFactory(on_hand=5).variant
    never = bundle_of([(lamp, 1), (VariantFactory(), 1)])
    archived = StockItemFactory(on_hand=5).variant
    lost = bundle_of([(lamp, 1), (archived, 1)])
    archived.product.delete()

    assert stock_of(never).status == stock_of(lost).status == "out_of_stock"


def test_a_bundle_takes_its_parts_off_the_shelves_and_gives_them_back():
    lamp, bulb = StockItemFactory(on_hand=5), StockItemFactory(on_hand=9)
    whole = bundle_of([(lamp.variant, 1), (bulb.variant, 2)])

    reserve((whole.pk, 3))

    assert {(row.stock_item_id, row.quantity) for row in Reservation.objects.all()} == {
        (lamp.pk, 3),
        (bulb.pk, 6),
    }
    assert stock_of(whole).available == 1
    assert release_stock(owner="order:1") == 9
    assert stock_of(whole).available == 4


def test_bundles_and_single_goods_that_share_a_part_are_added_up_before_they_are_tested():
    lamp, bulb = StockItemFactory(on_hand=5), StockItemFactory(on_hand=7)
    whole = bundle_of([(lamp.variant, 1), (bulb.variant, 2)], sku="SET-1")

    with pytest.raises(InsufficientStock) as refused:
        reserve((whole.pk, 3), (bulb.variant_id, 2))
    with pytest.raises(InsufficientStock) as other:
        reserve((bulb.variant_id, 2), (whole.pk, 3))

    assert [(line["sku"], line["requested"], line["available"]) for line in refused.value.lines] == [
        (bulb.variant.sku, 2, 1)
    ]
    assert [(line["sku"], line["requested"], line["available"]) for line in other.value.lines] == [
        ("SET-1", 3, 2)
    ]
    assert not Reservation.objects.exists()
    assert len(reserve((whole.pk, 3), (bulb.variant_id, 1))) == 2


def test_what_was_agreed_to_be_in_a_bundle_counts_and_not_what_it_holds_now():
    lamp, bulb = StockItemFactory(on_hand=5), StockItemFactory(on_hand=5)
    whole = bundle_of([(bulb.variant, 1)])

    reserve((whole.pk, 2, ((lamp.variant_id, 1),)))

    assert Reservation.objects.get().stock_item == lamp


def test_parts_leave_the_warehouse_when_the_bundle_is_sent():
    lamp, bulb = StockItemFactory(on_hand=5), StockItemFactory(on_hand=9)
    whole = bundle_of([(lamp.variant, 1), (bulb.variant, 2)])
    reserve((whole.pk, 3))
    confirm_reservation(owner="order:1")

    ship_stock(owner="order:1", demands=[Demand(whole.pk, 2)], reference="N-1")

    lamp.refresh_from_db()
    bulb.refresh_from_db()
    assert (lamp.on_hand, lamp.reserved) == (3, 1)
    assert (bulb.on_hand, bulb.reserved) == (5, 2)


def test_parts_on_backorder_are_promised_and_expired_promises_are_swept():
    bulb = StockItemFactory(on_hand=1, allows_backorder=True)
    whole = bundle_of([(bulb.variant, 2)])

    reserve((whole.pk, 2), expires_at=clock.now() + timedelta(minutes=5))

    bulb.refresh_from_db()
    assert bulb.reserved == 4
    assert sweep_expired_reservations(at=clock.now() + timedelta(minutes=6)) == 1


def test_a_part_tells_when_a_bundle_runs_out_though_there_is_some_of_it_left():
    bulb = StockItemFactory(on_hand=5)
    bundle_of([(bulb.variant, 3)])
    OutboxEvent.objects.all().delete()

    reserve((bulb.variant_id, 1))
    assert not OutboxEvent.objects.filter(topic="stock.status_changed").exists()
    reserve((bulb.variant_id, 2))

    event = OutboxEvent.objects.get(topic="stock.status_changed")
    assert event.payload == {"variant_ids": [bulb.variant_id]}


def test_nothing_is_put_on_a_shelf_as_a_bundle():
    whole = bundle_of([(StockItemFactory().variant, 1)], sku="SET-1")
    warehouse = StockItem.objects.first().warehouse

    with pytest.raises(InvalidMovement, match="SET-1 is a bundle"):
        move_stock(variant_id=whole.pk, warehouse=warehouse, kind="receipt", quantity=1)
    with pytest.raises(InvalidMovement, match="SET-1 is a bundle"):
        adjust_stock(variant_id=whole.pk, warehouse=warehouse, counted=1, seen=0, actor=None)

    assert not StockItem.objects.filter(variant=whole).exists()


@pytest.mark.parametrize("kind", ["digital", "gift_card"])
def test_what_ships_nothing_is_there_without_end_until_it_is_counted(kind):
    card = VariantFactory(product=typed_product(kind))
    counted = VariantFactory(product=typed_product(kind))
    StockItemFactory(variant=counted, on_hand=1)

    assert reserve((card.pk, 500)) == []
    confirm_reservation(owner="order:1", may_hold_nothing=True)
    assert ship_stock(owner="order:1", demands=[Demand(card.pk, 500)], reference="N-1") == []
    with pytest.raises(InsufficientStock) as refused:
        reserve((card.pk, 1), (counted.pk, 2), owner="order:2")

    assert [line["sku"] for line in refused.value.lines] == [counted.sku]
    assert stock_of(card).status == "in_stock"


def test_a_cart_that_takes_what_is_offered_can_always_be_ordered():
    bulb = StockItemFactory(on_hand=7)
    small, large = bundle_of([(bulb.variant, 2)]), bundle_of([(bulb.variant, 3)])
    wanted = [(small.pk, 2), (large.pk, 5), (bulb.variant_id, 1)]

    offered = read_stock([pk for pk, _ in wanted]).serve(wanted)

    assert offered == [3, 1, 0]
    reserve((small.pk, 2), (large.pk, 1))


def test_serving_takes_from_those_before():
    assert serve_in_order([({1: 2, 2: 1}, 2), ({1: 1}, 9), ({2: 1}, 1)], {1: 5, 2: 2}) == [2, 1, 0]
    assert serve_in_order([({}, 1)], {}) == [0]
    assert bundle_status({1: 1}, {1: Pool(free=0, allows_backorder=True)}) == "backorder"
