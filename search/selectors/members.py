"""Which products meet the live rule of a collection, for lists of the admin."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from search.models import RuleMember
from shop.catalogue.models import ProductCollection


def list_member_ids(collection: ProductCollection) -> QuerySet[Any]:
    """The keys of the products that meet the rule as it is live; none of a collection that is a draft."""
    return RuleMember.objects.filter(rule__collection=collection).order_by().values("product_id")
