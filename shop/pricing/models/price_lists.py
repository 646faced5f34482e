"""Price lists, and when each was in use."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from shop.core.fields import CurrencyField
from shop.core.validity import is_within, valid_at
from shop.pricing.rounding import ROUNDING_CHOICES, Rounding


class PriceListQuerySet(models.QuerySet["PriceList"]):
    """Price lists by their validity."""

    def valid_at(self, at: datetime) -> PriceListQuerySet:
        """Keep the active lists whose validity contains ``at``; an end is not part of it."""
        return self.filter(valid_at(at), is_active=True)


class PriceList(models.Model):
    """
    A set of prices in one currency, for everybody or for one group or site, always or for a while.

    Which list wins for a variant is decided in ``quoting.py``: an override, else a sale below the base
    price, else the base price.
    """

    class Kind(models.TextChoices):
        BASE = "base", "Base prices"
        SALE = "sale", "Reduced prices"
        OVERRIDE = "override", "Agreed prices"

    code = models.CharField(
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", "Use small letters, digits and hyphens, such as sale-spring."
            )
        ],
        help_text="Short name for imports and interfaces, e.g. sale-spring. Keep it once it is in use.",
    )
    name = models.CharField(max_length=100, help_text="For you and your colleagues, e.g. Spring sale.")
    currency = CurrencyField(help_text="Three capital letters, e.g. EUR. Every price of the list is in it.")
    kind = models.CharField(
        max_length=10,
        choices=Kind,
        default=Kind.BASE,
        help_text=(
            "Base: what goods cost. Reduced: used where it is lower than the base price, which is then shown "
            "struck through. Agreed: used instead of everything else, e.g. for trade customers."
        ),
    )
    includes_tax = models.BooleanField(
        "prices include tax",
        default=True,
        help_text="Tick it for shops that show prices with tax, as in the EU.",
    )
    priority = models.IntegerField(
        default=0,
        help_text="Where two lists of one kind have a price, the higher number wins, e.g. 10 before 0.",
    )
    customer_group = models.ForeignKey(
        "customers.CustomerGroup",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="price_lists",
        help_text="Only for customers of this group. Empty: for everybody.",
    )
    site = models.ForeignKey(
        "wagtailcore.Site",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="price_lists",
        help_text="Only on this site. Empty: on every site.",
    )
    valid_from = models.DateTimeField(
        null=True, blank=True, help_text="From this moment on, e.g. 2027-03-01 00:00. Empty: at once."
    )
    valid_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until just before this moment, e.g. 2027-04-01 00:00. Empty: for good.",
    )
    is_active = models.BooleanField(
        "in use", default=True, help_text="Untick it to take every price of the list away."
    )
    converted_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conversions",
        help_text=(
            "A list of the same kind in another currency, e.g. Base prices (EUR): its prices are converted "
            "into this list wherever a variant has no price of its own here. Empty: only own prices."
        ),
    )
    margin_percent = models.DecimalField(
        "margin on the exchange rate",
        max_digits=6,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(Decimal(-50)), MaxValueValidator(Decimal(100))],
        help_text="In percent, for bank fees and swings of the rate, e.g. 2.5. Only for converted prices.",
    )
    rounding = models.CharField(
        max_length=12,
        choices=[(rounding.value, label) for rounding, label in ROUNDING_CHOICES],
        default=Rounding.EXACT.value,
        db_default=Rounding.EXACT.value,
        help_text="What converted prices end in. Own prices stay as you write them.",
    )
    fixed_rate = models.DecimalField(
        "fixed exchange rate",
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.00000001"))],
        help_text=(
            "What one unit of the other list's currency costs here, e.g. 0.95. Empty: the latest "
            "exchange rate."
        ),
    )
    applied_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True, editable=False)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        ordering = ["currency", "kind", "-priority", "code"]
        verbose_name = "price list"
        constraints = [
            models.CheckConstraint(
                name="pricing_list_validity_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                violation_error_message="The end must be after the beginning.",
            ),
            models.CheckConstraint(
                name="pricing_list_fixed_rate_positive",
                condition=Q(fixed_rate__isnull=True) | Q(fixed_rate__gt=0),
                violation_error_message="A rate is above zero.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"

    def is_valid_at(self, at: datetime) -> bool:
        """Tell whether the list is in use at ``at``."""
        return self.is_active and is_within(at, self.valid_from, self.valid_until)

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": "The end must be after the beginning."})
        if (
            self.pk
            and self.prices.exists()
            and PriceList.objects.filter(pk=self.pk).exclude(currency=self.currency).exists()
        ):
            raise ValidationError(
                {"currency": "The list has prices already. Make a new list for another currency."}
            )
        differing = PriceList.objects.filter(currency=self.currency, is_active=True).exclude(pk=self.pk)
        if self.is_active and self.kind != self.Kind.OVERRIDE:
            rival = differing.exclude(kind=self.Kind.OVERRIDE).exclude(includes_tax=self.includes_tax).first()
            if rival is not None:
                # A reduction can only be told from prices of one basis.
                raise ValidationError(
                    {
                        "includes_tax": (
                            f"{rival.name} is the other way round. Base and reduced prices of one currency "
                            "must agree; change both or take the other list out of use."
                        )
                    }
                )
        self._check_conversion()

    def _check_conversion(self) -> None:
        source = self.converted_from
        if source is None:
            return
        problem = ""
        if source.pk == self.pk:
            problem = "A list cannot be converted from itself."
        elif source.converted_from_id is not None:
            problem = f"{source.name} is converted itself. Choose the list that it comes from."
        elif self.pk and self.conversions.exists():
            problem = "Other lists are converted from this one, so its own prices cannot be converted ones."
        elif source.currency == self.currency:
            problem = f"{source.name} is in {self.currency} already. Choose a list of another currency."
        elif source.kind != self.kind:
            problem = f"{source.name} is of another kind. Base prices are made of base prices, and so on."
        elif source.includes_tax != self.includes_tax:
            problem = f"{source.name} differs in whether prices include tax; a rate cannot mend that."
        if problem:
            raise ValidationError({"converted_from": problem})


class PriceListPeriod(models.Model):
    """
    A list was in use from ``began_at`` to ``ended_at``, whatever its validity is edited to later.

    For whom it counted, and how much, stands beside it as it was then: the past outlives an edit of the list
    and the list itself. An open period says that everybody has been told that the list is in use; at most
    one may be open, so that a beginning or an end is announced once, by whoever comes first.
    """

    price_list = models.ForeignKey(PriceList, null=True, on_delete=models.SET_NULL, related_name="periods")
    code = models.CharField(max_length=50, default="", db_default="")
    currency = CurrencyField(default="EUR", db_default="EUR")
    kind = models.CharField(
        max_length=10,
        choices=PriceList.Kind,
        default=PriceList.Kind.BASE,
        db_default=PriceList.Kind.BASE.value,
    )
    priority = models.IntegerField(default=0, db_default=0)
    includes_tax = models.BooleanField(default=True, db_default=True)
    # Not foreign keys: what was, was.
    customer_group_pk = models.BigIntegerField(null=True)
    site_pk = models.BigIntegerField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["price_list_id", "began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list"], condition=Q(ended_at__isnull=True), name="pricing_period_one_open"
            ),
            models.UniqueConstraint(fields=["price_list", "began_at"], name="pricing_period_unique"),
        ]
        indexes = [models.Index(fields=["currency", "code"], name="pricing_period_currency")]

    def __str__(self) -> str:
        return f"{self.code}: {self.began_at} to {self.ended_at or 'now'}"
