"""
Whether products can go live, and what would make them better: the publish checks.

An error keeps a product off the shop, a warning only lowers its score. Apps bring their own checks::

    register_publish_check(find_cheap_sales, codes={"cheap": "sold too cheaply"}, topics=["price.changed"])

A check gets many products at once and may cost a few queries, never some for each. It sees
:class:`ProductFacts`: what the latest draft says, and the variants as they stand (those of the original, for
an alias). What the checks said last is stored for the list of products: ``services.readiness``.

Every door of the admin obeys the checks: the editor, bulk actions, approval in a workflow and the
schedule; :func:`~shop.catalogue.services.publish_product` does for code. ``Revision.publish()`` is the
lower path: it publishes what it is told to, for loading goods whose prices come after them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.dateparse import parse_datetime
from wagtail.images import get_image_model
from wagtail.models import Revision

from shop.catalogue.models import (
    Category,
    ProductAttribute,
    ProductCategory,
    ProductMedia,
    ProductPage,
    ProductVariant,
)
from shop.core import clock
from shop.core.errors import ErrorItem, ShopError

ERROR: Final = "error"
WARNING: Final = "warning"
POINTS_PER_ERROR: Final = 20
POINTS_PER_WARNING: Final = 5


class ProductNotReady(ShopError):
    """A product cannot be published yet; ``errors`` say what it lacks."""

    code = "product_not_ready"
    status = 409
    title = "The product cannot be published yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFacts:
    """An active variant, as far as checks need it."""

    id: int
    sku: str
    cost: Decimal | None
    is_taxed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """
    What a product would be if its latest draft were published, at ``at``.

    ``product_id`` is 0 for one that was never saved.
    """

    product_id: int
    at: datetime
    title: str = ""
    summary: str = ""
    has_body: bool = False
    product_type_id: int | None = None
    category_ids: tuple[int, ...] = ()
    alt_texts: tuple[str, ...] = ()
    """One per picture, in their order."""
    attribute_ids: frozenset[int] = frozenset()
    translation_key: str = ""
    variants: tuple[VariantFacts, ...] = ()

    @property
    def variant_ids(self) -> list[int]:
        """The keys of its active variants."""
        return [variant.id for variant in self.variants]


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What one check has to say about one product.

    ``code`` is stable; ``message`` tells the mend; ``panel`` names the field of the editor where it is
    mended, or ``variants`` for the sheet.
    """

    product_id: int
    code: str
    severity: Literal["error", "warning"]
    message: str
    panel: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready a product is: 100 is perfect, and with an error it cannot be published."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def score(self) -> int:
        """100, less 20 for each error and 5 for each warning, and never below 0."""
        lost = POINTS_PER_ERROR * len(self.errors) + POINTS_PER_WARNING * len(self.warnings)
        return max(0, 100 - lost)

    @property
    def is_publishable(self) -> bool:
        """Whether nothing keeps it off the shop."""
        return not self.errors

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Errors first."""
        return self.errors + self.warnings


READY: Final = Readiness()

PublishCheck = Callable[[Sequence[ProductFacts]], Iterable[Finding]]
_checks: list[PublishCheck] = []
_codes: dict[str, str] = {}
# Events of the catalogue itself by which any check may find something else.
_topics: list[str] = ["product.published", "product.drafted", "products.changed", "variant.changed"]


def register_publish_check(
    check: PublishCheck, *, codes: Mapping[str, str] | None = None, topics: Sequence[str] = ()
) -> None:
    """
    Ask ``check`` about every product from now on; registering it twice changes nothing.

    :param codes: the codes of its findings, each with what is missing in a few words, for the list's filter
    :param topics: events, beside the catalogue's own, after which it may find something else; their payload
        has ``product_id``, ``product_ids`` or ``variant_ids``
    """
    if check not in _checks:
        _checks.append(check)
        _codes.update(codes or {})
        _topics.extend(topic for topic in topics if topic not in _topics)


def finding_codes() -> Mapping[str, str]:
    """What can be missing, by the codes of the findings, in the order of their registration."""
    return dict(_codes)


def readiness_topics() -> Sequence[str]:
    """The events after which a product's readiness may be another."""
    return tuple(_topics)


