"""What must hold of a product as a whole before it is written: every error of every row is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from shop.catalogue.models.variants import validate_gtin, validate_sku
from shop.catalogue.sold import find_sold_variants
from shop.pricing.models import PriceList
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.pending import Pending
from shop.spreadsheets.plans import ProductPlan, VariantPlan


def check_plans(plans: Sequence[ProductPlan], lookups: Lookups) -> None:
    """Refuse what does not hold together, in a number of queries that does not grow."""
    renamed = {
        variant.held.variant.pk
        for plan in plans
        for variant in plan.variants
        if variant.held is not None and "sku" in variant.changes
    }
    sold = find_sold_variants(renamed)
    for plan in plans:
        _check_product(plan)
        for variant in plan.variants:
            _check_variant(plan, variant, sold)
            _check_prices(plan, variant, lookups)
            _check_stock(plan, variant)
            _check_parts(plan, variant)
        _check_combinations(plan)


def _check_product(plan: ProductPlan) -> None:
    row = plan.first_row
    if plan.held is None:
        if not plan.final("title"):
            plan.refuse(row, "title", "A new product needs a title.", "missing")
        elif not plan.final("handle") and not slugify(plan.final("title")):
            plan.refuse(row, "handle", "Write a handle: none can be made of this title.", "missing")
    elif plan.held.page.locked and plan.changes:
        who = plan.held.page.locked_by or "An editor"
        plan.refuse(row, "", f"{who} has locked this product: unlock it first.", "locked")
    if plan.held is not None and plan.held.page.alias_of_id and plan.changes:
        plan.refuse(row, "", "This page mirrors another product: change that one.", "alias")
    for name, (_, new) in plan.changes.items():
        _, _, rest = name.partition("image.")
        number, _, part = rest.partition(".")
        source = f"image.{number}.src"
        if rest and part != "src" and new and plan.final(source) is None and not plan.has_failed(row, source):
            plan.refuse(row, name, f"There is no picture {number} that this could belong to.", "missing")


def _check_variant(plan: ProductPlan, variant: VariantPlan, sold: set[int]) -> None:
    if "sku" in variant.changes:
        try:
            validate_sku(variant.sku)
        except ValidationError as error:
            plan.refuse(variant.row, "sku", " ".join(error.messages))
        others = {
            one.variant.sku.upper()
            for one in (plan.held.variants if plan.held is not None else ())
            if variant.held is None or one.variant.pk != variant.held.variant.pk
        }
        if variant.sku.upper() in others:
            plan.refuse(
                variant.row, "sku", f"{variant.sku} is another variant's: change that one first.", "sku_taken"
            )
        if variant.held is not None and variant.held.variant.pk in sold:
            plan.refuse(
                variant.row,
                "sku",
                f"{variant.held.variant.sku} was sold: its SKU stays. Archive it, and add a new variant.",
                "sku_sold",
            )
    if variant.changes.get("barcode", ("", ""))[1]:
        try:
            validate_gtin(variant.final("barcode"))
        except ValidationError as error:
            plan.refuse(variant.row, "barcode", " ".join(error.messages))
    opens, closes = variant.final("available_from"), variant.final("available_until")
    if (
        opens
        and closes
        and opens >= closes
        and {"available_from", "available_until"} & variant.changes.keys()
    ):
        plan.refuse(variant.row, "available_until", "This must be later than the moment it is on sale from.")


def _check_prices(plan: ProductPlan, variant: VariantPlan, lookups: Lookups) -> None:
    for name in variant.changes:
        kind, _, code = name.partition(".")
        if kind not in ("price", "compare_at", "tiers"):
            continue
        compare_at = variant.final(f"compare_at.{code}")
        tiers = variant.final(f"tiers.{code}", ())
        lacks_price = variant.final(f"price.{code}") is None and not plan.has_failed(
            variant.row, f"price.{code}"
        )
        if compare_at is not None and lacks_price:
            plan.refuse(variant.row, name, f"Write price.{code} as well: there is nothing to compare with.")
        recommended = compare_at is not None or any(above is not None for _, _, above in tiers)
        if recommended and lookups.price_lists[code].kind != PriceList.Kind.BASE:
            plan.refuse(
                variant.row,
                f"compare_at.{code}",
                "A recommended price belongs into a base list: leave it empty here.",
            )


def _check_stock(plan: ProductPlan, variant: VariantPlan) -> None:
    for name, (_, new) in variant.changes.items():
        kind, _, rest = name.partition(".")
        code, _, rule = rest.partition(".")
        if kind != "stock" or variant.held is None:
            continue
        reserved = variant.held.reserved.get(code, 0)
        on_hand = variant.final(f"stock.{code}") or 0
        if (
            rule in ("", "backorders")
            and on_hand < reserved
            and not variant.final(f"stock.{code}.backorders")
        ):
            plan.refuse(
                variant.row,
                name,
                f"{reserved} are promised to orders: {new if rule == '' else on_hand} would not be enough. "
                "Cancel orders first, or allow backorders.",
                "stock_below_reserved",
            )


def _check_parts(plan: ProductPlan, variant: VariantPlan) -> None:
    # Whether the parts make a bundle is the business of its own service, asked when they are written.
    by_parts = "priced_by_parts" in variant.changes and variant.final("priced_by_parts")
    if by_parts and not variant.cells.get("parts") and not variant.final("parts", ()):
        plan.refuse(variant.row, "priced_by_parts", "Only a bundle has parts: write “no”, or fill in parts.")


def _check_combinations(plan: ProductPlan) -> None:
    """Two variants with the same choice of attributes could not be told apart by a shopper."""
    touched = {variant.held.variant.pk: variant for variant in plan.variants if variant.held is not None}
    seen: dict[frozenset[Any], str] = {}
    everything = [
        (one.values, touched.get(one.variant.pk)) for one in (plan.held.variants if plan.held else ())
    ]
    everything += [({}, variant) for variant in plan.variants if variant.held is None]
    for values, variant in everything:
        final = values | {name: new for name, (_, new) in (variant.changes.items() if variant else ())}
        choice = frozenset(
            (name, _same_value(held))
            for name, held in final.items()
            if name.startswith("option.") and held is not None
        )
        if not choice or final.get("archived"):
            continue
        twin = seen.setdefault(choice, str(final.get("sku", "")))
        if twin != final.get("sku", "") and any(
            one is not None and any(name.startswith(("option.", "archived", "sku")) for name in one.changes)
            for one in (variant, *touched.values())
        ):
            plan.refuse(
                variant.row if variant else plan.first_row,
                min(name for name, _ in choice),
                f"{twin} has the same options as {final.get('sku')}: change one of them.",
                "duplicate",
            )


def _same_value(value: Any) -> Any:
    return value.name[-1].casefold() if isinstance(value, Pending) else value
