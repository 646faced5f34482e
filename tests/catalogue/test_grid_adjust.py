"""Changing a column of a sheet by percent or by an amount before it is saved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import ProductVariant
from shop.pricing.models import Price
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db

GRID = "/admin/catalogue/grid/"


@pytest.fixture
def merchandiser(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture
def lamps() -> list[ProductVariant]:
    """Two with a price, one without."""
    held = [VariantFactory(product=ProductFactory(), sku=f"LAMP-{number}") for number in range(3)]
    PriceFactory(variant=held[0], amount="20.00")
    PriceFactory(variant=held[1], amount="33.30")
    return held


def form_of(client: Client, address: str, **given: str) -> dict[str, Any]:
    """What the page sends when a column is to be changed."""
    sheet = client.get(address).context["sheet"]
    fields: dict[str, Any] = {"row": [row.key for row in sheet.rows], "action": "adjust"}
    for cell in (cell for row in sheet.rows for cell in row.cells if cell.is_editable):
        fields |= {cell.name: cell.value, f"{cell.name}:seen": cell.seen}
    asked = {"column": "price.base", "by": "percent", "value": "-10", "rounding": "exact"} | given
    return fields | {f"adjust-{name}": value for name, value in asked.items()}


def price_cells(response: Any) -> dict[str, str]:
    sheet = response.context["sheet"]
    return {
        row.label: cell.value for row in sheet.rows for cell in row.cells if cell.column.name == "price.base"
    }


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"value": "-10"}, ("18.00", "29.97")),
        ({"value": "2,5", "rounding": "five"}, ("20.50", "34.15")),
        ({"value": "+10 %", "rounding": "nine"}, ("21.99", "36.59")),
        ({"value": "10", "rounding": "ninety-five"}, ("21.95", "36.95")),
        ({"value": "10", "rounding": "whole"}, ("22.00", "37.00")),
        ({"value": "-0.50", "by": "amount"}, ("19.50", "32.80")),
    ],
)
def test_prices_change_in_the_cells_and_not_in_the_shop(
    merchandiser: Client, lamps: list[ProductVariant], given: dict[str, str], wanted: tuple[str, str]
) -> None:
    response = merchandiser.post(GRID, form_of(merchandiser, GRID, **given))

    assert price_cells(response) == {"LAMP-0": wanted[0], "LAMP-1": wanted[1], "LAMP-2": ""}
    assert "not saved yet" in response.content.decode()
    assert Price.objects.get(variant=lamps[0]).amount == Decimal("20.00")


def test_only_ticked_rows_change(merchandiser: Client, lamps: list[ProductVariant]) -> None:
    form = form_of(merchandiser, GRID) | {"chosen": [f"v{lamps[1].pk}"]}

    response = merchandiser.post(GRID, form)

    assert price_cells(response) == {"LAMP-0": "20.00", "LAMP-1": "29.97", "LAMP-2": ""}


def test_a_script_gets_the_cells_that_differ(merchandiser: Client, lamps: list[ProductVariant]) -> None:
    typed = {f"v{lamps[0].pk}:price.base": "100", f"v{lamps[2].pk}:price.base": "cheap"}

    response = merchandiser.post(
        GRID, form_of(merchandiser, GRID) | typed, headers={"accept": "application/json"}
    )

    answer = response.json()
    assert answer["cells"] == {f"v{lamps[0].pk}:price.base": "90.00", f"v{lamps[1].pk}:price.base": "29.97"}
    assert "Write a number" in answer["refused"][f"v{lamps[2].pk}:price.base"]
    assert answer["errors"] == {}


@pytest.mark.parametrize(
    ("value", "mend"), [("", "required"), ("ten", "Write a number"), ("0", "0 changes"), ("-100", "-99")]
)
def test_what_is_no_change_is_told_beside_the_field(
    merchandiser: Client, lamps: list[ProductVariant], value: str, mend: str
) -> None:
    form = form_of(merchandiser, GRID, value=value)

    plain = merchandiser.post(GRID, form)
    scripted = merchandiser.post(GRID, form, headers={"accept": "application/json"})

    assert plain.status_code == 422
    assert price_cells(plain)["LAMP-0"] == "20.00"
    assert mend in scripted.json()["errors"]["adjust-value"]


def test_a_price_of_which_nothing_is_left_is_told_at_its_cell(
    merchandiser: Client, lamps: list[ProductVariant]
) -> None:
    response = merchandiser.post(GRID, form_of(merchandiser, GRID, by="amount", value="-25"))

    assert price_cells(response) == {"LAMP-0": "20.00", "LAMP-1": "8.30", "LAMP-2": ""}
    assert [item["id"] for item in response.context["summary"]] == [f"v{lamps[0].pk}:price.base"]


def test_the_sheet_of_one_product_changes_its_prices_too(
    merchandiser: Client, lamps: list[ProductVariant]
) -> None:
    address = reverse("catalogue_variants", args=[lamps[0].product_id])

    response = merchandiser.post(address, form_of(merchandiser, address))

    assert price_cells(response) == {"LAMP-0": "18.00"}
