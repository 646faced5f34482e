"""What the catalogue answers. Every field stands in every answer; what is not there is null."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shop.core.api.serializers import MoneyField

ATTRIBUTE_KINDS = [
    "choice",
    "multichoice",
    "swatch",
    "number",
    "boolean",
    "text",
    "rich_text",
    "date",
    "file",
    "reference",
]
STOCK_STATUSES = ["in_stock", "low", "out_of_stock", "backorder"]


class SourceSerializer(serializers.Serializer):
    """One size of a picture."""

    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class ImageSerializer(SourceSerializer):
    """
    A picture in its list size; `sources` holds every size, smallest first, `avif_sources` the same in AVIF
    (empty until they have been drawn). `focus` is where its subject is, in percent from the left and the top;
    `colour` (#rrggbb) may stand in for the picture until it has arrived.
    """

    alt = serializers.CharField()
    sources = SourceSerializer(many=True)
    avif_sources = SourceSerializer(many=True)
    focus = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, min_length=2, max_length=2
    )
    colour = serializers.CharField(allow_null=True)


class BrandSerializer(serializers.Serializer):
    """Who makes a product."""

    slug = serializers.CharField()
    name = serializers.CharField()


class ProductSerializer(serializers.Serializer):
    """A product in a list."""

    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField(help_text="Where the shop's own storefront shows it.")
    summary = serializers.CharField()
    image = ImageSerializer(allow_null=True)
    price_from = MoneyField(help_text="The price of the cheapest variant.")
    compare_at_price = MoneyField(allow_null=True, help_text="The higher price to show struck through.")
    lowest_price_30_days = MoneyField(
        allow_null=True, help_text="Beside a reduced price: the lowest of the 30 days before the reduction."
    )
    is_reduced = serializers.BooleanField(
        help_text="Whether the higher price was the shop's own, and not a recommended one."
    )
    on_sale = serializers.BooleanField()
    currency = serializers.CharField()
    in_stock = serializers.BooleanField()
    rating = serializers.FloatField(allow_null=True, min_value=1, max_value=5)
    review_count = serializers.IntegerField(min_value=0)
    categories = serializers.SerializerMethodField(help_text="Slugs, the main category first.")
    brand = BrandSerializer(allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_categories(self, product: Any) -> list[str]:
        """The slugs of the product's public categories."""
        return [category.slug for category in product.categories]


class StockSerializer(serializers.Serializer):
    """How a variant stands at this moment."""

    status = serializers.ChoiceField(choices=STOCK_STATUSES)
    available = serializers.IntegerField(min_value=0)


class OptionSerializer(serializers.Serializer):
    """A property of a product or a variant."""

    slug = serializers.CharField(help_text="The attribute, e.g. `colour`.")
    name = serializers.CharField(help_text="Its name, e.g. `Colour`.")
    value = serializers.CharField(help_text="What it is here, e.g. `Sea blue`.")
    value_slug = serializers.CharField(help_text="For filters, e.g. `sea-blue`; empty for free values.")
    kind = serializers.ChoiceField(choices=ATTRIBUTE_KINDS)
    swatch = serializers.CharField(help_text="Its colour as `#rrggbb`, or empty.")
    swatch_image = ImageSerializer(allow_null=True, help_text="Its pattern or material.")
    unit = serializers.CharField()
    url = serializers.CharField(help_text="Of a file or another page, or empty.")
    html = serializers.CharField(help_text="Formatted text, safe to show, or empty.")


class ComponentSerializer(serializers.Serializer):
    """A part of a bundle."""

    sku = serializers.CharField()
    title = serializers.CharField(help_text="Product and variant, e.g. `Oak desk lamp Black`.")
    quantity = serializers.IntegerField(min_value=1, help_text="Pieces in one bundle.")


class TierSerializer(serializers.Serializer):
    """From so many pieces on each costs so much."""

    min_quantity = serializers.IntegerField(min_value=1)
    price = MoneyField()


class VariantSerializer(serializers.Serializer):
    """What is put into a cart."""

    sku = serializers.CharField()
    title = serializers.CharField()
    price = MoneyField()
    compare_at_price = MoneyField(allow_null=True)
    lowest_price_30_days = MoneyField(
        allow_null=True, help_text="Beside a reduced price: the lowest of the 30 days before the reduction."
    )
    is_reduced = serializers.BooleanField(
        help_text="Whether the higher price was the shop's own, and not a recommended one."
    )
    tiers = TierSerializer(many=True, help_text="Where more pieces cost another price each; else empty.")
    attributes = serializers.SerializerMethodField(
        help_text="Attribute slug to value, e.g. `{colour: Sea blue}`."
    )
    options = OptionSerializer(
        many=True, source="attributes", help_text="The same with names and slugs of values."
    )
    stock = StockSerializer()
    image = ImageSerializer(allow_null=True)
    barcode = serializers.CharField(help_text="GTIN, or empty.")
    weight_grams = serializers.IntegerField(allow_null=True, min_value=0)
    requires_shipping = serializers.BooleanField(
        help_text="False for digital goods and gift cards, and for bundles of nothing else."
    )
    components = ComponentSerializer(many=True, help_text="What one piece of a bundle holds; else empty.")
    length_mm = serializers.IntegerField(allow_null=True, min_value=0)
    width_mm = serializers.IntegerField(allow_null=True, min_value=0)
    height_mm = serializers.IntegerField(allow_null=True, min_value=0)
    max_per_order = serializers.IntegerField(
        allow_null=True,
        min_value=1,
        help_text="How many of it one order may hold; null: no limit of its own.",
    )
    availability = serializers.ChoiceField(
        choices=["available", "not_available_yet", "no_longer_available"],
        help_text="By its own dates. Outside of them `stock` is `out_of_stock`.",
    )
    available_from = serializers.DateTimeField(allow_null=True, help_text="When its sale begins.")
    available_until = serializers.DateTimeField(allow_null=True, help_text="When its sale ends.")
    images = ImageSerializer(many=True, help_text="Its further pictures.")

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_attributes(self, variant: Any) -> dict[str, str]:
        """The variant's properties by attribute."""
        return {attribute.slug: attribute.value for attribute in variant.attributes}


class VideoSerializer(serializers.Serializer):
    """A film: a file (`url`, `mime`), or one at a provider (`embed_url` for a frame, `page_url` its page)."""

    provider = serializers.CharField()
    url = serializers.CharField()
    mime = serializers.CharField()
    embed_url = serializers.CharField()
    page_url = serializers.CharField()


class MediaSerializer(serializers.Serializer):
    """A picture of the gallery, or a film whose `image` is seen before it plays."""

    type = serializers.ChoiceField(choices=["image", "video"])
    image = ImageSerializer()
    caption = serializers.CharField()
    video = VideoSerializer(allow_null=True)


class CrumbSerializer(serializers.Serializer):
    """A step of the way to a page."""

    name = serializers.CharField()
    url = serializers.CharField()


class SeoSerializer(serializers.Serializer):
    """What search engines are told."""

    title = serializers.CharField()
    description = serializers.CharField()


class ProductDetailSerializer(ProductSerializer):
    """A product with everything that its page shows."""

    price_to = MoneyField(help_text="The price of the dearest variant.")
    description = serializers.CharField(source="description_html", help_text="HTML, safe to show.")
    variants = VariantSerializer(many=True)
    attributes = OptionSerializer(many=True)
    media = MediaSerializer(many=True)
    breadcrumbs = CrumbSerializer(many=True)
    requires_shipping = serializers.BooleanField(help_text="Whether any of its variants travels.")
    related = ProductSerializer(
        many=True, help_text="Chosen by hand first, then best-sellers of its category: 8 at most."
    )
    cross_sells = ProductSerializer(many=True, help_text="What goes with it, 8 at most.")
    up_sells = ProductSerializer(many=True, help_text="Better versions of it, 8 at most.")
    seo = SeoSerializer()
    published_at = serializers.DateTimeField(allow_null=True)


class CategorySerializer(serializers.Serializer):
    """A category in the tree."""

    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]  # the name is the contract's
        allow_null=True, help_text="Slug of the category above it."
    )
    depth = serializers.IntegerField(min_value=1)
    description = serializers.CharField()
    image = ImageSerializer(allow_null=True)
    product_count = serializers.IntegerField(min_value=0, help_text="With those of all categories below it.")


