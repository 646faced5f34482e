"""Variants of many products, with options, pictures, prices, stock and parts, written together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Upper

from shop.catalogue.models import ProductPage, ProductVariant, TaxClass, VariantAttribute, VariantImage
from shop.catalogue.selectors import get_default_tax_class
from shop.catalogue.services.bundles import InvalidBundle, PartDraft, set_components
from shop.inventory.models import StockMovement
from shop.inventory.services import StockCount, bulk_load_stock
from shop.pricing.services import PriceChange, bulk_load_prices
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.plans import Problem, ProductPlan, VariantPlan
from shop.spreadsheets.snapshots import VARIANT_FIELDS

if TYPE_CHECKING:
    from shop.customers.models import User

Pair = tuple[ProductPlan, VariantPlan]


class Unapplied(Exception):
    """Something that only writing could find; the chunk is written again without these items."""

    def __init__(self, problems: dict[int, Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} items")


class VariantWriter:
    """Writes the variants of the plans of one chunk; their pages are there by now."""

    def __init__(self, *, lookups: Lookups, actor: User | None, at: datetime, reference: str) -> None:
        self.lookups = lookups
        self.actor = actor
        self.at = at
        self.reference = reference
        self.written: dict[int, ProductVariant] = {}
        self.part_ids: dict[str, int] = {}

    def write(self, plans: Sequence[tuple[ProductPlan, ProductPage]]) -> None:
        """
        Write everything that changes.

        :raises Unapplied: for bundles that cannot be
        """
        created: list[ProductVariant] = []
        changed: list[ProductVariant] = []
        fields: set[str] = set()
        pairs: list[Pair] = []
        for plan, page in plans:
            position = max(
                (one.variant.sort_order for one in (plan.held.variants if plan.held else ())), default=0
            )
            for variant in plan.variants:
                pairs.append((plan, variant))
                if variant.held is None:
                    position += 1
                    created.append(self._build(plan, variant, page, position))
                elif variant.changes:
                    changed.append(self._change(variant, fields))
        self._save(created, changed, fields)
        self._write_options(pairs)
        self._write_pictures(pairs)
        self._write_prices(pairs)
        self._write_stock(pairs)
        self._write_parts(pairs)

    def _build(
        self, plan: ProductPlan, variant: VariantPlan, page: ProductPage, position: int
    ) -> ProductVariant:
        made = ProductVariant(
            product=page, sort_order=position, created_at=self.at, updated_at=self.at, sku=variant.sku
        )
        self._set(made, variant)
        if "tax_class" not in variant.changes:
            usual = self.lookups.type_tax_classes.get(plan.final("type"))
            made.tax_class = self._tax_class(usual or TaxClass.STANDARD)
        if not made.title:
            made.title = self._title_of(variant)
        self.written[id(variant)] = made
        return made

    def _change(self, variant: VariantPlan, fields: set[str]) -> ProductVariant:
        assert variant.held is not None  # noqa: S101
        held = variant.held.variant
        was_automatic = held.title == self._title_of_values(variant.held.values)
        self._set(held, variant)
        has_new_options = any(name.startswith("option.") for name in variant.changes)
        if was_automatic and has_new_options and "variant.title" not in variant.changes:
            held.title = self._title_of(variant)
            fields.add("title")
        held.updated_at = self.at
        for name in variant.changes:
            if name in VARIANT_FIELDS:
                fields.add(
                    VARIANT_FIELDS[name].removesuffix("_id")
                    if name == "variant.image"
                    else VARIANT_FIELDS[name]
                )
        fields |= {"tax_class"} & variant.changes.keys()
        if "archived" in variant.changes:
            fields.add("archived_at")
        if {"available_from", "available_until"} & variant.changes.keys():
            fields.add("is_window_open")
        return held

    def _set(self, target: ProductVariant, variant: VariantPlan) -> None:
        for name, (_, new) in variant.changes.items():
            if name == "variant.external_id":
                target.external_id = new or None
            elif name in VARIANT_FIELDS:
                setattr(target, VARIANT_FIELDS[name], new)
            elif name == "tax_class":
                target.tax_class = self._tax_class(new)
            elif name == "archived":
                target.archived_at = self.at if new else None
        target.is_window_open = target.is_in_window(self.at)

    def _tax_class(self, code: str) -> TaxClass:
        if code not in self.lookups.tax_classes:
            self.lookups.tax_classes[code] = get_default_tax_class()
        return self.lookups.tax_classes[code]

    def _title_of(self, variant: VariantPlan) -> str:
        values = dict(variant.held.values) if variant.held is not None else {}
        values.update({name: new for name, (_, new) in variant.changes.items()})
        return self._title_of_values(values)

    def _title_of_values(self, values: dict[str, Any]) -> str:
        """What tells the variant from its siblings, e.g. "Red / M"."""
        options = {
            name.removeprefix("option."): value
            for name, value in values.items()
            if name.startswith("option.") and value is not None
        }
        order = sorted(options, key=lambda slug: (self.lookups.attributes[slug].sort_order, slug))
        return " / ".join(self.lookups.value_labels[options[slug]] for slug in order)[:200]

    def _save(self, created: list[ProductVariant], changed: list[ProductVariant], fields: set[str]) -> None:
        ProductVariant.objects.bulk_create(created, batch_size=1000)
        if changed:
            ProductVariant.objects.bulk_update(changed, [*sorted(fields), "updated_at"], batch_size=200)

    def _variant_id(self, variant: VariantPlan) -> int:
        return variant.held.variant.pk if variant.held is not None else self.written[id(variant)].pk

    def _changed(self, pairs: Iterable[Pair], prefix: str) -> Iterator[tuple[VariantPlan, str, Any]]:
        for _, variant in pairs:
            for name, (_, new) in variant.changes.items():
                if name.startswith(prefix):
                    yield variant, name.removeprefix(prefix), new

    def _write_options(self, pairs: Sequence[Pair]) -> None:
        gone, rows = [], []
        for variant, slug, value_id in self._changed(pairs, "option."):
            attribute = self.lookups.attributes[slug]
            if variant.held is not None:
                gone.append((variant.held.variant.pk, attribute.pk))
            if value_id is not None:
                rows.append(
                    VariantAttribute(
                        variant_id=self._variant_id(variant), attribute_id=attribute.pk, value_id=value_id
                    )
                )
        for attribute_id in {attribute_id for _, attribute_id in gone}:
            VariantAttribute.objects.filter(
                attribute_id=attribute_id, variant_id__in=[pk for pk, held in gone if held == attribute_id]
            ).delete()
        VariantAttribute.objects.bulk_create(rows, batch_size=2000)

    def _write_pictures(self, pairs: Sequence[Pair]) -> None:
        rows: list[VariantImage] = []
        gone: list[int] = []
        for variant, _, pictures in self._changed(pairs, "variant.images"):
            variant_id = self._variant_id(variant)
            gone.append(variant_id)
            rows += [
                VariantImage(variant_id=variant_id, image_id=pk, alt_text=alt_text, sort_order=position)
                for position, (pk, alt_text) in enumerate(pictures)
            ]
        if gone:
            VariantImage.objects.filter(variant_id__in=gone).delete()
        VariantImage.objects.bulk_create(rows, batch_size=2000)

    def _write_prices(self, pairs: Sequence[Pair]) -> None:
        changes: list[PriceChange] = []
        for _, variant in pairs:
            codes = {
                name.partition(".")[2]
                for name in variant.changes
                if name.partition(".")[0] in ("price", "compare_at", "tiers")
            }
            for code in sorted(codes):
                changes += self._price_changes(variant, code)
        bulk_load_prices(changes=changes, actor=self.actor, reason=self.reference, at=self.at, announce=False)

    def _price_changes(self, variant: VariantPlan, code: str) -> Iterator[PriceChange]:
        variant_id = self._variant_id(variant)
        if {f"price.{code}", f"compare_at.{code}"} & variant.changes.keys():
            yield PriceChange(
                variant_id=variant_id,
                price_list_code=code,
                amount=variant.final(f"price.{code}"),
                compare_at=variant.final(f"compare_at.{code}"),
            )
        if f"tiers.{code}" in variant.changes:
            old, new = variant.changes[f"tiers.{code}"]
            kept = {quantity for quantity, _, _ in new}
            for quantity, amount, compare_at in new:
                yield PriceChange(variant_id, code, amount, compare_at, quantity)
            for quantity, _, _ in old:
                if quantity not in kept:
                    yield PriceChange(variant_id, code, None, None, quantity)

    def _write_stock(self, pairs: Sequence[Pair]) -> None:
        counts: dict[str, dict[int, StockCount]] = {}
        for variant, rest, _ in self._changed(pairs, "stock."):
            code, variant_id = rest.partition(".")[0], self._variant_id(variant)
            counts.setdefault(code, {})[variant_id] = StockCount(
                variant_id=variant_id,
                on_hand=variant.final(f"stock.{code}") or 0,
                low_stock_threshold=variant.final(f"stock.{code}.low_from"),
                allows_backorder=variant.final(f"stock.{code}.backorders"),
            )
        for code in sorted(counts):
            bulk_load_stock(
                warehouse=self.lookups.warehouses[code],
                counts=counts[code].values(),
                kind=StockMovement.Kind.CORRECTION,
                reference=self.reference,
                actor=self.actor,
                at=self.at,
                announce=False,
            )

    def _find_parts(self, pairs: Sequence[Pair]) -> None:
        skus = {
            sku
            for _, variant in pairs
            if {"parts", "priced_by_parts"} & variant.changes.keys()
            for sku, _ in variant.final("parts", ())
        }
        if skus:
            variants = ProductVariant.objects.annotate(upper_sku=Upper("sku")).filter(upper_sku__in=skus)
            self.part_ids = dict(variants.values_list("upper_sku", "pk"))

    def _write_parts(self, pairs: Sequence[Pair]) -> None:
        problems: dict[int, Problem] = {}
        self._find_parts(pairs)
        for plan, variant in pairs:
            if not {"parts", "priced_by_parts"} & variant.changes.keys():
                continue
            bundle = variant.held.variant if variant.held is not None else self.written[id(variant)]
            parts = [PartDraft(self.part_ids[sku], count) for sku, count in variant.final("parts", ())]
            try:
                set_components(
                    variant=bundle,
                    parts=parts,
                    priced_by_parts=bool(variant.final("priced_by_parts")),
                    actor=self.actor,
                    at=self.at,
                )
            except InvalidBundle as error:
                reasons = " ".join(item.detail for item in error.errors) or error.detail
                problems[plan.item.pk] = Problem(variant.row, "parts", error.code, reasons)
        if problems:
            raise Unapplied(problems)
