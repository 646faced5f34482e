from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from content.roles import sync_roles
from shop.core import clock
from shop.core.models import AuditEntry, OutboxEvent
from shop.reviews.models import Review
from shop.reviews.selectors import NO_RATING, get_ratings, list_approved_reviews
from shop.reviews.services import AlreadyReviewed, ReviewRefused, moderate_reviews, submit_review
from tests.factories.catalogue import ProductFactory
from tests.factories.customers import StaffFactory
from tests.factories.reviews import ReviewFactory

pytestmark = pytest.mark.django_db

APPROVED, REJECTED, PENDING = Review.Status.APPROVED, Review.Status.REJECTED, Review.Status.PENDING


def changes() -> int:
    return OutboxEvent.objects.filter(topic="review.changed").count()


# -- writing


def test_a_new_review_waits_and_counts_for_nothing() -> None:
    lamp = ProductFactory()

    submit_review(product=lamp, user=None, author_name=" Ada ", rating=5, text="Bright.", at=clock.now())

    review = Review.objects.get()
    assert (review.author_name, review.status, review.is_verified_purchase) == ("Ada", PENDING, False)
    assert get_ratings([lamp.pk]) == {lamp.pk: NO_RATING}
    assert changes() == 0


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_is_one_to_five(rating: int) -> None:
    lamp = ProductFactory()

    with pytest.raises(ReviewRefused):
        submit_review(product=lamp, user=None, author_name="Ada", rating=rating, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(product=lamp, author_name="Ada", rating=rating)


def test_a_purchase_is_reviewed_once() -> None:
    review = {
        "product": ProductFactory(),
        "user": None,
        "author_name": "Ada",
        "rating": 4,
        "order_line_id": 7,
    }
    submit_review(**review, at=clock.now())

    with pytest.raises(AlreadyReviewed):
        submit_review(**review, at=clock.now())

    assert Review.objects.get().is_verified_purchase


# -- moderating


def test_approving_shows_the_review_and_tells_of_the_product_once() -> None:
    lamp = ProductFactory()
    reviews = ReviewFactory.create_batch(3, product=lamp)

    changed = moderate_reviews(
        review_ids=[r.pk for r in reviews], status=APPROVED, actor=None, at=clock.now()
    )

    assert changed == 3
    assert list_approved_reviews(lamp.pk).count() == 3
    assert OutboxEvent.objects.get(topic="review.changed").payload == {"product_id": lamp.pk}
    assert AuditEntry.objects.filter(action="review.moderated").count() == 3


def test_the_same_decision_again_changes_nothing() -> None:
    review = ReviewFactory()
    moderate_reviews(review_ids=[review.pk], status=APPROVED, actor=None, at=clock.now())

    assert moderate_reviews(review_ids=[review.pk], status=APPROVED, actor=None, at=clock.now()) == 0
    assert changes() == 1


def test_ratings_are_the_mean_of_what_is_approved_in_one_query(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    lamp, chair, table = ProductFactory(), ProductFactory(), ProductFactory()
    for rating in (5, 4, 4):
        ReviewFactory(product=lamp, rating=rating, status=APPROVED)
    ReviewFactory(product=lamp, rating=1, status=REJECTED)
    ReviewFactory(product=chair, rating=2, status=APPROVED)

    with django_assert_num_queries(1):
        ratings = get_ratings([lamp.pk, chair.pk, table.pk])

    assert (ratings[lamp.pk].average, ratings[lamp.pk].count) == (Decimal("4.3"), 3)
    assert (ratings[chair.pk].average, ratings[chair.pk].count) == (Decimal("2.0"), 1)
    assert ratings[table.pk] == NO_RATING


def test_publishing_an_old_draft_keeps_the_reviews() -> None:
    lamp = ProductFactory()
    old_draft = lamp.save_revision()
    ReviewFactory(product=lamp, status=APPROVED)

    old_draft.publish()

    assert get_ratings([lamp.pk])[lamp.pk].count == 1


# -- REST


def test_everybody_reads_approved_reviews_newest_first(client: Client) -> None:
    lamp = ProductFactory()
    ReviewFactory(product=lamp, title="First", status=APPROVED)
    ReviewFactory(product=lamp, title="Second", status=APPROVED)
    ReviewFactory(product=lamp, title="CANARY-PENDING")
    ReviewFactory(product=lamp, title="CANARY-REJECTED", status=REJECTED)

    answer = client.get(f"/api/v1/products/{lamp.slug}/reviews/")

    assert answer.status_code == 200
    assert [review["title"] for review in answer.json()["results"]] == ["Second", "First"]
    assert "CANARY" not in answer.content.decode()
    assert "user" not in answer.json()["results"][0]


def test_reviews_are_paged_and_known_answers_are_not_sent_again(client: Client) -> None:
    lamp = ProductFactory()
    ReviewFactory.create_batch(3, product=lamp, status=APPROVED)
    url = f"/api/v1/products/{lamp.slug}/reviews/"

    first = client.get(url, {"limit": 2})
    second = client.get(first.json()["next"])

    assert [len(page.json()["results"]) for page in (first, second)] == [2, 1]
    assert client.get(url, {"limit": 2}, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    for limit in ("0", "101", "x"):
        assert client.get(url, {"limit": limit}).status_code == 400


def test_reviews_of_drafts_are_not_there(client: Client) -> None:
    draft = ProductFactory(publish=False)
    ReviewFactory(product=draft, status=APPROVED)

    for slug in (draft.slug, "nothing"):
        answer = client.get(f"/api/v1/products/{slug}/reviews/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# -- the admin


def moderator(role: str = "Merchandiser") -> Client:
    sync_roles()
    client = Client()
    client.force_login(StaffFactory(role=role))
    return client


def test_a_moderator_approves_one_and_is_shown_the_next() -> None:
    first, second = ReviewFactory(), ReviewFactory(title="The next one")
    client = moderator()

    shown = client.post(f"/admin/reviews/{first.pk}/", {"decision": "approve"}, follow=True)

    assert "The next one" in shown.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (APPROVED, PENDING)
    assert first.moderated_by is not None
    last = client.post(f"/admin/reviews/{second.pk}/", {"decision": "reject"}, follow=True)
    assert "No other review is waiting" in last.content.decode()


def test_reviews_are_found_and_filtered() -> None:
    ReviewFactory(title="Shines", status=APPROVED, rating=5)
    ReviewFactory(title="Creaks", rating=2)
    client = moderator()

    def found(query: str) -> set[str]:
        text = client.get(f"/admin/reviews/?{query}").content.decode()
        return {title for title in ("Shines", "Creaks") if title in text}

    assert found("") == {"Shines", "Creaks"}
    assert found("q=shine") == {"Shines"}
    assert found("status=pending") == {"Creaks"}
    assert found("rating=2") == {"Creaks"}


def test_what_buyers_write_is_text_and_never_markup() -> None:
    review = ReviewFactory(title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")

    shown = moderator().get(f"/admin/reviews/{review.pk}/").content.decode()

    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown


def test_an_analyst_reads_and_decides_nothing() -> None:
    review = ReviewFactory()
    analyst = moderator("Analyst")

    assert analyst.get(f"/admin/reviews/{review.pk}/").status_code == 200
    analyst.post(f"/admin/reviews/{review.pk}/", {"decision": "approve"})

    review.refresh_from_db()
    assert review.status == PENDING


def test_support_has_nothing_to_do_with_reviews() -> None:
    review = ReviewFactory()
    support = moderator("Support")

    assert support.get("/admin/reviews/").status_code == 302
    assert support.get(f"/admin/reviews/{review.pk}/").status_code == 302
