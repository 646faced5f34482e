"""
Index rows: what lists, facets and search are answered from.

One row per public product and currency, written in the transaction that publishes the product, changes its
price or the status of its stock. A product that may not be seen has no row, so a query here cannot leak
one.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shop.core.fields import AmountField, CurrencyField


class ProductIndex(models.Model):
    """
    What a list shows of one live, public, sellable product in one currency. Written by `search.services`
    only.
    """

    product = models.ForeignKey(
        "catalogue.ProductPage", on_delete=models.CASCADE, related_name="index_entries"
    )
    currency = CurrencyField()
    slug = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    summary = models.TextField(blank=True)
    url = models.CharField(
        max_length=500, help_text="As a link on the shop's own site, e.g. /products/reading-lamp/"
    )
    brand = models.ForeignKey("catalogue.Brand", null=True, on_delete=models.SET_NULL, related_name="+")
    brand_slug = models.CharField(max_length=255, blank=True)
    brand_name = models.CharField(max_length=255, blank=True)
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    image_alt = models.CharField(max_length=255, blank=True)
    price_from = AmountField()
    price_to = AmountField()
    compare_at_from = AmountField(null=True)
    # Of the cheapest variant: whether the higher price beside it was our own, and the lowest of the 30 days.
    is_reduced = models.BooleanField(default=False, db_default=False)
    lowest_from = AmountField(null=True)
    # From this moment on some price is another one, unless the row has been written anew by then.
    prices_until = models.DateTimeField(null=True)
    on_sale = models.BooleanField(default=False)
    in_stock = models.BooleanField(default=False)
    stock_status = models.CharField(max_length=16)
    rating = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    review_count = models.PositiveIntegerField(default=0)
    popularity = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField()
    sort_title = models.CharField(max_length=255)
    search_text = models.TextField(blank=True)
    category_ids = models.JSONField(default=list)
    variants = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "currency"], name="search_one_entry_per_currency")
        ]
        indexes = [
            models.Index(fields=["currency", "-published_at", "-product"], name="search_by_newest"),
            models.Index(fields=["currency", "price_from", "product"], name="search_by_price"),
            models.Index(fields=["currency", "sort_title", "product"], name="search_by_name"),
            models.Index(fields=["currency", "-popularity", "-product"], name="search_by_popularity"),
            models.Index(fields=["slug"], name="search_by_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.currency})"


class ProductGroupPrice(models.Model):
    """
    What a product costs customers of one group, where that is not what everybody pays. ``prices`` holds the
    price fields of each variant's offer by the variant's key.
    """

    entry = models.ForeignKey(ProductIndex, on_delete=models.CASCADE, related_name="group_prices")
    group = models.ForeignKey("customers.CustomerGroup", on_delete=models.CASCADE, related_name="+")
    price_from = AmountField()
    price_to = AmountField()
    compare_at_from = AmountField(null=True)
    is_reduced = models.BooleanField(default=False)
    lowest_from = AmountField(null=True)
    on_sale = models.BooleanField(default=False)
    prices = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "group"], name="search_group_price_once_per_entry")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} for {self.group_id}"


class ProductIndexCategory(models.Model):
    """
    A category that the product was put into; the categories above it follow from the tree when it is read.
    """

    entry = models.ForeignKey(ProductIndex, on_delete=models.CASCADE, related_name="categories")
    category = models.ForeignKey("catalogue.Category", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "entry"], name="search_entry_once_per_category")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.category_id}"


class ProductIndexFacet(models.Model):
    """A value of a filterable attribute that the product, or one of its variants, has."""

    entry = models.ForeignKey(ProductIndex, on_delete=models.CASCADE, related_name="facets")
    attribute = models.ForeignKey("catalogue.Attribute", on_delete=models.CASCADE, related_name="+")
    value = models.ForeignKey("catalogue.AttributeValue", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value", "entry"], name="search_entry_once_per_value")]
        indexes = [models.Index(fields=["attribute", "value", "entry"], name="search_facet_counts")]

    def __str__(self) -> str:
        return f"{self.entry_id} has {self.value_id}"


class LiveRule(models.Model):
    """
    A rule as it counts at this moment, with everything that is needed to apply it without asking again.

    Written by `search.membership` only, when a collection or a rule for related products goes live. The
    draft that somebody is working on is never here.
    """

    class Part(models.TextChoices):
        COLLECTION = "collection", "Products of a collection"
        FOR = "for", "Products that others are shown beside"
        SHOW = "show", "Products that are shown beside others"

    part = models.CharField(max_length=10, choices=Part.choices)
    collection = models.ForeignKey(
        "catalogue.ProductCollection", null=True, on_delete=models.CASCADE, related_name="+"
    )
    related_rule = models.ForeignKey(
        "catalogue.RelatedRule", null=True, on_delete=models.CASCADE, related_name="+"
    )
    rule = models.JSONField()
    fields = models.JSONField(default=list)
    categories = models.JSONField(
        default=dict, help_text="Per slug that the rule names, the ids of the category and all below it."
    )
    currency = CurrencyField()
    digest = models.CharField(max_length=64)
    refreshed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection"],
                condition=models.Q(collection__isnull=False),
                name="search_one_rule_per_collection",
            ),
            models.UniqueConstraint(
                fields=["related_rule", "part"],
                condition=models.Q(related_rule__isnull=False),
                name="search_one_rule_per_part",
            ),
            models.CheckConstraint(
                condition=models.Q(part="collection", collection__isnull=False, related_rule__isnull=True)
                | models.Q(part__in=["for", "show"], collection__isnull=True, related_rule__isnull=False),
                name="search_rule_has_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.collection_id or self.related_rule_id}"


class RuleMember(models.Model):
    """That a product of the index meets a live rule."""

    rule = models.ForeignKey(LiveRule, on_delete=models.CASCADE, related_name="members")
    product = models.ForeignKey("catalogue.ProductPage", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "product"], name="search_member_once_per_rule")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} meets {self.rule_id}"
