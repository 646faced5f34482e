"""
What the selectors answer with: frozen values, complete and without queries behind them.

REST, GraphQL and the storefront's templates read the same fields. Amounts are `Money`; links are relative
to the shop (`/products/reading-lamp/`); texts are plain unless the name ends in `_html`.
"""

from search.values.filters import AttributeFilter, CollectionScope, ProductFilter, ProductSort
from search.values.lists import (
    CategoryData,
    CollectionData,
    Facet,
    Facets,
    FacetValue,
    PageHit,
    PageInfo,
    ProductConnectionData,
    ProductEdge,
    SearchResult,
    Suggestion,
)
from search.values.pictures import ImageData, MediaData, RenditionData, VideoData
from search.values.products import (
    AttributeData,
    BrandData,
    CategoryRef,
    ComponentData,
    Crumb,
    ProductDetail,
    ProductSummary,
    SeoData,
    StockData,
    TierData,
    VariantData,
)

__all__ = [
    "AttributeData",
    "AttributeFilter",
    "BrandData",
    "CategoryData",
    "CategoryRef",
    "CollectionData",
    "CollectionScope",
    "ComponentData",
    "Crumb",
    "Facet",
    "FacetValue",
    "Facets",
    "ImageData",
    "MediaData",
    "PageHit",
    "PageInfo",
    "ProductConnectionData",
    "ProductDetail",
    "ProductEdge",
    "ProductFilter",
    "ProductSort",
    "ProductSummary",
    "RenditionData",
    "SearchResult",
    "SeoData",
    "StockData",
    "Suggestion",
    "TierData",
    "VariantData",
    "VideoData",
]
