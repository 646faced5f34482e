"""
Reads of the public catalogue, shared by REST, GraphQL and the storefront.

Nothing but live, public, sellable products and live categories and collections comes out of here, whatever
is asked. The number of SQL statements does not depend on the length of a list;
`tests/search/test_query_counts.py` pins it.
"""

from search.errors import (
    CategoryNotFound,
    CollectionNotFound,
    CurrencyNotSold,
    InvalidCursor,
    ProductNotFound,
)
from search.selectors.categories import get_category, list_categories
from search.selectors.collections import get_collection, list_collections
from search.selectors.details import (
    get_product_detail,
    get_product_preview,
    get_product_summary,
    list_product_details,
)
from search.selectors.lists import list_products, list_products_by_ids
from search.selectors.suggestions import search_everything, suggest

__all__ = [
    "CategoryNotFound",
    "CollectionNotFound",
    "CurrencyNotSold",
    "InvalidCursor",
    "ProductNotFound",
    "get_category",
    "get_collection",
    "get_product_detail",
    "get_product_preview",
    "get_product_summary",
    "list_categories",
    "list_collections",
    "list_product_details",
    "list_products",
    "list_products_by_ids",
    "search_everything",
    "suggest",
]
