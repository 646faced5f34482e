"""The sheet of variants, prices and stock, posted as a browser without scripts would."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import ProductPage, ProductType, ProductTypeAttribute, ProductVariant
from shop.core.models import OutboxEvent
from shop.inventory.models import StockItem, StockMovement
from shop.inventory.services import adjust_stock, ensure_warehouse
from shop.pricing.models import Price, PriceHistory, PriceList
from shop.pricing.services import ensure_base_price_list
from tests.factories.cart import goods, ready_cart
from tests.factories.catalogue import AttributeFactory, ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory, UserFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.orders import place
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> ProductPage:
    ensure_base_price_list()
    ensure_warehouse()
    AttributeFactory(slug="size", values=["small", "large"])
    return ProductFactory(title="Lamp")


@pytest.fixture
def small(lamp: ProductPage) -> ProductVariant:
    variant = VariantFactory(product=lamp, sku="LAMP-S", attributes={"size": "small"})
    PriceFactory(variant=variant, amount="49.90")
    StockItemFactory(variant=variant, on_hand=10)
    return variant


@pytest.fixture
def merchandiser(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


def sheet_url(product: ProductPage) -> str:
    return reverse("catalogue_variants", args=[product.pk])


def as_shown(client: Client, product: ProductPage) -> dict[str, Any]:
    """Every field of the form as the page shows it."""
    response = client.get(sheet_url(product))
    sheet = response.context["sheet"]
    fields: dict[str, Any] = {"row": [row.key for row in sheet.rows]}
    for row in sheet.rows:
        for cell in row.cells:
            if cell.is_editable:
                fields[cell.name] = cell.value
                if row.variant is not None:
                    fields[f"{cell.name}:seen"] = cell.seen
    return fields


def test_an_empty_sheet_offers_a_first_row(merchandiser: Client, lamp: ProductPage) -> None:
    response = merchandiser.get(sheet_url(lamp))

    assert response.status_code == 200
    assert [row.key for row in response.context["sheet"].rows] == ["n1"]


def test_a_sheet_saved_as_it_was_shown_changes_nothing(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp)
    OutboxEvent.objects.all().delete()
    before = small.updated_at

    response = merchandiser.post(sheet_url(lamp), fields)

    assert response.status_code == 302
    assert not OutboxEvent.objects.exists()
    small.refresh_from_db()
    assert small.updated_at == before


def test_variants_prices_and_stock_are_saved_together(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp)
    key = f"v{small.pk}"
    fields |= {
        "row": [key, "n1"],
        f"{key}:price.base": "44,90",
        f"{key}:on_hand.main": "8",
        f"{key}:low.main": "3",
        f"{key}:weight": "1200",
        "n1:sku": "LAMP-L",
        "n1:attribute.size": "large",
        "n1:tax_class": "standard",
        "n1:price.base": "69.90",
        "n1:rrp.base": "79.90",
        "n1:on_hand.main": "2",
        "n1:backorder.main": "yes",
    }

    assert merchandiser.post(sheet_url(lamp), fields).status_code == 302

    small.refresh_from_db()
    large = ProductVariant.objects.get(sku="LAMP-L")
    assert (small.weight_grams, large.title, large.product) == (1200, "Large", lamp)
    assert Price.objects.get(variant=small).amount == Decimal("44.90")
    assert Price.objects.get(variant=large).compare_at == Decimal("79.90")
    stock = StockItem.objects.get(variant=small)
    assert (stock.on_hand, stock.low_stock_threshold) == (8, 3)
    assert StockItem.objects.get(variant=large).allows_backorder
    movement = StockMovement.objects.get(stock_item=stock, kind="adjustment")
    assert (movement.quantity, movement.actor) == (-2, AdministratorFactory._meta.model.objects.get())
    assert PriceHistory.objects.filter(variant=small).count() == 2


def test_one_wrong_cell_saves_nothing_and_keeps_what_was_typed(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp)
    key = f"v{small.pk}"
    fields |= {f"{key}:price.base": "cheap", f"{key}:on_hand.main": "5", f"{key}:title": "Tiny"}

    response = merchandiser.post(sheet_url(lamp), fields)

    assert response.status_code == 422
    assert [item["id"] for item in response.context["summary"]] == [f"{key}:price.base"]
    assert 'value="cheap"' in response.content.decode()
    assert 'value="Tiny"' in response.content.decode()
    assert StockItem.objects.get(variant=small).on_hand == 10


def test_every_kind_of_error_is_told_at_its_cell(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp)
    key = f"v{small.pk}"
    fields |= {
        "row": [key, "n1"],
        f"{key}:price.base": "",
        f"{key}:rrp.base": "60",
        f"{key}:on_hand.main": "",
        f"{key}:weight": "heavy",
        "n1:sku": "lamp-s",
        "n1:price.base": "1.234",
        "n1:low.main": "-1",
    }

    response = merchandiser.post(sheet_url(lamp), fields)

    assert {item["id"] for item in response.context["summary"]} >= {
        f"{key}:rrp.base",
        f"{key}:on_hand.main",
        f"{key}:weight",
        "n1:sku",
        "n1:low.main",
    }


def test_a_price_with_too_many_digits_is_refused_at_its_cell(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp) | {f"v{small.pk}:price.base": "1.234"}

    response = merchandiser.post(sheet_url(lamp), fields)

    assert [item["id"] for item in response.context["summary"]] == [f"v{small.pk}:price.base"]


def test_what_somebody_else_has_changed_is_shown_before_it_is_overwritten(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp)
    warehouse = ensure_warehouse()
    adjust_stock(variant_id=small.pk, warehouse=warehouse, counted=4, seen=10, actor=None)
    key = f"v{small.pk}"

    response = merchandiser.post(sheet_url(lamp), fields | {f"{key}:on_hand.main": "9"})

    assert response.status_code == 422
    assert "from “10” to “4” meanwhile" in response.context["summary"][0]["error"]
    again = fields | {f"{key}:on_hand.main": "9", f"{key}:on_hand.main:seen": "4"}
    assert merchandiser.post(sheet_url(lamp), again).status_code == 302
    assert StockItem.objects.get(variant=small).on_hand == 9


def test_an_unchanged_cell_does_not_undo_what_somebody_else_did(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp)
    PriceFactory(variant=small, amount="39.90")

    response = merchandiser.post(sheet_url(lamp), fields | {f"v{small.pk}:title": "Tiny"})

    assert response.status_code == 302
    assert Price.objects.get(variant=small).amount == Decimal("39.90")


def test_variants_are_archived_and_restored(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    fields = as_shown(merchandiser, lamp)
    merchandiser.post(sheet_url(lamp), fields | {f"v{small.pk}:archive": "on"})
    small.refresh_from_db()
    assert small.is_archived

    late = merchandiser.post(sheet_url(lamp), fields | {f"v{small.pk}:title": "Tiny"})
    assert late.context["general_errors"] == [
        "A variant of this sheet has been archived meanwhile: you find it below the table."
    ]

    merchandiser.post(sheet_url(lamp), {"row": ["n1"], "restore": [str(small.pk)]})
    small.refresh_from_db()
    assert not small.is_archived


def test_more_rows_and_columns_come_without_scripts(merchandiser: Client, lamp: ProductPage) -> None:
    typed = {"row": ["n1"], "n1:sku": "LAMP-S", "attributes": ["size"], "action": "add-rows"}

    response = merchandiser.post(sheet_url(lamp), typed)

    sheet = response.context["sheet"]
    assert [row.key for row in sheet.rows] == ["n1", "n2", "n3", "n4", "n5", "n6"]
    assert "attribute.size" in [cell.column.name for cell in sheet.rows[0].cells]
    assert sheet.rows[0].cells[0].value == "LAMP-S"
    assert not ProductVariant.objects.exists()


def test_a_sale_list_has_a_column_of_its_own(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    PriceList.objects.create(code="winter", name="Winter sale", kind="sale", currency="EUR")
    fields = as_shown(merchandiser, lamp) | {f"v{small.pk}:price.winter": "39.90"}

    merchandiser.post(sheet_url(lamp), fields)

    assert Price.objects.get(variant=small, price_list__code="winter").amount == Decimal("39.90")


def test_who_may_only_count_stock_changes_nothing_else(
    client: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    counter = UserFactory(is_staff=True)
    counter.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "change_stockitem"])
    )
    client.force_login(counter)
    key = f"v{small.pk}"

    response = client.post(
        sheet_url(lamp),
        {
            "row": [key, "n1"],
            f"{key}:price.base": "1",
            f"{key}:price.base:seen": "49.90",
            f"{key}:sku": "STOLEN",
            f"{key}:sku:seen": "LAMP-S",
            f"{key}:archive": "on",
            f"{key}:on_hand.main": "7",
            f"{key}:on_hand.main:seen": "10",
            "n1:sku": "NEW",
        },
    )

    assert response.status_code == 302
    small.refresh_from_db()
    assert (small.sku, small.is_archived, lamp.variants.count()) == ("LAMP-S", False, 1)
    assert Price.objects.get(variant=small).amount == Decimal("49.90")
    assert StockItem.objects.get(variant=small).on_hand == 7


def test_the_sheet_is_closed_to_everybody_else(client: Client, lamp: ProductPage) -> None:
    assert client.get(sheet_url(lamp)).status_code == 302
    client.force_login(UserFactory())
    assert client.get(sheet_url(lamp)).status_code == 302
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(reader)

    response = client.get(sheet_url(lamp))

    assert response.status_code == 302
    assert response.url == reverse("wagtailadmin_home")


def test_the_queries_of_a_sheet_do_not_grow_with_its_rows(
    merchandiser: Client, lamp: ProductPage, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        PriceFactory(variant=VariantFactory(product=lamp, sku=f"LAMP-{number}"))
    merchandiser.get(sheet_url(lamp))

    with django_assert_max_num_queries(48):
        merchandiser.get(sheet_url(lamp))


def test_sizes_window_and_limit_are_typed_into_the_sheet(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant, settings: Any
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    key = f"v{small.pk}"
    fields = as_shown(merchandiser, lamp) | {
        f"{key}:length": "380",
        f"{key}:width": "120",
        f"{key}:height": "450",
        f"{key}:on_sale_from": "2026-05-01 09:00",
        f"{key}:on_sale_until": "2026-06-01",
        f"{key}:max_per_order": "3",
    }

    assert merchandiser.post(sheet_url(lamp), fields).status_code == 302

    small.refresh_from_db()
    assert (small.length_mm, small.width_mm, small.height_mm, small.max_per_order) == (380, 120, 450, 3)
    assert small.available_from == datetime(2026, 5, 1, 7, tzinfo=UTC)
    assert small.available_until == datetime(2026, 5, 31, 22, tzinfo=UTC)
    shown = as_shown(merchandiser, lamp)
    assert shown[f"{key}:on_sale_from"] == "2026-05-01 09:00"


def test_each_wrong_cell_of_the_new_columns_says_its_mend(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    key = f"v{small.pk}"
    fields = as_shown(merchandiser, lamp) | {
        f"{key}:length": "30000",
        f"{key}:on_sale_from": "tomorrow",
        f"{key}:max_per_order": "0",
    }

    response = merchandiser.post(sheet_url(lamp), fields)

    errors = response.context["sheet"].errors
    assert response.status_code == 422
    assert {column for _, column in errors} == {"length", "on_sale_from", "max_per_order"}
    assert "2026-05-01 09:00" in errors[key, "on_sale_from"]


def test_a_window_that_ends_before_it_begins_is_marked_at_its_end(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    key = f"v{small.pk}"
    fields = as_shown(merchandiser, lamp) | {
        f"{key}:on_sale_from": "2026-05-02",
        f"{key}:on_sale_until": "2026-05-01",
    }

    response = merchandiser.post(sheet_url(lamp), fields)

    assert set(response.context["sheet"].errors) == {(key, "on_sale_until")}


def test_the_sku_of_what_was_sold_is_only_read(merchandiser: Client) -> None:
    sold = goods(stock=5)
    place(ready_cart([(sold, 1)]))

    fields = as_shown(merchandiser, sold.product)
    response = merchandiser.get(sheet_url(sold.product))

    assert f"v{sold.pk}:sku" not in fields
    assert "Sold, so it stays." in response.content.decode()


def test_a_sheet_offers_what_the_products_type_says_and_what_its_variants_have(
    merchandiser: Client, lamp: ProductPage, small: ProductVariant
) -> None:
    colour = AttributeFactory(slug="colour", values=["red"])
    AttributeFactory(slug="scent", values=["rose"])
    lamp_type = ProductType.objects.create(name="Lamp", slug="lamp")
    scope = ProductTypeAttribute.Scope.VARIANT
    ProductTypeAttribute.objects.create(product_type=lamp_type, attribute=colour, scope=scope)
    ProductPage.objects.filter(pk=lamp.pk).update(product_type=lamp_type)

    own = merchandiser.get(sheet_url(lamp)).context["sheet"].own

    assert {attribute.slug for attribute in own.attributes} == {"colour", "size"}
    assert {attribute.slug for attribute in own.shown} == {"colour", "size"}
