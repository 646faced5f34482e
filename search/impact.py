"""Collections by rule that a product is in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from search.models import LiveRule
from shop.catalogue.impact import NAMED, Impact, name_first, register_impact
from shop.catalogue.models import ProductCollection, ProductPage


def count_collections_by_rule(product: ProductPage, user: Any) -> Iterable[Impact]:
    """Collections whose rule it meets now; the change may take it out of one, or into another."""
    rules = LiveRule.objects.filter(part=LiveRule.Part.COLLECTION, members__product=product)
    collections = ProductCollection.objects.filter(pk__in=rules.values("collection"))
    count = collections.count()
    return [
        Impact(
            heading="Collections by rule",
            count=count,
            note="Decide anew, in the moment of publishing, whether it belongs to them.",
            order=21,
            first=name_first(collections.order_by("name")[:NAMED], user) if count else (),
        )
    ]


def register() -> None:
    """Register it; called once when the app is ready."""
    register_impact(count_collections_by_rule)
