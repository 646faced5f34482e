"""The contracts as documents: OpenAPI, Swagger UI, Redoc, Postman, GraphQL SDL; sitemap and robots."""

from __future__ import annotations

import re

import pytest
import yaml
from django.core.management import call_command
from graphql import build_schema

from tests.factories.catalogue import CategoryFactory, ProductCollectionFactory
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_openapi_document_is_one_of_version_3_1_and_names_every_catalogue_read(client):
    response = client.get("/api/v1/schema/")
    document = response.json()

    assert document["openapi"].startswith("3.1")
    assert {f"/api/v1/{path}" for path in ("products/", "products/{slug}/", "categories/", "search/")} <= set(
        document["paths"]
    )
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert client.get("/api/v1/schema/", headers={"If-None-Match": response["ETag"]}).status_code == 304
    as_yaml = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi"})
    assert yaml.safe_load(as_yaml.content)["openapi"] == document["openapi"]


def test_the_openapi_document_tells_what_checkout_may_refuse_and_that_bodies_are_strict(client):
    document = client.get("/api/v1/schema/").json()

    checkout = document["paths"]["/api/v1/checkout/"]["post"]
    assert {"201", "400", "404", "409", "413", "415", "422", "429", "503"} <= set(checkout["responses"])
    assert "409" not in document["paths"]["/api/v1/products/"]["get"]["responses"]
    (body,) = checkout["requestBody"]["content"].values()
    schema = document["components"]["schemas"][body["schema"]["$ref"].rsplit("/", 1)[1]]
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == {"cart", "expected_total", "payment"}
    change = document["paths"]["/api/v1/carts/{cart_id}/lines/{line_id}/"]["patch"]["requestBody"]["content"]
    (body,) = change.values()
    schema = document["components"]["schemas"][body["schema"]["$ref"].rsplit("/", 1)[1]]
    assert schema["required"] == ["quantity"]


def test_the_openapi_document_shows_every_list_in_pages(client):
    document = client.get("/api/v1/schema/").json()

    reads = {path: operations["get"] for path, operations in document["paths"].items() if "get" in operations}
    bare = [
        path
        for path, read in reads.items()
        for answer in read["responses"]["200"]["content"].values()
        if answer["schema"].get("type") == "array"
    ]
    assert bare == []
    book = reads["/api/v1/me/addresses/"]
    assert {"limit", "cursor"} <= {parameter["name"] for parameter in book["parameters"]}


@pytest.mark.parametrize("path", ["/docs/", "/docs/redoc/"])
def test_the_readers_load_nothing_from_elsewhere(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert not re.search(rb"""(?:src|href)=["'](?:https?:)?//""", response.content)
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_the_postman_collection_has_every_operation(client):
    document = client.get("/api/v1/schema/").json()
    collection = client.get("/docs/postman.json").json()

    operations = sum(
        len([method for method in methods if method in ("get", "post", "put", "patch", "delete")])
        for methods in document["paths"].values()
    )
    assert sum(len(folder["item"]) for folder in collection["item"]) == operations
    assert collection["info"]["schema"].endswith("v2.1.0/collection.json")


def test_the_graphql_schema_can_be_read_by_tools(client):
    schema = build_schema(client.get("/docs/schema.graphql").content.decode())

    assert "products" in schema.query_type.fields


def test_the_exported_files_are_up_to_date():
    call_command("export_schema", check=True)


def test_the_sitemap_names_what_is_public_and_nothing_else(client):
    product_on_sale(title="Lamp", slug="lamp", categories=[CategoryFactory(slug="lamps")])
    product_on_sale(
        title="Canary", slug="canary", publish=False, categories=[CategoryFactory(slug="canary", live=False)]
    )
    ProductCollectionFactory(slug="picks")
    ProductCollectionFactory(slug="canary", live=False)

    response = client.get("/sitemap.xml")
    addresses = re.findall(r"<loc>http://testserver([^<]*)</loc>", response.content.decode())

    assert response["Content-Type"].startswith("application/xml")
    assert {"/products/lamp/", "/categories/lamps/", "/collections/picks/"} <= set(addresses)
    assert "canary" not in response.content.decode().lower()
    assert client.get("/sitemap-products.xml").status_code == 200


def test_crawlers_are_told_where_the_sitemap_is_and_what_to_leave(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /checkout/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
