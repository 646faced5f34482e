from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction

from shop.catalogue.models.products import ProductRelation
from shop.core.outbox import record_event

MOST_SHOWN = 12


class RelatedRule(models.Model):
    """
    Products that are shown beside others by a rule, after those that were chosen by hand.

    Both rules are predicates of :mod:`shop.catalogue.predicates`; which products meet them is kept by the
    search app. It has no drafts: ``is_active`` switches it on and off.
    """

    class Sort(models.TextChoices):
        POPULARITY = "popularity", "Most bought first"
        NEWEST = "newest", "Newest first"
        PRICE = "price", "Cheapest first"

    name = models.CharField(
        "name", max_length=120, help_text="Only you see it. Example: “Bulbs for every lamp”."
    )
    kind = models.CharField(
        "shown as",
        max_length=10,
        choices=ProductRelation.Kind.choices,
        default=ProductRelation.Kind.RELATED,
    )
    for_products = models.JSONField(
        "beside these products",
        null=True,
        blank=True,
        help_text="Leave it empty for every product of the shop.",
    )
    show = models.JSONField(
        "show these products",
        null=True,
        blank=True,
        help_text="Leave it empty for all that the boxes below let through.",
    )
    same_category = models.BooleanField("only of the product's own categories", default=False)
    same_brand = models.BooleanField("only of the product's own brand", default=False)
    same_type = models.BooleanField("only of the product's own type", default=False)
    limit = models.PositiveSmallIntegerField(
        "at most",
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SHOWN)],
        help_text=f"How many products, 1 to {MOST_SHOWN}.",
    )
    sort = models.CharField("order", max_length=10, choices=Sort.choices, default=Sort.POPULARITY)
    sort_order = models.PositiveIntegerField(
        "position", default=0, help_text="Rules with lower numbers fill the places first."
    )
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = "rule for related products"
        verbose_name_plural = "rules for related products"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(limit__gte=1, limit__lte=MOST_SHOWN), name="catalogue_relatedrule_limit"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and record ``related_rule.changed``."""
        super().save(*args, **kwargs)
        record_event("related_rule.changed", key=f"related_rule:{self.pk}", payload={"rule_id": self.pk})
