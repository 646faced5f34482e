"""Making bundles of variants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from shop.catalogue.events import record_variants_changed
from shop.catalogue.models import BundleComponent, ProductVariant
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError

if TYPE_CHECKING:
    from shop.customers.models import User

MOST_PARTS: Final = 30
MOST_PIECES: Final = 999
BundleCheck = Callable[[ProductVariant], str]

_checks: list[BundleCheck] = []


class InvalidBundle(ShopError):
    """The parts do not make a bundle; ``errors`` names each by ``parts.<position>``."""

    code = "invalid_bundle"
    status = 400
    title = "These parts do not make a bundle."


@dataclass(frozen=True, slots=True)
class PartDraft:
    """So many of one variant shall be in one piece of the bundle."""

    variant_id: int
    quantity: int = 1


def register_bundle_check(check: BundleCheck) -> None:
    """
    Let an app refuse that a variant becomes a bundle.

    :param check: returns why not, with the mend; empty when it may
    """
    if check not in _checks:
        _checks.append(check)


@transaction.atomic
def set_components(
    *,
    variant: ProductVariant,
    parts: Sequence[PartDraft],
    priced_by_parts: bool,
    actor: User | None,
    at: datetime,
) -> ProductVariant:
    """
    Make a variant a bundle of these parts, in their order; without parts it is a plain variant again.

    The same parts again change nothing.

    :raises InvalidBundle: for a part twice, archived, unknown, a bundle or the variant itself, for a variant
        that is part of a bundle, and where a registered check says no
    """
    ids = {part.variant_id for part in parts} | {variant.pk}
    # By primary key, so that two bundles made at once cannot deadlock, and cannot be put into each other.
    locked = {
        one.pk: one for one in ProductVariant.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    }
    bundle = locked.get(variant.pk)
    if bundle is None:
        raise InvalidBundle("This variant is gone: reload the page.")
    _check(bundle, parts, locked)
    by_parts = priced_by_parts and bool(parts)
    held = [(row.component_id, row.quantity) for row in BundleComponent.objects.filter(bundle=bundle)]
    wanted = [(part.variant_id, part.quantity) for part in parts]
    if held == wanted and bundle.is_priced_by_parts == by_parts:
        return bundle
    _write_parts(bundle, parts, locked, by_parts=by_parts, actor=actor, at=at)
    record_variants_changed(
        variant_ids=[bundle.pk], product_ids=[bundle.product_id] if bundle.product_id else []
    )
    return bundle


def _write_parts(
    bundle: ProductVariant,
    parts: Sequence[PartDraft],
    locked: dict[int, ProductVariant],
    *,
    by_parts: bool,
    actor: User | None,
    at: datetime,
) -> None:
    """Replace the parts, and keep in the trail what they were."""
    was_by_parts = bundle.is_priced_by_parts
    before = {row.component.sku: row.quantity for row in bundle.components.select_related("component")}
    BundleComponent.objects.filter(bundle=bundle).delete()
    BundleComponent.objects.bulk_create(
        BundleComponent(bundle=bundle, component_id=part.variant_id, quantity=part.quantity, sort_order=place)
        for place, part in enumerate(parts)
    )
    bundle.is_priced_by_parts, bundle.updated_at = by_parts, at
    bundle.save(update_fields=["is_priced_by_parts", "updated_at"])
    changes = {
        "parts": [before, {locked[part.variant_id].sku: part.quantity for part in parts}],
        "priced_by_parts": [was_by_parts, by_parts],
    }
    record_audit(actor=actor, action="variant.bundled", target=bundle, changes=changes, at=at)


def _check(bundle: ProductVariant, parts: Sequence[PartDraft], locked: dict[int, ProductVariant]) -> None:
    errors = []
    made_of_parts = set(
        BundleComponent.objects.filter(bundle_id__in=locked).values_list("bundle_id", flat=True)
    )
    seen: set[int] = set()
    for place, part in enumerate(parts):
        detail = _why_no_part(bundle, part, locked.get(part.variant_id), made_of_parts, seen)
        if detail:
            errors.append(ErrorItem("invalid_part", detail, f"parts.{place}"))
        seen.add(part.variant_id)
    if parts:
        whole = _why_no_bundle(bundle, parts)
        if whole:
            errors.append(ErrorItem("invalid_bundle", whole, "parts"))
    if errors:
        raise InvalidBundle(errors=errors)


def _why_no_part(
    bundle: ProductVariant,
    part: PartDraft,
    variant: ProductVariant | None,
    made_of_parts: set[int],
    seen: set[int],
) -> str:
    if variant is None:
        return "This variant is gone: choose another one."
    sku = variant.sku
    rules = (
        (variant.pk == bundle.pk, f"{sku} cannot be a part of itself."),
        (variant.pk in seen, f"{sku} is listed twice: write the whole quantity in one row."),
        (variant.is_archived, f"{sku} is archived: restore it, or choose another part."),
        (variant.pk in made_of_parts, f"{sku} is a bundle itself: choose its parts instead."),
        (not 1 <= part.quantity <= MOST_PIECES, f"{sku}: write a quantity of 1 to {MOST_PIECES}."),
    )
    return next((detail for applies, detail in rules if applies), "")


def _why_no_bundle(bundle: ProductVariant, parts: Sequence[PartDraft]) -> str:
    if len(parts) > MOST_PARTS:
        return f"A bundle has at most {MOST_PARTS} parts."
    holder = BundleComponent.objects.filter(component=bundle).select_related("bundle").first()
    if holder is not None:
        return f"{bundle.sku} is a part of the bundle {holder.bundle.sku}: take it out there first."
    return next((why for check in _checks if (why := check(bundle))), "")
