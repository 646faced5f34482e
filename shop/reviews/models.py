from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from shop.core import clock


class Review(models.Model):
    """
    What a buyer thinks of a product. It hangs on the page, outside its revisions: publishing an old draft of
    the product changes no review.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting for moderation"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    product = models.ForeignKey("catalogue.ProductPage", on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews"
    )
    # The purchase that entitles to this review. Orders stand above reviews, so it is a number and no foreign
    # key.
    order_line_id = models.BigIntegerField(null=True, blank=True, editable=False)
    author_name = models.CharField("name shown", max_length=100, help_text="For example: Ada L.")
    rating = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)], help_text="1 (poor) to 5 (excellent)"
    )
    title = models.CharField(max_length=150, blank=True)
    text = models.TextField(max_length=5000, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING, db_index=True)
    created_at = models.DateTimeField(default=clock.now)
    moderated_at = models.DateTimeField(null=True, blank=True, editable=False)
    moderated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="moderated_reviews",
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="reviews_rating_1_to_5"),
            models.UniqueConstraint(fields=["order_line_id"], name="reviews_one_per_order_line"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["product", "status", "-created_at"], name="reviews_of_product"),
        ]

    def __str__(self) -> str:
        return f"{self.rating}/5 by {self.author_name}"

    @property
    def is_verified_purchase(self) -> bool:
        return self.order_line_id is not None
