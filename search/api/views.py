"""The catalogue for anybody: read only, the same answer for everyone, with an ETag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from search import selectors
from search.api import serializers
from search.api.queries import (
    CurrencySerializer,
    PageSerializer,
    ProductQuerySerializer,
    SearchQuerySerializer,
    SuggestQuerySerializer,
    product_filter,
    read_query,
)
from search.values import ProductConnectionData, ProductSort
from shop.core import cursors
from shop.core.api.caching import ETagMixin
from shop.core.api.pagination import DEFAULT_LIMIT, MAX_LIMIT
from shop.pricing import audience

# What `TextField` refuses: control characters and line breaks.
PLAIN = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
CURRENCY = OpenApiParameter(
    "currency",
    {"type": "string", "pattern": "^[A-Z]{3}$"},
    description="ISO 4217 code; the shop's own when left out.",
)
LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
)
CURSOR = OpenApiParameter(
    "cursor", {"type": "string", "minLength": 1}, description="Opaque; take it from `next` or `previous`."
)
FLAG = {"type": "boolean"}
PRICE = {"type": "number", "minimum": 0, "exclusiveMaximum": 10**14, "multipleOf": 0.0001}
SLUG = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[-a-zA-Z0-9_]+$"}
SLUGS = {"type": "array", "items": SLUG, "maxItems": 50}
PRODUCT_PARAMETERS = [
    OpenApiParameter(
        "q",
        {"type": "string", "maxLength": 200, "pattern": PLAIN},
        description="Words; each matches beginnings.",
    ),
    OpenApiParameter("category", SLUG, description="A category's slug; its descendants count."),
    OpenApiParameter(
        "collection",
        SLUG,
        description="A collection's slug; one made by hand is sorted so unless `sort` is given.",
    ),
    OpenApiParameter("brand", SLUGS, explode=True, description="Repeated: any of these brands."),
    OpenApiParameter("price_min", PRICE),
    OpenApiParameter("price_max", PRICE),
    OpenApiParameter("in_stock", FLAG),
    OpenApiParameter("on_sale", FLAG),
    OpenApiParameter(
        "attributes",
        {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {r"^attr\.[a-z0-9-]+$": SLUGS},
            "example": {"attr.colour": ["sea-blue"]},
        },
        style="form",
        explode=True,
        description="`attr.<attribute>=<value>` by slug, e.g. `attr.colour=sea-blue`; repeated: any of them.",
    ),
    OpenApiParameter("sort", {"type": "string", "enum": [sort.value for sort in ProductSort]}),
    OpenApiParameter("facets", FLAG, description="Adds `facets` and `summary`."),
    LIMIT,
    CURSOR,
    CURRENCY,
]


class CatalogueView(ETagMixin, APIView):
    """
    For everybody. Of an Authorization header only the caller's customer group matters, for prices; a stale
    one makes nobody of them, as the middleware of prices decides.
    """

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def is_personal(self, request: Request) -> bool:
        """Members of a customer group may see prices of their own."""
        return audience.current().customer_group_id is not None


class ProductListView(CatalogueView):
    """`products/`."""

    @extend_schema(
        operation_id="products_list",
        tags=["catalogue"],
        parameters=PRODUCT_PARAMETERS,
        responses=serializers.ProductListSerializer,
    )
    def get(self, request: Request) -> Response:
        """Products that can be bought, filtered and sorted."""
        query = read_query(ProductQuerySerializer, request.query_params)
        sort = query.get("sort")
        products = selectors.list_products(
            filters=product_filter(query),
            sort=ProductSort(sort) if sort else None,
            first=query.get("limit", DEFAULT_LIMIT),
            **_position(query.get("cursor")),
            currency=query.get("currency"),
            with_facets=query["facets"],
            with_total=query["facets"],
        )
        body = _page(request, products)
        if products.facets is not None:
            facets = products.facets
            held = [facets.brands, *facets.attributes] if facets.brands else facets.attributes
            body["facets"] = serializers.FacetSerializer(held, many=True).data
            body["summary"] = serializers.ListSummarySerializer(
                {
                    "count": products.total_count,
                    "price_min": facets.price_min,
                    "price_max": facets.price_max,
                    "in_stock_count": facets.in_stock_count,
                    "on_sale_count": facets.on_sale_count,
                    "categories": facets.categories,
                }
            ).data
        return Response(body)


class ProductDetailView(CatalogueView):
    """`products/{slug}/`."""

    @extend_schema(
        operation_id="products_read",
        tags=["catalogue"],
        parameters=[CURRENCY],
        responses=serializers.ProductDetailSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """One product with variants, attributes, pictures, breadcrumbs and related products."""
        query = read_query(CurrencySerializer, request.query_params)
        product = selectors.get_product_detail(slug=slug, currency=query.get("currency"))
        return Response(serializers.ProductDetailSerializer(product).data)


class CategoryListView(CatalogueView):
    """`categories/`."""

    @extend_schema(
        operation_id="categories_list",
        tags=["catalogue"],
        parameters=[
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT},
                description="All when left out.",
            ),
            CURSOR,
            CURRENCY,
        ],
        responses=serializers.CategoryListSerializer,
    )
    def get(self, request: Request) -> Response:
        """The category tree, flat: parents before their children."""
        query = read_query(PageSerializer, request.query_params)
        categories = selectors.list_categories(with_texts=True, currency=query.get("currency"))
        rows, body = _slice(request, categories, query, scope="categories")
        return Response(body | {"results": serializers.CategorySerializer(rows, many=True).data})


class CategoryDetailView(CatalogueView):
    """`categories/{slug}/`."""

    @extend_schema(
        operation_id="categories_read",
        tags=["catalogue"],
        parameters=[CURRENCY],
        responses=serializers.CategoryDetailSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """One category with its children, texts and breadcrumbs; its products are `products/?category=`."""
        query = read_query(CurrencySerializer, request.query_params)
        category = selectors.get_category(slug=slug, currency=query.get("currency"))
        return Response(serializers.CategoryDetailSerializer(category).data)


class CollectionListView(CatalogueView):
    """`collections/`."""

    @extend_schema(
        operation_id="collections_list",
        tags=["catalogue"],
        parameters=[LIMIT, CURSOR, CURRENCY],
        responses=serializers.CollectionListSerializer,
    )
    def get(self, request: Request) -> Response:
        """Collections by name."""
        query = read_query(PageSerializer, request.query_params)
        collections = selectors.list_collections(currency=query.get("currency"))
        rows, body = _slice(request, collections, {"limit": DEFAULT_LIMIT} | query, scope="collections")
        return Response(body | {"results": serializers.CollectionSerializer(rows, many=True).data})


class CollectionDetailView(CatalogueView):
    """`collections/{slug}/`."""

    @extend_schema(
        operation_id="collections_read",
        tags=["catalogue"],
        parameters=[CURRENCY],
        responses=serializers.CollectionSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """One collection; its products are `products/?collection=`."""
        query = read_query(CurrencySerializer, request.query_params)
        collection = selectors.get_collection(slug=slug, currency=query.get("currency"))
        return Response(serializers.CollectionSerializer(collection).data)


class SearchView(CatalogueView):
    """`search/`."""

    @extend_schema(
        operation_id="search",
        tags=["catalogue"],
        parameters=[
            OpenApiParameter(
                "q",
                {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 200,
                    "pattern": r"^\S[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$",
                },
                required=True,
            ),
            LIMIT,
            CURSOR,
            CURRENCY,
        ],
        responses=serializers.SearchSerializer,
    )
    def get(self, request: Request) -> Response:
        """Products by relevance, categories and editorial pages that answer to the words."""
        query = read_query(SearchQuerySerializer, request.query_params)
        found = selectors.search_everything(
            query=query["q"],
            first=query.get("limit", DEFAULT_LIMIT),
            **_position(query.get("cursor")),
            currency=query.get("currency"),
        )
        products = {"count": found.products.total_count} | _page(request, found.products)
        return Response(
            {
                "query": found.query,
                "products": products,
                "categories": serializers.CategoryRefSerializer(found.categories, many=True).data,
                "content": serializers.PageHitSerializer(found.pages, many=True).data,
            }
        )


class SuggestView(CatalogueView):
    """`search/suggest/`."""

    @extend_schema(
        operation_id="search_suggest",
        tags=["catalogue"],
        parameters=[
            OpenApiParameter("q", {"type": "string", "maxLength": 200, "pattern": PLAIN}, required=True),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 20, "default": 8}),
            CURRENCY,
        ],
        responses=serializers.SuggestionListSerializer,
    )
    def get(self, request: Request) -> Response:
        """Categories, brands and products as one types; nothing below two characters."""
        query = read_query(SuggestQuerySerializer, request.query_params)
        found = selectors.suggest(query=query["q"], first=query["limit"], currency=query.get("currency"))
        return Response({"results": serializers.SuggestionSerializer(found, many=True).data})


# A cursor on the wire says which way it leads: "n" onwards, "p" back.
def _position(cursor: str | None) -> dict[str, Any]:
    if cursor is None:
        return {}
    direction, inner = cursor[:1], cursor[1:]
    if direction not in ("n", "p"):
        raise cursors.InvalidCursor
    return {"after" if direction == "n" else "before": inner}


def _page(request: Request, products: ProductConnectionData) -> dict[str, Any]:
    info = products.page_info
    forwards = f"n{info.end_cursor}" if info.has_next_page and info.end_cursor else None
    backwards = f"p{info.start_cursor}" if info.has_previous_page and info.start_cursor else None
    return {
        "next": _link(request, forwards),
        "previous": _link(request, backwards),
        "results": serializers.ProductSerializer(products.products, many=True).data,
    }


def _slice(
    request: Request, rows: Sequence[Any], query: dict[str, Any], *, scope: str
) -> tuple[Sequence[Any], dict[str, Any]]:
    """A page of a list that is read whole anyway; all of it when no limit is given."""
    limit = query.get("limit") or len(rows) or 1
    start = 0
    if (cursor := query.get("cursor")) is not None:
        (start,) = cursors.decode_cursor(cursor, scope=scope)
    end = start + limit
    forwards = cursors.encode_cursor([end], scope=scope) if end < len(rows) else None
    backwards = cursors.encode_cursor([max(start - limit, 0)], scope=scope) if start > 0 else None
    return rows[start:end], {"next": _link(request, forwards), "previous": _link(request, backwards)}


def _link(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    url = remove_query_param(request.build_absolute_uri(), "cursor")
    return str(replace_query_param(url, "cursor", cursor))
