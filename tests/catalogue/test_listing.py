"""The list of all products: columns, filters, search, and the way straight to a product."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.catalogue.models import Attribute, ProductCollection, ProductPage, ProductType
from shop.core import clock
from shop.pricing.models import PriceList
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductFactory,
    VariantFactory,
)
from tests.factories.customers import AdministratorFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db

PRODUCTS = "/admin/catalogue/products/"


@pytest.fixture(autouse=True)
def merchandiser(client: Client) -> Any:
    user = AdministratorFactory()
    client.force_login(user)
    return user


def found(client: Client, **query: Any) -> list[str]:
    response = client.get(PRODUCTS, query)
    assert response.status_code == 200
    return sorted(page.title for page in response.context["object_list"])


def test_a_row_shows_price_stock_type_categories_and_readiness(client: Client) -> None:
    kind = ProductType.objects.create(name="Lamp", slug="lamp")
    lamp = ProductFactory(title="Oak lamp", brand=BrandFactory(name="Linnet"), product_type=kind)
    base = PriceListFactory(currency="EUR")
    for sku, amount in (("LAMP-S", "40.00"), ("LAMP-L", "55.00")):
        variant = VariantFactory(product=lamp, sku=sku)
        PriceFactory(price_list=base, variant=variant, amount=Decimal(amount))
        StockItemFactory(variant=variant, on_hand=12)

    page = client.get(PRODUCTS).content.decode()

    for text in ("LAMP-S, LAMP-L", "€40.00 to €55.00", "In stock: 24", "Linnet", "Lamp"):
        assert text in page
    assert "of 100" in page


def test_filters_keep_what_they_say(client: Client) -> None:
    light = CategoryFactory(name="Light")
    desk = CategoryFactory(name="Desk lamps", parent=light)
    linnet = BrandFactory(name="Linnet")
    kind = ProductType.objects.create(name="Lamp", slug="lamp")
    oak = ProductFactory(title="Oak", brand=linnet, categories=[desk], product_type=kind)
    steel = ProductFactory(title="Steel", publish=False)
    oak.tags.add("summer")
    oak.save()
    collection = ProductCollection.objects.create(name="Gifts", slug="gifts")
    collection.items.add(collection.items.model(product=oak))
    collection.save()

    assert found(client, category=light.pk) == ["Oak"]
    assert found(client, brand=linnet.pk) == ["Oak"]
    assert found(client, product_type=kind.pk) == ["Oak"]
    assert found(client, tag=oak.tags.get().pk) == ["Oak"]
    assert found(client, collection=collection.pk) == ["Oak"]
    assert found(client, status="live") == ["Oak"]
    assert found(client, status="draft") == ["Steel"]
    assert found(client, status="review") == []
    assert found(client, brand=linnet.pk, status="draft") == []
    assert steel.title == "Steel"


def test_a_scheduled_product_is_found_as_such(client: Client) -> None:
    lamp = ProductFactory(title="Oak")
    ProductFactory(title="Steel")
    lamp.go_live_at = clock.now() + timedelta(days=2)
    lamp.save_revision().publish()

    assert found(client, status="scheduled") == ["Oak"]


def test_filters_by_price_reduction_and_stock_come_from_their_apps(client: Client) -> None:
    base = PriceListFactory(currency="EUR")
    sale = PriceListFactory(currency="EUR", kind=PriceList.Kind.SALE)
    for title, amount, stock in (("Cheap", "5.00", 0), ("Dear", "500.00", 9)):
        variant = VariantFactory(product=ProductFactory(title=title))
        PriceFactory(price_list=base, variant=variant, amount=Decimal(amount))
        StockItemFactory(variant=variant, on_hand=stock)
        if title == "Dear":
            PriceFactory(price_list=sale, variant=variant, amount=Decimal("450.00"))

    assert found(client, price_max="10") == ["Cheap"]
    assert found(client, price_min="460", price_max="600") == ["Dear"]
    assert found(client, is_reduced="true") == ["Dear"]
    assert found(client, is_reduced="false") == ["Cheap"]
    assert found(client, stock="in_stock") == ["Dear"]
    assert found(client, stock="out_of_stock") == ["Cheap"]


def test_attribute_values_filter_and_become_columns(client: Client) -> None:
    colour = AttributeFactory(name="Colour", slug="colour", in_grid=True, values=["red", "blue"])
    red, blue = colour.values.all()
    for title, value in (("Red mug", red), ("Blue mug", blue)):
        VariantFactory(product=ProductFactory(title=title)).variant_attributes.create(
            attribute=colour, value=value
        )

    assert found(client, attribute_value=red.pk) == ["Red mug"]
    assert found(client, attribute_value=[red.pk, blue.pk]) == ["Blue mug", "Red mug"]
    plain = client.get(PRODUCTS)
    assert "attribute.colour" not in {column.name for column in plain.context["table"].columns.values()}
    page = client.get(PRODUCTS, {"columns": "attribute.colour"})
    assert "attribute.colour" in {column.name for column in page.context["table"].columns.values()}
    assert Attribute.objects.get(slug="colour").in_grid


def test_a_whole_sku_or_barcode_leads_straight_to_its_product(client: Client) -> None:
    lamp = ProductFactory(title="Oak lamp")
    VariantFactory(product=lamp, sku="LAMP-OAK-38", barcode="4006381333931")
    editor = reverse("wagtailadmin_pages:edit", args=[lamp.pk])

    assert client.get(PRODUCTS, {"q": "lamp-oak-38"}).headers["Location"] == editor
    assert client.get(PRODUCTS, {"q": " 4006381333931 "}).headers["Location"] == editor
    typing = client.get(f"{PRODUCTS}results/", {"q": "LAMP-OAK-38"})
    assert "This is the code of" in typing.content.decode()
    assert found(client, q="oak-38") == ["Oak lamp"]


def test_the_key_of_another_system_is_found(client: Client) -> None:
    ProductPage.objects.filter(pk=ProductFactory(title="Oak lamp").pk).update(external_id="erp-4711")

    assert found(client, q="erp-4711") == ["Oak lamp"]


def test_the_number_of_queries_does_not_grow_with_the_list(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    colour = AttributeFactory(name="Colour", slug="colour", in_grid=True, values=["red"])
    base = PriceListFactory(currency="EUR")
    brand, category = BrandFactory(), CategoryFactory()

    def add(number: int) -> None:
        product = ProductFactory(title=f"Lamp {number}", brand=brand, categories=[category])
        variant = VariantFactory(product=product, sku=f"LAMP-{number}")
        variant.variant_attributes.create(attribute=colour, value=colour.values.get())
        PriceFactory(price_list=base, variant=variant, amount=Decimal(10))
        StockItemFactory(variant=variant, on_hand=3)

    for number in range(3):
        add(number)
    client.get(PRODUCTS, {"columns": "attribute.colour"})
    with CaptureQueriesContext(connection) as few:
        client.get(PRODUCTS, {"columns": "attribute.colour"})
    for_few = len(few)
    for number in range(3, 23):
        add(number)
    client.get(PRODUCTS, {"columns": "attribute.colour"})

    with django_assert_max_num_queries(for_few + 2):
        response = client.get(PRODUCTS, {"columns": "attribute.colour"})

    assert "LAMP-22" in response.content.decode()
    assert for_few <= 65
