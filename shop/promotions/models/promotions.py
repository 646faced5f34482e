from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from shop.catalogue.predicates import InvalidRule, Vocabulary, validate
from shop.core import clock
from shop.core.fields import AmountField, CurrencyField
from shop.core.money import InexactAmount, Money, UnknownCurrency
from shop.core.validity import is_within, valid_at
from shop.promotions.engine.rewards import InvalidReward, read_reward
from shop.promotions.vocabularies import CARTS, GOODS

CATALOGUE_REWARDS = ("percent", "amount", "fixed_price")


def draw_version() -> int:
    """A number that no earlier state of a promotion has had, as good as certainly."""
    return secrets.randbelow(2**31 - 1) + 1


class PromotionQuerySet(models.QuerySet["Promotion"]):
    """Promotions by their validity."""

    def running_at(self, at: datetime) -> PromotionQuerySet:
        """Keep the active ones whose time contains ``at``; an end is not part of it."""
        return self.filter(valid_at(at), is_active=True)


class Promotion(models.Model):
    """
    A rule that makes goods, a cart or its shipping cheaper.

    Of kind ``catalogue`` it makes prices: its price lists are written from it, so that reduced prices show
    and sort in lists like every other. Of kind ``cart`` it is worked out for each cart by ``engine``.
    """

    class Kind(models.TextChoices):
        CART = "cart", "In the cart"
        CATALOGUE = "catalogue", "In the catalogue: reduced prices"

    class Lane(models.IntegerChoices):
        GOODS = 10, "1. Single goods"
        SETS = 20, "2. Sets and quantities"
        CART = 30, "3. The whole cart"
        VOUCHERS = 40, "4. Vouchers"
        SHIPPING = 50, "5. Shipping"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100, help_text="For you and your colleagues, e.g. Autumn sale, lamps.")
    label = models.CharField(
        "shown to shoppers as", max_length=100, help_text="In the cart and on the bill, e.g. 10 % off lamps."
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CART)
    is_active = models.BooleanField(
        "in use", default=False, help_text="Unticked it is a draft: try it in the simulator first."
    )
    valid_from = models.DateTimeField(
        null=True, blank=True, help_text="From this moment on, e.g. 2027-03-01 00:00. Empty: at once."
    )
    valid_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until just before this moment, e.g. 2027-04-01 00:00. Empty: for good.",
    )
    lane = models.PositiveSmallIntegerField(
        choices=Lane,
        default=Lane.GOODS,
        help_text=(
            "Promotions of one lane compete, the best for the shopper wins on each line. "
            "Those of later lanes apply to what is left."
        ),
    )
    priority = models.IntegerField(
        default=0, help_text="Where two give as much, the higher number wins, e.g. 10 before 0."
    )
    currency = CurrencyField(
        blank=True, default="", help_text="Needed where amounts are named, e.g. EUR. Empty: every currency."
    )
    site = models.ForeignKey(
        "wagtailcore.Site",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="promotions",
        help_text="Only on this site. Empty: on every site.",
    )
    conditions = models.JSONField("when", default=dict, blank=True)
    qualifiers = models.JSONField("with which goods", default=dict, blank=True)
    targets = models.JSONField("what gets cheaper", default=dict, blank=True)
    min_quantity = models.PositiveIntegerField(
        "from so many pieces",
        default=0,
        help_text="Of the goods under “with which goods”, e.g. 3. 0: any number.",
    )
    min_subtotal = AmountField(
        "minimum spend",
        null=True,
        blank=True,
        help_text="On the goods under “with which goods”, before promotions, e.g. 50.00.",
    )
    reward = models.JSONField("what it gives", default=dict)
    max_applications = models.PositiveIntegerField(
        "times per order",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="For buy X get Y, sets and gifts: how often it is given in one order, e.g. 1.",
    )
    max_discount = AmountField(
        "most per order", null=True, blank=True, help_text="What it gives at most in one order, e.g. 30.00."
    )
    max_uses = models.PositiveIntegerField(
        "orders at most", null=True, blank=True, help_text="How many orders may have it, e.g. 500."
    )
    uses = models.PositiveIntegerField("orders so far", default=0, editable=False)
    budget = AmountField(
        "budget", null=True, blank=True, help_text="All that the campaign may give away, e.g. 5000.00."
    )
    spent = AmountField("given so far", default=Decimal(0), editable=False)
    needs_voucher = models.BooleanField(
        "only with a voucher", default=False, help_text="Tick it, save, then make voucher codes for it."
    )
    is_last = models.BooleanField(
        "ends the calculation", default=False, help_text="Where it applies, no later lane does."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    # Another number after each change of what it says, so that processes notice; uses and budget are none.
    # Drawn, not counted: in a database that was restored, the same count could mean something else.
    version = models.PositiveIntegerField(default=draw_version, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["lane", "-priority", "id"]
        permissions = [("activate_promotion", "Can put promotions to use and pause them")]
        constraints = [
            models.CheckConstraint(
                name="promotions_validity_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                violation_error_message="The end must be after the beginning.",
            ),
            models.CheckConstraint(
                name="promotions_amounts_not_negative",
                condition=(Q(min_subtotal__isnull=True) | Q(min_subtotal__gte=0))
                & (Q(max_discount__isnull=True) | Q(max_discount__gte=0))
                & (Q(budget__isnull=True) | Q(budget__gte=0))
                & Q(spent__gte=0),
                violation_error_message="An amount is zero or more.",
            ),
            # The last word, whatever runs at once.
            models.CheckConstraint(
                name="promotions_within_budget", condition=Q(budget__isnull=True) | Q(spent__lte=F("budget"))
            ),
            models.CheckConstraint(
                name="promotions_within_uses", condition=Q(max_uses__isnull=True) | Q(uses__lte=F("max_uses"))
            ),
            models.CheckConstraint(
                name="promotions_amounts_have_a_currency",
                condition=~Q(currency="")
                | Q(min_subtotal__isnull=True, max_discount__isnull=True, budget__isnull=True),
                violation_error_message="Choose the currency of the amounts.",
            ),
        ]
        indexes = [models.Index(fields=["kind", "is_active", "valid_until"], name="promotions_running")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Let processes notice the change."""
        if self.pk and not kwargs.get("update_fields"):
            self.version = draw_version()
            self.updated_at = clock.now()
        super().save(*args, **kwargs)

    def is_running_at(self, at: datetime) -> bool:
        """Whether it is in use at ``at``."""
        return self.is_active and is_within(at, self.valid_from, self.valid_until)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, list[str]] = {}
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            errors["valid_until"] = ["The end must be after the beginning."]
        self._clean_rules(errors)
        self._clean_reward(errors)
        self._clean_amounts(errors)
        if errors:
            raise ValidationError(errors)

    def _clean_rules(self, errors: dict[str, list[str]]) -> None:
        for name, vocabulary in self.rule_fields().items():
            try:
                rule = getattr(self, name)
                setattr(self, name, validate(rule, vocabulary) if rule else {})
            except InvalidRule as invalid:
                errors[name] = [f"{item.attr or 'rule'}: {item.detail}" for item in invalid.errors[:5]]

    def _clean_reward(self, errors: dict[str, list[str]]) -> None:
        try:
            read_reward(self.reward, currency=self.currency)
        except InvalidReward as invalid:
            errors["reward"] = [f"{item.attr}: {item.detail}" for item in invalid.errors[:5]]
            return
        if self.kind == self.Kind.CATALOGUE and self.reward["kind"] not in CATALOGUE_REWARDS:
            errors["reward"] = [
                "In the catalogue a promotion gives a percentage, an amount or a fixed price."
            ]

    def _clean_amounts(self, errors: dict[str, list[str]]) -> None:
        for name in ("min_subtotal", "max_discount", "budget"):
            amount = getattr(self, name)
            if amount is None:
                continue
            try:
                Money(amount, self.currency)
            except InexactAmount:
                errors[name] = [f"{self.currency} has fewer decimal places: round the amount."]
            except UnknownCurrency:
                errors["currency"] = ["Choose the currency of the amounts."]

    @staticmethod
    def rule_fields() -> dict[str, Vocabulary]:
        """The fields that hold rules, with what each can ask for."""
        return {"conditions": CARTS, "qualifiers": GOODS, "targets": GOODS}


class PromotionPriceList(models.Model):
    """A price list that a promotion of the catalogue writes, one for each base list."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="price_lists")
    price_list = models.OneToOneField(
        "pricing.PriceList", on_delete=models.CASCADE, related_name="promotion_link"
    )
    base_list = models.ForeignKey("pricing.PriceList", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "base_list"], name="promotions_one_list_per_base")
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.price_list_id}"


class PromotionUse(models.Model):
    """
    What one order got of a promotion: counts against its uses and budget until it is released.

    ``order_id`` is the order's public id: promotions know no orders.
    """

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="order_uses")
    order_id = models.UUIDField()
    amount = AmountField()
    currency = CurrencyField()
    at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["promotion", "order_id"], name="promotions_use_once_per_order"),
            models.CheckConstraint(name="promotions_use_not_negative", condition=Q(amount__gte=0)),
        ]
        indexes = [models.Index(fields=["order_id"], name="promotions_use_order")]

    def __str__(self) -> str:
        return f"{self.promotion_id}: {self.amount} {self.currency}"
