import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from shop.inventory.models import StockMovement
from shop.inventory.services import Demand, reserve_stock
from tests.factories.customers import StaffFactory, UserFactory
from tests.factories.inventory import StockItemFactory, WarehouseFactory

pytestmark = pytest.mark.django_db

STOCK, MOVEMENTS = "/api/v1/ops/stock/", "/api/v1/ops/stock/movements/"


def client(*codenames, staff=True):
    user = StaffFactory() if staff else UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    api = APIClient()
    api.force_authenticate(type(user).objects.get(pk=user.pk))
    return api


@pytest.fixture
def clerk():
    return client("view_stockitem", "add_stockmovement")


def movement(item, **overrides):
    return {
        "sku": item.variant.sku,
        "warehouse": item.warehouse.code,
        "kind": "receipt",
        "quantity": 5,
        "reference": "PO-1",
        **overrides,
    }


def test_nobody_but_staff_with_the_permission_gets_near_stock():
    item = StockItemFactory()

    assert APIClient().get(STOCK).status_code == 401
    assert client("view_stockitem", "add_stockmovement", staff=False).get(STOCK).status_code == 403
    assert client().get(STOCK).status_code == 403
    assert client("view_stockitem").get(STOCK).status_code == 200
    assert client("view_stockitem").post(MOVEMENTS, movement(item)).status_code == 403


def test_stock_is_listed_with_what_is_available(clerk, django_assert_num_queries):
    item = StockItemFactory(on_hand=5, low_stock_threshold=3)
    StockItemFactory(on_hand=9)
    reserve_stock(owner="order:1", demands=[Demand(item.variant_id, 2)], expires_at=None)

    # Two for the clerk's permissions, one for the list.
    with django_assert_num_queries(3):
        answer = clerk.get(STOCK, {"status": "low"})

    assert answer.json()["results"] == [
        {
            "sku": item.variant.sku,
            "warehouse": "main",
            "on_hand": 5,
            "reserved": 2,
            "available": 3,
            "status": "low",
            "low_stock_threshold": 3,
            "allows_backorder": False,
        }
    ]


def test_stock_is_filtered_by_sku_and_warehouse_and_paged(clerk):
    first = StockItemFactory()
    second = StockItemFactory(variant=first.variant, warehouse=WarehouseFactory(code="far"))
    StockItemFactory()

    by_sku = clerk.get(STOCK, {"sku": first.variant.sku.lower()}).json()["results"]
    far = clerk.get(STOCK, {"warehouse": second.warehouse.code}).json()["results"]
    page = clerk.get(STOCK, {"limit": 2}).json()

    assert [row["warehouse"] for row in by_sku] == ["main", "far"]
    assert len(far) == 1
    assert len(page["results"]) == 2
    assert len(clerk.get(page["next"]).json()["results"]) == 1


@pytest.mark.parametrize(
    "query", ["status=plenty", "colour=red", "limit=0", "limit=101", "cursor=x", "sku=%00"]
)
def test_a_wrong_query_is_400(clerk, query):
    assert clerk.get(f"{STOCK}?{query}").status_code == 400


def test_a_receipt_is_entered_and_listed(clerk):
    item = StockItemFactory(on_hand=2)

    answer = clerk.post(MOVEMENTS, movement(item))

    assert answer.status_code == 201
    assert answer.json()["balance_after"] == 7
    newest = clerk.get(MOVEMENTS, {"sku": item.variant.sku}).json()["results"][0]
    assert newest == answer.json()
    assert StockMovement.objects.first().actor is not None


def test_the_same_key_enters_a_movement_once(clerk):
    item = StockItemFactory(on_hand=0)

    answers = [clerk.post(MOVEMENTS, movement(item), headers={"Idempotency-Key": "k1"}) for _ in range(2)]

    assert [answer.json()["balance_after"] for answer in answers] == [5, 5]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert item.movements.count() == 1


@pytest.mark.parametrize(
    ("overrides", "status", "code", "attr"),
    [
        ({"sku": "NOPE"}, 400, "unknown_stock", "sku"),
        ({"warehouse": "moon"}, 400, "unknown_stock", "warehouse"),
        ({"quantity": 0}, 400, "invalid_movement", "quantity"),
        ({"quantity": -1}, 400, "invalid_movement", "quantity"),
        ({"quantity": 1.5}, 400, "invalid", "quantity"),
        ({"quantity": True}, 400, "invalid", "quantity"),
        ({"quantity": "5"}, 400, "invalid", "quantity"),
        ({"quantity": 10**30}, 400, "invalid", "quantity"),
        ({"kind": "shipment"}, 400, "invalid", "kind"),
        ({"reference": "x" * 101}, 400, "invalid", "reference"),
        ({"reference": "\x00"}, 400, "invalid", "reference"),
        ({"price": 1}, 400, "invalid", "price"),
        ({"kind": "correction", "quantity": -3}, 409, "stock_below_reserved", None),
    ],
)
def test_a_movement_that_cannot_be_is_refused_and_nothing_entered(clerk, overrides, status, code, attr):
    item = StockItemFactory(on_hand=2)

    answer = clerk.post(MOVEMENTS, movement(item, **overrides), format="json")

    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert [error["attr"] for error in body["errors"]] == ([attr] if attr else [])
    assert item.movements.count() == 1
