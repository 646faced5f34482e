"""What the audit trail knows of a product's variants, as lines that people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q

from shop.catalogue.models import Attribute, ProductVariant
from shop.catalogue.trail import TrailEntry, TrailLine, TrailQuery, register_trail_source
from shop.core.models import AuditEntry

ATTRIBUTE = "attribute."
MOST_LINES = 100
# The price history tells of each price.
TOLD_ELSEWHERE = ("product.change_prices",)
WORDS = {
    "image_id": "Main picture",
    "state": "State",
    "variants.pictures": "Pictures",
    "parts": "Parts of the bundle",
    "priced_by_parts": "Priced by its parts",
    "product.publish": "Published",
    "product.unpublish": "Taken off the shop",
    "product.archive": "Archived with its variants",
}


class VariantTrail:
    """Sheets of variants, their pictures and parts, and bulk actions on the product."""

    name = "catalogue"
    kind = "variants"
    label = "Variants and product"

    def read(self, query: TrailQuery) -> list[TrailEntry]:
        """Return what was done; one SKU alone is looked for by the name that it had then."""
        of_product = Q(object_type="catalogue.productpage", object_id=str(query.product_id))
        if not query.is_whole:
            named = Q()
            for sku in query.skus.values():
                named |= Q(changes__has_key=sku) | Q(changes__has_key=f"+{sku}")
            of_product &= named
        of_variants = Q(
            object_type="catalogue.productvariant",
            object_id__in=[str(pk) for pk in query.skus],
            action="variant.bundled",
        )
        rows = (
            AuditEntry.objects.filter(of_product | of_variants, query.narrow(self.name))
            .exclude(action__in=TOLD_ELSEWHERE)
            .order_by("-at", "-pk")[: query.limit]
        )
        names = dict(Attribute.objects.values_list("slug", "name"))
        wanted = None if query.is_whole else set(query.skus.values())
        return [
            TrailEntry(
                at=row.at,
                source=self.name,
                key=row.pk,
                kind=self.label,
                lines=_shorten(list(_tell(row, names, wanted))),
                actor_id=row.actor_id,
            )
            for row in rows
        ]


def _tell(row: AuditEntry, names: Mapping[str, str], wanted: set[str] | None) -> Iterator[TrailLine]:
    if row.action == "variants.save":
        for sku, changes in row.changes.items():
            if wanted is None or sku.removeprefix("+") in wanted:
                yield from _tell_variant(sku, changes, names)
    elif row.action == "variants.pictures":
        for sku, changes in row.changes.items():
            number = bool(changes.get("image_id")) + len(changes.get("further", ()))
            yield TrailLine(sku, WORDS[row.action], "", "1 picture" if number == 1 else f"{number} pictures")
    elif row.action == "variant.bundled":
        sku = row.object_label.split(" ", 1)[0]
        for name, pair in row.changes.items():
            yield TrailLine(sku, WORDS.get(name, name), *_read_pair(pair))
    else:
        yield from _tell_product(row)


def _tell_variant(sku: str, changes: Any, names: Mapping[str, str]) -> Iterator[TrailLine]:
    plain = sku.removeprefix("+")
    if sku.startswith("+"):
        yield TrailLine(plain, "Variant", "", "added")
    if not isinstance(changes, dict):
        # As it was written at first: a word for the whole variant.
        yield TrailLine(plain, WORDS["state"], "", str(changes))
        return
    for name, value in changes.items():
        before, after = _read_pair(value)
        if before != after and not (sku.startswith("+") and name == "sku"):
            yield TrailLine(plain, _name_field(name, names), before, after)


def _tell_product(row: AuditEntry) -> Iterator[TrailLine]:
    word = WORDS.get(row.action) or row.action.partition(".")[2].replace("_", " ").capitalize()
    pairs = [value for value in row.changes.values() if isinstance(value, list)]
    if not pairs:
        yield TrailLine("", word, "", "")
    for pair in pairs:
        yield TrailLine("", word, *_read_pair(pair))


def _read_pair(value: Any) -> tuple[str, str]:
    """Before and after; an older entry may know the latter alone."""
    before, after = value if isinstance(value, list) and len(value) == 2 else ("", value)  # noqa: PLR2004
    return _as_text(before), _as_text(after)


def _as_text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{quantity} of {sku}" for sku, quantity in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value in (None, "None") else str(value)


def _name_field(name: str, names: Mapping[str, str]) -> str:
    if name in WORDS:
        return WORDS[name]
    try:
        words = str(ProductVariant._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        slug = name.removeprefix(ATTRIBUTE)
        return names.get(slug, slug)
    return words[:1].upper() + words[1:]


def _shorten(lines: list[TrailLine]) -> list[TrailLine]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], TrailLine("", f"and {more} more", "", "")] if more > 0 else lines


def register() -> None:
    """Tell our part; called once when the app is ready."""
    register_trail_source(VariantTrail())
