import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from shop.core.models import OutboxEvent
from shop.inventory.models import StockMovement, Warehouse
from shop.inventory.services import Demand, move_stock, reserve_stock
from tests.factories.customers import AdministratorFactory, StaffFactory
from tests.factories.inventory import StockItemFactory, WarehouseFactory

pytestmark = pytest.mark.django_db


def sign_in(*codenames):
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ops():
    return sign_in("view_stockitem", "change_stockitem", "add_stockmovement")


@pytest.fixture
def onlooker():
    return sign_in("view_stockitem")


def test_stock_is_found_by_sku_product_warehouse_and_status(ops):
    lamp = StockItemFactory(on_hand=2, low_stock_threshold=5)
    StockItemFactory(on_hand=50)

    for query in ({"q": lamp.variant.sku}, {"q": lamp.variant.product.title}, {"status": "low"}):
        shown = ops.get(reverse("stock:index"), query).content.decode()
        assert lamp.variant.sku in shown
        assert "There is 1 match" in shown
    assert (
        "No stock matches"
        in ops.get(reverse("stock:index_results"), {"q": "nothing like it"}).content.decode()
    )


def test_the_stock_list_costs_the_same_for_any_number_of_items(ops, django_assert_max_num_queries):
    for _ in range(6):
        StockItemFactory()

    with django_assert_max_num_queries(14):
        ops.get(reverse("stock:index"))


def test_an_empty_shop_is_told_the_next_step(ops):
    assert "Receive goods" in ops.get(reverse("stock:index")).content.decode()
    assert "Nothing has moved yet" in ops.get(reverse("stock_movements:index")).content.decode()


def test_goods_are_received_by_sku_and_stand_in_the_ledger(ops):
    item = StockItemFactory(on_hand=0)

    answer = ops.post(
        reverse("stock:receive"),
        {"sku": item.variant.sku.lower(), "warehouse": item.warehouse.pk, "quantity": 5, "reference": "PO-1"},
        follow=True,
    )

    shown = answer.content.decode()
    assert f"{item.variant.sku}: 5 on hand now." in shown
    assert "PO-1" in shown
    assert "PO-1" in ops.get(reverse("stock_movements:index"), {"q": "PO"}).content.decode()
    assert StockMovement.objects.get().actor is not None


def test_an_unknown_sku_is_told_beside_the_field_and_what_was_typed_stays(ops):
    warehouse = WarehouseFactory()

    shown = ops.post(
        reverse("stock:receive"), {"sku": "NOPE", "warehouse": warehouse.pk, "quantity": 5}
    ).content.decode()

    assert "Enter the SKU of a variant of the shop." in shown
    assert 'value="NOPE"' in shown


def test_a_count_of_what_changed_meanwhile_asks_again_with_the_number_of_now(ops):
    item = StockItemFactory(on_hand=5)
    url = reverse("stock:count", args=[item.pk])
    form = {"counted": 4, "seen": 5}
    move_stock(variant_id=item.variant_id, warehouse=item.warehouse, kind="receipt", quantity=3)

    first = ops.post(url, form)
    again = ops.post(url, {"counted": 7, "seen": first.context["form"]["seen"].value()}, follow=True)

    assert "you saw 5, now there are 8" in first.content.decode()
    item.refresh_from_db()
    assert item.on_hand == 7
    assert "7 on hand now" in again.content.decode()


def test_promised_goods_cannot_be_corrected_away(ops):
    item = StockItemFactory(on_hand=5)
    reserve_stock(owner="order:1", demands=[Demand(item.variant_id, 4)], expires_at=None)

    shown = ops.post(
        reverse("stock:correct", args=[item.pk]), {"quantity": -3, "reason": "Broken"}
    ).content.decode()

    assert "Take out 1 at most, or cancel orders first." in shown


def test_rules_are_set(ops):
    item = StockItemFactory(on_hand=5)

    ops.post(reverse("stock:rules", args=[item.pk]), {"low_stock_threshold": 9, "allows_backorder": "on"})

    item.refresh_from_db()
    assert (item.low_stock_threshold, item.allows_backorder) == (9, True)


def test_the_page_of_a_stock_item_shows_who_waits_for_it_in_few_queries(ops, django_assert_max_num_queries):
    item = StockItemFactory(on_hand=5)
    StockItemFactory(variant=item.variant, warehouse=WarehouseFactory(name="Far away"))
    for number in range(3):
        reserve_stock(owner=f"order:{number}", demands=[Demand(item.variant_id, 1)], expires_at=None)

    with django_assert_max_num_queries(16):
        shown = ops.get(reverse("stock:item", args=[item.pk])).content.decode()

    assert "order:2" in shown
    assert "Far away" in shown


@pytest.mark.parametrize("name", ["receive_item", "count", "correct", "rules"])
def test_an_onlooker_sees_stock_and_changes_nothing(onlooker, name):
    item = StockItemFactory(on_hand=5)

    page = onlooker.get(reverse("stock:item", args=[item.pk]))
    refused = onlooker.post(
        reverse(f"stock:{name}", args=[item.pk]), {"quantity": 1, "counted": 1, "seen": 5}
    )

    assert page.status_code == 200
    assert "Change this stock" not in page.content.decode()
    # Wagtail answers a refusal in its admin by a way back home.
    assert refused.status_code in {302, 403}
    assert item.movements.count() == 1


@pytest.mark.parametrize(
    "url", ["stock:index", "stock:index_results", "stock_movements:index", "stock:receive"]
)
def test_staff_without_the_permission_see_no_stock(url):
    assert sign_in().get(reverse(url)).status_code in {302, 403}


def test_a_warehouse_is_added_and_taken_out_of_use_through_the_service():
    client = Client()
    client.force_login(AdministratorFactory())
    form = {"name": "Leipzig", "code": "leipzig", "country": "DE", "priority": 3, "is_active": "on"}

    client.post(reverse("warehouses:add"), form)
    warehouse = Warehouse.objects.get(code="leipzig")
    item = StockItemFactory(warehouse=warehouse, on_hand=3)
    OutboxEvent.objects.all().delete()
    client.post(reverse("warehouses:edit", args=[warehouse.pk]), {**form, "is_active": ""})

    warehouse.refresh_from_db()
    assert not warehouse.is_active
    assert OutboxEvent.objects.get().payload == {"variant_ids": [item.variant_id]}


def test_a_warehouse_with_stock_cannot_be_deleted():
    client = Client()
    client.force_login(AdministratorFactory())
    item = StockItemFactory()

    shown = client.post(reverse("warehouses:delete", args=[item.warehouse_id]), follow=True).content.decode()

    assert "To sell nothing more from it, untick" in shown
    assert Warehouse.objects.filter(pk=item.warehouse_id).exists()
