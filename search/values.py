"""
What the selectors answer with: frozen values, complete and without queries behind them.

REST, GraphQL and the storefront's templates read the same fields. Amounts are `Money`; links are relative
to the shop (`/products/reading-lamp/`); texts are plain unless the name ends in `_html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from shop.catalogue.predicates import Node
from shop.core.money import Money


class ProductSort(StrEnum):
    """Orders of a list; the values are those of REST's `?sort=`."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_ASC = "price"
    PRICE_DESC = "-price"
    NAME = "name"
    RATING = "rating"
    POPULARITY = "popularity"


@dataclass(frozen=True, slots=True)
class AttributeFilter:
    """Any of `values` (slugs) of the attribute `slug`."""

    slug: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionScope:
    """
    How the products of a collection are found: by its rows, by its live rule, or by `draft`, a rule that
    nobody has published yet.
    """

    id: int
    is_by_rule: bool
    draft: Node | None = None


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """
    Conditions that a product must all meet; an unknown slug matches nothing. `category` includes its
    descendants. `scope` is what `collection` stands for, once that has been looked up.
    """

    category: str | None = None
    collection: str | None = None
    brands: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool | None = None
    on_sale: bool | None = None
    attributes: tuple[AttributeFilter, ...] = ()
    query: str = ""
    scope: CollectionScope | None = None


@dataclass(frozen=True, slots=True)
class RenditionData:
    """One size of a picture."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ImageData:
    """
    A picture in its list size, and every size there is in `sources`, smallest first; `avif_sources` are the
    same in the smaller format, and empty until they have been drawn. `focus` is where its subject is, in
    percent from the left and from the top; `colour` (#rrggbb) stands in for it until it has arrived.
    """

    id: int
    alt: str
    url: str
    width: int
    height: int
    sources: tuple[RenditionData, ...] = ()
    avif_sources: tuple[RenditionData, ...] = ()
    focus: tuple[int, int] | None = None
    colour: str | None = None

    @property
    def srcset(self) -> str:
        """The value of an `<img srcset>`."""
        return ", ".join(f"{source.url} {source.width}w" for source in self.sources)

    @property
    def avif_srcset(self) -> str:
        """The same of a `<source type="image/avif">`."""
        return ", ".join(f"{source.url} {source.width}w" for source in self.avif_sources)


@dataclass(frozen=True, slots=True)
class VideoData:
    """
    A film: a file of the shop's own (`url`, `mime`), or one at a provider, of which nothing is loaded before
    somebody plays it (`embed_url` goes into a frame, `page_url` is its page there).
    """

    provider: str = ""
    url: str = ""
    mime: str = ""
    embed_url: str = ""
    page_url: str = ""


@dataclass(frozen=True, slots=True)
class MediaData:
    """A picture of a product's gallery, or a film whose picture is seen before it plays."""

    image: ImageData
    caption: str = ""
    video: VideoData | None = None

    @property
    def type(self) -> str:
        """`video` or `image`."""
        return "video" if self.video else "image"


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
class VariantData:
    """
    What a shopper puts into the cart. `lowest_price_30_days` stands only beside a reduced price (98/6/EC,
    art. 6a); `components` only with a bundle.
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

    @property
    def shown_beside(self) -> tuple[ProductSummary, ...]:
        """Every product that it leads to."""
        return (*self.related, *self.cross_sells, *self.up_sells)

    @property
    def requires_shipping(self) -> bool:
        """Whether any of its variants travels."""
        return any(variant.requires_shipping for variant in self.variants)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """`count` products would be left if this value were chosen as well (or instead, within one attribute)."""

    slug: str
    name: str
    count: int
    selected: bool = False
    swatch: str = ""
    swatch_image: ImageData | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """An attribute to filter by. `param` is its name in a query string: `attr.colour`, or `brand`."""

    slug: str
    name: str
    param: str
    values: tuple[FacetValue, ...]
    kind: str = "choice"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """
    What a list can be narrowed by. Each attribute's own filter is left out of its counts, so that several
    can be chosen.
    """

    attributes: tuple[Facet, ...] = ()
    brands: Facet | None = None
    categories: tuple[FacetValue, ...] = ()
    price_min: Money | None = None
    price_max: Money | None = None
    in_stock_count: int = 0
    on_sale_count: int = 0


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Where a page of a list lies in it."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class ProductEdge:
    """A product and the cursor that continues the list after it."""

    cursor: str
    node: ProductSummary


@dataclass(frozen=True, slots=True)
class ProductConnectionData:
    """One page of a list. `total_count` and `facets` are None where they were not asked for."""

    edges: tuple[ProductEdge, ...]
    page_info: PageInfo
    total_count: int | None = None
    facets: Facets | None = None
    currency: str = ""

    @property
    def products(self) -> tuple[ProductSummary, ...]:
        """The page's products without their cursors."""
        return tuple(edge.node for edge in self.edges)


@dataclass(frozen=True, slots=True)
class CategoryData:
    """
    A public category. `product_count` counts its own and its descendants' products; `image`, `description`,
    `body_html` and `seo` stand only in `get_category`.
    """

    id: int
    slug: str
    name: str
    url: str
    parent: str | None
    depth: int
    product_count: int = 0
    description: str = ""
    body_html: str = ""
    image: ImageData | None = None
    children: tuple[CategoryData, ...] = ()
    breadcrumbs: tuple[Crumb, ...] = ()
    seo: SeoData | None = None


@dataclass(frozen=True, slots=True)
class CollectionData:
    """
    A public collection; its products are `list_products(filters=ProductFilter(collection=slug))`.
    """

    id: int
    slug: str
    name: str
    url: str
    description: str
    image: ImageData | None
    product_count: int
    seo: SeoData | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`kind` is product, category, brand or page."""

    kind: str
    title: str
    url: str
    slug: str = ""
    image: ImageData | None = None
    price_from: Money | None = None


@dataclass(frozen=True, slots=True)
class PageHit:
    """An editorial page that a search found."""

    title: str
    url: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Products, categories and editorial pages for one query."""

    query: str
    products: ProductConnectionData
    categories: tuple[CategoryRef, ...]
    pages: tuple[PageHit, ...]
