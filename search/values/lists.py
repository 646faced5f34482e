"""Lists of products, and what stands around them: facets, categories, collections, search."""

from __future__ import annotations

from dataclasses import dataclass

from search.values.pictures import ImageData
from search.values.products import CategoryRef, Crumb, ProductSummary, SeoData
from shop.core.money import Money


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
