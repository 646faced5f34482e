"""The admin's list of products, filtered by collections of either kind."""

from __future__ import annotations

import pytest
from django.test import Client

from shop.catalogue.models import ProductCollection
from tests.factories.catalogue import ProductCollectionFactory
from tests.factories.customers import AdministratorFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


def test_the_list_keeps_what_is_in_a_collection_whether_by_hand_or_by_rule(client: Client) -> None:
    cheap, dear = product_on_sale(title="Cheap", price="5.00"), product_on_sale(title="Dear", price="50.00")
    by_hand = ProductCollectionFactory(name="Picks", products=[dear])
    by_rule = ProductCollectionFactory(
        name="Gifts",
        kind=ProductCollection.Kind.BY_RULE,
        rule={"field": "price", "op": "lte", "value": "10.00"},
    )
    client.force_login(AdministratorFactory())

    found = {
        collection.name: list(
            client.get("/admin/catalogue/products/", {"collection": collection.pk}).context["object_list"]
        )
        for collection in (by_hand, by_rule)
    }

    assert found == {"Picks": [dear], "Gifts": [cheap]}
