"""The attributes of a product in its editor: one field for each, as its type says."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, rich_text, streamfield

from shop.catalogue.models import ProductAttribute, ProductPage
from tests.factories.attributes import document, every_kind, page, product_attribute, product_type
from tests.factories.cart import goods
from tests.factories.catalogue import ProductFactory
from tests.factories.customers import AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db

FIELDS = "/admin/catalogue/attribute-fields/"


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


def edit_url(product: ProductPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[product.pk])


def form_of(client: Client, product: ProductPage) -> QueryDict:
    answer = client.get(edit_url(product))
    form = querydict_from_html(answer.content.decode(), form_id="page-edit-form")
    form.update(nested_form_data({"body": streamfield([])}))
    # The helper keeps one of several hidden fields of a name.
    shown = [str(one.attribute.pk) for one in answer.context["form"].edited]
    form.setlist("attributes-shown", shown)
    return form


def save(client: Client, product: ProductPage, form: QueryDict | None = None, **changes: Any) -> Any:
    """Change fields of the editor's form and save the draft, or press another ``button``."""
    form = form_of(client, product) if form is None else form
    button = changes.pop("button", "draft")
    for name, value in changes.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    if button != "draft":
        form[f"action-{button}"] = "1"
    return client.post(edit_url(product), dict(form.lists()))


def texts(product: ProductPage) -> dict[str, list[str]]:
    """What the latest draft says, by the slug of the attribute."""
    draft = ProductPage.objects.get(pk=product.pk).get_latest_revision_as_object()
    found: dict[str, list[str]] = {}
    for row in draft.product_attributes.all():
        found.setdefault(row.attribute.slug, []).append(row.display_value)
    return found


def name_of(attribute: Any) -> str:
    return f"attribute-{attribute.pk}"


def test_a_typed_product_is_saved_with_a_value_of_every_kind(client: Client) -> None:
    kinds = every_kind()
    lamp = ProductFactory(product_type=product_type("Lamp", *kinds.values()))
    oak = kinds["choice"].values.get(slug="oak")
    study, hall = kinds["multichoice"].values.filter(slug__in=["study", "hall"]).order_by("sort_order")
    moss = kinds["swatch"].values.get(slug="moss")
    typed = {
        "choice": str(oak.pk),
        "multichoice": [str(study.pk), str(hall.pk)],
        "swatch": str(moss.pk),
        "number": "38,5",
        "boolean": "yes",
        "text": "E27,  60 W",
        "rich_text": rich_text("<p>Wipe with a <b>dry</b> cloth.</p>"),
        "date": "2026-11-24",
        "file": str(document("Care guide").pk),
        "reference": str(page("About oak").pk),
    }

    response = save(client, lamp, **{name_of(kinds[kind]): value for kind, value in typed.items()})

    assert response.status_code == 302
    assert texts(lamp) == {
        "wood": ["Oak"],
        "rooms": ["Study", "Hall"],
        "shade": ["Moss"],
        "height": ["38.5 cm"],
        "dimmable": ["Yes"],
        "bulb": ["E27, 60 W"],
        "care": ["Wipe with a dry cloth."],
        "designed-on": ["24 November 2026"],
        "manual": ["Care guide"],
        "story": ["About oak"],
    }


def test_a_draft_of_a_live_product_keeps_its_attributes_to_itself(client: Client) -> None:
    bulb = product_attribute("bulb", "text")
    lamp = ProductFactory(product_type=product_type("Lamp", bulb), attributes={"bulb": "E14"})

    save(client, lamp, **{name_of(bulb): "E27"})

    assert texts(lamp) == {"bulb": ["E27"]}
    assert ProductAttribute.objects.get(page=lamp).text == "E14"


def test_saving_again_changes_no_row(client: Client) -> None:
    kinds = every_kind()
    lamp = ProductFactory(
        publish=False,
        product_type=product_type("Lamp", *(kinds[kind] for kind in ("multichoice", "number", "rich_text"))),
        attributes={"rooms": ["study", "hall"], "height": "38.5", "care": "<p>Wipe <b>dry</b>.</p>"},
    )
    before = list(lamp.product_attributes.values())
    ticked = [str(row.value_id) for row in lamp.product_attributes.all() if row.value_id]

    save(client, lamp, **{name_of(kinds["multichoice"]): ticked})

    assert list(ProductPage.objects.get(pk=lamp.pk).product_attributes.values()) == before