def check_products(products: Iterable[ProductPage]) -> dict[int, Readiness]:
    """
    Tell how ready each product's latest draft is, by its key, in a number of queries that does not grow.

    Pages may come as a list of the database gives them, or as drafts from
    ``get_latest_revision_as_object()``: either way the latest draft is what is checked.
    """
    pages = list(products)
    return check_facts(load_facts(pages))


def check_product(product: ProductPage) -> Readiness:
    """Tell how ready the latest draft of one product is."""
    return check_products([product])[product.pk]


def check_facts(facts: Sequence[ProductFacts]) -> dict[int, Readiness]:
    """Ask every check about products whose facts the caller has, such as a form not yet saved."""
    found: dict[int, list[Finding]] = {item.product_id: [] for item in facts}
    for check in _checks if facts else ():
        for finding in check(facts):
            found[finding.product_id].append(finding)
    return {
        product_id: Readiness(
            errors=tuple(finding for finding in findings if finding.severity == ERROR),
            warnings=tuple(finding for finding in findings if finding.severity == WARNING),
        )
        for product_id, findings in found.items()
    }


def check_revisions(pairs: Sequence[tuple[ProductPage, Revision]]) -> dict[int, Readiness]:
    """Tell how ready one revision of each product is; a schedule may publish another than the latest."""
    pages = [page for page, _ in pairs]
    variants = _load_variants_sold_by(pages)
    there = _Targets.of([revision.content for _, revision in pairs])
    return check_facts(
        [_facts_of_content(page, revision.content, there, variants[page.pk]) for page, revision in pairs]
    )


def require_ready(product: ProductPage) -> Readiness:
    """
    Return how ready the latest draft is, when nothing keeps it off the shop.

    :raises ProductNotReady: with one error for each finding
    """
    readiness = check_product(product)
    if readiness.errors:
        raise not_ready(product, readiness)
    return readiness


def not_ready(product: ProductPage, readiness: Readiness) -> ProductNotReady:
    """The refusal to publish ``product``, with what it lacks in words."""
    reasons = " ".join(finding.message for finding in readiness.errors)
    return ProductNotReady(
        f"“{product.get_admin_display_title()}” cannot be published yet. {reasons}",
        errors=[
            ErrorItem(finding.code, finding.message, finding.panel or None) for finding in readiness.errors
        ],
    )


# -- reading the drafts ----------------------------------------------------------------------------------


def load_facts(pages: Sequence[ProductPage]) -> list[ProductFacts]:
    """
    Read the latest drafts of the pages and their variants: at most seven queries, whatever their number, and
    two more in a shop of several languages.

    Revisions are read as they are stored. Making a page of each would ask the database about every
    foreign key that it holds.
    """
    variants = _load_variants_sold_by(pages)
    contents = dict(
        Revision.objects.filter(
            pk__in=[page.latest_revision_id for page in pages if page.latest_revision_id]
        ).values_list("pk", "content")
    )
    without_draft = [page.pk for page in pages if page.latest_revision_id not in contents]
    rows = _load_rows(without_draft) if without_draft else {}
    there = _Targets.of(contents.values())
    return [
        _facts_of_content(page, contents[page.latest_revision_id], there, variants[page.pk])
        if page.latest_revision_id in contents
        else _facts_of_row(page, rows[page.pk], variants[page.pk])
        for page in pages
    ]


def load_variants(product_ids: Collection[int]) -> dict[int, tuple[VariantFacts, ...]]:
    """Load the active variants of the products in one query; every key asked for is in the answer."""
    found: dict[int, list[VariantFacts]] = {pk: [] for pk in product_ids}
    columns = ("product_id", "pk", "sku", "cost", "tax_class_id")
    active = ProductVariant.objects.active().filter(product_id__in=found)
    for product_id, pk, sku, cost, tax_class_id in active.values_list(*columns):
        found[product_id].append(VariantFacts(id=pk, sku=sku, cost=cost, is_taxed=tax_class_id is not None))
    return {product_id: tuple(variants) for product_id, variants in found.items()}


def _load_variants_sold_by(pages: Sequence[ProductPage]) -> dict[int, tuple[VariantFacts, ...]]:
    """What each page sells: its own variants, those of its original, or those of a sibling language."""
    sources = variants_sources(pages)
    variants = load_variants(set(sources.values()))
    return {page.pk: variants[sources[page.pk]] for page in pages}


