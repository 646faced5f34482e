"""
Grapple's root fields for content, each in a version that answers with public things only.

Grapple's own ones are never part of the schema (`nexus.schema` composes its root itself): its `snippets`,
`search`, `redirects` and `images` show drafts and what lies in private collections.
"""

from __future__ import annotations

from typing import Any

import graphene
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from graphql import GraphQLResolveInfo
from grapple.types.documents import get_document_type
from grapple.types.images import get_image_type
from wagtail.contrib.redirects.models import Redirect as RedirectModel
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import CollectionViewRestriction, ReferenceIndex, Site
from wagtail.models import Page as WagtailPage

from nexus.graphql.interfaces import (
    MAX_OFFSET,
    MAX_PAGE_SIZE,
    MAX_TEXT,
    PAGE_SIZE,
    PageInterface,
    bad_input,
    list_arguments,
    number,
    public_pages,
    resolve_pages,
)
from shop.catalogue.models import Brand, Category, ProductCollection

MAX_REDIRECTS = 100
FIELD = {"limit": graphene.Int(default_value=PAGE_SIZE), "offset": graphene.Int(default_value=0)}

COSTS = {
    "Query.page": 75,
    "Query.pages": 75,
    "Query.search": 100,
    "Query.image": 50,
    "Query.images": 50,
    "Query.document": 50,
    "Query.documents": 50,
    "Query.redirects": 75,
    "Redirect.page": 50,
    "PageInterface.parent": 50,
    **dict.fromkeys(
        (
            f"PageInterface.{name}"
            for name in (
                "children",
                "siblings",
                "nextSiblings",
                "previousSiblings",
                "descendants",
                "ancestors",
            )
        ),
        75,
    ),
    "CustomImage.rendition": 25,
    "CustomImage.srcSet": 75,
}


def public_files(model: type[Model]) -> Any:
    """
    Pictures or documents that anybody may know of: something public shows them, and no collection above
    them is private.

    What only a draft shows is not published yet, though its file could be fetched by whoever guessed its
    address.
    """
    restricted = CollectionViewRestriction.objects.annotate(
        candidate=ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    ).filter(candidate__startswith=F("collection__path"))
    shown = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model),
        to_object_id=Cast(OuterRef("pk"), CharField()),
    ).filter(_by_something_public())
    return model._default_manager.filter(Exists(shown)).exclude(Exists(restricted))


