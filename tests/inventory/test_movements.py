import pytest

from shop.core.models import AuditEntry, OutboxEvent
from shop.core.models.append_only import RowsAreAppendOnly
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.selectors import get_stock
from shop.inventory.services import (
    BackordersOutstanding,
    Demand,
    InvalidMovement,
    StockBelowReserved,
    StockChanged,
    StockCount,
    UnknownStock,
    adjust_stock,
    bulk_load_stock,
    move_stock,
    reserve_stock,
    save_warehouse,
    set_stock_rules,
)
from tests.factories.catalogue import VariantFactory
from tests.factories.inventory import StockItemFactory, WarehouseFactory

pytestmark = pytest.mark.django_db


def test_a_receipt_by_sku_and_warehouse_code_makes_stock():
    variant = VariantFactory(sku="LAMP-1")
    WarehouseFactory(code="berlin")

    movement = move_stock(sku="lamp-1", warehouse="berlin", kind="receipt", quantity=12, reference="PO-7")

    assert (movement.balance_after, movement.reference) == (12, "PO-7")
    assert get_stock([variant.pk])[variant.pk].available == 12


@pytest.mark.parametrize(
    ("kind", "quantity", "attr"),
    [
        ("receipt", 0, "quantity"),
        ("receipt", -1, "quantity"),
        ("return", -1, "quantity"),
        ("shipment", 1, "quantity"),
        ("correction", 10**10, "quantity"),
        ("gift", 1, "kind"),
    ],
)
def test_a_movement_that_makes_no_sense_is_refused(kind, quantity, attr):
    item = StockItemFactory(on_hand=5)

    with pytest.raises(InvalidMovement) as refused:
        move_stock(variant_id=item.variant_id, warehouse="main", kind=kind, quantity=quantity)

    assert refused.value.errors[0].attr == attr


def test_an_unknown_sku_or_warehouse_is_named():
    StockItemFactory()

    with pytest.raises(UnknownStock) as unknown_sku:
        move_stock(sku="NOPE", warehouse="main", kind="receipt", quantity=1)
    with pytest.raises(UnknownStock) as unknown_warehouse:
        move_stock(sku="NOPE", warehouse="moon", kind="receipt", quantity=1)

    assert unknown_sku.value.errors[0].attr == "sku"
    assert unknown_warehouse.value.errors[0].attr == "warehouse"


def test_promised_goods_cannot_be_taken_out():
    item = StockItemFactory(on_hand=5)
    reserve_stock(owner="order:1", demands=[Demand(item.variant_id, 4)], expires_at=None)

    with pytest.raises(StockBelowReserved, match="Take out 1 at most"):
        move_stock(variant_id=item.variant_id, warehouse="main", kind="correction", quantity=-2)

    item.refresh_from_db()
    assert item.on_hand == 5


def test_more_than_there_is_cannot_be_taken_out():
    item = StockItemFactory(on_hand=5, allows_backorder=True)

    with pytest.raises(StockBelowReserved, match="only 5"):
        move_stock(variant_id=item.variant_id, warehouse="main", kind="correction", quantity=-6)


def test_a_count_is_entered_as_the_difference():
    item = StockItemFactory(on_hand=5)

    adjust_stock(
        variant_id=item.variant_id, warehouse="main", counted=7, seen=5, actor=None, reason="found two"
    )

    movement = item.movements.first()
    assert (movement.kind, movement.quantity, movement.reason) == ("adjustment", 2, "found two")


def test_a_count_of_what_has_changed_meanwhile_is_refused_with_the_number_of_now():
    item = StockItemFactory(on_hand=5)
    move_stock(variant_id=item.variant_id, warehouse="main", kind="receipt", quantity=3)

    with pytest.raises(StockChanged) as refused:
        adjust_stock(variant_id=item.variant_id, warehouse="main", counted=7, seen=5, actor=None)

    assert refused.value.extra == {"current": 8}


def test_a_count_that_agrees_writes_nothing():
    item = StockItemFactory(on_hand=5)

    adjust_stock(variant_id=item.variant_id, warehouse="main", counted=5, seen=5, actor=None)

    assert item.movements.count() == 1


def test_backorders_cannot_stop_while_orders_wait():
    item = StockItemFactory(on_hand=0, allows_backorder=True)
    reserve_stock(owner="order:1", demands=[Demand(item.variant_id, 2)], expires_at=None)

    with pytest.raises(BackordersOutstanding):
        set_stock_rules(
            variant_id=item.variant_id,
            warehouse="main",
            allows_backorder=False,
            low_stock_threshold=0,
            actor=None,
        )


def test_new_rules_change_the_status_and_stand_in_the_audit():
    item = StockItemFactory(on_hand=3)
    OutboxEvent.objects.all().delete()

    set_stock_rules(
        variant_id=item.variant_id,
        warehouse="main",
        allows_backorder=False,
        low_stock_threshold=5,
        actor=None,
    )

    assert get_stock([item.variant_id])[item.variant_id].status == "low"
    assert OutboxEvent.objects.filter(topic="stock.status_changed").count() == 1
    assert AuditEntry.objects.filter(action="stock.rules_set").first().changes["low_stock_threshold"] == [
        0,
        5,
    ]


def test_the_ledger_can_only_be_added_to():
    movement = StockItemFactory(on_hand=3).movements.get()

    movement.quantity = 30
    with pytest.raises(RowsAreAppendOnly):
        movement.save()
    with pytest.raises(RowsAreAppendOnly):
        StockMovement.objects.update(quantity=30)
    with pytest.raises(RowsAreAppendOnly):
        StockMovement.objects.filter(pk=movement.pk).delete()


def test_a_bulk_load_makes_and_corrects_stock_through_the_ledger():
    known = StockItemFactory(on_hand=5, low_stock_threshold=2)
    fresh = [VariantFactory() for _ in range(3)]

    loaded = bulk_load_stock(
        warehouse=known.warehouse,
        counts=[StockCount(variant.pk, 4, low_stock_threshold=5) for variant in fresh]
        + [StockCount(known.variant_id, 9)],
        batch_size=2,
    )

    known.refresh_from_db()
    assert loaded == 4
    assert (known.on_hand, known.low_stock_threshold) == (9, 2)
    assert get_stock([fresh[0].pk])[fresh[0].pk].status == "low"
    for item in StockItem.objects.all():
        assert item.on_hand == sum(item.movements.values_list("quantity", flat=True))


def test_a_bulk_load_of_many_is_a_handful_of_statements(django_assert_max_num_queries):
    variants = [VariantFactory() for _ in range(20)]
    warehouse = WarehouseFactory()

    with django_assert_max_num_queries(8):
        bulk_load_stock(warehouse=warehouse, counts=[StockCount(variant.pk, 4) for variant in variants])


def test_taking_a_warehouse_out_of_use_is_told_to_search():
    item = StockItemFactory(on_hand=5)
    OutboxEvent.objects.all().delete()

    item.warehouse.is_active = False
    save_warehouse(warehouse=item.warehouse, actor=None)

    event = OutboxEvent.objects.get(topic="stock.status_changed")
    assert event.payload == {"variant_ids": [item.variant_id]}
