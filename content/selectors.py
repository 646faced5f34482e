"""Reads of editorial content. Nothing but live and public pages and categories comes out of here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction

from content.pictures import load_pictures
from search.values import ImageData
from shop.catalogue.models import Category

if TYPE_CHECKING:
    from content.models import ArticleIndexPage, ArticlePage


@dataclass(frozen=True, slots=True)
class CategoryTarget:
    """A public category as links and tiles need it."""

    id: int
    name: str
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
    if not document_ids:
        return {}
    documents = get_document_model().objects.filter(pk__in=document_ids).public()
    return {document.pk: document.url for document in documents}


def list_category_targets(*, category_ids: Collection[int]) -> Mapping[int, CategoryTarget]:
    """The public ones among these categories."""
    if not category_ids:
        return {}
    categories = Category.objects.visible().filter(pk__in=category_ids).only("name", "slug", "image")
    return {
        category.pk: CategoryTarget(category.pk, category.name, category.get_url(), category.image_id)
        for category in categories
    }


def list_articles(*, index: ArticleIndexPage) -> list[ArticleTeaser]:
    """The public articles below an index, newest first."""
    from content.models import ArticlePage

    pages = list(
        ArticlePage.objects.child_of(index)
        .filter(pk__in=public_pages().values("pk"))
        .defer("body")
        .order_by(F("published_on").desc(nulls_last=True), "-first_published_at")
    )
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
