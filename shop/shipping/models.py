from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from shop.core.fields import AmountField, CurrencyField
from shop.core.money import InexactAmount, Money, UnknownCurrency
from shop.customers.addresses import list_countries


class ShippingZone(ClusterableModel):
    """Countries that the same shipping methods serve."""

    name = models.CharField(max_length=100, unique=True, help_text="e.g. Germany, or European Union.")
    serves_everywhere_else = models.BooleanField(
        "everywhere else",
        default=False,
        help_text="Tick it for the one zone that serves every country which no other zone names.",
    )

    class Meta:
        ordering = ["name"]
        verbose_name = "shipping zone"
        constraints = [
            models.UniqueConstraint(
                fields=["serves_everywhere_else"],
                condition=Q(serves_everywhere_else=True),
                name="shipping_zone_one_everywhere_else",
                violation_error_message="Another zone serves everywhere else already. Untick it there first.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ShippingZoneCountry(models.Model):
    """A country of a zone."""

    zone = ParentalKey(ShippingZone, on_delete=models.CASCADE, related_name="countries")
    country = models.CharField(max_length=2, choices=list_countries, help_text="e.g. Germany.")

    class Meta:
        ordering = ["country"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "country"],
                name="shipping_zone_country_unique",
                violation_error_message="The zone has this country already.",
            )
        ]
        indexes = [models.Index(fields=["country"], name="shipping_zone_country")]

    def __str__(self) -> str:
        return self.country


class ShippingMethod(models.Model):
    """A way to send goods to a zone, with its price."""

    class Kind(models.TextChoices):
        FLAT = "flat", "One price"
        FREE_OVER = "free_over", "Free from a total on"

    zone = models.ForeignKey(ShippingZone, on_delete=models.CASCADE, related_name="methods")
    code = models.CharField(
        max_length=50,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", "Use small letters, digits and hyphens, such as standard-de."
            )
        ],
        help_text="Short name for interfaces, e.g. standard-de. Keep it once it is in use.",
    )
    name = models.CharField(max_length=100, help_text="As shoppers see it, e.g. Standard delivery.")
    description = models.CharField(
        max_length=255, blank=True, default="", help_text="One sentence, e.g. To your door, with tracking."
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FLAT)
    currency = CurrencyField(
        help_text="Three capital letters, e.g. EUR. Only carts in it are offered the method."
    )
    price = AmountField(help_text="e.g. 4.90. With tax, if the shop's prices include tax.")
    free_from = AmountField(
        null=True,
        blank=True,
        help_text="The total of the goods that makes it free, e.g. 50. For “free from a total on”.",
    )
    max_weight_grams = models.PositiveIntegerField(
        "heaviest parcel in grams", null=True, blank=True, help_text="e.g. 31500. Empty: any weight."
    )
    min_days = models.PositiveSmallIntegerField(
        "days at least", default=1, help_text="Working days to the door, e.g. 2."
    )
    max_days = models.PositiveSmallIntegerField(
        "days at most", default=3, validators=[MinValueValidator(0)], help_text="e.g. 4."
    )
    carrier_name = models.CharField(max_length=50, blank=True, default="", help_text="e.g. DHL.")
    tracking_url_template = models.CharField(
        "tracking link",
        max_length=255,
        blank=True,
        default="",
        validators=[
            RegexValidator(
                r"\Ahttps://[^\s{}]+\{number\}[^\s{}]*\Z",
                "Enter a link that begins with https:// and has {number} where the tracking number goes.",
            )
        ],
        help_text="With {number} for the tracking number, e.g. https://track.example.com/?id={number}.",
    )
    is_active = models.BooleanField(
        "offered", default=True, help_text="Untick it to offer the method no more."
    )
    sort_order = models.IntegerField(default=0, help_text="Lower numbers are shown first, e.g. 0 before 10.")

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = "shipping method"
        constraints = [
            models.CheckConstraint(
                name="shipping_method_price_not_negative",
                condition=Q(price__gte=0) & (Q(free_from__isnull=True) | Q(free_from__gte=0)),
                violation_error_message="A price is zero or more.",
            ),
            models.CheckConstraint(
                name="shipping_method_free_over_has_total",
                condition=~Q(kind="free_over") | Q(free_from__isnull=False),
                violation_error_message="Say from which total on it is free.",
            ),
            models.CheckConstraint(
                name="shipping_method_days_in_order",
                condition=Q(max_days__gte=F("min_days")),
                violation_error_message="“Days at most” must not be less than “days at least”.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        errors: dict[str, str] = {}
        if self.kind == self.Kind.FREE_OVER and self.free_from is None:
            errors["free_from"] = "Say from which total on it is free, e.g. 50."
        if self.min_days is not None and self.max_days is not None and self.max_days < self.min_days:
            errors["max_days"] = "Enter a number that is not less than “days at least”."
        for field in ("price", "free_from"):
            amount = getattr(self, field)
            try:
                if amount is not None and amount < 0:
                    errors[field] = "A price is zero or more."
                elif amount is not None:
                    Money(amount, self.currency)
            except InexactAmount:
                errors[field] = f"{self.currency} has fewer decimal places. Round the price."
            except UnknownCurrency:
                # The currency's own validator has said so.
                continue
        if errors:
            raise ValidationError(errors)

    def tracking_url(self, number: str) -> str:
        """Return the carrier's page for a tracking number, or ``""`` where none is known."""
        from urllib.parse import quote

        if not (self.tracking_url_template and number):
            return ""
        return self.tracking_url_template.replace("{number}", quote(number, safe=""))
