from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from shop.core.fields import RateField
from shop.core.validity import valid_at
from shop.customers.addresses import list_countries


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    """Rates by their validity."""

    def valid_at(self, at: datetime) -> TaxRateQuerySet:
        """Keep the rates whose validity contains ``at``; an end is not part of it."""
        return self.filter(valid_at(at))


class TaxRate(models.Model):
    """The tax on goods of one class that are sent to one country, or one region of it."""

    tax_class = models.ForeignKey(
        "catalogue.TaxClass",
        on_delete=models.PROTECT,
        related_name="rates",
        help_text="What kind of goods, e.g. Books. Every variant has a tax class.",
    )
    country = models.CharField(
        max_length=2, choices=list_countries, help_text="Where the goods go, e.g. Germany."
    )
    region = models.CharField(
        max_length=50,
        blank=True,
        default="",
        help_text="Only for a state or province, as in its addresses, e.g. CA. Empty: the whole country.",
    )
    name = models.CharField(max_length=50, help_text="As it stands on the bill, e.g. VAT 19%.")
    rate = RateField(
        "percent",
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="In percent, e.g. 19 or 8.875.",
    )
    valid_from = models.DateTimeField(
        null=True, blank=True, help_text="From this moment on, e.g. 2027-01-01 00:00. Empty: always."
    )
    valid_until = models.DateTimeField(
        null=True, blank=True, help_text="Until just before this moment. Empty: until further notice."
    )

    objects = TaxRateQuerySet.as_manager()

    class Meta:
        ordering = ["country", "region", "tax_class_id", F("valid_from").asc(nulls_first=True)]
        verbose_name = "tax rate"
        constraints = [
            models.CheckConstraint(
                name="tax_rate_percent",
                condition=Q(rate__gte=0) & Q(rate__lte=100),
                violation_error_message="A rate is between 0 and 100 percent.",
            ),
            models.CheckConstraint(
                name="tax_rate_validity_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                violation_error_message="The end must be after the beginning.",
            ),
            # Two constraints, because SQLite does not know nulls_distinct.
            models.UniqueConstraint(
                fields=["tax_class", "country", "region", "valid_from"],
                condition=Q(valid_from__isnull=False),
                name="tax_rate_unique_from",
                violation_error_message="There is a rate for these goods, place and beginning already.",
            ),
            models.UniqueConstraint(
                fields=["tax_class", "country", "region"],
                condition=Q(valid_from__isnull=True),
                name="tax_rate_unique_always",
                violation_error_message="These goods have a rate there already. Give one a beginning.",
            ),
        ]
        indexes = [models.Index(fields=["country", "region"], name="tax_rate_place")]

    def __str__(self) -> str:
        place = f"{self.country}-{self.region}" if self.region else self.country
        return f"{self.name} ({place}, {self.rate.normalize():f} %)"

    def clean(self) -> None:
        super().clean()
        self.region = self.region.strip().upper()
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": "The end must be after the beginning."})
