"""
What uses a category, a collection, a brand or a tax class: shown before it is unpublished or deleted.

Wagtail's own list counts references; this one says how many products, live and as drafts, what would become
of them, and what stands in the way. Other apps bring what they know::

    register_usage_finder(Category, rules_that_name_it)   # fn(category, user) -> Iterable[Usage]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, ReferenceIndex, Revision

from shop.catalogue.models import (
    Brand,
    Category,
    ProductCollection,
    ProductPage,
    ProductVariant,
    TaxClass,
)

if TYPE_CHECKING:
    from shop.customers.models import User

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedBy:
    """One thing that uses it; ``url`` leads to its editor, empty for whoever may not go there."""

    label: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """
    One kind of use. ``items`` are the first of ``count``; ``consequence`` says what deleting means for them,
    ``when_hidden`` what unpublishing does; with ``blocks`` it cannot be deleted before these are gone.
    """

    heading: str
    count: int
    items: tuple[UsedBy, ...] = ()
    consequence: str = ""
    when_hidden: str = ""
    blocks: bool = False

    @property
    def more(self) -> int:
        """How many there are beside those shown."""
        return max(0, self.count - len(self.items))


Finder = Callable[[Any, "User"], Iterable[Usage]]

_finders: list[tuple[type[Model], Finder]] = []


def register_usage_finder(model: type[Model], finder: Finder) -> None:
    """Have ``finder(thing, user)`` asked about every ``model``; called from an app's ``ready()``."""
    if (model, finder) not in _finders:
        _finders.append((model, finder))


def find_usage(thing: Model, user: User) -> list[Usage]:
    """Everything that uses ``thing``, what blocks its deletion first; kinds without any use are left out."""
    found = [
        usage
        for model, finder in _finders
        if isinstance(thing, model)
        for usage in finder(thing, user)
        if usage.count
    ]
    found += [usage for usage in _references(thing, user) if usage.count]
    return sorted(found, key=lambda usage: not usage.blocks)


def blocks_deletion(usages: Iterable[Usage]) -> bool:
    """Whether any of these has to be dealt with first."""
    return any(usage.blocks for usage in usages)


def list_products_in(category: Category) -> QuerySet[ProductPage]:
    """The products that are filed in the category itself, live or not, as they stand now."""
    return ProductPage.objects.filter(product_categories__category=category).distinct()


def _products(
    products: QuerySet[ProductPage], user: User, *, heading: str, **wording: Any
) -> Iterator[Usage]:
    counted = products.aggregate(
        total=Count("pk", distinct=True), live=Count("pk", filter=Q(live=True), distinct=True)
    )
    finder = AdminURLFinder(user)
    yield Usage(
        heading=f"{heading}: {counted['live']} live, {counted['total'] - counted['live']} not live",
        count=counted["total"],
        items=tuple(
            UsedBy(
                label=product.get_admin_display_title(),
                url=finder.get_edit_url(product) or "",
                note="" if product.live else "not live",
            )
            for product in products.order_by("-live", "title", "pk")[:SHOWN]
        )
        if counted["total"]
        else (),
        **wording,
    )


def _products_of_category(category: Category, user: User) -> Iterator[Usage]:
    yield from _products(
        list_products_in(category),
        user,
        heading="Products in it",
        consequence="Move them to another category first.",
        when_hidden="They stay live, but this category leads to them no more.",
        blocks=True,
    )
    below = ProductPage.objects.filter(product_categories__category__path__startswith=category.path)
    yield from _products(
        below.exclude(pk__in=list_products_in(category).values("pk")).distinct(),
        user,
        heading="Products in the categories below it",
        when_hidden="They stay live, but nothing in the menu leads to them.",
    )


