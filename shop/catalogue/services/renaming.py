"""
What happens to rules when something that they name gets another slug.

Rules name things by their slugs, as addresses and imports do. So whoever gives a category, brand, type, tag,
collection, attribute or value another slug changes, in the same transaction, the rules that name it: those
of the shop, and those in drafts and old versions. Apps with rules of their own bring them::

    register_rule_holder(rename_in_promotions)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Revision

from shop.catalogue.models import ProductCollection, RelatedRule
from shop.core.outbox import record_event

ATTRIBUTE: Final = "attribute."


@dataclass(frozen=True, slots=True)
class Rename:
    """``old`` of a field of rules is called ``new`` by now; with ``is_field``, the field itself is."""

    field: str
    old: str
    new: str
    is_field: bool = False

    def apply(self, rule: Any) -> Any:
        """The same rule with the new name; what does not name it comes back as it is."""
        if isinstance(rule, list):
            return [self.apply(part) for part in rule]
        if not isinstance(rule, Mapping):
            return rule
        if "field" not in rule:
            return {key: self.apply(part) for key, part in rule.items()}
        if self.is_field:
            return {**rule, "field": self.new} if rule["field"] == self.old else rule
        if rule["field"] != self.field or not isinstance(rule.get("value"), list):
            return rule
        words = [self.new if word == self.old else word for word in rule["value"]]
        return {**rule, "value": list(dict.fromkeys(words))}


RuleHolder = Callable[[Rename], None]
_holders: list[RuleHolder] = []


def register_rule_holder(holder: RuleHolder) -> None:
    """Call ``holder`` in the transaction of every rename; registering it twice changes nothing."""
    if holder not in _holders:
        _holders.append(holder)


@transaction.atomic
def rename_in_rules(rename: Rename) -> None:
    """Let every rule that names something by its old slug name it by the new one."""
    for holder in _holders:
        holder(rename)


def rename_in_collections(rename: Rename) -> None:
    """The rules of collections, and those in their revisions."""
    kind = ContentType.objects.get_for_model(ProductCollection)
    revisions = Revision.objects.filter(content_type=kind).order_by()
    for pk, rule in revisions.values_list("pk", "content__rule").iterator():
        if rule and rename.apply(rule) != rule:
            revision = Revision.objects.get(pk=pk)
            content = revision.content | {"rule": rename.apply(rule)}
            # Not by save(), which takes a change of a schedule for a new one.
            Revision.objects.filter(pk=pk).update(content=content)
    for collection in ProductCollection.objects.filter(rule__isnull=False).only("rule", "live"):
        rule = rename.apply(collection.rule)
        if rule == collection.rule:
            continue
        ProductCollection.objects.filter(pk=collection.pk).update(rule=rule)
        if collection.live:
            record_event(
                "collection.changed",
                key=f"collection:{collection.pk}",
                payload={"collection_ids": [collection.pk]},
            )


def rename_in_related_rules(rename: Rename) -> None:
    """Both parts of the rules for related products."""
    for rule in RelatedRule.objects.all():
        parts = (rename.apply(rule.for_products), rename.apply(rule.show))
        if parts != (rule.for_products, rule.show):
            rule.for_products, rule.show = parts
            rule.save()


def register() -> None:
    """Bring the catalogue's own rules; called once when the app is ready."""
    register_rule_holder(rename_in_collections)
    register_rule_holder(rename_in_related_rules)
