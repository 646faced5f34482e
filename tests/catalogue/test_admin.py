"""The merchandiser's lists and forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import Attribute, Category, ProductPage
from tests.factories.cart import goods
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductCollectionFactory,
    ProductFactory,
    TaxClassFactory,
    VariantFactory,
    product_index,
)
from tests.factories.customers import AdministratorFactory

pytestmark = pytest.mark.django_db

PRODUCTS = "/admin/catalogue/products/"
CATEGORIES = "/admin/snippets/catalogue/category/"


@pytest.fixture(autouse=True)
def merchandiser(client: Client) -> None:
    client.force_login(AdministratorFactory())


def found(client: Client, query: str) -> list[str]:
    response = client.get(PRODUCTS, {"q": query})
    return sorted(page.title for page in response.context["object_list"])


def test_products_are_found_by_title_and_sku(client: Client) -> None:
    VariantFactory(product=ProductFactory(title="Oak lamp"), sku="LAMP-OAK-38", barcode="4006381333931")
    VariantFactory(product=ProductFactory(title="Steel lamp"), sku="LAMP-STEEL-38")

    assert found(client, "lamp") == ["Oak lamp", "Steel lamp"]
    assert found(client, "lamp oak") == ["Oak lamp"]
    assert found(client, "oak-38") == ["Oak lamp"]
    assert found(client, "chair") == []


def test_the_list_of_products_costs_the_same_whatever_its_length(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    brand, category = BrandFactory(), CategoryFactory()
    for number in range(12):
        product = ProductFactory(title=f"Lamp {number}", brand=brand, categories=[category])
        VariantFactory(product=product, sku=f"LAMP-{number}")
    client.get(PRODUCTS)

    with django_assert_max_num_queries(42):
        response = client.get(PRODUCTS)

    assert "LAMP-7" in response.content.decode()


def test_a_picture_whose_file_is_gone_does_not_close_the_list(client: Client) -> None:
    product = ProductFactory()
    image = product.media.first().image
    image.file.storage.delete(image.file.name)

    assert client.get(PRODUCTS).status_code == 200


@pytest.mark.parametrize(
    "name", ["category", "productcollection", "attribute", "brand", "taxclass"], ids=lambda name: name
)
def test_every_kind_has_a_list_and_forms(client: Client, name: str) -> None:
    held = {
        "category": CategoryFactory,
        "productcollection": ProductCollectionFactory,
        "attribute": AttributeFactory,
        "brand": BrandFactory,
        "taxclass": TaxClassFactory,
    }[name]()

    for path in ("", "add/", f"edit/{held.pk}/"):
        assert client.get(f"/admin/snippets/catalogue/{name}/{path}").status_code == 200


def test_categories_are_listed_as_a_tree(client: Client) -> None:
    living = CategoryFactory(slug="living")
    CategoryFactory(slug="garden")
    CategoryFactory(slug="lamps", parent=living)

    response = client.get(CATEGORIES)

    assert [row.slug for row in response.context["rows"]] == ["living", "lamps", "garden"]


def test_a_category_is_made_inside_another_as_a_draft(client: Client) -> None:
    living = CategoryFactory(slug="living")

    client.post(
        f"{CATEGORIES}add/",
        {"name": "Lamps", "slug": "lamps", "parent": living.pk, "body-count": 0, "action-draft": "1"},
    )

    lamps = Category.objects.get(slug="lamps")
    assert (lamps.live, lamps.parent, lamps.depth) == (False, living, 2)


def test_a_category_is_published_from_its_form(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps", live=False)

    client.post(
        f"{CATEGORIES}edit/{lamps.pk}/",
        {"name": "Lighting", "slug": "lamps", "body-count": 0, "action-publish": "action-publish"},
    )

    lamps.refresh_from_db()
    assert (lamps.name, lamps.live) == ("Lighting", True)


def test_a_category_is_previewed(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps", name="Lamps")
    url = f"{CATEGORIES}preview/{lamps.pk}/"
    client.post(url, {"name": "Lighting", "slug": "lamps", "body-count": 0})

    response = client.get(url)

    assert response.status_code == 200
    assert "Lighting" in response.content.decode()


def test_a_category_is_moved(client: Client) -> None:
    living, garden = CategoryFactory(slug="living"), CategoryFactory(slug="garden")
    lamps = CategoryFactory(slug="lamps", parent=living)
    url = reverse("catalogue_move_category", args=[lamps.pk])
    assert client.get(url).status_code == 200

    wrong = client.post(url, {"parent": garden.pk, "after": living.pk})
    assert "is not in" in wrong.context["form"].errors["after"][0]
    client.post(url, {"parent": garden.pk})

    lamps.refresh_from_db()
    assert lamps.parent == garden


def test_a_category_in_use_is_not_deleted(client: Client) -> None:
    lamps = CategoryFactory(slug="lamps")
    ProductFactory(categories=[lamps])

    response = client.post(f"{CATEGORIES}delete/{lamps.pk}/")

    assert response.status_code == 409
    assert Category.objects.filter(pk=lamps.pk).exists()


def test_a_value_in_use_stays_in_its_attribute(client: Client) -> None:
    colour = AttributeFactory(slug="colour", values=["red", "blue"])
    VariantFactory(attributes={"colour": "red"})
    red, blue = colour.values.all()
    fields = {
        "name": "Colour",
        "slug": "colour",
        "kind": "choice",
        "sort_order": 0,
        "makes_variants": "on",
        "values-TOTAL_FORMS": 2,
        "values-INITIAL_FORMS": 2,
        "values-MIN_NUM_FORMS": 0,
        "values-MAX_NUM_FORMS": 1000,
    }
    for number, value in enumerate((red, blue)):
        fields |= {f"values-{number}-id": value.pk, f"values-{number}-label": value.label}
        fields |= {f"values-{number}-slug": value.slug, f"values-{number}-ORDER": number + 1}
    url = f"/admin/snippets/catalogue/attribute/edit/{colour.pk}/"

    refused = client.post(url, fields | {"values-0-DELETE": "1"})
    assert refused.status_code == 200
    assert "cannot be removed" in refused.content.decode()

    client.post(url, fields | {"values-1-DELETE": "1"})
    assert list(Attribute.objects.get().values.all()) == [red]


def test_the_copy_form_asks_for_a_slug_of_its_own(client: Client) -> None:
    lamp = ProductFactory(title="Lamp", slug="lamp")
    url = reverse("wagtailadmin_pages:copy", args=[lamp.pk])
    form = client.get(url).context["form"]
    assert form.fields["new_slug"].initial == "lamp-2"
    assert {"alias", "copy_variants"} <= set(form.fields)
    fields = {"new_title": "Copy", "new_parent_page": product_index().pk, "new_slug": "lamp"}

    refused = client.post(url, fields)
    assert refused.status_code == 200

    client.post(url, fields | {"new_slug": "lamp-2"})
    copied = ProductPage.objects.get(slug="lamp-2")
    assert (copied.live, copied.title) == (False, "Copy")


def test_a_list_publishes_only_what_the_editor_would(client: Client) -> None:
    ready, bare = ProductFactory(publish=False), ProductFactory(publish=False, pictures=0)
    for product in (ready, bare):
        goods("49.90", product=product)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    client.post(f"{url}?id={ready.pk}&id={bare.pk}&next=/admin/")
    assert not ProductPage.objects.live().exists()

    client.post(f"{url}?id={ready.pk}&next=/admin/")
    assert ProductPage.objects.live().get() == ready


def test_the_editor_shows_what_is_on_the_sheet(client: Client) -> None:
    variant = VariantFactory(sku="LAMP-OAK-38")

    response = client.get(reverse("wagtailadmin_pages:edit", args=[variant.product_id]))

    assert "LAMP-OAK-38" in response.content.decode()
    assert reverse("catalogue_variants", args=[variant.product_id]) in response.content.decode()
