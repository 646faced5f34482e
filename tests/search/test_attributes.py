"""What shoppers read of attributes of every kind, and what they can filter and search by."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import CollectionViewRestriction

from search.choice import choose_variant
from search.selectors import get_product_detail, list_product_details, list_products
from search.values import AttributeData, AttributeFilter, ProductFilter
from shop.catalogue.models import Attribute
from tests.factories.attributes import document, every_kind, page, product_attribute
from tests.factories.catalogue import AttributeFactory, ImageFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


def read(product: Any) -> dict[str, AttributeData]:
    return {one.slug: one for one in get_product_detail(product_id=product.pk).attributes}


def test_each_kind_is_read_in_its_own_way() -> None:
    every_kind()
    guide, about = document("Care guide"), page("About oak")
    lamp = product_on_sale(
        attributes={
            "wood": "oak",
            "rooms": ["study", "hall"],
            "shade": "moss",
            "height": "38.5",
            "dimmable": "yes",
            "bulb": "E27",
            "care": f'<p>Wipe <b>dry</b>, see <a linktype="page" id="{about.pk}">oak</a>.</p>',
            "designed-on": "2026-11-24",
            "manual": str(guide.pk),
            "story": str(about.pk),
        }
    )

    detail = get_product_detail(product_id=lamp.pk)
    found = read(lamp)

    assert [one.value for one in detail.attributes if one.slug == "rooms"] == ["Study", "Hall"]
    assert (found["shade"].swatch, found["shade"].value_slug) == ("#5a6b3b", "moss")
    assert (found["height"].value, found["height"].unit) == ("38.5 cm", "cm")
    assert (found["dimmable"].value, found["dimmable"].value_slug) == ("Yes", "yes")
    assert found["care"].value == "Wipe dry, see oak."
    assert f'<a href="{about.url}">oak</a>' in found["care"].html
    assert found["designed-on"].value == "24 November 2026"
    assert (found["manual"].value, found["manual"].url) == ("Care guide", guide.url)
    assert (found["story"].value, found["story"].url) == ("About oak", about.url)


def test_files_and_pages_that_are_not_public_are_not_named() -> None:
    every_kind()
    guide, about = document("Secret guide"), page("Secret story", live=False)
    CollectionViewRestriction.objects.create(
        collection=guide.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    lamp = product_on_sale(
        attributes={
            "manual": str(guide.pk),
            "story": str(about.pk),
            "care": f'<p>See <a linktype="page" id="{about.pk}">oak</a>.</p>',
        }
    )

    found = read(lamp)

    assert set(found) == {"care"}
    assert "href" not in found["care"].html


def test_a_swatch_shows_its_picture() -> None:
    shade = AttributeFactory(slug="pattern", kind=Attribute.Kind.SWATCH, values=["dots", "stripes"])
    dots = shade.values.get(slug="dots")
    dots.swatch_image = ImageFactory()
    dots.save()
    lamp = product_on_sale(
        price=["10.00", "11.00"], variant_attributes=[{"pattern": "dots"}, {"pattern": "stripes"}]
    )

    detail = get_product_detail(product_id=lamp.pk)
    (axis,) = choose_variant(detail, "").axes
    (facet,) = list_products(with_facets=True).facets.attributes

    assert [value.has_swatch for value in axis.values] == [True, False]
    assert axis.values[0].swatch_image.alt == "Dots"
    assert [bool(value.swatch_image) for value in facet.values] == [True, False]


def test_yes_and_no_and_several_choices_are_filters() -> None:
    every_kind()
    Attribute.objects.filter(slug="rooms").update(is_filterable=True)
    dimmable = product_on_sale(title="Dimmable", attributes={"dimmable": "yes", "rooms": ["study", "hall"]})
    product_on_sale(title="Plain", attributes={"dimmable": "no", "rooms": ["hall"]})

    def titles(slug: str, *values: str) -> list[str]:
        filters = ProductFilter(attributes=(AttributeFilter(slug, values),))
        return sorted(product.title for product in list_products(filters=filters).products)

    facets = {facet.slug: facet for facet in list_products(with_facets=True).facets.attributes}

    assert titles("dimmable", "yes") == [dimmable.title]
    assert titles("rooms", "hall") == ["Dimmable", "Plain"]
    assert [(value.name, value.count) for value in facets["dimmable"].values] == [("Yes", 1), ("No", 1)]
    assert [(value.name, value.count) for value in facets["rooms"].values] == [("Study", 1), ("Hall", 2)]


def test_the_search_reads_what_is_searchable() -> None:
    product_attribute("bulb", "text")
    product_attribute("code", "text", is_searchable=False)
    product_attribute("dimmable", "boolean")
    product_on_sale(title="Lamp", attributes={"bulb": "E27", "code": "XQ9", "dimmable": "yes"})
    product_on_sale(title="Candle", attributes={"dimmable": "no"})

    def titles(query: str) -> list[str]:
        return [product.title for product in list_products(filters=ProductFilter(query=query)).products]

    assert titles("e27") == ["Lamp"]
    assert titles("dimmable") == ["Lamp"]
    assert titles("xq9") == []


def test_many_products_with_links_cost_as_much_as_one(django_assert_max_num_queries: Any) -> None:
    every_kind()
    made = []
    for number in range(6):
        about = page(f"Story {number}")
        made.append(
            product_on_sale(
                title=f"Lamp {number}",
                attributes={
                    "care": f'<p>See <a linktype="page" id="{about.pk}">it</a>.</p>',
                    "manual": str(document(f"Guide {number}").pk),
                    "story": str(about.pk),
                },
            ).pk
        )
    list_product_details(product_ids=made)
    with django_assert_max_num_queries(100) as one:
        list_product_details(product_ids=made[:1])

    with django_assert_max_num_queries(len(one)):
        details = list_product_details(product_ids=made)

    assert all(len(detail.attributes) == 3 for detail in details.values())
