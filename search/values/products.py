"""Products and their variants, in a list and on a page of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from search.values.pictures import ImageData, MediaData
from shop.core.money import Money


@dataclass(frozen=True, slots=True)
class AttributeData:
    """
    What a product or a variant is: attribute "Colour" (`slug`, `name`), value "Sea blue" (`value_slug`,
    `value`). A file or another page has a `url`, formatted text stands in `html` beside its plain `value`.
    """

    slug: str
    name: str
    value: str
    value_slug: str = ""
    kind: str = "choice"
    swatch: str = ""
    unit: str = ""
    swatch_image: ImageData | None = None
    url: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class StockData:
    """`status` is in_stock, low, out_of_stock or backorder; `available` is never below 0."""

    status: str
    available: int = 0

    @property
    def is_buyable(self) -> bool:
        """Whether at least one piece can be ordered, at once or for later."""
        return self.status != "out_of_stock"


@dataclass(frozen=True, slots=True)
class ComponentData:
    """So many of one SKU are in one piece of a bundle; `title` names product and variant."""

    sku: str
    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class TierData:
    """From so many pieces on each costs so much."""

    min_quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class VariantData:
    """
    What a shopper puts into the cart. `lowest_price_30_days` stands only beside a reduced price (98/6/EC,
    art. 6a), where `is_reduced` says that the price to strike through was our own and not a recommended one.
    `tiers` stand where more pieces cost another price each; `components` only with a bundle.
    """

    id: int
    sku: str
    title: str
    price: Money
    compare_at_price: Money | None
    attributes: tuple[AttributeData, ...]
    stock: StockData
    image: ImageData | None = None
    barcode: str = ""
    weight_grams: int | None = None
    lowest_price_30_days: Money | None = None
    requires_shipping: bool = True
    components: tuple[ComponentData, ...] = ()
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    max_per_order: int | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None
    # available, not_available_yet or no_longer_available; but for the first, the stock is out_of_stock.
    availability: str = "available"
    images: tuple[ImageData, ...] = ()
    is_reduced: bool = False
    tiers: tuple[TierData, ...] = ()

    @property
    def on_sale(self) -> bool:
        """Whether a higher price stands beside it."""
        return self.compare_at_price is not None


@dataclass(frozen=True, slots=True)
class BrandData:
    """Who makes a product."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class CategoryRef:
    """A category as a product names it."""

    id: int
    slug: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ProductSummary:
    """A product in a list. `categories` are those it was put into, the main one first."""

    id: int
    slug: str
    title: str
    url: str
    summary: str
    image: ImageData | None
    price_from: Money
    price_to: Money
    compare_at_price: Money | None
    on_sale: bool
    in_stock: bool
    stock_status: str
    rating: Decimal | None
    review_count: int
    categories: tuple[CategoryRef, ...]
    brand: BrandData | None
    variants: tuple[VariantData, ...]
    published_at: datetime
    is_reduced: bool = False
    lowest_price_30_days: Money | None = None

    @property
    def currency(self) -> str:
        """The currency of every amount here."""
        return self.price_from.currency


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way from the top of the shop."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SeoData:
    """What search engines are told of a page."""

    title: str
    description: str


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """
    A product page's content. In a preview of a draft `is_preview` is true, and a price or stock that the
    draft does not have yet is missing: `price_from` is None and `variants` may be empty.
    """

    id: int
    slug: str
    title: str
    url: str
    summary: str
    description_html: str
    image: ImageData | None
    media: tuple[MediaData, ...]
    price_from: Money | None
    price_to: Money | None
    compare_at_price: Money | None
    on_sale: bool
    in_stock: bool
    currency: str
    rating: Decimal | None
    review_count: int
    brand: BrandData | None
    attributes: tuple[AttributeData, ...]
    variants: tuple[VariantData, ...]
    categories: tuple[CategoryRef, ...]
    breadcrumbs: tuple[Crumb, ...]
    related: tuple[ProductSummary, ...]
    seo: SeoData
    published_at: datetime | None
    is_preview: bool = False
    cross_sells: tuple[ProductSummary, ...] = ()
    up_sells: tuple[ProductSummary, ...] = ()
    is_reduced: bool = False
    lowest_price_30_days: Money | None = None

    @property
    def shown_beside(self) -> tuple[ProductSummary, ...]:
        """Every product that it leads to."""
        return (*self.related, *self.cross_sells, *self.up_sells)

    @property
    def requires_shipping(self) -> bool:
        """Whether any of its variants travels."""
        return any(variant.requires_shipping for variant in self.variants)
