"""Many variants at once, made of all combinations of chosen values."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from shop.catalogue.matrix import Combination, Matrix
from shop.catalogue.models import ProductPage, ProductType, ProductTypeAttribute, ProductVariant
from shop.catalogue.services import archive_variant
from shop.core.models import AuditEntry
from shop.inventory.models import StockItem
from shop.inventory.services import ensure_warehouse
from shop.pricing.models import Price
from shop.pricing.services import ensure_base_price_list
from tests.factories.catalogue import AttributeFactory, ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> ProductPage:
    ensure_base_price_list()
    ensure_warehouse()
    AttributeFactory(slug="colour", values=["red", "blue"])
    AttributeFactory(slug="size", values=["s", "m", "l"])
    return ProductFactory(title="Lamp")


@pytest.fixture
def merchandiser(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


def address(product: ProductPage, *values: str, **starts: str) -> str:
    asked = [("value", value) for value in values] + [(f"start:{k}", v) for k, v in starts.items()]
    return f"{reverse('catalogue_variant_matrix', args=[product.pk])}?{urlencode(asked)}"


def as_shown(matrix: Matrix) -> dict[str, Any]:
    """Every field of the form as the page shows it."""
    fields: dict[str, Any] = {"pick": [one.key for one in matrix.picked]}
    for one in matrix.new:
        fields |= {cell.name: cell.value for cell in one.cells}
    return fields


def by_title(matrix: Matrix, title: str) -> Combination:
    return next(one for one in matrix.combinations if one.title == title)


ALL = ("colour.red", "colour.blue", "size.s", "size.m")


def test_all_combinations_are_proposed_with_their_skus(merchandiser: Client, lamp: ProductPage) -> None:
    matrix = merchandiser.get(address(lamp, *ALL)).context["matrix"]

    assert [one.title for one in matrix.combinations] == ["Red / S", "Red / M", "Blue / S", "Blue / M"]
    assert [one.cells[0].value for one in matrix.new] == [
        "LAMP-RED-S",
        "LAMP-RED-M",
        "LAMP-BLUE-S",
        "LAMP-BLUE-M",
    ]
    assert all(one.is_picked for one in matrix.new)


def test_the_ticked_ones_are_made_with_price_and_stock(merchandiser: Client, lamp: ProductPage) -> None:
    url = address(lamp, *ALL, **{"price.base": "19.90", "on_hand.main": "5"})
    matrix = merchandiser.get(url).context["matrix"]
    fields = as_shown(matrix)
    unwanted, other = by_title(matrix, "Blue / M"), by_title(matrix, "Red / S")
    fields["pick"].remove(unwanted.key)
    fields |= {f"{other.key}:sku": "MY-OWN", f"{other.key}:price.base": "24.90"}

    response = merchandiser.post(url, fields)

    assert response.status_code == 302
    made = {variant.sku: variant for variant in ProductVariant.objects.filter(product=lamp)}
    assert set(made) == {"MY-OWN", "LAMP-RED-M", "LAMP-BLUE-S"}
    assert made["MY-OWN"].title == "Red / S"
    assert {str(price.amount.normalize()) for price in Price.objects.filter(variant=made["MY-OWN"])} == {
        "24.9"
    }
    assert StockItem.objects.get(variant=made["LAMP-RED-M"]).on_hand == 5
    assert AuditEntry.objects.filter(action="variants.save").count() == 1


def test_what_is_there_already_is_marked_and_made_no_second_time(
    merchandiser: Client, lamp: ProductPage
) -> None:
    VariantFactory(product=lamp, sku="OLD", attributes={"colour": "red", "size": "s"})
    gone = VariantFactory(product=lamp, sku="GONE", attributes={"colour": "red", "size": "m"})
    archive_variant(variant=gone)

    matrix = merchandiser.get(address(lamp, *ALL)).context["matrix"]

    assert by_title(matrix, "Red / S").variant.sku == "OLD"  # type: ignore[union-attr]
    archived = by_title(matrix, "Red / M")
    assert (archived.variant, archived.is_picked) == (None, False)
    assert archived.archived == gone
    assert len(matrix.picked) == 2


def test_one_bad_cell_makes_nothing_and_is_named(merchandiser: Client, lamp: ProductPage) -> None:
    VariantFactory(sku="taken", product=ProductFactory(title="Chair"))
    url = address(lamp, *ALL)
    matrix = merchandiser.get(url).context["matrix"]
    fields = as_shown(matrix)
    first, second = matrix.new[:2]
    fields |= {f"{first.key}:sku": "TAKEN", f"{second.key}:price.base": "cheap"}

    response = merchandiser.post(url, fields)

    assert response.status_code == 422
    assert not ProductVariant.objects.filter(product=lamp).exists()
    content = response.content.decode()
    assert "This SKU belongs to “Chair” already" in content
    assert "Write a number such as 12.50" in content


def test_nothing_ticked_is_told(merchandiser: Client, lamp: ProductPage) -> None:
    response = merchandiser.post(address(lamp, *ALL), {})

    assert response.status_code == 422
    assert "Tick at least one combination" in response.content.decode()


def test_too_many_combinations_are_refused_before_they_are_made(
    merchandiser: Client, lamp: ProductPage
) -> None:
    AttributeFactory(slug="finish", values=[f"f{number}" for number in range(101)])
    values = [f"finish.f{number}" for number in range(101)]

    few = merchandiser.get(address(lamp, *values, *ALL[:2])).context["matrix"]
    many = merchandiser.get(address(lamp, *values, *ALL)).context["matrix"]

    assert (len(few.new), len(few.picked)) == (202, 200)
    assert "200 can be made at once" in few.errors[0]
    assert many.combinations == []
    assert "give 404 combinations" in many.errors[0]


def test_a_product_type_says_which_attributes_there_are(merchandiser: Client, lamp: ProductPage) -> None:
    lamp.product_type = ProductType.objects.create(
        name="Lamp", slug="lamp", sku_pattern="L-{colour}-{number}"
    )
    lamp.product_type.type_attributes = [
        ProductTypeAttribute(attribute=choice.attribute, scope="variant")
        for choice in merchandiser.get(address(lamp)).context["matrix"].choices
        if choice.attribute.slug == "colour"
    ]
    lamp.product_type.save()
    lamp.save_revision().publish()

    matrix = merchandiser.get(address(lamp, "colour.red")).context["matrix"]

    assert [choice.attribute.slug for choice in matrix.choices] == ["colour"]
    assert matrix.new[0].cells[0].value == "L-RED-1"


def test_a_full_table_costs_a_fixed_number_of_queries(
    merchandiser: Client, lamp: ProductPage, django_assert_max_num_queries: Any
) -> None:
    merchandiser.get(address(lamp, *ALL))

    with django_assert_max_num_queries(60):
        merchandiser.get(address(lamp, *ALL, "size.l"))


def test_who_may_not_edit_the_page_makes_no_variants(client: Client, lamp: ProductPage) -> None:
    stranger = UserFactory(is_staff=True)
    stranger.user_permissions.add(
        *Permission.objects.filter(
            codename__in=["access_admin", "add_productvariant", "change_productvariant"]
        )
    )
    client.force_login(stranger)

    assert client.get(address(lamp, *ALL)).status_code == 302
    assert client.post(address(lamp, *ALL), {}).status_code == 302
    assert not ProductVariant.objects.exists()