def variants_sources(pages: Sequence[ProductPage]) -> dict[int, int]:
    """The key of each page's ``variants_source``: no query but for aliases and in a shop of languages."""
    originals = {page.pk: page for page in pages}
    while aliases := {pk: page.alias_of_id for pk, page in originals.items() if page.alias_of_id}:
        above = ProductPage.objects.in_bulk(set(aliases.values()))
        originals |= {pk: above[original_id] for pk, original_id in aliases.items()}
    if not settings.WAGTAIL_I18N_ENABLED:
        return {pk: page.pk for pk, page in originals.items()}
    selling: dict[Any, list[int]] = defaultdict(list)
    siblings = ProductPage.objects.filter(
        Exists(ProductVariant.objects.filter(product=OuterRef("pk"))),
        translation_key__in={page.translation_key for page in originals.values()},
        alias_of__isnull=True,
    ).order_by("pk")
    for key, pk in siblings.values_list("translation_key", "pk"):
        selling[key].append(pk)
    return {
        pk: page.pk if page.pk in (held := selling[page.translation_key]) or not held else held[0]
        for pk, page in originals.items()
    }


def going_live_at(moment: datetime | None) -> datetime:
    """When a product that goes live at ``moment`` is judged: then, or now if that is over or empty."""
    now = clock.now()
    return moment if moment is not None and moment > now else now


@dataclass(frozen=True, slots=True)
class _Targets:
    """What drafts point at and is still there: a draft does not notice when a picture is deleted."""

    images: frozenset[int]
    categories: frozenset[int]

    @classmethod
    def of(cls, contents: Collection[Mapping[str, Any]]) -> _Targets:
        images = {row.get("image") for content in contents for row in content.get("media", ())}
        categories = {
            row["category"] for content in contents for row in content.get("product_categories", ())
        }
        found = get_image_model().objects.filter(pk__in=images - {None}).order_by()
        return cls(
            frozenset(found.values_list("pk", flat=True)),
            frozenset(Category.objects.filter(pk__in=categories).order_by().values_list("pk", flat=True)),
        )


def _facts_of_content(
    page: ProductPage, content: Mapping[str, Any], there: _Targets, variants: tuple[VariantFacts, ...]
) -> ProductFacts:
    go_live_at = content.get("go_live_at")
    return ProductFacts(
        product_id=page.pk,
        title=content.get("title") or "",
        summary=content.get("summary") or "",
        has_body=content.get("body") not in (None, "", "[]", []),
        product_type_id=content.get("product_type"),
        category_ids=tuple(
            row["category"]
            for row in content.get("product_categories", ())
            if row["category"] in there.categories
        ),
        alt_texts=tuple(
            row.get("alt_text") or "" for row in content.get("media", ()) if row.get("image") in there.images
        ),
        attribute_ids=frozenset(row["attribute"] for row in content.get("product_attributes", ())),
        translation_key=str(page.translation_key),
        at=going_live_at(parse_datetime(go_live_at) if go_live_at else None),
        variants=variants,
    )


@dataclass(slots=True)
class _Rows:
    category_ids: list[int] = field(default_factory=list)
    alt_texts: list[str] = field(default_factory=list)
    attribute_ids: set[int] = field(default_factory=set)


def _load_rows(page_ids: Collection[int]) -> dict[int, _Rows]:
    """What the inline tables hold for pages that have no revision, in three queries."""
    rows: dict[int, _Rows] = defaultdict(_Rows)
    for model, name in (
        (ProductCategory, "category_id"),
        (ProductMedia, "alt_text"),
        (ProductAttribute, "attribute_id"),
    ):
        held = model._default_manager.filter(page_id__in=page_ids).order_by("page_id", "sort_order")
        for page_id, value in held.values_list("page_id", name):
            if model is ProductCategory:
                rows[page_id].category_ids.append(value)
            elif model is ProductMedia:
                rows[page_id].alt_texts.append(value)
            else:
                rows[page_id].attribute_ids.add(value)
    return rows


def _facts_of_row(page: ProductPage, rows: _Rows, variants: tuple[VariantFacts, ...]) -> ProductFacts:
    return ProductFacts(
        product_id=page.pk,
        title=page.title,
        summary=page.summary,
        has_body=bool(page.body),
        product_type_id=page.product_type_id,
        category_ids=tuple(rows.category_ids),
        alt_texts=tuple(rows.alt_texts),
        attribute_ids=frozenset(rows.attribute_ids),
        translation_key=str(page.translation_key),
        at=going_live_at(page.go_live_at),
        variants=variants,
    )
