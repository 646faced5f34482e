"""
The page interface that Grapple builds content types on (`GRAPPLE["PAGE_INTERFACE"]`).

Grapple's own one hands out drafts and private pages as a parent, and sorts by any column of any relation;
here every page that is reached is public, and an order is one of a few.
"""

from __future__ import annotations

from typing import Any

import graphene
from django.db.models import QuerySet
from graphql import GraphQLError, GraphQLResolveInfo
from wagtail.models import Page as WagtailPage
from wagtail.search.backends import get_search_backend

PAGE_SIZE = 24
MAX_PAGE_SIZE = 100
MAX_OFFSET = 10_000
MAX_TEXT = 200
MAX_DIGITS = 18
MAX_HITS = 200
ORDERS = {
    "title": "title",
    "-title": "-title",
    "first_published_at": "first_published_at",
    "-first_published_at": "-first_published_at",
    "last_published_at": "last_published_at",
    "-last_published_at": "-last_published_at",
}


def bad_input(message: str) -> GraphQLError:
    """A refusal of what was asked."""
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


def list_arguments() -> dict[str, Any]:
    """Grapple's arguments of a list, as far as they are safe."""
    return {
        "limit": graphene.Int(default_value=PAGE_SIZE),
        "offset": graphene.Int(default_value=0),
        "order": graphene.String(description=f"One of {', '.join(ORDERS)}."),
        "search_query": graphene.String(),
        "in_menu": graphene.Boolean(),
        "id": graphene.ID(),
    }


def page_list() -> graphene.Field:
    """A list of public pages."""
    return graphene.Field(
        graphene.List(graphene.NonNull(lambda: PageInterface)), required=True, **list_arguments()
    )


def public_pages() -> Any:
    """Live pages without a view restriction on them or above, the root of the tree left out."""
    from content.selectors import public_pages as public

    return public().filter(depth__gt=1)


def number(text: str) -> int:
    """An id as a key; what is no number is nobody's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0


def resolve_pages(
    pages: Any,
    *,
    limit: int | None = PAGE_SIZE,
    offset: int | None = 0,
    order: str | None = None,
    search_query: str | None = None,
    in_menu: bool | None = None,
    id: str | None = None,  # noqa: A002  Grapple's name
) -> list[WagtailPage]:
    """
    One slice of these public pages, each as what it is.

    :raises GraphQLError: for a size, an order or a text that is not taken
    """
    limit, offset = PAGE_SIZE if limit is None else limit, offset or 0
    if not 1 <= limit <= MAX_PAGE_SIZE:
        raise bad_input(f"Ask for 1 to {MAX_PAGE_SIZE} at a time.")
    if not 0 <= offset <= MAX_OFFSET:
        raise bad_input(f"Skip at most {MAX_OFFSET}.")
    if id is not None:
        pages = pages.filter(pk=number(id))
    if in_menu is not None:
        pages = pages.filter(show_in_menus=in_menu)
    if order is not None:
        if order not in ORDERS:
            raise bad_input(f"Order by one of {', '.join(ORDERS)}.")
        pages = pages.order_by(ORDERS[order], "pk")
    else:
        pages = pages.order_by("path")
    if search_query is not None:
        if len(search_query) > MAX_TEXT or "\x00" in search_query:
            raise bad_input(f"Search for at most {MAX_TEXT} characters.")
        return _search(pages, search_query)[offset : offset + limit]
    return list(pages.specific()[offset : offset + limit])


def _search(pages: Any, query: str) -> list[WagtailPage]:
    """
    These pages by relevance. The backend cannot ask who may see a page: it proposes, the database decides.
    """
    proposed = [page.pk for page in get_search_backend().search(query, WagtailPage.objects.live())[:MAX_HITS]]
    allowed = {page.pk: page for page in pages.filter(pk__in=proposed).specific()}
    return [allowed[pk] for pk in proposed if pk in allowed]


class PageInterface(graphene.Interface):
    """A live, public page of the site."""

    id = graphene.ID()
    title = graphene.String(required=True)
    slug = graphene.String(required=True)
    content_type = graphene.String(required=True)
    page_type = graphene.String()
    live = graphene.Boolean(required=True)
    url = graphene.String()
    url_path = graphene.String(required=True)
    depth = graphene.Int()
    seo_title = graphene.String(required=True)
    search_description = graphene.String()
    show_in_menus = graphene.Boolean(required=True)
    first_published_at = graphene.DateTime()
    last_published_at = graphene.DateTime()
    parent = graphene.Field(lambda: PageInterface)
    children = page_list()
    siblings = page_list()
    next_siblings = page_list()
    previous_siblings = page_list()
    descendants = page_list()
    ancestors = page_list()

    @classmethod
    def resolve_type(cls, instance: WagtailPage, info: GraphQLResolveInfo) -> Any:
        """The type that Grapple made for the page's model, or the plain one."""
        from grapple.registry import registry

        return registry.pages.get(type(instance), Page)

    def resolve_url(root: WagtailPage, info: GraphQLResolveInfo) -> str | None:
        return root.get_url()

    def resolve_content_type(root: WagtailPage, info: GraphQLResolveInfo) -> str:
        return f"{root._meta.app_label}.{type(root).__name__}"

    def resolve_page_type(root: WagtailPage, info: GraphQLResolveInfo) -> str:
        return type(root).__name__

    def resolve_seo_title(root: WagtailPage, info: GraphQLResolveInfo) -> str:
        return root.seo_title or root.title

    def resolve_parent(root: WagtailPage, info: GraphQLResolveInfo) -> WagtailPage | None:
        above = WagtailPage.objects.ancestor_of(root).filter(depth=root.depth - 1)
        parent = public_pages().filter(pk__in=above.values("pk")).first()
        return parent.specific if parent else None

    def resolve_children(root: WagtailPage, info: GraphQLResolveInfo, **kwargs: Any) -> list[WagtailPage]:
        return resolve_pages(_among(WagtailPage.objects.child_of(root)), **kwargs)

    def resolve_siblings(root: WagtailPage, info: GraphQLResolveInfo, **kwargs: Any) -> list[WagtailPage]:
        return resolve_pages(_among(root.get_siblings(inclusive=False)), **kwargs)

    def resolve_next_siblings(
        root: WagtailPage, info: GraphQLResolveInfo, **kwargs: Any
    ) -> list[WagtailPage]:
        return resolve_pages(_among(root.get_next_siblings()), **kwargs)

    def resolve_previous_siblings(
        root: WagtailPage, info: GraphQLResolveInfo, **kwargs: Any
    ) -> list[WagtailPage]:
        return resolve_pages(_among(root.get_prev_siblings()), **kwargs)

    def resolve_descendants(root: WagtailPage, info: GraphQLResolveInfo, **kwargs: Any) -> list[WagtailPage]:
        return resolve_pages(_among(WagtailPage.objects.descendant_of(root)), **kwargs)

    def resolve_ancestors(root: WagtailPage, info: GraphQLResolveInfo, **kwargs: Any) -> list[WagtailPage]:
        return resolve_pages(_among(WagtailPage.objects.ancestor_of(root)), **kwargs)


def _among(pages: QuerySet[WagtailPage]) -> Any:
    return public_pages().filter(pk__in=pages.order_by().values("pk"))


class Page(graphene.ObjectType):
    """A page without a type of its own, such as a product's: see `product` for those."""

    class Meta:
        interfaces = (PageInterface,)