@pytest.mark.parametrize(
    ("kind", "typed", "complaint"),
    [
        ("number", "tall", "Write a number, for example 38.5."),
        ("number", "NaN", "Write a number, for example 38.5."),
        ("date", "24.11.2026", "Write a date as year, month and day"),
        ("text", "x" * 501, "at most 500 characters"),
        ("choice", "999999", "Select a valid choice"),
        ("multichoice", ["999999"], "Select a valid choice"),
        ("reference", "999999", "Select a valid choice"),
        ("rich_text", rich_text(f"<p>{'long ' * 1200}</p>"), "Write less"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    client: Client, kind: str, typed: str, complaint: str
) -> None:
    kinds = every_kind()
    lamp = ProductFactory(product_type=product_type("Lamp", *kinds.values()))

    refused = save(client, lamp, **{name_of(kinds[kind]): typed})

    assert refused.status_code == 200
    assert complaint in str(refused.context["form"].errors[name_of(kinds[kind])])
    assert texts(lamp) == {}


def test_a_needed_attribute_binds_when_publishing_only(client: Client) -> None:
    bulb = product_attribute("bulb", "text")
    lamp = ProductFactory(publish=False, product_type=product_type("Lamp", bulb, required=(bulb,)))
    goods("49.90", product=lamp)

    drafted = save(client, lamp)
    refused = save(client, lamp, button="publish")

    assert drafted.status_code == 302
    assert "bulb" in str(refused.context["form"].errors[name_of(bulb)]).lower()
    assert save(client, lamp, button="publish", **{name_of(bulb): "E27"}).status_code == 302
    assert ProductPage.objects.get(pk=lamp.pk).live


def test_what_another_type_does_not_list_is_kept_until_it_is_removed(client: Client) -> None:
    bulb, fabric = product_attribute("bulb", "text"), product_attribute("fabric", "text")
    cushion = product_type("Cushion", fabric)
    lamp = ProductFactory(product_type=product_type("Lamp", bulb), attributes={"bulb": "E27"})

    save(client, lamp, product_type=str(cushion.pk))
    kept = client.get(edit_url(lamp)).content.decode()
    after_change = texts(lamp)
    save(client, lamp, **{"attributes-remove": str(bulb.pk)})

    assert "No longer part of this type" in kept
    assert after_change == {"bulb": ["E27"]}
    assert texts(lamp) == {}


def test_a_form_that_does_not_show_an_attribute_leaves_it_alone(client: Client) -> None:
    bulb, rooms = every_kind()["text"], product_attribute("places", "multichoice", values=["hall", "attic"])
    lamp = ProductFactory(
        product_type=product_type("Lamp", bulb, rooms),
        attributes={"bulb": "E27", "places": ["hall", "attic"]},
    )
    form = form_of(client, lamp)
    for name in ("attributes-shown", name_of(bulb), name_of(rooms)):
        form.pop(name, None)

    save(client, lamp, form, title="Renamed")

    assert texts(lamp) == {"bulb": ["E27"], "places": ["Hall", "Attic"]}


def test_the_fields_of_another_type_hold_what_was_typed(client: Client) -> None:
    kinds = every_kind()
    cushion = product_type("Cushion", kinds["number"], kinds["choice"])
    typed = {
        "product_type": cushion.pk,
        "attributes-shown": [kinds["number"].pk, kinds["text"].pk, kinds["date"].pk],
        name_of(kinds["number"]): "38.5",
        name_of(kinds["text"]): "E27",
        name_of(kinds["date"]): "",
    }

    answer = client.post(FIELDS, typed)

    form = answer.context["form"]
    assert [one.attribute.slug for one in form.listed] == ["height", "wood"]
    assert [one.attribute.slug for one in form.left_over] == ["bulb"]
    assert 'value="38.5"' in answer.content.decode()
    assert 'value="E27"' in answer.content.decode()


def test_an_attribute_is_added_to_a_product_without_a_type(client: Client) -> None:
    kinds = every_kind()
    typed = {"product_type": "", "attributes-shown": [kinds["text"].pk], "attributes-add": kinds["date"].pk}

    form = client.post(FIELDS, typed).context["form"]

    assert [one.attribute.slug for one in form.listed] == ["bulb", "designed-on"]
    assert "height" in [attribute.slug for attribute in form.addable()]


def test_only_those_who_edit_pages_may_ask_for_fields() -> None:
    client = Client()
    call_command("sync_roles")
    analyst = UserFactory(is_staff=True)
    analyst.groups.add(Group.objects.get(name="Analyst"))
    client.force_login(analyst)

    assert client.post(FIELDS, {}).status_code in (302, 403)


def test_a_new_product_can_have_a_type_from_the_start(client: Client) -> None:
    from tests.factories.catalogue import product_index

    bulb = product_attribute("bulb", "text")
    lamp_type = product_type("Lamp", bulb)
    url = reverse("wagtailadmin_pages:add", args=["catalogue", "productpage", product_index().pk])
    form = querydict_from_html(client.get(url).content.decode(), form_id="page-edit-form")
    form.update(nested_form_data({"body": streamfield([])}))
    form.update({"title": "Oak lamp", "slug": "oak-lamp", "product_type": lamp_type.pk})
    form.update({"attributes-shown": bulb.pk, name_of(bulb): "E27"})

    response = client.post(url, form)

    assert response.status_code == 302
    assert texts(ProductPage.objects.get(slug="oak-lamp")) == {"bulb": ["E27"]}


def test_a_draft_is_previewed_with_its_attributes(client: Client) -> None:
    bulb = product_attribute("bulb", "text")
    lamp = ProductFactory(product_type=product_type("Lamp", bulb), attributes={"bulb": "E14"})
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[lamp.pk])
    form = form_of(client, lamp)
    form[name_of(bulb)] = "E27"

    assert client.post(url, dict(form.lists())).json() == {"is_valid": True, "is_available": True}
    shown = client.get(url).content.decode()

    assert "E27" in shown
    assert "E14" not in shown


def test_autosave_takes_the_attributes_along(client: Client) -> None:
    bulb = product_attribute("bulb", "text")
    lamp = ProductFactory(product_type=product_type("Lamp", bulb))
    form = form_of(client, lamp)
    form[name_of(bulb)] = "E27"

    for _ in range(2):
        answer = client.post(
            edit_url(lamp), dict(form.lists()), headers={"Accept": "application/json"}
        ).json()
        assert answer["success"], answer
        form["overwrite_revision_id"] = form["loaded_revision_id"] = answer["revision_id"]

    assert texts(lamp) == {"bulb": ["E27"]}


def test_two_revisions_are_compared_attribute_by_attribute(client: Client) -> None:
    bulb, height = product_attribute("bulb", "text"), product_attribute("height", "number", unit="cm")
    lamp = ProductFactory(
        product_type=product_type("Lamp", bulb, height), attributes={"bulb": "E14", "height": "38"}
    )
    assert save(client, lamp, **{name_of(bulb): "E27"}).status_code == 302

    url = reverse("wagtailadmin_pages:revisions_compare", args=[lamp.pk, "earliest", "latest"])
    shown = client.get(url).content.decode()

    assert '<span class="deletion">E14</span>' in shown
    assert '<span class="addition">E27</span>' in shown
    assert "Height" not in shown


def test_the_editor_costs_the_same_whatever_the_number_of_attributes(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    few = ProductFactory(product_type=product_type("Few", product_attribute("one", "choice", values=["a"])))
    many = ProductFactory(
        product_type=product_type(
            "Many", *(product_attribute(f"many-{n}", "choice", values=["a", "b"]) for n in range(20))
        )
    )
    for product in (few, many):
        client.get(edit_url(product))
    with django_assert_max_num_queries(200) as measured:
        client.get(edit_url(few))

    with django_assert_max_num_queries(len(measured) + 2):
        client.get(edit_url(many))
