"""
The list of all products: who brings which columns and filters, and what a filtered list holds.

The catalogue knows the products' own. Apps above it register theirs, so that a merchandiser sees one list::

    register_listing_columns(PriceListing())

Bulk actions, saved views and the list itself all ask :func:`filter_listing`: "all that match" means the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.forms import CheckboxSelectMultiple, SelectMultiple
from django.http import HttpRequest
from taggit.models import Tag
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.models import Page, Revision, WorkflowState
from wagtail.query import PageQuerySet

from shop.catalogue.forms import CategorySelect
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    ProductAttribute,
    ProductCategory,
    ProductCollection,
    ProductPage,
    ProductTag,
    ProductType,
    ProductVariant,
    ReadinessFinding,
    VariantAttribute,
)
from shop.catalogue.readiness import finding_codes

ATTRIBUTE = "attribute."
# What a form can offer and a person can read; beyond it, search by words.
MOST_CHOICES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingColumn:
    """One column of the list. ``name`` is unique on it: begin it with the app's."""

    name: str
    label: str


class ListingColumns(Protocol):
    """What an app brings to the list of products."""

    order: int
    """Where the columns stand: lower is further left."""

    def columns(self) -> Sequence[ListingColumn]:
        """Return the columns; without a query, please."""

    def load(self, variants: Mapping[int, Sequence[int]]) -> Mapping[int, Mapping[str, str]]:
        """
        Return the texts of the cells by product and column, in a number of queries that does not grow.

        ``variants`` maps each product of the page to its active variants.
        """

    def filters(self) -> Mapping[str, django_filters.Filter]:
        """Return filters of the list by the name of their field."""


RuleMembers = Callable[[ProductCollection], QuerySet[Any]]
"""Answers with the keys of the products that meet a collection's rule."""

_registered: list[ListingColumns] = []
_rule_members: list[RuleMembers] = []


def register_rule_members(members: RuleMembers) -> None:
    """Tell what is in collections by a rule, so that the list can be filtered by them too."""
    _rule_members[:] = [members]


def register_listing_columns(columns: ListingColumns) -> None:
    """Add columns and filters to the list; doing it twice changes nothing."""
    if all(type(held) is not type(columns) for held in _registered):
        _registered.append(columns)
        _registered.sort(key=lambda held: held.order)


def registered_listing_columns() -> Sequence[ListingColumns]:
    """What is registered, from left to right."""
    return tuple(_registered)


STATUSES = (
    ("live", "Live"),
    ("draft", "Draft, not live"),
    ("changed", "Live with a newer draft"),
    ("scheduled", "Scheduled"),
    ("review", "Awaiting review"),
    ("expired", "Expired"),
)


READY = (
    ("perfect", "Ready, nothing to improve"),
    ("ready", "Ready to publish"),
    ("not_ready", "Cannot be published yet"),
)
PERFECT = 100


def _list_collections(request: HttpRequest) -> QuerySet[ProductCollection]:
    collections = ProductCollection.objects.order_by("name")
    return collections if _rule_members else collections.filter(kind=ProductCollection.Kind.BY_HAND)


def _list_codes() -> list[tuple[str, str]]:
    return [(code, f"Lacks {lacking}") for code, lacking in finding_codes().items()]


def _list_tags(request: HttpRequest) -> QuerySet[Tag]:
    return Tag.objects.filter(pk__in=ProductTag.objects.values("tag_id")).order_by("name")


def _list_values(request: HttpRequest) -> QuerySet[AttributeValue]:
    return AttributeValue.objects.select_related("attribute").order_by(
        "attribute__sort_order", "attribute__name", "sort_order", "pk"
    )[:MOST_CHOICES]


def _list_editors(request: HttpRequest) -> QuerySet[Any]:
    latest = ProductPage.objects.filter(latest_revision__user__isnull=False)
    return get_user_model().objects.filter(pk__in=latest.values("latest_revision__user_id"))


class AttributeValueField(django_filters.fields.ModelMultipleChoiceField):
    """Values behind the name of their attribute; only the keys are looked up when they are checked."""

    def label_from_instance(self, obj: AttributeValue) -> str:
        """Return ``Material: oak``."""
        return f"{obj.attribute.name}: {obj}"

    def _check_values(self, value: Any) -> QuerySet[AttributeValue]:
        keys = [key for key in value if str(key).isdigit()]
        return AttributeValue.objects.filter(pk__in=keys).select_related("attribute")


