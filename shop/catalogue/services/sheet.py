"""The sheet of a product's variants while it is being saved: what is wanted, what is wrong, what to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Upper

from shop.catalogue.bundles import list_active_bundles_of
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    ProductPage,
    ProductVariant,
    TaxClass,
    VariantAttribute,
)
from shop.catalogue.selectors import get_default_tax_class
from shop.catalogue.services.variant_drafts import EDITABLE, InvalidVariants, VariantChange, VariantDraft
from shop.catalogue.sold import find_sold_variants
from shop.core.errors import ErrorItem

ATTRIBUTE = "attribute."
COLUMNS = [*(name.removesuffix("_id") if name == "image_id" else name for name in EDITABLE), "is_window_open"]


class Sheet:
    """The variants of one product while they are being saved."""

    def __init__(self, *, product: ProductPage | None, held: dict[int, ProductVariant], at: datetime) -> None:
        self.product = product
        self.held = held
        self.at = at
        self.created: list[ProductVariant] = []
        self.changed: dict[int, ProductVariant] = {}
        # By public id, because a variant without a primary key cannot be a key itself.
        self.where: dict[UUID, str] = {}
        self.changes: dict[int, dict[str, Any]] = {}
        self.errors: list[ErrorItem] = []
        self.tax_classes = {tax_class.code: tax_class for tax_class in TaxClass.objects.all()}
        self.attributes = {
            attribute.slug: attribute
            for attribute in Attribute.objects.filter(makes_variants=True).prefetch_related("values")
        }
        rows = VariantAttribute.objects.filter(variant__in=held).select_related("attribute", "value")
        self.values: dict[UUID, dict[str, AttributeValue]] = {}
        for row in rows:
            self.values.setdefault(held[row.variant_id].public_id, {})[row.attribute.slug] = row.value
        self.changed_values: list[ProductVariant] = []
        # SKUs as they stand, of those that shall get another one.
        self.former_skus: dict[int, str] = {}
        top = max((variant.sort_order for variant in held.values()), default=0)
        self.next_position = top + 1

    def start(self, product: ProductPage) -> None:
        """Go on with another, new product."""
        self.product = product
        self.next_position = 1

    def refuse(self, where: str, detail: str, code: str = "invalid") -> None:
        """Note an error; :meth:`check` raises them together."""
        self.errors.append(ErrorItem(code, detail, where))

    def add(self, where: str, draft: VariantDraft) -> None:
        """Put a new variant at the end of the sheet."""
        variant = ProductVariant(
            product=self.product,
            sort_order=self.next_position,
            created_at=self.at,
            updated_at=self.at,
        )
        self.next_position += 1
        self.created.append(variant)
        self.where[variant.public_id] = where
        fields = {name: getattr(draft, name) for name in EDITABLE if name != "sort_order"}
        self._set_values(variant, draft.attributes)
        self._set_fields(variant, fields)

    def change(self, where: str, change: VariantChange) -> None:
        """Change what is given of a variant of the sheet."""
        variant = self.held.get(change.variant_id)
        if variant is None:
            self.refuse(where, "This variant is no longer on the sheet: reload the page.", "not_found")
            return
        self.where[variant.public_id] = where
        names = {"title", *change.fields}
        before = self._describe(variant, names, change.attributes)
        if change.fields.get("sku", variant.sku) != variant.sku:
            self.former_skus[variant.pk] = variant.sku
        automatic = variant.title == self._title_of(variant)
        self._set_values(variant, change.attributes)
        self._set_fields(variant, change.fields)
        if automatic and change.attributes and "title" not in change.fields:
            variant.title = self._title_of(variant)
        self._touch(variant)
        after = self._describe(variant, names, change.attributes)
        self.changes[variant.pk] = {
            name: [old, after[name]] for name, old in before.items() if old != after[name]
        }

    def archive(self, variant_ids: Collection[int], archived_at: datetime | None) -> None:
        """Archive the variants, or restore them with ``archived_at=None``."""
        for variant_id in variant_ids:
            variant = self.held.get(variant_id)
            if variant is None or variant.is_archived == (archived_at is not None):
                continue
            variant.archived_at = archived_at
            self.where.setdefault(variant.public_id, f"change.{variant_id}")
            self._touch(variant)
            state = ["on sale", "archived"]
            changed = self.changes.setdefault(variant_id, {})
            changed["state"] = state if archived_at else state[::-1]

    def _describe(
        self, variant: ProductVariant, names: Iterable[str], slugs: Iterable[str]
    ) -> dict[str, str]:
        """What stands in these fields and attributes, as the trail tells it."""
        values = self.values.get(variant.public_id, {})
        told = {name: _tell(getattr(variant, name)) for name in sorted(names)}
        return told | {f"{ATTRIBUTE}{slug}": str(values.get(slug, "")) for slug in sorted(slugs)}

    def read_log(self, product_id: int | None) -> dict[str, Any]:
        """
        Return what was done to the product's variants: ``{"LAMP-S": {"weight_grams": ["", "1200"]}}``.

        New ones stand behind a plus, with what they were made with; an attribute is ``attribute.<slug>``.
        """
        log: dict[str, Any] = {}
        for variant in self.created:
            if variant.product_id == product_id:
                slugs = self.values.get(variant.public_id, {})
                made = self._describe(variant, EDITABLE, slugs)
                log[f"+{variant.sku}"] = {name: ["", text] for name, text in made.items() if text}
        for pk, changes in self.changes.items():
            if changes and self.held[pk].product_id == product_id:
                log[self.held[pk].sku] = changes
        return log

    def _touch(self, variant: ProductVariant) -> None:
        variant.updated_at = self.at
        self.changed[variant.pk] = variant

    def _set_fields(self, variant: ProductVariant, fields: Mapping[str, Any]) -> None:
        for name, value in fields.items():
            if name not in EDITABLE:
                raise TypeError(f"A variant has no field {name!r} that can be changed.")
            if name == "tax_class":
                self._set_tax_class(variant, value)
            else:
                setattr(variant, name, value)
        if not variant.title:
            variant.title = self._title_of(variant)

    def _set_tax_class(self, variant: ProductVariant, code: str) -> None:
        if code == TaxClass.STANDARD and code not in self.tax_classes:
            self.tax_classes[code] = get_default_tax_class()
        if code in self.tax_classes:
            variant.tax_class = self.tax_classes[code]
        else:
            self.refuse(
                f"{self.where[variant.public_id]}.tax_class", f"There is no tax class “{code}”.", "unknown"
            )

    def _set_values(self, variant: ProductVariant, attributes: Mapping[str, str]) -> None:
        values = self.values.setdefault(variant.public_id, {})
        for slug, value_slug in attributes.items():
            where = f"{self.where[variant.public_id]}.{slug}"
            attribute = self.attributes.get(slug)
            if attribute is None:
                self.refuse(where, f"“{slug}” is no attribute that makes variants.", "unknown")
                continue
            found = next((value for value in attribute.values.all() if value.slug == value_slug), None)
            if value_slug and found is None:
                self.refuse(where, f"“{attribute}” has no value “{value_slug}”.", "unknown")
            elif found is None:
                values.pop(slug, None)
            else:
                values[slug] = found
        if attributes:
            self.changed_values.append(variant)

    def _title_of(self, variant: ProductVariant) -> str:
        """What tells the variant from its siblings, e.g. "Red / M"."""
        values = self.values.get(variant.public_id, {})
        ordered = sorted(values, key=lambda slug: (values[slug].attribute.sort_order, slug))
        return " / ".join(values[slug].label for slug in ordered)[:200]

    def check(self) -> None:
        """
        Refuse the whole sheet if anything is wrong with any row.

        :raises InvalidVariants: with every error found
        """
        touched = [*self.created, *self.changed.values()]
        for variant in touched:
            try:
                variant.clean_fields(exclude=["product", "tax_class", "image"])
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    self.refuse(f"{self.where[variant.public_id]}.{name}", " ".join(messages))
            variant.is_window_open = variant.is_in_window(self.at)
        self._check_windows(touched)
        self._check_skus(touched)
        self._check_external_ids(touched)
        self._check_sold()
        self._check_combinations()
        self._check_bundles()
        if self.errors:
            raise InvalidVariants(errors=self.errors)

    def _check_skus(self, touched: list[ProductVariant]) -> None:
        wanted = Counter(variant.sku.upper() for variant in touched)
        taken = {
            row.upper_sku: row
            for row in ProductVariant.objects.annotate(upper_sku=Upper("sku"))
            .filter(upper_sku__in=wanted)
            .select_related("product")
        }
        for variant in touched:
            key = variant.sku.upper()
            where = f"{self.where[variant.public_id]}.sku"
            owner = taken.get(key)
            if wanted[key] > 1:
                self.refuse(where, "This SKU is on the sheet twice.", "sku_taken")
            elif owner is not None and owner.pk != variant.pk:
                self.refuse(where, _describe_owner(owner), "sku_taken")

    def _check_windows(self, touched: list[ProductVariant]) -> None:
        for variant in touched:
            begins, ends = variant.available_from, variant.available_until
            if begins is not None and ends is not None and begins >= ends:
                self.refuse(
                    f"{self.where[variant.public_id]}.available_until",
                    "“On sale until” must be later than “on sale from”.",
                )

    def _check_external_ids(self, touched: list[ProductVariant]) -> None:
        wanted = Counter(variant.external_id for variant in touched if variant.external_id is not None)
        taken = dict(
            ProductVariant.objects.filter(external_id__in=wanted).values_list("external_id", "pk")
            if wanted
            else ()
        )
        for variant in touched:
            key = variant.external_id
            if key is not None and (wanted[key] > 1 or taken.get(key, variant.pk) != variant.pk):
                self.refuse(
                    f"{self.where[variant.public_id]}.external_id",
                    f"Another variant has the external id “{key}” already.",
                    "external_id_taken",
                )

    def _check_sold(self) -> None:
        """A SKU that stands on papers stays with its variant."""
        for variant_id in sorted(find_sold_variants(self.former_skus)):
            self.refuse(
                f"change.{variant_id}.sku",
                f"{self.former_skus[variant_id]} has been sold, so its SKU cannot change: orders name it. "
                "Archive this variant and add a new one instead.",
                "sku_immutable",
            )

    def _check_combinations(self) -> None:
        """Two variants with the same choice of attributes could not be told apart by a shopper."""
        if not (self.created or self.changed):
            return
        seen: dict[tuple[int | None, frozenset[tuple[str, int]]], ProductVariant] = {}
        active = [variant for variant in [*self.held.values(), *self.created] if not variant.is_archived]
        for variant in active:
            choice = frozenset(
                (slug, value.pk) for slug, value in self.values.get(variant.public_id, {}).items()
            )
            twin = seen.setdefault((variant.product_id, choice), variant) if choice else variant
            if twin is not variant and (variant.public_id in self.where or twin.public_id in self.where):
                where = self.where.get(variant.public_id) or self.where[twin.public_id]
                slug = min(slug for slug, _ in choice)
                self.refuse(
                    f"{where}.{slug}", f"{twin.sku} has the same attributes: change one of them.", "duplicate"
                )

    def _check_bundles(self) -> None:
        """A bundle on sale without one of its parts would be another thing at the same price."""
        archived = {pk: variant for pk, variant in self.changed.items() if variant.is_archived}
        if not archived:
            return
        going_too = {variant.sku for variant in archived.values()}
        for pk, skus in list_active_bundles_of(archived).items():
            staying = [sku for sku in skus if sku not in going_too]
            if staying:
                detail = (
                    f"{archived[pk].sku} is part of {', '.join(staying)}: take it out of there, "
                    "or archive the bundle first."
                )
                self.refuse(f"{self.where[archived[pk].public_id]}.sku", detail, "in_bundle")

    def write(self) -> None:
        """
        Write what was added and changed; call :meth:`check` first.

        :raises InvalidVariants: if another transaction has taken a SKU since
        """
        try:
            with transaction.atomic():
                self._write_variants()
        except IntegrityError:
            for variant in self.created:
                variant.pk = None
            touched = [*self.created, *self.changed.values()]
            self._check_skus(touched)
            self._check_external_ids(touched)
            if not self.errors:
                raise
            raise InvalidVariants(errors=self.errors) from None
        self._write_values()

    def _write_variants(self) -> None:
        # By SKU, so that two sheets that claim the same ones cannot deadlock.
        ProductVariant.objects.bulk_create(
            sorted(self.created, key=lambda variant: variant.sku.upper()), batch_size=1000
        )
        if self.changed:
            ProductVariant.objects.bulk_update(
                self.changed.values(), [*COLUMNS, "archived_at", "updated_at"], batch_size=200
            )

    def _write_values(self) -> None:
        VariantAttribute.objects.filter(variant__in=[v.pk for v in self.changed_values if v.pk]).delete()
        VariantAttribute.objects.bulk_create(
            VariantAttribute(variant=variant, attribute=value.attribute, value=value)
            for variant in self.changed_values
            for value in self.values[variant.public_id].values()
        )

    def touched_ids(self) -> list[int]:
        """Primary keys of what was written, new ones first."""
        return [*(variant.pk for variant in self.created), *self.changed]


def _tell(value: Any) -> str:
    """A value as people read it; nothing, and what is off, is empty."""
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def _describe_owner(owner: ProductVariant) -> str:
    where = f"“{owner.product.title}”" if owner.product else "a deleted product"
    if owner.is_archived:
        return f"This SKU belongs to an archived variant of {where}: restore that one, or choose another SKU."
    return f"This SKU belongs to {where} already: choose another one."
