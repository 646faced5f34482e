"""What shoppers may know of reviews: approved ones only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, QuerySet

from shop.catalogue.models import ProductPage
from shop.core.errors import NotFoundError
from shop.reviews.models import Review


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """
    The mean of all approved ratings, with one decimal as shown (``None`` without any), and how many there
    are.
    """

    average: Decimal | None
    count: int


NO_RATING = RatingSummary(average=None, count=0)


def get_ratings(product_ids: Collection[int]) -> dict[int, RatingSummary]:
    """
    The rating of each product, in one SQL statement; a product without approved reviews has ``NO_RATING``.
    """
    return read_ratings(ask_for_ratings(product_ids), product_ids)


def ask_for_ratings(product_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Product, mean and number of its approved reviews, as ``read_ratings`` reads them."""
    rows: QuerySet[Any, Any] = (
        Review.objects.filter(product_id__in=product_ids, status=Review.Status.APPROVED)
        .order_by()
        .values_list("product_id")
        .annotate(average=Avg("rating"), count=Count("pk"))
    )
    return rows


def read_ratings(rows: Iterable[tuple[Any, ...]], product_ids: Collection[int]) -> dict[int, RatingSummary]:
    """The rating of each product by the rows of ``ask_for_ratings``."""
    found = {product_id: RatingSummary(_one_decimal(average), count) for product_id, average, count in rows}
    return {product_id: found.get(product_id, NO_RATING) for product_id in product_ids}


def get_public_product_id(slug: str) -> int:
    """
    The product that everybody may see under this slug.

    :raises NotFoundError: if there is none, or it is a draft, or behind a view restriction
    """
    products = ProductPage.objects.live().public().filter(slug_key=slug)
    product_id = products.values_list("pk", flat=True).first()
    if product_id is None:
        raise NotFoundError
    return product_id


def list_approved_reviews(product_id: int) -> QuerySet[Review]:
    """Approved reviews of a product, newest first."""
    return Review.objects.filter(product_id=product_id, status=Review.Status.APPROVED).order_by(
        "-created_at", "-pk"
    )


def _one_decimal(average: float | Decimal) -> Decimal:
    return Decimal(str(average)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
