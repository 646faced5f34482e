"""
Which products meet which live rules, written in the transaction of every change.

A change of products tries those products against every rule, from facts that cost the same number of SQL
statements however many rules there are; a change of a rule finds its products again with one INSERT … SELECT.
Both at once cannot miss each other: who changes products holds a lock that they share, who changes a rule
waits for them and holds it alone until the commit (well under a second for 50,000 products).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction

from search.models import LiveRule, RuleMember
from search.selectors.rules import find_categories, list_matching, load_known
from shop.catalogue.models import ProductCollection, RelatedRule
from shop.catalogue.predicates import InvalidRule, Node, conditions_of, matches, parse, to_json
from shop.core import clock
from shop.core.selectors import get_shop_settings

logger = logging.getLogger(__name__)

BATCH = 500
# Any number that nothing else locks by; it spells "rule".
LOCK = 0x72756C65
MOST_COMPILED = 2000


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A live rule, read and ready."""

    id: int
    node: Node
    fields: frozenset[str]
    categories: dict[str, frozenset[int]]
    currency: str


# By primary key; a rule whose digest is another now is read again.
_compiled: dict[int, tuple[str, _Compiled]] = {}


def refresh_members(product_ids: Iterable[int]) -> None:
    """
    Bring the memberships of these products up to date with the index.

    One statement when there are no rules; otherwise four, and up to two that write, per 500 products.
    """
    remaining = iter(sorted(set(product_ids)))
    batch = list(islice(remaining, BATCH))
    if not batch:
        return
    with transaction.atomic(savepoint=False):
        _lock(alone=False)
        rules = _list_compiled()
        while batch and rules:
            _refresh_batch(batch, rules)
            batch = list(islice(remaining, BATCH))


def forget_members(product_ids: Collection[int]) -> None:
    """Take products that left the index out of every rule."""
    RuleMember.objects.filter(product_id__in=product_ids).delete()


def refresh_collections(collection_ids: Collection[int]) -> None:
    """
    Let the rules of these collections count as they are now live; one that is no longer live, or is put
    together by hand, has none. Only a rule that changed is looked up again.
    """
    found = ProductCollection.objects.in_bulk(collection_ids)
    for collection_id in collection_ids:
        held = found.get(collection_id)
        is_live_rule = held is not None and held.live and held.kind == ProductCollection.Kind.BY_RULE
        had_rule = LiveRule.objects.filter(collection_id=collection_id).exists()
        if is_live_rule or had_rule:
            _put(
                held.rule if held is not None and is_live_rule else None,
                part=LiveRule.Part.COLLECTION,
                collection_id=collection_id,
            )
        if not had_rule:
            # Put together by hand, so far: other rules may name it.
            refresh_rules_about("collection")


def refresh_related_rule(rule_id: int) -> None:
    """Let both parts of a rule for related products count as they are now."""
    held = RelatedRule.objects.filter(pk=rule_id, is_active=True).first()
    for part, rule in (
        (LiveRule.Part.FOR, held.for_products if held else None),
        (LiveRule.Part.SHOW, held.show if held else None),
    ):
        _put(rule, part=part, related_rule_id=rule_id)


def refresh_categories() -> None:
    """Look up again the rules for which the tree has changed: a category moved, came, went or was renamed."""
    for live in _list_about("category"):
        if live.categories != find_categories(parse(live.rule)):
            _write(live, parse(live.rule))


def refresh_currency() -> None:
    """Look up again every rule whose prices are of another currency than the shop's."""
    for live in LiveRule.objects.exclude(currency=get_shop_settings().default_currency).order_by("pk"):
        _write(live, parse(live.rule))


def refresh_rules_about(*fields: str) -> int:
    """
    Look up again, each in a transaction of its own, the rules that name one of the fields; all without any.

    :return: how many there are
    """
    rules = _list_about(*fields)
    for live in rules:
        _write(live, parse(live.rule))
    return len(rules)


def _list_about(*fields: str) -> list[LiveRule]:
    rules = LiveRule.objects.order_by("pk")
    return [live for live in rules if not fields or not set(fields).isdisjoint(live.fields)]


