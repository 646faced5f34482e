"""What a list can be narrowed by, with counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from search.models import ProductIndexFacet
from search.selectors.audience import on_sale, price_column, promote_price_columns
from search.selectors.images import load_images
from search.selectors.matching import matching_entries, without_attribute
from search.selectors.tree import CategoryTree
from search.values import Facet, Facets, FacetValue, ImageData, ProductFilter
from shop.core.money import Money

FACET_COLUMNS = (
    "attribute__slug",
    "attribute__name",
    "attribute__kind",
    "attribute__unit",
    "attribute__sort_order",
    "value__slug",
    "value__label",
    "value__swatch",
    "value__swatch_image_id",
    "value__sort_order",
)


def count_facets(filters: ProductFilter, *, currency: str, tree: CategoryTree) -> Facets:
    """
    Counts for every filterable attribute, brand and price, in four SQL statements however many there are
    (five when swatches have pictures).

    An attribute's own filter is left out of its counts, and so are brand, price, stock and sale out of
    theirs: they say what choosing another value would show.
    """
    scope = _Scope(currency, tree)
    return Facets(
        attributes=_attribute_facets(filters, scope),
        brands=_brand_facet(filters, scope),
        categories=_category_counts(filters, scope),
        **_numbers(filters, scope),
    )


class _Scope:
    def __init__(self, currency: str, tree: CategoryTree) -> None:
        self.currency = currency
        self.tree = tree

    def entries(self, filters: ProductFilter) -> QuerySet[Any]:
        return matching_entries(filters, currency=self.currency, tree=self.tree)


def _attribute_facets(filters: ProductFilter, scope: _Scope) -> tuple[Facet, ...]:
    chosen = {attribute.slug: attribute.values for attribute in filters.attributes}
    counts = _value_counts(scope.entries(filters)).exclude(attribute__slug__in=list(chosen))
    own = [
        _value_counts(scope.entries(without_attribute(filters, slug))).filter(attribute__slug=slug)
        for slug in chosen
    ]
    rows = counts.union(*own, all=True) if own else counts
    found = sorted(rows, key=_place)
    swatches = {
        row["value__swatch_image_id"]: row["value__label"] for row in found if row["value__swatch_image_id"]
    }
    return tuple(_facets_from(found, chosen, load_images(swatches)))


def _value_counts(entries: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    rows = ProductIndexFacet.objects.filter(entry__in=entries.values("pk"), attribute__is_filterable=True)
    return rows.order_by().values(*FACET_COLUMNS).annotate(count=Count("entry_id"))


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        row["attribute__sort_order"],
        row["attribute__name"],
        row["attribute__slug"],
        row["value__sort_order"] or 0,
        row["value__label"],
    )


def _facets_from(
    rows: Iterable[dict[str, Any]],
    chosen: dict[str, tuple[str, ...]],
    images: Mapping[int, ImageData],
) -> Iterable[Facet]:
    by_attribute: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_attribute.setdefault(row["attribute__slug"], []).append(row)
    for slug, values in by_attribute.items():
        head = values[0]
        yield Facet(
            slug=slug,
            name=head["attribute__name"],
            param=f"attr.{slug}",
            kind=head["attribute__kind"],
            unit=head["attribute__unit"],
            values=tuple(
                FacetValue(
                    slug=row["value__slug"],
                    name=row["value__label"],
                    count=row["count"],
                    selected=row["value__slug"] in chosen.get(slug, ()),
                    swatch=row["value__swatch"],
                    swatch_image=images.get(row["value__swatch_image_id"]),
                )
                for row in values
            ),
        )


def _brand_facet(filters: ProductFilter, scope: _Scope) -> Facet | None:
    rows = (
        scope.entries(replace(filters, brands=()))
        .exclude(brand_slug="")
        .order_by("brand_name")
        .values_list("brand_slug", "brand_name")
        .annotate(count=Count("pk"))
    )
    values = tuple(
        FacetValue(slug, name, count, selected=slug in filters.brands) for slug, name, count in rows
    )
    return Facet(slug="brand", name="Brand", param="brand", values=values) if values else None


def _category_counts(filters: ProductFilter, scope: _Scope) -> tuple[FacetValue, ...]:
    """The categories one level below the chosen one (at the top: the top ones) that hold something."""
    node = scope.tree.by_slug.get(filters.category) if filters.category else None
    if filters.category and node is None:
        return ()
    below = (
        [scope.tree.by_id[child] for child in node.children]
        if node
        else [n for n in scope.tree if n.depth == 1]
    )
    counts = count_by_category(scope.entries(filters), scope.tree)
    return tuple(FacetValue(n.slug, n.name, counts[n.id]) for n in below if counts.get(n.id))


def count_by_category(entries: QuerySet[Any], tree: CategoryTree) -> dict[int, int]:
    """
    How many products each public category holds, itself and below, each product once: one SQL statement.
    """
    # Grouped by the whole set: a shop has far fewer combinations of categories than products.
    combinations = entries.order_by().values_list("category_ids").annotate(count=Count("pk"))
    counts: dict[int, int] = {}
    for category_ids, count in combinations:
        nodes = [tree.by_id[category_id] for category_id in category_ids if category_id in tree.by_id]
        for step in {step.id for node in nodes for step in (*tree.ancestors(node), node)}:
            counts[step] = counts.get(step, 0) + count
    return counts


def _numbers(filters: ProductFilter, scope: _Scope) -> dict[str, Any]:
    """
    Price range, in stock and on sale, each without its own filter, in one statement over what the others
    leave.
    """
    open_filters = replace(filters, price_min=None, price_max=None, in_stock=None, on_sale=None)
    priced, stocked, reduced = Q(), Q(), Q()
    price = price_column()
    if filters.price_min is not None:
        stocked &= Q(**{f"{price}__gte": filters.price_min})
    if filters.price_max is not None:
        stocked &= Q(**{f"{price}__lte": filters.price_max})
    reduced &= stocked
    if filters.in_stock is not None:
        priced, reduced = priced & Q(in_stock=filters.in_stock), reduced & Q(in_stock=filters.in_stock)
    if filters.on_sale is not None:
        priced, stocked = priced & on_sale(filters.on_sale), stocked & on_sale(filters.on_sale)
    found = promote_price_columns(scope.entries(open_filters)).aggregate(
        price_min=Min(price, filter=priced or None),
        price_max=Max(price, filter=priced or None),
        in_stock_count=Count("pk", filter=stocked & Q(in_stock=True)),
        on_sale_count=Count("pk", filter=reduced & on_sale(value=True)),
    )
    for name in ("price_min", "price_max"):
        amount: Decimal | None = found[name]
        found[name] = Money(amount, scope.currency) if amount is not None else None
    return found