def _categories_below(category: Category, user: User) -> Iterator[Usage]:
    below = Category.objects.filter(path__startswith=category.path).exclude(pk=category.pk)
    viewset = Category.snippet_viewset
    may_edit = user.has_perm("catalogue.change_category")
    yield Usage(
        heading="Categories below it",
        count=below.count(),
        items=tuple(
            UsedBy(
                label=held.name,
                url=reverse(viewset.get_url_name("edit"), args=[held.pk]) if may_edit else "",
                note="" if held.live else "not live",
            )
            for held in below[:SHOWN]
        ),
        consequence="Move or delete them first.",
        when_hidden="They are hidden together with it.",
        blocks=True,
    )


def _drafts_of_category(category: Category, user: User) -> Iterator[Usage]:
    """Products whose newest draft names the category while what stands does not."""
    drafts = Revision.objects.filter(
        pk__in=ProductPage.objects.filter(has_unpublished_changes=True).values("latest_revision_id")
    ).values_list("object_id", "content__product_categories")
    naming = {
        int(object_id)
        for object_id, rows in drafts.iterator(chunk_size=500)
        if any(row.get("category") == category.pk for row in rows or [])
    }
    only_drafts = ProductPage.objects.filter(pk__in=naming).exclude(
        pk__in=list_products_in(category).values("pk")
    )
    yield from _products(
        only_drafts,
        user,
        heading="Products whose draft puts them into it",
        consequence="Their drafts lose the category.",
    )


def _products_of_collection(collection: ProductCollection, user: User) -> Iterator[Usage]:
    yield from _products(
        ProductPage.objects.filter(collection_items__collection=collection).distinct(),
        user,
        heading="Products in it",
        consequence="They stay in the shop; only the collection goes.",
        when_hidden="They stay live; only the collection's page is hidden.",
    )


def _products_of_brand(brand: Brand, user: User) -> Iterator[Usage]:
    yield from _products(
        ProductPage.objects.filter(brand=brand),
        user,
        heading="Products of the brand",
        consequence="They stay in the shop, without a brand.",
    )


def _variants_of_tax_class(tax_class: TaxClass, user: User) -> Iterator[Usage]:
    variants = ProductVariant.objects.filter(tax_class=tax_class)
    yield Usage(
        heading="Variants taxed by it",
        count=variants.count(),
        items=tuple(UsedBy(label=variant.sku) for variant in variants.order_by("sku")[:SHOWN]),
        consequence="Give them another tax class first.",
        blocks=True,
    )


def _references(thing: Model, user: User) -> Iterator[Usage]:
    """Pages, menus and blocks that name it, by Wagtail's index; products are counted above."""
    pages = ContentType.objects.get_for_model(Page)
    products = ContentType.objects.get_for_model(ProductPage)
    variants = ContentType.objects.get_for_model(ProductVariant)
    references = (
        ReferenceIndex.get_references_to(thing)
        .exclude(base_content_type=pages, content_type=products)
        .exclude(content_type=variants)
    )
    if isinstance(thing, Category):
        references = references.exclude(content_type=ContentType.objects.get_for_model(Category))
    sources = references.values("base_content_type", "object_id").distinct()
    count = sources.count()
    if not count:
        return
    finder = AdminURLFinder(user)
    items = []
    for source, held in _first(references):
        url = finder.get_edit_url(source) or ""
        name = str(source) if url else f"A private {source._meta.verbose_name}"
        items.append(
            UsedBy(
                label=f"{held.model_name.capitalize()}: {name}", url=url, note=held.describe_source_field()
            )
        )
    yield Usage(
        heading="Pages, menus and other places that name it",
        count=count,
        items=tuple(items),
        consequence="They show it no more.",
        when_hidden="They show it no more until it is live again.",
    )


def _first(references: Any) -> Iterator[tuple[Model, ReferenceIndex]]:
    for number, (source, held) in enumerate(references.group_by_source_object()):
        if number == SHOWN:
            return
        yield source, held[0]


for _model, _finder in (
    (Category, _products_of_category),
    (Category, _categories_below),
    (Category, _drafts_of_category),
    (ProductCollection, _products_of_collection),
    (Brand, _products_of_brand),
    (TaxClass, _variants_of_tax_class),
):
    register_usage_finder(_model, _finder)