def _put(rule: Any, **owner: Any) -> None:
    live = LiveRule.objects.filter(**owner).first()
    try:
        node = parse(rule) if rule else None
    except InvalidRule as refused:
        # The editor lets none through; what came past it matches nothing, rather than stopping a publish.
        logger.warning("The rule of %s cannot be read: %s", owner, refused)
        node = None
    if node is None:
        if live is not None:
            with transaction.atomic():
                _lock(alone=True)
                live.delete()
        return
    _write(live or LiveRule(**owner), node, only_if_changed=live is not None)


def _write(live: LiveRule, node: Node, *, only_if_changed: bool = False) -> None:
    categories = find_categories(node)
    currency = get_shop_settings().default_currency
    live.rule = to_json(node)
    text = json.dumps([live.rule, categories, currency], sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if only_if_changed and digest == live.digest:
        return
    live.fields = sorted({condition.field for condition in conditions_of(node)})
    live.categories, live.currency, live.digest = categories, currency, digest
    live.refreshed_at = clock.now()
    with transaction.atomic():
        _lock(alone=True)
        live.save()
        wanted = list_matching(
            node, categories=categories, currency=currency, at=live.refreshed_at
        ).order_by()
        members = RuleMember.objects.filter(rule=live)
        members.exclude(product_id__in=wanted.values("product_id")).delete()
        _insert(live.pk, wanted.values_list("product_id", flat=True))


def _insert(rule_id: int, wanted: Any) -> None:
    try:
        sql, params = wanted.query.sql_with_params()
    except EmptyResultSet:
        # Django sees that nothing can meet it, such as a category that is no more.
        return
    table = connection.ops.quote_name(RuleMember._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (rule_id, product_id) "  # noqa: S608  # a table of ours; the rest is bound
            f"SELECT %s, found.product_id FROM ({sql}) AS found WHERE TRUE ON CONFLICT DO NOTHING",
            [rule_id, *params],
        )


def _refresh_batch(product_ids: Sequence[int], rules: Sequence[_Compiled]) -> None:
    known = load_known(
        product_ids,
        fields=frozenset().union(*(rule.fields for rule in rules)),
        categories=(rule.categories for rule in rules),
        currency=rules[0].currency,
        at=clock.now(),
    )
    wanted = {
        (rule.id, product_id)
        for product_id, facts in known.facts.items()
        for rule in rules
        if matches(rule.node, facts)
    }
    if stale := [pk for key, pk in known.members.items() if key not in wanted]:
        RuleMember.objects.filter(pk__in=stale).delete()
    if fresh := wanted.difference(known.members):
        RuleMember.objects.bulk_create(
            [RuleMember(rule_id=rule_id, product_id=product_id) for rule_id, product_id in sorted(fresh)],
            ignore_conflicts=True,
        )


def _list_compiled() -> list[_Compiled]:
    """Every live rule, read once per process as long as it stays the same: one statement then."""
    digests = dict(LiveRule.objects.order_by("pk").values_list("pk", "digest"))
    # A copy: another thread may be amid a transaction in which there are other rules.
    held = {pk: kept for pk, kept in dict(_compiled).items() if kept[0] == digests.get(pk)}
    unknown = digests.keys() - held.keys()
    for live in LiveRule.objects.filter(pk__in=unknown) if unknown else ():
        held[live.pk] = (live.digest, _compile(live))
    if unknown:
        if len(_compiled) > MOST_COMPILED:
            _compiled.clear()
        _compiled.update(held)
    return [held[pk][1] for pk in digests if pk in held]


def _compile(live: LiveRule) -> _Compiled:
    return _Compiled(
        id=live.pk,
        node=parse(live.rule),
        fields=frozenset(live.fields),
        categories={slug: frozenset(ids) for slug, ids in live.categories.items()},
        currency=live.currency,
    )


def _lock(*, alone: bool) -> None:
    # SQLite has one writer at a time anyway.
    if connection.vendor == "postgresql":
        function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK])
