"""Which currencies the shop offers, and what they cost in each other."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable

from shop.core import clock
from shop.core.fields import CurrencyField
from shop.core.models.append_only import AppendOnlyModel
from shop.pricing.models.price_lists import PriceList


class ExchangeRate(AppendOnlyModel):
    """From ``at`` on one unit of ``base`` costs ``rate`` units of ``currency``, until a later row."""

    class Source(models.TextChoices):
        STAFF = "staff", "Entered by hand"
        ECB = "ecb", "European Central Bank"

    base = CurrencyField("one unit of", help_text="Three capital letters, e.g. EUR.")
    currency = CurrencyField("costs so much in", help_text="Three capital letters, e.g. CHF.")
    rate = models.DecimalField(
        max_digits=18,
        decimal_places=8,
        validators=[MinValueValidator(Decimal("0.00000001"))],
        help_text="For example 0.9512: one euro costs 0.9512 francs.",
    )
    at = models.DateTimeField("from", default=clock.now, editable=False)
    source = models.CharField(max_length=5, choices=Source, default=Source.STAFF, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "exchange rate"
        constraints = [
            models.CheckConstraint(name="pricing_rate_positive", condition=Q(rate__gt=0)),
            models.CheckConstraint(
                name="pricing_rate_of_two_currencies",
                condition=~Q(base=F("currency")),
                violation_error_message="Enter two different currencies.",
            ),
        ]
        indexes = [models.Index(fields=["base", "currency", "-at"], name="pricing_rate_latest")]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.currency}"


@register_setting(icon="globe", order=110)
class CurrencySettings(ClusterableModel, BaseSiteSetting):
    """Which currencies shoppers may choose; read it with ``selectors.list_offered_currencies()``."""

    fetches_rates = models.BooleanField(
        "fetch exchange rates",
        default=False,
        help_text=(
            "Once a day, the reference rates of the European Central Bank. While they cannot be fetched, the "
            "last ones hold. A price list with a fixed rate keeps that."
        ),
    )

    panels = [
        InlinePanel(
            "offered",
            heading="Currencies that shoppers may choose",
            label="Currency",
            help_text=(
                "The shop's own currency is always offered. With no entry here, every currency is that has a "
                "base price list in use."
            ),
        ),
        FieldPanel("fetches_rates"),
    ]

    class Meta:
        verbose_name = "currencies"
        verbose_name_plural = "currencies"

    def __str__(self) -> str:
        return "Currencies"


class OfferedCurrency(Orderable):
    """A currency that shoppers may choose, in the order of the switcher."""

    settings = ParentalKey(CurrencySettings, on_delete=models.CASCADE, related_name="offered")
    currency = CurrencyField(help_text="Three capital letters, e.g. CHF. It needs a base price list.")

    panels = [FieldPanel("currency")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["settings", "currency"], name="pricing_offered_once"),
        ]

    def __str__(self) -> str:
        return self.currency

    def clean(self) -> None:
        super().clean()
        lists = PriceList.objects.filter(kind=PriceList.Kind.BASE, currency=self.currency, is_active=True)
        if not lists.exists():
            raise ValidationError(
                {
                    "currency": (
                        f"No base price list in {self.currency} is in use, so nothing would have a price. "
                        "Add one under Prices first; it may be converted from another."
                    )
                }
            )
