from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from shop.catalogue.events import record_categories_changed
from shop.catalogue.models import Category, CategoryPlacement, ProductCategory, ProductPage
from shop.core.audit import record_audit
from shop.core.errors import ShopError

if TYPE_CHECKING:
    from shop.customers.models import User

MOST_PLACED = 500


class ProductsNotPlaceable(ShopError):
    """Products cannot be put in an order here: they lie elsewhere, or there are too many."""

    code = "products_not_placeable"
    status = 409
    title = "The products cannot be put in this order."


@transaction.atomic
def place_products(
    *,
    category: Category,
    product_ids: Sequence[int],
    expected: Sequence[int] | None = None,
    actor: User | None = None,
    at: datetime | None = None,
) -> None:
    """
    Let these products come first in the category's list, in this order; all others follow, newest first.

    Seen at once: the order has no drafts.

    :param expected: the order that was seen before; another one by now is somebody else's work
    :raises ProductsNotPlaceable: if one lies neither in the category nor below it, if there are more than
        500, or if the order is no longer the ``expected`` one
    """
    # Locked, so that two orders made at once do not mix.
    category = Category.objects.select_for_update().get(pk=category.pk)
    wanted = list(dict.fromkeys(product_ids))
    if len(wanted) > MOST_PLACED:
        raise ProductsNotPlaceable(f"At most {MOST_PLACED} products can have a place by hand.")
    held = list_placed(category)
    if expected is not None and held != list(expected):
        raise ProductsNotPlaceable("Somebody else has changed the order meanwhile.")
    found = set(list_in_category(category).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(found) < len(wanted):
        raise ProductsNotPlaceable("Some of the products lie neither in this category nor below it.")
    if wanted == held:
        return
    CategoryPlacement.objects.filter(category=category).delete()
    CategoryPlacement.objects.bulk_create(
        CategoryPlacement(category=category, product_id=product_id, position=position)
        for position, product_id in enumerate(wanted, start=1)
    )
    record_categories_changed([category.pk])
    record_audit(
        actor=actor,
        action="category.order",
        target=category,
        changes={"products": [held[:20], wanted[:20]], "count": [len(held), len(wanted)]},
        at=at,
    )


def list_placed(category: Category) -> list[int]:
    """The products that have a place by hand, in its order; one that has left the category keeps none."""
    placed = CategoryPlacement.objects.filter(
        category=category, product__in=list_in_category(category).values("pk")
    )
    return list(placed.order_by("position", "pk").values_list("product_id", flat=True))


def list_in_category(category: Category) -> QuerySet[ProductPage]:
    """Products in the category or below it, drafts included."""
    links = ProductCategory.objects.filter(category__path__startswith=category.path)
    return ProductPage.objects.filter(pk__in=links.values("page_id"))
