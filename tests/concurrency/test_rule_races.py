"""What is in a collection by rule is what matches, whoever changed what at the same time."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pytest

from search.models import ProductIndex, RuleMember
from search.selectors.rules import find_categories, list_matching
from shop.catalogue.models import ProductCollection
from shop.catalogue.predicates import parse
from shop.core import clock
from shop.pricing.services import PriceChange, ensure_base_price_list, set_prices
from tests.concurrency.crowd import run_crowd
from tests.factories.catalogue import ProductCollectionFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db(transaction=True)


def below(price: int) -> dict[str, object]:
    return {"field": "price", "op": "lt", "value": str(price)}


def publish_rule(collection_id: int, price: int) -> None:
    collection = ProductCollection.objects.get(pk=collection_id)
    collection.rule = below(price)
    collection.save_revision().publish()


def reprice(variant_ids: list[int], code: str, amount: int) -> None:
    changes = [
        PriceChange(variant_id=variant_id, price_list_code=code, amount=Decimal(amount))
        for variant_id in variant_ids
    ]
    set_prices(changes=changes, actor=None)


def test_products_and_rules_that_change_at_once_do_not_miss_each_other():
    code = ensure_base_price_list().code
    products = [product_on_sale(title=f"Lamp {number}", price="10.00") for number in range(4)]
    variants = [product.variants.get().pk for product in products]
    rules = [
        ProductCollectionFactory(kind=ProductCollection.Kind.BY_RULE, rule=below(10)).pk for _ in range(2)
    ]

    calls = []
    for number in range(12):
        calls.append(partial(reprice, [variants[number % 4]], code, number % 3 * 5 + 5))
        calls.append(partial(reprice, variants[:2], code, number % 2 * 10 + 5))
        calls.append(partial(publish_rule, rules[number % 2], number % 3 * 5 + 6))
    outcomes = run_crowd(calls, threads=8)

    assert outcomes == {"ok": 36}
    currency = ProductIndex.objects.values_list("currency", flat=True)[0]
    for collection in ProductCollection.objects.filter(pk__in=rules):
        node = parse(collection.rule)
        wanted = list_matching(node, categories=find_categories(node), currency=currency, at=clock.now())
        members = RuleMember.objects.filter(rule__collection=collection)

        assert set(members.values_list("product_id", flat=True)) == set(
            wanted.values_list("product_id", flat=True)
        )
