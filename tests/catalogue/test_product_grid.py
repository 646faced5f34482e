"""The sheet of many products, posted as a browser without scripts would."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.roles import sync_roles
from shop.catalogue.models import ProductVariant
from shop.catalogue.services import archive_variant, update_variant
from shop.inventory.models import StockItem
from shop.inventory.services import adjust_stock, ensure_warehouse
from shop.pricing.models import Price, PriceHistory
from tests.factories.catalogue import BrandFactory, CategoryFactory, ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory, StaffFactory
from tests.factories.inventory import StockItemFactory, WarehouseFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db

GRID = "/admin/catalogue/grid/"
BULK = "/admin/bulk/catalogue/productpage/"


@pytest.fixture
def lamp() -> ProductVariant:
    variant = VariantFactory(product=ProductFactory(title="Oak lamp"), sku="LAMP")
    PriceFactory(variant=variant, amount="49.90")
    StockItemFactory(variant=variant, on_hand=10, low_stock_threshold=3)
    return variant


@pytest.fixture
def chair() -> ProductVariant:
    variant = VariantFactory(product=ProductFactory(title="Ash chair"), sku="CHAIR")
    PriceFactory(variant=variant, amount="120.00")
    StockItemFactory(variant=variant, on_hand=1, low_stock_threshold=3)
    return variant


@pytest.fixture
def merchandiser(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


def skus(client: Client, **query: Any) -> list[str]:
    response = client.get(GRID, query)
    assert response.status_code == 200
    return sorted(row.label for row in response.context["sheet"].rows)


def as_shown(client: Client, query: str = "") -> dict[str, Any]:
    """Every field of the form as the page shows it."""
    sheet = client.get(GRID + query).context["sheet"]
    fields: dict[str, Any] = {"row": [row.key for row in sheet.rows]}
    for cell in (cell for row in sheet.rows for cell in row.cells if cell.is_editable):
        fields |= {cell.name: cell.value, f"{cell.name}:seen": cell.seen}
    return fields


def test_prices_and_stock_of_two_products_are_saved_together(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    fields = as_shown(merchandiser) | {
        f"v{lamp.pk}:price.base": "44,90",
        f"v{chair.pk}:rrp.base": "150",
        f"v{chair.pk}:on_hand.main": "6",
        f"v{chair.pk}:low.main": "2",
    }

    response = merchandiser.post(GRID, fields, follow=True)

    assert "Saved: 4 cells." in response.content.decode()
    assert Price.objects.get(variant=lamp).amount == Decimal("44.90")
    assert Price.objects.get(variant=chair).compare_at == Decimal("150")
    stock = StockItem.objects.get(variant=chair)
    assert (stock.on_hand, stock.low_stock_threshold) == (6, 2)


def test_fields_of_variants_of_two_products_are_saved_together(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    query = "?show=titles&show=own-1"
    fields = as_shown(merchandiser, query) | {f"v{lamp.pk}:weight": "900", f"v{chair.pk}:title": "Natural"}

    assert merchandiser.post(GRID + query, fields).status_code == 302

    lamp.refresh_from_db()
    chair.refresh_from_db()
    assert (lamp.weight_grams, chair.title) == (900, "Natural")


def test_one_wrong_cell_keeps_everything_and_loses_nothing(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    fields = as_shown(merchandiser) | {
        f"v{lamp.pk}:price.base": "cheap",
        f"v{chair.pk}:price.base": "99.00",
        f"v{chair.pk}:on_hand.main": "",
    }

    response = merchandiser.post(GRID, fields)

    assert response.status_code == 422
    wrong = {item["id"] for item in response.context["summary"]}
    assert wrong == {f"v{lamp.pk}:price.base", f"v{chair.pk}:on_hand.main"}
    page = response.content.decode()
    assert 'value="cheap"' in page
    assert 'value="99.00"' in page
    assert Price.objects.get(variant=chair).amount == Decimal("120.00")


@pytest.mark.parametrize("what", ["price", "count", "rule", "weight"])
def test_what_somebody_else_has_changed_is_told_and_not_overwritten(
    merchandiser: Client, lamp: ProductVariant, what: str
) -> None:
    query = "?show=own-1&show=prices.base&show=stock.main"
    fields = as_shown(merchandiser, query)
    column, typed = {
        "price": ("price.base", "45.00"),
        "count": ("on_hand.main", "8"),
        "rule": ("low.main", "9"),
        "weight": ("weight", "700"),
    }[what]
    PriceFactory(variant=lamp, amount="39.90")
    adjust_stock(variant_id=lamp.pk, warehouse=ensure_warehouse(), counted=4, seen=10, actor=None)
    StockItem.objects.filter(variant=lamp).update(low_stock_threshold=5)
    update_variant(variant=lamp, weight_grams=650)

    response = merchandiser.post(GRID + query, fields | {f"v{lamp.pk}:{column}": typed})

    assert response.status_code == 422
    (told,) = response.context["summary"]
    assert told["id"] == f"v{lamp.pk}:{column}"
    assert "meanwhile" in told["error"]
    assert f'value="{typed}"' in response.content.decode()
    again = as_shown(merchandiser, query) | {f"v{lamp.pk}:{column}": typed}
    assert merchandiser.post(GRID + query, again).status_code == 302


def test_a_row_that_is_gone_is_told_and_the_others_keep_what_was_typed(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    fields = as_shown(merchandiser) | {f"v{lamp.pk}:price.base": "44.90"}
    chair.product.delete()

    response = merchandiser.post(GRID, fields)

    assert response.status_code == 422
    assert "no longer here: 1" in response.context["general_errors"][0]
    assert 'value="44.90"' in response.content.decode()


def test_filters_find_by_words_code_brand_category_list_and_stock(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    brand = BrandFactory()
    above = CategoryFactory()
    below = CategoryFactory(parent=above)
    shelf = VariantFactory(
        product=ProductFactory(title="Oak shelf", brand=brand, categories=[below]),
        sku="SHELF",
        barcode="4006381333931",
    )
    StockItemFactory(variant=shelf, warehouse=WarehouseFactory(code="north"), on_hand=50)
    PriceFactory(variant=shelf, price_list=PriceListFactory(code="trade"), amount="10")

    assert skus(merchandiser) == ["CHAIR", "LAMP", "SHELF"]
    assert skus(merchandiser, q="oak") == ["LAMP", "SHELF"]
    assert skus(merchandiser, q="hai") == ["CHAIR"]
    assert skus(merchandiser, q="4006381333931") == ["SHELF"]
    assert skus(merchandiser, brand=brand.pk) == ["SHELF"]
    assert skus(merchandiser, category=above.pk) == ["SHELF"]
    assert skus(merchandiser, price_list="trade") == ["SHELF"]
    assert skus(merchandiser, no_price_in="base") == ["SHELF"]
    assert skus(merchandiser, warehouse="main") == ["CHAIR", "LAMP"]
    assert skus(merchandiser, stock_level="low") == ["CHAIR"]
    assert skus(merchandiser, id=[lamp.product_id, chair.product_id], q="ash") == ["CHAIR"]
    assert skus(merchandiser, status="draft") == []
    assert skus(merchandiser, brand="none") == []


def test_archived_variants_are_read_and_not_changed(merchandiser: Client, lamp: ProductVariant) -> None:
    archive_variant(variant=lamp)

    assert skus(merchandiser) == []
    assert as_shown(merchandiser, "?archived=only") == {"row": [f"v{lamp.pk}"]}


def test_columns_of_chosen_lists_and_warehouses_are_shown(merchandiser: Client, lamp: ProductVariant) -> None:
    WarehouseFactory(code="north")
    PriceListFactory(code="trade", currency="CHF")

    usual = {name.split(":")[1] for name in as_shown(merchandiser) if ":" in name}
    chosen = as_shown(merchandiser, "?show=prices.trade&show=stock.north")

    assert usual == {"price.base", "rrp.base", "on_hand.main", "low.main", "backorder.main"}
    names = {name.split(":")[1] for name in chosen if ":" in name}
    assert names == {"price.trade", "rrp.trade", "on_hand.north", "low.north", "backorder.north"}


def test_a_page_is_bounded_and_leads_to_the_bulk_change_of_all(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.catalogue.product_grid.MOST_ROWS", 1)

    first = merchandiser.get(GRID, {"order": "sku", "q": "a"})
    second = merchandiser.get(GRID, {"order": "sku", "q": "a", "p": 2})

    assert [row.label for row in first.context["sheet"].rows] == ["CHAIR"]
    assert [row.label for row in second.context["sheet"].rows] == ["LAMP"]
    (url,) = first.context["bulk_urls"]
    assert url.startswith(f"{BULK}change-prices/?q=a&id=all")
    assert "2 products" in merchandiser.get(url).content.decode()
    by_variant = merchandiser.get(GRID, {"warehouse": "main"})
    assert by_variant.context["bulk_urls"] == []


def test_the_ticked_products_of_the_list_are_led_to_the_sheet(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    ticked = merchandiser.get(f"{BULK}edit-grid/?id={lamp.product_id}&next=/admin/", follow=True)
    by_filter = merchandiser.get(f"{BULK}edit-grid/?id=all&q=ash&next=/admin/", follow=True)

    assert [row.label for row in ticked.context["sheet"].rows] == ["LAMP"]
    assert [row.label for row in by_filter.context["sheet"].rows] == ["CHAIR"]
    assert f'"{GRID}"' in merchandiser.get("/admin/").content.decode()
    assert f'href="{GRID}?q=ash"' in merchandiser.get("/admin/catalogue/products/?q=ash").content.decode()


def test_an_empty_sheet_says_the_next_step(merchandiser: Client) -> None:
    assert "There are no variants yet." in merchandiser.get(GRID).content.decode()
    assert "No variant fits." in merchandiser.get(GRID, {"q": "unicorn"}).content.decode()


def test_who_only_counts_stock_changes_no_price(
    client: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    sync_roles()
    client.force_login(StaffFactory(role="Ops"))
    fields = as_shown(client)
    assert not any("price" in name for name in fields)

    forged = {f"v{lamp.pk}:price.base": "1", f"v{lamp.pk}:price.base:seen": "49.90"}
    response = client.post(GRID, fields | forged | {f"v{lamp.pk}:on_hand.main": "7"})

    assert response.status_code == 302
    assert StockItem.objects.get(variant=lamp).on_hand == 7
    assert PriceHistory.objects.filter(variant=lamp).count() == 1


def test_who_only_reads_sees_no_field(client: Client, lamp: ProductVariant) -> None:
    sync_roles()
    client.force_login(StaffFactory(role="Analyst"))

    assert as_shown(client) == {"row": [f"v{lamp.pk}"]}
    assert client.post(GRID, {"row": [f"v{lamp.pk}"]}).url == "/admin/"


def test_products_of_other_folders_are_out_of_reach(client: Client, lamp: ProductVariant) -> None:
    sync_roles()
    stranger = StaffFactory(role="Merchandiser")
    stranger.groups.get().page_permissions.all().delete()
    client.force_login(stranger)
    bound = {f"v{lamp.pk}:price.base": "1", f"v{lamp.pk}:price.base:seen": "49.90", "row": [f"v{lamp.pk}"]}

    # Without any folder the permission counts everywhere; with one, only there.
    assert skus(client) == ["LAMP"]
    elsewhere = ProductFactory(title="Elsewhere")
    may_change = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    stranger.groups.get().page_permissions.create(page=elsewhere, permission=may_change)
    assert skus(client) == []
    assert client.post(GRID, bound).status_code == 422
    assert Price.objects.get(variant=lamp).amount == Decimal("49.90")


def test_the_queries_do_not_grow_with_the_rows(
    merchandiser: Client, lamp: ProductVariant, chair: ProductVariant
) -> None:
    address = f"{GRID}?show=titles&show=own-0&show=own-1&show=own-2&show=prices.base&show=stock.main"
    merchandiser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        merchandiser.get(address)
    for number in range(20):
        variant = VariantFactory(product=ProductFactory(), sku=f"MORE-{number}")
        PriceFactory(variant=variant)
        StockItemFactory(variant=variant)

    with CaptureQueriesContext(connection) as many:
        response = merchandiser.get(address)

    assert len(response.context["sheet"].rows) == 22
    assert len(many) == len(few) <= 60