class CategoryDetailSerializer(CategorySerializer):
    """A category with its children and texts."""

    body = serializers.CharField(source="body_html", help_text="HTML, safe to show.")
    children = CategorySerializer(many=True)
    breadcrumbs = CrumbSerializer(many=True)
    seo = SeoSerializer()


class CollectionSerializer(serializers.Serializer):
    """Products put together by hand or by a rule: `products/?collection=<slug>`."""

    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    description = serializers.CharField()
    image = ImageSerializer(allow_null=True)
    product_count = serializers.IntegerField(min_value=0)
    seo = SeoSerializer()


class FacetAttributeSerializer(serializers.Serializer):
    """What the list can be narrowed by."""

    slug = serializers.CharField()
    name = serializers.CharField()
    param = serializers.CharField(help_text="Its name in the query string, e.g. `attr.colour`.")
    kind = serializers.CharField()
    unit = serializers.CharField()


class FacetValueSerializer(serializers.Serializer):
    """A value to narrow by, and how many products would be left."""

    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField(min_value=0)
    selected = serializers.BooleanField()
    swatch = serializers.CharField()
    swatch_image = ImageSerializer(allow_null=True)


class FacetSerializer(serializers.Serializer):
    """
    An attribute with its values. Its own filter is left out of the counts, so that several can be chosen.
    """

    attribute = FacetAttributeSerializer(source="*")
    values = FacetValueSerializer(many=True)


