"""
Which products are shown beside others: first those that were chosen by hand, then what rules and habits say.

Each source answers for all products of a page together, in a number of SQL statements that does not depend
on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from search.models import ProductIndex, ProductIndexCategory
from search.selectors.related_rules import list_by_rules
from search.selectors.summaries import COLUMNS, Row
from shop.catalogue.models import ProductRelation

Kind = ProductRelation.Kind
MOST = 8
Chosen = dict[int, list[Row]]
"""Rows to show, the best first, by the product that they are shown beside."""
Source = Callable[[Sequence[Row], str], Mapping[tuple[int, str], Sequence[Row]]]
"""Takes index rows and a currency; answers with rows by product and kind."""


def load_related(rows: Sequence[Row], *, currency: str) -> dict[str, Chosen]:
    """
    Return what to show beside each product, by kind: at most eight each, none twice, never itself.

    Only what is in the index is shown: live, public and for sale in this currency.
    """
    found: dict[str, Chosen] = {kind: {} for kind in Kind.values}
    for source in SOURCES:
        for (product_id, kind), others in source(rows, currency).items():
            chosen = found[kind].setdefault(product_id, [])
            taken = {product_id, *(row["product_id"] for row in chosen)}
            for row in others:
                if row["product_id"] not in taken and len(chosen) < MOST:
                    chosen.append(row)
                    taken.add(row["product_id"])
    return found


def list_chosen_by_hand(rows: Sequence[Row], currency: str) -> dict[tuple[int, str], list[Row]]:
    """What the merchandiser chose, in that order: one SQL statement."""
    entries = (
        ProductIndex.objects.filter(
            currency=currency, product__related_from__page_id__in=[row["product_id"] for row in rows]
        )
        .annotate(
            beside=F("product__related_from__page_id"),
            kind=F("product__related_from__kind"),
            place=F("product__related_from__sort_order"),
        )
        .order_by("beside", "place", "pk")
    )
    chosen: dict[tuple[int, str], list[Row]] = {}
    for entry in entries.values("beside", "kind", *COLUMNS):
        chosen.setdefault((entry.pop("beside"), entry.pop("kind")), []).append(entry)
    return chosen


def list_best_sellers(rows: Sequence[Row], currency: str) -> dict[tuple[int, str], list[Row]]:
    """The best-sellers of each product's main category, as related: one SQL statement."""
    main = {row["product_id"]: row["category_ids"][0] for row in rows if row["category_ids"]}
    categories = set(main.values())
    links = ProductIndexCategory.objects.filter(category_id__in=categories, entry__currency=currency)
    best_first = ("-entry__popularity", "-entry__product_id")
    # As many as are shown, and as many again, because those chosen by hand are not shown twice.
    limit = 2 * MOST + 1
    if len(categories) > 1:
        number = Window(RowNumber(), partition_by=F("category_id"), order_by=best_first)
        links = links.annotate(number=number).filter(number__lte=limit).order_by("number")
    else:
        links = links.order_by(*best_first)[:limit]
    by_category: dict[int, list[Row]] = {}
    if main:
        for link in links.values("category_id", *(f"entry__{name}" for name in COLUMNS)):
            row = {name: link[f"entry__{name}"] for name in COLUMNS}
            by_category.setdefault(link["category_id"], []).append(row)
    return {
        (product_id, Kind.RELATED.value): by_category.get(category, [])
        for product_id, category in main.items()
    }


# In the order in which they fill the places.
SOURCES: tuple[Source, ...] = (list_chosen_by_hand, list_by_rules, list_best_sellers)
