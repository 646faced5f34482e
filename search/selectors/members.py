"""Which products meet the live rule of a collection, for lists of the admin."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from search.models import LiveRule, RuleMember
from shop.catalogue.models import ProductCollection


def list_member_ids(collection: ProductCollection) -> QuerySet[Any]:
    """The keys of the products that meet the rule as it is live; none of a collection that is a draft."""
    return RuleMember.objects.filter(rule__collection=collection).order_by().values("product_id")


def list_collections_by_rule(product_ids: Collection[int]) -> list[tuple[int, str]]:
    """Pairs of a product and the slug of a live collection that it is in by rule: one statement."""
    members = RuleMember.objects.filter(
        product_id__in=product_ids, rule__part=LiveRule.Part.COLLECTION, rule__collection__live=True
    )
    return list(members.order_by().values_list("product_id", "rule__collection__slug"))
