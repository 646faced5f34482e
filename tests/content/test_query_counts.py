"""A page of the storefront costs at most ten SQL statements once it is warm, none in its template."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.cart import german_vat, standard_delivery
from tests.factories.catalogue import AttributeFactory, CategoryFactory, ImageFactory
from tests.factories.content import home_page, landing_page, menu
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

BUDGET = 10


@pytest.fixture
def shop() -> None:
    AttributeFactory(slug="colour", name="Colour", values=["moss", "chalk"])
    kitchen = CategoryFactory(slug="kitchen", name="Kitchen", image=ImageFactory())
    mugs = CategoryFactory(slug="mugs", name="Mugs", parent=kitchen, image=ImageFactory())
    products = [
        product_on_sale(
            title=f"Mug {number}",
            slug=f"mug-{number}",
            price=["24.00", "28.00"],
            variant_attributes=[{"colour": "moss"}, {"colour": "chalk"}],
            categories=[mugs],
            pictures=2,
            body=[{"type": "paragraph", "value": "<p>Thrown by hand.</p>"}],
        )
        for number in range(3)
    ]
    about = landing_page("About us", slug="about-us")
    home_page(
        [
            (
                "hero",
                {"heading": "Hello", "image": ImageFactory().pk, "links": [{"text": "Go", "page": about.pk}]},
            ),
            ("product_grid", {"heading": "New", "products": [product.pk for product in products]}),
            ("category_tiles", {"tiles": [{"category": mugs.pk}]}),
            ("paragraph", {"text": f'<p><a linktype="page" id="{about.pk}">Us</a></p>'}),
        ]
    )
    menu("main", {"category": kitchen}, {"page": about})


PATHS = {
    "home": "/",
    "category": "/categories/kitchen/",
    "narrowed category": "/categories/kitchen/?attr.colour=moss&price_min=5&in_stock=true",
    "product": "/products/mug-0/",
    "chosen variant": "/products/mug-0/?variant=none",
    "landing page": "/about-us/",
}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_warm_page_costs_at_most_ten_statements(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200

    with CaptureQueriesContext(connection) as cost:
        client.get(path)

    assert len(cost) <= BUDGET, "\n".join(query["sql"][:300] for query in cost.captured_queries)


@pytest.fixture
def in_templates(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were run while templates were drawn."""
    run: list[str] = []
    draw = SimpleTemplateResponse.rendered_content.fget  # type: ignore[attr-defined]

    def watched(response: SimpleTemplateResponse) -> Any:
        with CaptureQueriesContext(connection) as cost:
            drawn = draw(response)
        run.extend(query["sql"] for query in cost.captured_queries)
        return drawn

    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", property(watched))
    return run


@pytest.mark.usefixtures("shop")
def test_no_template_asks_the_database(client: Client, in_templates: list[str]) -> None:
    german_vat()
    standard_delivery()

    for path in [*PATHS.values(), "/search/?q=mug", "/products/", "/orders/find/", "/cart/"]:
        assert client.get(path).status_code == 200, path
    sku = client.get("/api/v1/products/mug-0/").json()["variants"][0]["sku"]
    client.post("/cart/add/", {"sku": sku, "quantity": "2"})
    address = {
        "first_name": "Ada",
        "last_name": "M",
        "line1": "Allee 4",
        "city": "Berlin",
        "postal_code": "10969",
    }
    form = {f"shipping-{name}": value for name, value in address.items()} | {"shipping-country": "DE"}
    for step, data in (
        ("/checkout/", {"email": "ada@example.com", **form}),
        ("/checkout/delivery/", {"shipping_method": "standard-de"}),
    ):
        assert client.get(step).status_code == 200, step
        assert client.post(step, data).status_code == 303, step
    assert client.get("/cart/").status_code == 200
    page = client.get("/checkout/payment/")
    total = page.context_data["cart"].totals.total  # type: ignore[attr-defined]
    placed = client.post("/checkout/payment/", {"key": "one", "expected_total": str(total.amount)})
    assert placed.status_code == 303
    assert client.get(placed["Location"]).status_code == 200

    assert in_templates == []