class AttributeValueFilter(django_filters.ModelMultipleChoiceFilter):
    """Products that have, or whose variants have, one of the values of each attribute asked for."""

    field_class = AttributeValueField

    def filter(self, queryset: PageQuerySet, value: Iterable[AttributeValue]) -> PageQuerySet:
        """Values of one attribute are alternatives; different attributes all have to fit."""
        wanted: dict[int, list[int]] = defaultdict(list)
        for held in value or ():
            wanted[held.attribute_id].append(held.pk)
        for keys in wanted.values():
            own = ProductAttribute.objects.filter(value_id__in=keys).values("page_id")
            variants = VariantAttribute.objects.filter(value_id__in=keys, variant__archived_at__isnull=True)
            queryset = queryset.filter(Q(pk__in=own) | Q(pk__in=variants.values("variant__product_id")))
        return queryset


class ProductFilterSet(WagtailFilterSet):
    """The filters that the catalogue itself knows."""

    status = django_filters.ChoiceFilter(label="Status", choices=STATUSES, method="filter_status")
    category = django_filters.ModelChoiceFilter(
        label="Category",
        queryset=Category.objects.order_by("tree_order"),
        widget=CategorySelect,
        method="filter_category",
    )
    brand = django_filters.ModelChoiceFilter(label="Brand", queryset=Brand.objects.order_by("name"))
    product_type = django_filters.ModelChoiceFilter(
        label="Type", queryset=ProductType.objects.order_by("name")
    )
    collection = django_filters.ModelChoiceFilter(
        label="Collection",
        queryset=_list_collections,
        method="filter_collection",
    )
    ready = django_filters.ChoiceFilter(label="Readiness", choices=READY, method="filter_ready")
    score_below = django_filters.NumberFilter(
        label="Score below", field_name="stored_readiness__score", lookup_expr="lt", min_value=1
    )
    missing = django_filters.MultipleChoiceFilter(
        label="What is missing", choices=_list_codes, widget=CheckboxSelectMultiple, method="filter_missing"
    )
    tag = django_filters.ModelMultipleChoiceFilter(
        label="Tag", queryset=_list_tags, widget=SelectMultiple, method="filter_tag"
    )
    attribute_value = AttributeValueFilter(
        label="Attribute", queryset=_list_values, widget=SelectMultiple(attrs={"size": 8})
    )
    updated_by = django_filters.ModelChoiceFilter(
        label="Updated by", queryset=_list_editors, field_name="latest_revision__user"
    )
    latest_revision_created_at = django_filters.DateFromToRangeFilter(
        label="Updated", widget=DateRangePickerWidget
    )
    columns = django_filters.MultipleChoiceFilter(
        label="Show columns", choices=(), widget=CheckboxSelectMultiple, method="keep_all"
    )

    class Meta:
        model = ProductPage
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = Attribute.objects.filter(in_grid=True).order_by("sort_order", "name")
        choices = [(f"{ATTRIBUTE}{slug}", name) for slug, name in shown.values_list("slug", "name")]
        if choices:
            self.filters["columns"].extra["choices"] = choices
        else:
            del self.filters["columns"]

    def filter_status(self, queryset: PageQuerySet, name: str, value: str) -> PageQuerySet:
        """Keep what stands like this."""
        if value == "scheduled":
            scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
            return queryset.filter(pk__in=_page_ids(scheduled))
        if value == "review":
            return queryset.filter(pk__in=_page_ids(WorkflowState.objects.active()))
        wanted = {
            "live": Q(live=True),
            "draft": Q(live=False, expired=False),
            "changed": Q(live=True, has_unpublished_changes=True),
            "expired": Q(expired=True),
        }
        return queryset.filter(wanted[value])

    def filter_category(self, queryset: PageQuerySet, name: str, value: Category) -> PageQuerySet:
        """Keep what lies in the category or below it."""
        held = ProductCategory.objects.filter(category__path__startswith=value.path)
        return queryset.filter(pk__in=held.values("page_id"))

    def filter_collection(self, queryset: PageQuerySet, name: str, value: ProductCollection) -> PageQuerySet:
        """Keep what was put into the collection by hand, or meets its rule as it is live."""
        if value.kind == ProductCollection.Kind.BY_RULE:
            return queryset.filter(pk__in=_rule_members[0](value))
        return queryset.filter(pk__in=value.items.order_by().values("product_id"))

    def filter_ready(self, queryset: PageQuerySet, name: str, value: str) -> PageQuerySet:
        """Keep what the publish checks say this of."""
        wanted = {
            "perfect": Q(stored_readiness__score=PERFECT),
            "ready": Q(stored_readiness__error_count=0),
            "not_ready": Q(stored_readiness__error_count__gt=0),
        }
        return queryset.filter(wanted[value])

    def filter_missing(self, queryset: PageQuerySet, name: str, value: Sequence[str]) -> PageQuerySet:
        """Keep what lacks any of these."""
        if not value:
            return queryset
        wanted = Q()
        for code in value:
            # Of some findings there is one for each attribute: "no_attribute.material".
            wanted |= Q(code=code) | Q(code__startswith=f"{code}.")
        found = ReadinessFinding.objects.filter(wanted).order_by()
        return queryset.filter(pk__in=found.values("product_id"))

    def filter_tag(self, queryset: PageQuerySet, name: str, value: Sequence[Tag]) -> PageQuerySet:
        """Keep what has one of the tags."""
        if not value:
            return queryset
        return queryset.filter(pk__in=ProductTag.objects.filter(tag__in=value).values("content_object_id"))

    def keep_all(self, queryset: PageQuerySet, name: str, value: object) -> PageQuerySet:
        """A choice of columns takes nothing away."""
        return queryset