class CategoryCountSerializer(serializers.Serializer):
    """A category below the chosen one."""

    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField(min_value=0)


class ListSummarySerializer(serializers.Serializer):
    """Numbers of the whole list, not of this page."""

    count = serializers.IntegerField(min_value=0)
    price_min = MoneyField(allow_null=True)
    price_max = MoneyField(allow_null=True)
    in_stock_count = serializers.IntegerField(min_value=0)
    on_sale_count = serializers.IntegerField(min_value=0)
    categories = CategoryCountSerializer(many=True)


class PageLinksSerializer(serializers.Serializer):
    """Where the list goes on."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class ProductListSerializer(PageLinksSerializer):
    """A page of products; `facets` and `summary` only with `facets=true`."""

    results = ProductSerializer(many=True)
    facets = FacetSerializer(many=True, required=False)
    summary = ListSummarySerializer(required=False)


class CategoryListSerializer(PageLinksSerializer):
    """The category tree, flat, parents before their children."""

    results = CategorySerializer(many=True)


class CollectionListSerializer(PageLinksSerializer):
    """Collections by name."""

    results = CollectionSerializer(many=True)


class CategoryRefSerializer(serializers.Serializer):
    """A category that a search found."""

    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()


class PageHitSerializer(serializers.Serializer):
    """An editorial page that a search found."""

    title = serializers.CharField()
    url = serializers.CharField()
    description = serializers.CharField()


class ProductHitsSerializer(PageLinksSerializer):
    """A page of the products that a search found."""

    count = serializers.IntegerField(min_value=0)
    results = ProductSerializer(many=True)


class SearchSerializer(serializers.Serializer):
    """Products by relevance, categories and editorial pages."""

    query = serializers.CharField()
    products = ProductHitsSerializer()
    categories = CategoryRefSerializer(many=True)
    content = PageHitSerializer(many=True)


class SuggestionSerializer(serializers.Serializer):
    """One suggestion."""

    kind = serializers.ChoiceField(choices=["product", "category", "brand"])
    title = serializers.CharField()
    url = serializers.CharField()
    slug = serializers.CharField()
    image = ImageSerializer(allow_null=True)
    price_from = MoneyField(allow_null=True)


class SuggestionListSerializer(serializers.Serializer):
    """Suggestions, best first."""

    results = SuggestionSerializer(many=True)