def _by_something_public() -> Q:
    condition = Q()
    for model, objects in (
        (WagtailPage, public_pages()),
        (Category, Category.objects.visible()),
        (ProductCollection, ProductCollection.objects.live()),
        (Brand, Brand.objects.all()),
    ):
        keys = objects.annotate(key=Cast("pk", CharField())).values("key")
        condition |= Q(base_content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return condition


class Redirect(graphene.ObjectType):
    """An old address and where it leads now."""

    old_path = graphene.String(required=True)
    new_url = graphene.String()
    is_permanent = graphene.Boolean(required=True)
    page = graphene.Field(PageInterface)

    def resolve_new_url(root: RedirectModel, info: GraphQLResolveInfo) -> str | None:
        page = root.redirect_page
        return (page.get_url() if page else root.redirect_link) or None

    def resolve_page(root: RedirectModel, info: GraphQLResolveInfo) -> WagtailPage | None:
        return root.redirect_page.specific if root.redirect_page else None


class PublicContentQuery(graphene.ObjectType):
    """The root fields of content."""

    page = graphene.Field(
        PageInterface,
        id=graphene.ID(),
        slug=graphene.String(),
        url_path=graphene.String(description="As in the address: /, /about/, /products/reading-lamp/."),
        content_type=graphene.String(description="As app.Model, e.g. content.LandingPage."),
    )
    pages = graphene.Field(
        graphene.List(graphene.NonNull(PageInterface)),
        required=True,
        content_type=graphene.String(description="As app.Model; several separated by commas."),
        parent=graphene.ID(),
        ancestor=graphene.ID(),
        **list_arguments(),
    )
    search = graphene.Field(
        graphene.List(graphene.NonNull(PageInterface)),
        required=True,
        query=graphene.String(required=True),
        **FIELD,
        description="Public pages that answer to the words; for products see searchProducts.",
    )
    image = graphene.Field(get_image_type, id=graphene.ID(required=True))
    images = graphene.Field(graphene.List(graphene.NonNull(get_image_type)), required=True, **FIELD)
    document = graphene.Field(get_document_type, id=graphene.ID(required=True))
    documents = graphene.Field(graphene.List(graphene.NonNull(get_document_type)), required=True, **FIELD)
    redirects = graphene.List(graphene.NonNull(Redirect), required=True)

    def resolve_page(
        root: Any,
        info: GraphQLResolveInfo,
        id: str | None = None,  # noqa: A002  Grapple's name
        slug: str | None = None,
        url_path: str | None = None,
        content_type: str | None = None,
    ) -> WagtailPage | None:
        pages = public_pages()
        if content_type is not None:
            pages = pages.filter(_of_type(content_type))
        if id is not None:
            found = pages.filter(pk=number(id)).first()
        elif slug is not None:
            found = pages.filter(slug=_clean(slug)).order_by("path").first()
        elif url_path is not None:
            found = pages.filter(url_path=_full_path(info, _clean(url_path))).first()
        else:
            raise bad_input("Give one of id, slug and urlPath.")
        return found.specific if found else None

    def resolve_pages(
        root: Any,
        info: GraphQLResolveInfo,
        content_type: str | None = None,
        parent: str | None = None,
        ancestor: str | None = None,
        **kwargs: Any,
    ) -> list[WagtailPage]:
        pages = public_pages()
        for given, below in ((parent, "child_of"), (ancestor, "descendant_of")):
            if given is not None:
                above = WagtailPage.objects.filter(pk=number(given)).first()
                if above is None:
                    return []
                pages = pages.filter(
                    pk__in=getattr(WagtailPage.objects, below)(above).order_by().values("pk")
                )
        if content_type is not None:
            pages = pages.filter(_of_type(content_type))
        return resolve_pages(pages, **kwargs)

    def resolve_search(root: Any, info: GraphQLResolveInfo, query: str, **kwargs: Any) -> list[WagtailPage]:
        return resolve_pages(public_pages(), search_query=query, **kwargs)

    def resolve_image(root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002
        return public_files(get_image_model()).prefetch_renditions().filter(pk=number(id)).first()

    def resolve_images(root: Any, info: GraphQLResolveInfo, **kwargs: Any) -> Any:
        return _slice(public_files(get_image_model()).prefetch_renditions().order_by("pk"), **kwargs)

    def resolve_document(root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002
        return public_files(get_document_model()).filter(pk=number(id)).first()

    def resolve_documents(root: Any, info: GraphQLResolveInfo, **kwargs: Any) -> Any:
        return _slice(public_files(get_document_model()).order_by("pk"), **kwargs)

    def resolve_redirects(root: Any, info: GraphQLResolveInfo) -> Any:
        leads_somewhere = Q(redirect_page__isnull=True) | Q(redirect_page__in=public_pages())
        redirects = RedirectModel.objects.filter(leads_somewhere).select_related("redirect_page")
        return list(redirects.order_by("old_path", "pk")[:MAX_REDIRECTS])


def _slice(files: QuerySet[Any], *, limit: int | None = PAGE_SIZE, offset: int | None = 0) -> list[Any]:
    limit, offset = PAGE_SIZE if limit is None else limit, offset or 0
    if not (1 <= limit <= MAX_PAGE_SIZE and 0 <= offset <= MAX_OFFSET):
        raise bad_input(f"Ask for 1 to {MAX_PAGE_SIZE} at a time.")
    return list(files[offset : offset + limit])


def _clean(text: str) -> str:
    if len(text) > MAX_TEXT or "\x00" in text:
        raise bad_input(f"Give at most {MAX_TEXT} characters.")
    return text


def _of_type(names: str) -> Q:
    condition = Q(pk__in=[])
    for name in _clean(names).split(","):
        app_label, _, model = name.strip().lower().partition(".")
        condition |= Q(content_type__app_label=app_label, content_type__model=model)
    return condition


def _full_path(info: GraphQLResolveInfo, url_path: str) -> str:
    """The path below the site's home page, as the page tree keeps it."""
    request = getattr(info.context, "request", None)
    site = (
        Site.find_for_request(request)
        if request is not None
        else Site.objects.filter(is_default_site=True).first()
    )
    home = site.root_page.url_path if site else "/"
    path = url_path.strip("/")
    return f"{home}{path}/" if path else home