def _page_ids(things: QuerySet[Any]) -> QuerySet[Any]:
    """Keys of what revisions and reviews are about; those of snippets are no product's, or filter nothing."""
    pages = things.filter(base_content_type__app_label="wagtailcore", base_content_type__model="page")
    return pages.annotate(page_key=Cast("object_id", BigIntegerField())).values("page_key")


def get_filterset_class() -> type[ProductFilterSet]:
    """Return the filters of the catalogue with those of the apps above it."""
    filters: dict[str, Any] = {}
    for held in registered_listing_columns():
        filters |= held.filters()
    return type("ProductListingFilterSet", (ProductFilterSet,), filters)


def search_products(queryset: PageQuerySet, typed: str) -> PageQuerySet:
    """Find by words of the title, by part of a SKU, by barcode or by the key of another system."""
    typed = typed.strip()
    if not typed:
        return queryset
    by_title = Q()
    for word in typed.split():
        by_title &= Q(title__icontains=word) | Q(draft_title__icontains=word)
    by_variant = ProductVariant.objects.filter(
        Q(sku__icontains=typed) | Q(barcode=typed) | Q(external_id=typed)
    )
    # Three questions with an index each; with "or" between them the database would read every product.
    found = (
        Page.objects.filter(by_title).order_by().values("pk"),
        ProductPage.objects.filter(external_id=typed).order_by().values("pk"),
        by_variant.filter(product__isnull=False).order_by().values("product_id"),
    )
    return queryset.filter(pk__in=found[0].union(*found[1:], all=True))


def find_by_code(queryset: PageQuerySet, typed: str) -> ProductPage | None:
    """Return the one product with a variant of exactly this SKU or barcode; ``None`` for none or several."""
    typed = typed.strip()
    if not typed:
        return None
    variants = list(ProductVariant.objects.with_sku(typed).values_list("product_id", flat=True)[:1])
    if not variants and typed.isdigit():
        by_barcode = ProductVariant.objects.filter(barcode=typed).order_by().values_list("product_id")
        variants = [pk for (pk,) in by_barcode.distinct()[:2]]
    if len(variants) != 1:
        return None
    found: ProductPage | None = queryset.filter(pk=variants[0]).first()
    return found


def filter_listing(queryset: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Keep the products that the list shows at this address: its search and its filters, not its page."""
    filterset = get_filterset_class()(request.GET, queryset=queryset, request=request)
    found = filterset.qs if filterset.is_valid() else queryset.none()
    return search_products(found, request.GET.get("q", ""))
