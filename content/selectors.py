"""Reads of editorial content. Nothing but live and public pages and categories comes out of here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import Page, PageViewRestriction

from content.pictures import load_pictures
from search.selectors.documents import list_public_documents
from search.values import ImageData
from shop.catalogue.models import Category, ProductCollection

if TYPE_CHECKING:
    from content.models import ArticleIndexPage, ArticlePage


ARTICLES_ON_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class CategoryTarget:
    """A public category as links and tiles need it."""

    id: int
    name: str
    slug: str
    url: str
    image_id: int | None


@dataclass(frozen=True, slots=True)
class ArticleTeaser:
    """An article as its index shows it."""

    title: str
    url: str
    introduction: str
    published_on: date | None
    picture: ImageData | None


@dataclass(frozen=True, slots=True)
class ArticleListing:
    """One page of a journal; named as the templates of paged lists ask for it."""

    teasers: list[ArticleTeaser]
    number: int
    last_number: int
    numbers: tuple[int | None, ...]
    query_string: str
    subject: str


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote an article; a guest has a name only."""

    name: str
    slug: str = ""
    biography: str = ""
    picture: ImageData | None = None


def public_pages() -> QuerySet[Page]:
    """Live pages with no view restriction on them or above them, decided in one query."""
    restriction = PageViewRestriction.objects.annotate(
        candidate=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(candidate__startswith=F("page__path"))
    return Page.objects.live().filter(~Exists(restriction))


def list_page_urls(*, page_ids: Collection[int]) -> Mapping[int, str]:
    """Addresses of those of these pages that anybody may see."""
    if not page_ids:
        return {}
    pages = public_pages().filter(pk__in=page_ids)
    return {page.pk: url for page in pages if (url := page.get_url())}


def list_document_urls(*, document_ids: Collection[int]) -> Mapping[int, str]:
    """Addresses of those of these documents that stand in no private collection."""
    return {key: url for key, (_, url) in list_public_documents(document_ids).items()}


def list_category_targets(*, category_ids: Collection[int]) -> Mapping[int, CategoryTarget]:
    """The public ones among these categories."""
    if not category_ids:
        return {}
    categories = Category.objects.visible().filter(pk__in=category_ids).only("name", "slug", "image")
    return {
        category.pk: CategoryTarget(
            category.pk, category.name, category.slug, category.get_url(), category.image_id
        )
        for category in categories
    }


def list_collection_slugs(*, collection_ids: Collection[int]) -> Mapping[int, str]:
    """Slugs of the live ones among these collections."""
    if not collection_ids:
        return {}
    return dict(ProductCollection.objects.live().filter(pk__in=collection_ids).values_list("pk", "slug"))


def list_articles(
    *, index: ArticleIndexPage, tag: str = "", author: str = "", page: str = "1"
) -> ArticleListing:
    """One page of the public articles below an index, newest first, about a subject or by an author."""
    from content.models import ArticlePage

    articles = ArticlePage.objects.child_of(index).filter(pk__in=public_pages().values("pk")).defer("body")
    if tag:
        articles = articles.filter(tags__slug=tag)
    if author:
        articles = articles.filter(article_authors__author__slug=author)
    ordered = articles.order_by(F("published_on").desc(nulls_last=True), "-first_published_at", "pk")
    shown = Paginator(ordered.distinct(), ARTICLES_ON_A_PAGE).get_page(page)
    chosen = {"tag": tag, "author": author}
    return ArticleListing(
        teasers=_tease(shown),
        number=shown.number,
        last_number=shown.paginator.num_pages,
        numbers=tuple(
            number if isinstance(number, int) else None
            for number in shown.paginator.get_elided_page_range(shown.number)
        ),
        query_string=urlencode({name: value for name, value in chosen.items() if value}),
        subject=tag or author,
    )


def list_latest_articles(count: int) -> list[ArticleTeaser]:
    """The newest public articles of the shop."""
    from content.models import ArticlePage

    articles = ArticlePage.objects.filter(pk__in=public_pages().values("pk")).defer("body")
    return _tease(articles.order_by(F("published_on").desc(nulls_last=True), "-first_published_at")[:count])


def list_bylines(page: ArticlePage) -> list[Byline]:
    """Who wrote an article, in order; a guest stands last."""
    authors = [
        row.author for row in page.article_authors.select_related("author").all() if row.author is not None
    ]
    pictures = load_pictures(author.picture_id for author in authors)
    bylines = [
        Byline(author.name, author.slug, author.biography, pictures.get(author.picture_id or 0))
        for author in authors
    ]
    return bylines + ([Byline(page.author_name)] if page.author_name else [])


def _tease(pages: Iterable[ArticlePage]) -> list[ArticleTeaser]:
    pages = list(pages)
    pictures = load_pictures(page.lead_image_id for page in pages)
    return [
        ArticleTeaser(
            title=page.title,
            url=page.get_url() or "",
            introduction=page.introduction,
            published_on=_published_on(page),
            picture=pictures.get(page.lead_image_id or 0),
        )
        for page in pages
    ]


def get_lead_picture(page: ArticlePage) -> ImageData | None:
    """The large picture at the top of an article."""
    return load_pictures([page.lead_image_id]).get(page.lead_image_id or 0)


def _published_on(page: ArticlePage) -> date | None:
    if page.published_on:
        return page.published_on
    return page.first_published_at.date() if page.first_published_at else None
