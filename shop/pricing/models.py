from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from shop.core import clock
from shop.core.fields import AmountField, CurrencyField
from shop.core.models.append_only import AppendOnlyModel


class PriceListQuerySet(models.QuerySet["PriceList"]):
    """Price lists by their validity."""

    def valid_at(self, at: datetime) -> PriceListQuerySet:
        """Keep the active lists whose validity contains ``at``; an end is not part of it."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=at),
            Q(valid_until__isnull=True) | Q(valid_until__gt=at),
            is_active=True,
        )


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
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"

    def is_valid_at(self, at: datetime) -> bool:
        """Tell whether the list is in use at ``at``."""
        return (
            self.is_active
            and (self.valid_from is None or self.valid_from <= at)
            and (self.valid_until is None or self.valid_until > at)
        )

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


class Price(models.Model):
    """What one variant costs in one list, from ``min_quantity`` pieces on, each piece."""

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
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


class PriceListPeriod(models.Model):
    """
    A list was in use from ``began_at`` to ``ended_at``, whatever its validity is edited to later.

    An open period says that everybody has been told that the list is in use; at most one may be open, so
    that a beginning or an end is announced once, by whoever comes first.
    """

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="periods")
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

    def __str__(self) -> str:
        return f"{self.price_list_id}: {self.began_at} to {self.ended_at or 'now'}"
