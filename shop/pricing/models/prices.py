"""Prices: what they are, what they were, and what they will be."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from shop.core import clock
from shop.core.fields import AmountField, CurrencyField
from shop.core.models.append_only import AppendOnlyModel


class Price(models.Model):
    """What one variant costs in one list, from ``min_quantity`` pieces on, each piece."""

    price_list = models.ForeignKey("pricing.PriceList", on_delete=models.PROTECT, related_name="prices")
    variant = models.ForeignKey("catalogue.ProductVariant", on_delete=models.CASCADE, related_name="prices")
    amount = AmountField(help_text="Price of one piece, e.g. 12.50.")
    compare_at = AmountField(
        "recommended retail price",
        null=True,
        blank=True,
        help_text="Shown struck through where it is higher, e.g. 15.00. Only in a base list.",
    )
    min_quantity = models.PositiveIntegerField(
        "from quantity",
        default=1,
        validators=[MinValueValidator(1)],
        help_text="1 for the normal price, e.g. 10 for ten or more.",
    )
    # Both stand only with a converted price: what it costs in the other list, and at which rate with margin.
    source_amount = AmountField(null=True, blank=True, editable=False)
    exchange_rate = models.DecimalField(
        max_digits=18, decimal_places=8, null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ["price_list_id", "variant_id", "min_quantity"]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "variant", "min_quantity"], name="pricing_price_unique"
            ),
            models.CheckConstraint(
                name="pricing_price_not_negative",
                condition=Q(amount__gte=0) & (Q(compare_at__isnull=True) | Q(compare_at__gte=0)),
                violation_error_message="A price is zero or more.",
            ),
            models.CheckConstraint(
                name="pricing_price_from_one_piece",
                condition=Q(min_quantity__gte=1),
                violation_error_message="A price is for one piece or more.",
            ),
        ]
        # The unique index begins with the list; a quote begins with the variant.
        indexes = [models.Index(fields=["variant", "price_list"], name="pricing_price_variant")]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.amount} ({self.price_list_id}, from {self.min_quantity})"

    @property
    def is_converted(self) -> bool:
        """Whether it comes from the list that this one is converted from."""
        return self.source_amount is not None


class PriceHistory(AppendOnlyModel):
    """A price was set, or taken away (``amount`` empty). Rows are only ever added."""

    # Not a foreign key: the past outlives a list that is deleted.
    price_list_code = models.CharField(max_length=50)
    variant = models.ForeignKey(
        "catalogue.ProductVariant", on_delete=models.CASCADE, related_name="price_history"
    )
    currency = CurrencyField()
    amount = AmountField(null=True, blank=True)
    min_quantity = models.PositiveIntegerField(default=1)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=255, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "price change"
        verbose_name_plural = "price history"
        indexes = [models.Index(fields=["variant", "price_list_code", "-at"], name="pricing_history_variant")]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.price_list_code}: {self.amount} {self.currency} at {self.at}"


class PlannedPriceQuerySet(models.QuerySet["PlannedPrice"]):
    """Planned prices by what became of them."""

    def open(self) -> PlannedPriceQuerySet:
        """Keep those that are neither applied nor cancelled."""
        return self.filter(applied_at__isnull=True, cancelled_at__isnull=True)


class PlannedPrice(models.Model):
    """
    A price that changes by itself at ``starts_at``; ``amount`` empty takes it away then.

    A quote counts it from that very moment on; soon after it is written into the list, with history.
    """

    price_list = models.ForeignKey(
        "pricing.PriceList", on_delete=models.CASCADE, related_name="planned_prices"
    )
    variant = models.ForeignKey(
        "catalogue.ProductVariant", on_delete=models.CASCADE, related_name="planned_prices"
    )
    min_quantity = models.PositiveIntegerField("from quantity", default=1, validators=[MinValueValidator(1)])
    amount = AmountField(null=True, blank=True)
    compare_at = AmountField("recommended retail price", null=True, blank=True)
    starts_at = models.DateTimeField("from")
    reason = models.CharField(max_length=255, blank=True, default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    planned_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = PlannedPriceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = "planned price"
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "variant", "min_quantity", "starts_at"],
                condition=Q(applied_at__isnull=True, cancelled_at__isnull=True),
                name="pricing_planned_once",
            ),
            models.CheckConstraint(
                name="pricing_planned_not_negative",
                condition=(Q(amount__isnull=True) | Q(amount__gte=0))
                & (Q(compare_at__isnull=True) | Q(compare_at__gte=0)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["variant", "starts_at"],
                condition=Q(applied_at__isnull=True, cancelled_at__isnull=True),
                name="pricing_planned_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.amount} from {self.starts_at}"
