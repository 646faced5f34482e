"""Product types and attributes in the admin: what fits together, and what stays while it is used."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from shop.catalogue.attributes.cleaning import clean_attribute_text
from shop.catalogue.models import Attribute, ProductAttribute, ProductType
from shop.catalogue.services import UnknownAttribute
from tests.factories.attributes import document, every_kind, page, product_attribute, product_type
from tests.factories.catalogue import AttributeFactory, ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory

pytestmark = pytest.mark.django_db

TYPES = "/admin/snippets/catalogue/producttype/"
ATTRIBUTES = "/admin/snippets/catalogue/attribute/"


@pytest.fixture(autouse=True)
def administrator(client: Client) -> None:
    client.force_login(AdministratorFactory())


def errors_of(response: Any) -> str:
    assert response.status_code == 200
    form = response.context["form"]
    return str(form.errors) + "".join(str(formset.errors) for formset in form.formsets.values())


def type_form(made: ProductType, rows: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    stored = sum("id" in row for row in rows)
    return {
        "name": made.name,
        "slug": made.slug,
        "kind": made.kind,
        "sku_pattern": made.sku_pattern,
        **nested_form_data({"type_attributes": inline_formset(rows, initial=stored)}),
        **fields,
    }


def rows_of(made: ProductType) -> list[dict[str, Any]]:
    return [
        {"id": row.pk, "attribute": row.attribute_id, "scope": row.scope}
        | ({"is_required": "on"} if row.is_required else {})
        for row in made.type_attributes.all()
    ]


def attribute_form(values: list[dict[str, Any]] = (), **fields: Any) -> dict[str, Any]:
    return {
        "name": "Height",
        "slug": "height",
        "kind": "number",
        "sort_order": 0,
        **nested_form_data({"values": inline_formset(list(values), initial=0)}),
        **fields,
    }


def test_types_are_listed_with_their_numbers(client: Client) -> None:
    lamp = product_type("Lamp", product_attribute("bulb", "text"), product_attribute("height", "number"))
    ProductFactory(product_type=lamp)

    (listed,) = client.get(TYPES).context["object_list"]

    assert (listed.attribute_count, listed.product_count) == (2, 1)


def test_a_type_in_use_is_not_deleted_and_says_by_how_many(client: Client) -> None:
    lamp, unused = product_type("Lamp"), product_type("Chair")
    ProductFactory(product_type=lamp)
    drafted = ProductFactory()
    drafted.product_type = lamp
    drafted.save_revision()

    refused = client.post(f"{TYPES}delete/{lamp.pk}/", follow=True)
    client.post(f"{TYPES}delete/{unused.pk}/")

    assert "2 products of this type" in refused.content.decode()
    assert list(ProductType.objects.all()) == [lamp]


def test_taking_an_attribute_from_a_type_asks_first(client: Client) -> None:
    bulb, height = product_attribute("bulb", "text"), product_attribute("height", "number")
    lamp = product_type("Lamp", bulb, height)
    ProductFactory(product_type=lamp, attributes={"bulb": "E27"})
    rows = rows_of(lamp)
    rows[0]["DELETE"] = "1"
    rows[1]["is_required"] = "on"

    asked = client.post(f"{TYPES}edit/{lamp.pk}/", type_form(lamp, rows))
    still_there = lamp.type_attributes.count()
    agreed = client.post(f"{TYPES}edit/{lamp.pk}/", type_form(lamp, rows, confirm_effects="on"))

    shown = asked.content.decode()
    assert "“Bulb”: 1 product of this type keep it" in shown
    assert "“Height”: 1 product of this type lack it" in shown
    assert still_there == 2
    assert agreed.status_code == 302
    assert [row.attribute for row in ProductType.objects.get().type_attributes.all()] == [height]


def test_variants_carry_only_what_makes_variants(client: Client) -> None:
    bulb = product_attribute("bulb", "text")
    lamp = product_type("Lamp")

    refused = client.post(
        f"{TYPES}edit/{lamp.pk}/", type_form(lamp, [{"attribute": bulb.pk, "scope": "variant"}])
    )

    assert "does not make variants" in errors_of(refused)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"makes_variants": "on"}, "Only a single choice can make variants"),
        ({"is_filterable": "on"}, "Shoppers filter by lists of choices"),
        ({"kind": "file", "is_searchable": "on"}, "The search reads no words"),
        ({"kind": "text", "unit": "cm"}, "Only a number has a unit"),
        ({"kind": "choice"}, "Add at least one value"),
    ],
)
def test_flags_that_mean_nothing_for_a_kind_are_refused(
    client: Client, fields: dict[str, Any], complaint: str
) -> None:
    assert complaint in errors_of(client.post(f"{ATTRIBUTES}add/", attribute_form(**fields)))


def test_values_must_fit_the_kind(client: Client) -> None:
    red = {"label": "Red", "slug": "red"}

    number = client.post(f"{ATTRIBUTES}add/", attribute_form([red]))
    swatch = client.post(f"{ATTRIBUTES}add/", attribute_form([red], kind="swatch"))
    boolean = client.post(f"{ATTRIBUTES}add/", attribute_form([red], kind="boolean"))

    assert "Only lists of choices have values" in errors_of(number)
    assert "needs a colour or a picture" in errors_of(swatch)
    assert "has no other values" in errors_of(boolean)


def test_kind_and_slug_stay_while_an_attribute_is_used(client: Client) -> None:
    bulb = product_attribute("bulb", "text")
    ProductFactory(attributes={"bulb": "E27"})

    client.post(f"{ATTRIBUTES}edit/{bulb.pk}/", attribute_form(name="Socket", slug="socket", kind="date"))

    bulb.refresh_from_db()
    assert (bulb.name, bulb.slug, bulb.kind) == ("Socket", "bulb", "text")


def test_an_attribute_in_use_is_not_deleted_even_by_a_draft(client: Client) -> None:
    bulb, size = product_attribute("bulb", "text"), AttributeFactory(slug="size", values=["small"])
    drafted = ProductFactory()
    drafted.product_attributes = [ProductAttribute(attribute=bulb, text="E27")]
    drafted.save_revision()
    VariantFactory(attributes={"size": "small"})

    for attribute, use in ((bulb, "1 product use it"), (size, "1 variant use it")):
        shown = client.post(f"{ATTRIBUTES}delete/{attribute.pk}/", follow=True).content.decode()
        assert use in shown
    assert Attribute.objects.count() == 2


def test_what_makes_variants_goes_on_making_them(client: Client) -> None:
    size = AttributeFactory(slug="size", values=["small"])
    VariantFactory(attributes={"size": "small"})
    value = size.values.get()
    rows = [{"id": value.pk, "label": "Small", "slug": "small"}]
    fields = attribute_form(name="Size", slug="size", kind="choice")
    fields |= nested_form_data({"values": inline_formset(rows, initial=1)})

    refused = client.post(f"{ATTRIBUTES}edit/{size.pk}/", fields)

    assert "1 variants are told apart by it" in errors_of(refused)


def test_yes_and_no_are_values() -> None:
    dimmable = product_attribute("dimmable", "boolean")
    dimmable.save()

    assert list(dimmable.values.values_list("slug", "label")) == [("yes", "Yes"), ("no", "No")]


def test_a_draft_takes_every_kind_as_text() -> None:
    every_kind()
    guide, about = document(), page()

    lamp = ProductFactory(
        attributes={
            "rooms": ["study", "hall", "study"],
            "care": "<p onclick='x()'>Dry<script>alert(1)</script> <b>only</b></p>",
            "designed-on": "2026-11-24",
            "manual": str(guide.pk),
            "story": str(about.pk),
        }
    )

    rows = {row.attribute.slug: row for row in lamp.product_attributes.all()}
    assert lamp.product_attributes.count() == 6
    assert rows["care"].text == "<p>Dry <b>only</b></p>"
    assert rows["manual"].document == guide
    assert rows["story"].page_reference.pk == about.pk


@pytest.mark.parametrize(
    "attributes",
    [
        {"wood": ["oak", "ash"]},
        {"manual": "999999"},
        {"story": "999999"},
        {"story": "about-oak"},
        {"designed-on": "2026-02-30"},
        {"bulb": " "},
        {"care": "<p> </p>"},
    ],
)
def test_a_draft_with_what_does_not_fit_is_refused(attributes: dict[str, Any]) -> None:
    every_kind()

    with pytest.raises(UnknownAttribute):
        ProductFactory(attributes=attributes)


def test_links_that_could_run_something_are_left_out() -> None:
    care = product_attribute("care", "rich_text")

    text = clean_attribute_text(
        attribute=care, value=None, text='<p>See <a href="javascript:alert(1)">this</a></p>'
    )

    assert "javascript" not in text
    with pytest.raises(ValidationError):
        clean_attribute_text(attribute=care, value=None, text="<p>" + "long " * 5000 + "</p>")
