"""Types of the catalogue's values. A field is an attribute of the frozen value of the same name."""

from __future__ import annotations

import graphene


class Money(graphene.ObjectType):
    """An exact amount: a decimal string with the currency's own number of digits."""

    amount = graphene.String(required=True)
    currency = graphene.String(required=True)


class PictureSource(graphene.ObjectType):
    """One size of a picture."""

    url = graphene.String(required=True)
    width = graphene.Int(required=True)
    height = graphene.Int(required=True)


class Picture(graphene.ObjectType):
    """A picture in its list size; `sources` holds every size, smallest first."""

    url = graphene.String(required=True)
    alt = graphene.String(required=True)
    width = graphene.Int(required=True)
    height = graphene.Int(required=True)
    srcset = graphene.String(required=True, description="For the attribute of the same name of an <img>.")
    sources = graphene.List(graphene.NonNull(PictureSource), required=True)
    avif_srcset = graphene.String(
        required=True, description="The same in AVIF; empty until the sizes have been drawn."
    )
    avif_sources = graphene.List(graphene.NonNull(PictureSource), required=True)
    focus = graphene.List(
        graphene.NonNull(graphene.Int),
        description="Where its subject is, in percent from the left and from the top.",
    )
    colour = graphene.String(description="Stands in for it until it has arrived, as `#rrggbb`.")


class Video(graphene.ObjectType):
    """A film: a file (`url`, `mime`), or one at a provider (`embedUrl` for a frame, `pageUrl` its page)."""

    provider = graphene.String(required=True)
    url = graphene.String(required=True)
    mime = graphene.String(required=True)
    embed_url = graphene.String(required=True)
    page_url = graphene.String(required=True)


class Media(graphene.ObjectType):
    """A picture of a product's gallery, or a film whose `image` is seen before it plays."""

    type = graphene.String(required=True, description="`image` or `video`.")
    video = graphene.Field(Video)
    image = graphene.Field(Picture, required=True)
    caption = graphene.String(required=True)
    url = graphene.String(required=True)
    alt = graphene.String(required=True)

    def resolve_url(root, info):
        return root.image.url

    def resolve_alt(root, info):
        return root.image.alt


class AttributeValue(graphene.ObjectType):
    """A property of a product or a variant: `name` "Colour", `value` "Sea blue"."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    value = graphene.String(required=True)
    value_slug = graphene.String(required=True, description="For filters; empty for free values.")
    kind = graphene.String(
        required=True,
        description="choice, multichoice, swatch, number, boolean, text, rich_text, date, file or reference",
    )
    swatch = graphene.String(required=True, description="Its colour as #rrggbb, or empty.")
    swatch_image = graphene.Field(Picture, description="Its pattern or material, beside or without a colour.")
    unit = graphene.String(required=True)
    url = graphene.String(required=True, description="Of a file or another page, or empty.")
    html = graphene.String(required=True, description="Formatted text, safe to show, or empty.")


class Stock(graphene.ObjectType):
    """How a variant stands at this moment."""

    status = graphene.String(required=True, description="in_stock, low, out_of_stock or backorder")
    available = graphene.Int(required=True)


class BundlePart(graphene.ObjectType):
    """A part of a bundle."""

    sku = graphene.String(required=True)
    title = graphene.String(required=True, description="Product and variant.")
    quantity = graphene.Int(required=True, description="Pieces in one bundle.")


class PriceTier(graphene.ObjectType):
    """From so many pieces on each costs so much."""

    min_quantity = graphene.Int(required=True)
    price = graphene.Field(Money, required=True)


class ProductVariant(graphene.ObjectType):
    """What is put into a cart."""

    sku = graphene.String(required=True)
    title = graphene.String(required=True)
    price = graphene.Field(Money, required=True)
    compare_at_price = graphene.Field(Money, description="The higher price to show struck through.")
    lowest_price_30_days = graphene.Field(
        Money, description="Beside a reduced price: the lowest of the 30 days before the reduction."
    )
    is_reduced = graphene.Boolean(
        required=True, description="Whether the higher price was the shop's own, and not a recommended one."
    )
    tiers = graphene.List(
        graphene.NonNull(PriceTier),
        required=True,
        description="Where more pieces cost another price each; else empty.",
    )
    on_sale = graphene.Boolean(required=True)
    attributes = graphene.List(graphene.NonNull(AttributeValue), required=True)
    stock = graphene.Field(Stock, required=True)
    image = graphene.Field(Picture)
    barcode = graphene.String(required=True)
    weight_grams = graphene.Int()
    requires_shipping = graphene.Boolean(
        required=True, description="False for digital goods, gift cards, and bundles of nothing else."
    )
    components = graphene.List(
        graphene.NonNull(BundlePart), required=True, description="What a bundle holds; else empty."
    )
    length_mm = graphene.Int()
    width_mm = graphene.Int()
    height_mm = graphene.Int()
    max_per_order = graphene.Int(description="How many of it one order may hold; null: no limit of its own.")
    availability = graphene.String(
        required=True,
        description="available, not_available_yet or no_longer_available, by its own dates; outside of them "
        "the stock is out_of_stock.",
    )
    available_from = graphene.DateTime(description="When its sale begins.")
    available_until = graphene.DateTime(description="When its sale ends.")
    images = graphene.List(graphene.NonNull(Picture), required=True, description="Its further pictures.")


class Brand(graphene.ObjectType):
    """Who makes a product."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)


class Breadcrumb(graphene.ObjectType):
    """A step of the way from the top of the shop."""

    name = graphene.String(required=True)
    url = graphene.String(required=True)


class Seo(graphene.ObjectType):
    """What search engines are told."""

    title = graphene.String(required=True)
    description = graphene.String(required=True)


class FacetAttribute(graphene.ObjectType):
    """What a list can be narrowed by: an attribute, or `brand`."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    kind = graphene.String(required=True)
    unit = graphene.String(required=True)


class FacetValue(graphene.ObjectType):
    """A value to narrow by, and how many products would be left."""

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    count = graphene.Int(required=True)
    selected = graphene.Boolean(required=True)
    swatch = graphene.String(required=True)
    swatch_image = graphene.Field(Picture)


class Facet(graphene.ObjectType):
    """
    An attribute with its values. Its own filter is left out of the counts, so that several can be chosen.
    """

    attribute = graphene.Field(FacetAttribute, required=True)
    values = graphene.List(graphene.NonNull(FacetValue), required=True)

    def resolve_attribute(root, info):
        return root


class PriceRange(graphene.ObjectType):
    """The cheapest and the dearest of a list."""

    min = graphene.Field(Money)
    max = graphene.Field(Money)


class PageInfo(graphene.ObjectType):
    """Where a page of a list lies in it."""

    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


class Suggestion(graphene.ObjectType):
    """What the words that somebody types may lead to. `kind` is product, category or brand."""

    kind = graphene.String(required=True)
    title = graphene.String(required=True)
    url = graphene.String(required=True)
    slug = graphene.String(required=True)
    image = graphene.Field(Picture)
    price_from = graphene.Field(Money)
