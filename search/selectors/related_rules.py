"""What rules say to show beside a product; which products meet them is kept by `search.membership`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from search.models import LiveRule, ProductIndex, RuleMember
from search.selectors.summaries import COLUMNS, Row
from shop.catalogue.models import ProductPage, RelatedRule
from shop.catalogue.models.related import MOST_SHOWN

# The first in their order; more would cost every product page a statement each.
MOST_RULES = 8
ORDERS = {
    RelatedRule.Sort.POPULARITY: ("-popularity", "-product_id"),
    RelatedRule.Sort.NEWEST: ("-published_at", "-product_id"),
    RelatedRule.Sort.PRICE: ("price_from", "product_id"),
}
Group = tuple[Any, ...]


def list_by_rules(rows: Sequence[Row], currency: str) -> dict[tuple[int, str], list[Row]]:
    """
    What the rules in use show beside each of these products, by product and kind: one SQL statement without
    rules, else at most three and one for each rule that is met, however many products there are.
    """
    rules = list(RelatedRule.objects.filter(is_active=True)[:MOST_RULES])
    if not rules:
        return {}
    ids = [row["product_id"] for row in rows]
    met = _list_met(rules, ids)
    types: dict[int, Any] = {}
    if any(rule.same_type for rule in rules):
        types = dict(ProductPage.objects.filter(pk__in=ids).values_list("pk", "product_type_id"))
    shown: dict[tuple[int, str], list[Row]] = {}
    for rule in rules:
        beside = [row for row in rows if rule.for_products is None or (rule.pk, row["product_id"]) in met]
        groups = {row["product_id"]: list(_groups_of(rule, row, types)) for row in beside}
        by_group = _load(rule, {group for held in groups.values() for group in held}, currency)
        for product_id, held in groups.items():
            others = [other for group in held for other in by_group.get(group, ())]
            unlike_itself = [other for other in others if other["product_id"] != product_id]
            shown.setdefault((product_id, rule.kind), []).extend(unlike_itself[: rule.limit])
    return shown


def _list_met(rules: Iterable[RelatedRule], product_ids: Sequence[int]) -> set[tuple[int, int]]:
    """(rule, product) of the products that rules are for."""
    narrowed = [rule.pk for rule in rules if rule.for_products is not None]
    if not narrowed:
        return set()
    members = RuleMember.objects.filter(
        product_id__in=product_ids, rule__part=LiveRule.Part.FOR, rule__related_rule_id__in=narrowed
    )
    return set(members.values_list("rule__related_rule_id", "product_id"))


def _groups_of(rule: RelatedRule, row: Row, types: dict[int, Any]) -> Iterable[Group]:
    """What another product must share with this one; nothing comes of it where this one has none itself."""
    brand = row["brand_slug"] if rule.same_brand else ""
    product_type = types.get(row["product_id"]) if rule.same_type else 0
    if (rule.same_brand and not brand) or product_type is None:
        return
    for category in row["category_ids"] if rule.same_category else [0]:
        yield category, brand, product_type


def _load(rule: RelatedRule, groups: set[Group], currency: str) -> dict[Group, list[Row]]:
    """The first products of each group, in one SQL statement."""
    if not groups:
        return {}
    entries: QuerySet[Any, Any] = ProductIndex.objects.filter(currency=currency)
    if rule.show is not None:
        members = RuleMember.objects.filter(rule__part=LiveRule.Part.SHOW, rule__related_rule=rule)
        entries = entries.filter(product__in=members.values("product_id"))
    shared = []
    for is_shared, column, place in (
        (rule.same_category, "categories__category_id", 0),
        (rule.same_brand, "brand_slug", 1),
        (rule.same_type, "product__product_type_id", 2),
    ):
        if is_shared:
            entries = entries.filter(**{f"{column}__in": {group[place] for group in groups}})
        shared.append(column if is_shared else None)
    columns = [column for column in shared if column]
    order = ORDERS[RelatedRule.Sort(rule.sort)]
    # One more than is shown, because a product is not shown beside itself.
    most = MOST_SHOWN + 1
    if columns:
        number = Window(RowNumber(), partition_by=[F(column) for column in columns], order_by=order)
        entries = entries.annotate(number=number).filter(number__lte=most).order_by("number")
    else:
        entries = entries.order_by(*order)[:most]
    found: dict[Group, list[Row]] = {}
    for row in entries.values(*COLUMNS, *(column for column in columns if column not in COLUMNS)):
        category, brand, product_type = (row[column] if column else None for column in shared)
        group = (category or 0, brand or "", product_type or 0)
        found.setdefault(group, []).append({name: row[name] for name in COLUMNS})
    return found
