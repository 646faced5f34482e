"""Writing and moderating reviews."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from shop.catalogue.models import ProductPage
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError
from shop.core.outbox import record_event
from shop.customers.models import User
from shop.reviews.models import Review

RATINGS = range(1, 6)


class ReviewRefused(ShopError):
    """The review cannot be taken as it stands; ``errors`` names the field."""

    code = "review_refused"
    status = 400
    title = "The review cannot be taken."


class AlreadyReviewed(ShopError):
    """There is a review of this purchase already."""

    code = "already_reviewed"
    status = 409
    title = "This purchase has been reviewed already."


@transaction.atomic
def submit_review(
    *,
    product: ProductPage,
    user: User | None,
    author_name: str,
    rating: int,
    title: str = "",
    text: str = "",
    order_line_id: int | None = None,
    at: datetime,
) -> Review:
    """
    Take a review; nobody sees it before it is approved.

    :param order_line_id: the purchase it rests on; whether it is this person's is for the caller to know
    :raises ReviewRefused: for a rating outside 1 to 5 or an empty name
    :raises AlreadyReviewed: for a second review of one purchase
    """
    if rating not in RATINGS:
        raise ReviewRefused(errors=[ErrorItem("invalid_rating", "Choose 1 to 5 stars.", "rating")])
    if not author_name.strip():
        raise ReviewRefused(errors=[ErrorItem("required", "Enter the name to show.", "author_name")])
    fields = {
        "product": product,
        "user": user,
        "author_name": author_name.strip(),
        "rating": rating,
        "title": title.strip(),
        "text": text.strip(),
        "created_at": at,
    }
    if order_line_id is None:
        return Review.objects.create(**fields)
    # get_or_create leaves the decision to the unique constraint, so two tabs cannot both get through.
    review, is_new = Review.objects.get_or_create(order_line_id=order_line_id, defaults=fields)
    if not is_new:
        raise AlreadyReviewed
    return review


@transaction.atomic
def moderate_reviews(
    *, review_ids: Collection[int], status: Review.Status, actor: User | None, at: datetime
) -> int:
    """
    Approve or reject reviews, and say so for each product whose rating this may change. Those that have the
    status already are left alone.

    :returns: how many changed
    """
    changing = list(
        Review.objects.select_for_update().filter(pk__in=review_ids).exclude(status=status).order_by("pk")
    )
    if not changing:
        return 0
    for review in changing:
        record_audit(
            actor=actor,
            action="review.moderated",
            target=review,
            changes={"status": [review.status, status.value]},
        )
    Review.objects.filter(pk__in=[review.pk for review in changing]).update(
        status=status, moderated_at=at, moderated_by=actor
    )
    for product_id in sorted({review.product_id for review in changing}):
        record_event("review.changed", key=f"product:{product_id}", payload={"product_id": product_id}, at=at)
    return len(changing)
