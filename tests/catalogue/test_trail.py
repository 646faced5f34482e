"""Who changed what of a product's goods."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.roles import sync_roles
from shop.catalogue.models import ProductVariant
from shop.catalogue.services import archive_variant, update_variant
from shop.catalogue.services.bundles import PartDraft, set_components
from shop.core import clock
from shop.inventory.services import ensure_warehouse, set_stock_rules
from tests.factories.catalogue import AttributeFactory, ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory, StaffFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> Any:
    user = AdministratorFactory(email="mira@example.com")
    client.force_login(user)
    return user


@pytest.fixture
def lamp() -> ProductVariant:
    AttributeFactory(slug="size", values=["small", "large"])
    return VariantFactory(product=ProductFactory(title="Lamp"), sku="LAMP", attributes={"size": "small"})


def trail(client: Client, variant: ProductVariant, **query: Any) -> list[tuple[str, str, str, str]]:
    """SKU, what, before and after of every line, newest first."""
    response = client.get(reverse("catalogue_trail", args=[variant.product_id]), query)
    assert response.status_code == 200
    return [
        (line.sku, line.what, line.before, line.after)
        for entry, _ in response.context["rows"]
        for line in entry.lines
    ]


def test_a_saved_sheet_is_told_field_by_field_with_before_and_after(
    client: Client, person: Any, lamp: ProductVariant
) -> None:
    PriceFactory(variant=lamp, amount="49.90")
    StockItemFactory(variant=lamp, on_hand=10)
    address = reverse("catalogue_variants", args=[lamp.product_id])
    key = f"v{lamp.pk}"
    typed = {
        "attribute.size": ("small", "large"),
        "weight": ("", "900"),
        "price.base": ("49.90", "44.90"),
        "rrp.base": ("", "59.90"),
        "on_hand.main": ("10", "8"),
        "low.main": ("0", "3"),
    }
    form: dict[str, Any] = {"row": [key]}
    for column, (seen, value) in typed.items():
        form |= {f"{key}:{column}": value, f"{key}:{column}:seen": seen}

    assert client.post(address, form).status_code == 302

    told = trail(client, lamp, by=person.pk)
    assert sorted(told) == [
        ("LAMP", "Low from in Main warehouse", "0", "3"),
        ("LAMP", "On hand in Main warehouse, count", "10", "8"),
        ("LAMP", "Price in Base prices", "49.90 EUR", "44.90 EUR"),
        ("LAMP", "RRP in Base prices", "", "59.9"),
        ("LAMP", "Size", "Small", "Large"),
        ("LAMP", "Title", "Small", "Large"),
        ("LAMP", "Weight in grams", "", "900"),
    ]
    page = client.get(reverse("catalogue_trail", args=[lamp.product_id])).content.decode()
    assert str(person) in page


def test_what_was_added_archived_and_bundled_is_told(
    client: Client, person: Any, lamp: ProductVariant
) -> None:
    set_at = VariantFactory(product=lamp.product, sku="SET", title="Two lamps", attributes={"size": "large"})
    parts = [PartDraft(variant_id=lamp.pk, quantity=2)]
    set_components(variant=set_at, parts=parts, priced_by_parts=False, actor=person, at=clock.now())
    archive_variant(variant=set_at, actor=person)

    told = trail(client, lamp, sku="SET")

    assert told[:2] == [
        ("SET", "State", "on sale", "archived"),
        ("SET", "Parts of the bundle", "", "2 of LAMP"),
    ]
    assert ("SET", "Variant", "", "added") in told
    assert ("SET", "Size", "", "Large") in told


def test_changes_are_found_by_sku_person_kind_and_day(
    client: Client, person: Any, lamp: ProductVariant
) -> None:
    other = VariantFactory(product=lamp.product, sku="OTHER", attributes={"size": "large"})
    long_ago = clock.now() - timedelta(days=30)
    PriceFactory(variant=lamp, amount="10", at=long_ago)
    PriceFactory(variant=other, amount="12")
    update_variant(variant=lamp, weight_grams=900, actor=person)
    set_stock_rules(
        variant_id=lamp.pk,
        warehouse=ensure_warehouse(),
        allows_backorder=True,
        low_stock_threshold=0,
        actor=person,
    )
    today = clock.now().date()

    assert {sku for sku, *_ in trail(client, lamp, sku="OTHER")} == {"OTHER"}
    assert trail(client, lamp, kind="stock") == [
        ("LAMP", "Sell when out of stock in Main warehouse", "no", "yes")
    ]
    assert {what for _, what, *_ in trail(client, lamp, kind="prices")} == {"Price in Base prices"}
    assert trail(client, lamp, kind="variants", by=person.pk) == [("LAMP", "Weight in grams", "", "900")]
    assert trail(client, lamp, until=today - timedelta(days=5)) == [
        ("LAMP", "Price in Base prices", "", "10.00 EUR")
    ]
    assert "LAMP" not in {sku for sku, *_ in trail(client, lamp, since=today, kind="prices")}
    assert trail(client, lamp, since=today, until=today - timedelta(days=1)) == []


def test_a_long_trail_is_read_page_by_page_in_so_many_queries(
    client: Client, person: Any, lamp: ProductVariant
) -> None:
    at = clock.now()
    for number in range(70):
        # Several at the same moment, as a sheet saves them.
        PriceFactory(variant=lamp, amount=str(100 + number), at=at + timedelta(seconds=number // 3))
    address = reverse("catalogue_trail", args=[lamp.product_id])

    with CaptureQueriesContext(connection) as queries:
        first = client.get(address, {"kind": "prices"})
    second = client.get(address + first.context["older_url"])

    amounts = [
        line.after for page in (first, second) for entry, _ in page.context["rows"] for line in entry.lines
    ]
    assert len(first.context["rows"]) == 50
    assert amounts == [f"{100 + number}.00 EUR" for number in reversed(range(70))]
    assert second.context["older_url"] == ""
    assert len(queries) <= 45
    assert client.get(address, {"after": "forged"}).status_code == 200


def test_the_trail_is_reached_from_sheet_grid_and_editor(
    client: Client, person: Any, lamp: ProductVariant
) -> None:
    address = reverse("catalogue_trail", args=[lamp.product_id])
    sheet = reverse("catalogue_variants", args=[lamp.product_id])
    editor = reverse("wagtailadmin_pages:edit", args=[lamp.product_id])

    for page in (sheet, "/admin/catalogue/grid/", editor):
        assert f'href="{address}' in client.get(page).content.decode()


def test_support_does_not_see_it(client: Client, lamp: ProductVariant) -> None:
    sync_roles()
    client.force_login(StaffFactory(role="Support"))

    assert client.get(reverse("catalogue_trail", args=[lamp.product_id])).url == "/admin/"
