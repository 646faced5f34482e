"""Which variants the sheet of many products shows: the filters of the list of products, and its own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest

from shop.catalogue.grid import registered_columns
from shop.catalogue.listing import get_filterset_class
from shop.catalogue.models import ProductVariant
from shop.catalogue.models.variants import ProductVariantQuerySet
from shop.catalogue.permissions import is_bound_to_folders, reachable_products

if TYPE_CHECKING:
    from shop.customers.models import User

ORDERS = {
    "": ("-product_id", "sort_order", "pk"),
    "title": ("product__title", "product_id", "sort_order", "pk"),
    "sku": ("sku", "pk"),
}
# The list of products shows attributes with it; the sheet has its own choice of columns.
NOT_HERE = ("columns",)
PROMINENT = ("category", "brand", "order")


class VariantFilterSet(django_filters.FilterSet):
    """The filters by variant that the catalogue itself knows."""

    archived = django_filters.ChoiceFilter(
        label="Archived", choices=(("only", "Only archived"),), empty_label="Not archived", method="keep_all"
    )
    order = django_filters.ChoiceFilter(
        label="Order",
        choices=(("title", "By title"), ("sku", "By SKU")),
        empty_label="Newest products first",
        method="keep_all",
    )

    class Meta:
        model = ProductVariant
        fields: list[str] = []

    def keep_all(self, queryset: Any, name: str, value: str) -> Any:
        """What is asked here is done where the variants are found."""
        return queryset


class GridSearch:
    """What the address asks for, of what the user reaches."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = cast("User", request.user)
        self.words = request.GET.get("q", "").strip()
        self.product_ids = [int(pk) for pk in request.GET.getlist("id") if pk.isdigit()]
        self.products = get_filterset_class()(
            request.GET, queryset=reachable_products(self.user).order_by(), request=request
        )
        brought: dict[str, Any] = {}
        for columns in registered_columns():
            brought |= columns.filters()
        filterset = type("GridVariantFilterSet", (VariantFilterSet,), brought)
        self.own = filterset(request.GET, queryset=ProductVariant.objects.all(), request=request)
        self.is_valid = self.products.is_valid() and self.own.is_valid()

    @cached_property
    def fields(self) -> list[Any]:
        """The fields that most filter by; an app says so with ``is_prominent`` of its filter."""
        return [field for filterset, field in self._list_fields() if _is_prominent(filterset, field)]

    @cached_property
    def further_fields(self) -> list[Any]:
        """All the others."""
        return [field for filterset, field in self._list_fields() if not _is_prominent(filterset, field)]

    def _list_fields(self) -> list[tuple[Any, Any]]:
        filtersets = (self.products, self.own)
        return [(held, field) for held in filtersets for field in held.form if field.name not in NOT_HERE]

    @property
    def media(self) -> Any:
        """The scripts of the fields."""
        return self.products.form.media + self.own.form.media

    @property
    def is_further_in_use(self) -> bool:
        """Whether one of the fields that are folded away filters, or is wrong."""
        return any(_is_given(field.form, field.name) or field.errors for field in self.further_fields)

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words or self.product_ids or self._filters_products or self.filters_variants)

    @property
    def _filters_products(self) -> bool:
        form = self.products.form
        return any(_is_given(form, name) for name in form.fields if name not in NOT_HERE)

    @property
    def filters_variants(self) -> bool:
        """Whether a filter leaves out variants of a product, which bulk actions on products cannot."""
        return any(_is_given(self.own.form, name) for name in self.own.form.fields if name != "order")

    @property
    def suits_bulk_actions(self) -> bool:
        """Whether a bulk action on products, which takes either keys or filters, would find the same."""
        return not self.filters_variants and not (self.product_ids and (self.words or self._filters_products))

    def find(self) -> ProductVariantQuerySet:
        """Return the variants, in order."""
        if not self.is_valid:
            return ProductVariant.objects.none()
        is_archived = self.own.form.cleaned_data.get("archived") == "only"
        found = cast(ProductVariantQuerySet, self.own.qs).filter(
            archived_at__isnull=not is_archived, product__isnull=False
        )
        if self.product_ids:
            found = found.filter(product_id__in=self.product_ids)
        if self._filters_products or is_bound_to_folders(self.user):
            found = found.filter(product_id__in=self.products.qs.order_by().values("pk"))
        if self.words:
            found = found.filter(self._match_words())
        return found.order_by(*ORDERS[self.own.form.cleaned_data.get("order") or ""])

    def _match_words(self) -> Q:
        by_title = Q()
        for word in self.words.split():
            by_title &= Q(product__title__icontains=word) | Q(product__draft_title__icontains=word)
        by_code = Q(sku__icontains=self.words) | Q(barcode=self.words) | Q(external_id=self.words)
        return by_title | by_code | Q(product__external_id=self.words)

    def page(self, per_page: int) -> Page[ProductVariant]:
        """Return one page of them; a number beyond the last is the last."""
        return Paginator(self.find(), per_page).get_page(self.request.GET.get("p"))

    def query_with(self, **given: Any) -> str:
        """The address of this search with something else in it, without its page."""
        query = self.request.GET.copy()
        query.pop("p", None)
        for name, value in given.items():
            query[name] = value
        return query.urlencode()


def _is_given(form: Any, name: str) -> bool:
    value = getattr(form, "cleaned_data", {}).get(name)
    return value is False or bool(value)


def _is_prominent(filterset: Any, field: Any) -> bool:
    return field.name in PROMINENT or getattr(filterset.filters[field.name], "is_prominent", False)
