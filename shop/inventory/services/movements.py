"""Goods that come, go or are counted, and the rules of a stock item."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shop.catalogue.models import BundleComponent, ProductVariant
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError
from shop.inventory.ledger import LockedStock, StockChanged, announce_status_change, locked_stock
from shop.inventory.models import StockItem, StockMovement, Warehouse

if TYPE_CHECKING:
    from shop.customers.models import User

# PostgreSQL's integer; a count beyond it is a typing error anyway.
LARGEST_QUANTITY = 1_000_000_000
# A fact names so many variants at most: its subscribers index them in its transaction.
VARIANTS_PER_EVENT = 500


class StockBelowReserved(ShopError):
    """The new quantity would be less than what orders have been promised."""

    code = "stock_below_reserved"
    status = 409
    title = "Less would be left than is promised to orders. Cancel orders first, or allow backorders."


class BackordersOutstanding(ShopError):
    """More is promised than there is, so that backorders cannot be switched off now."""

    code = "backorders_outstanding"
    status = 409
    title = (
        "Orders wait for more than there is. Receive the goods first, then stop selling when out of stock."
    )


class InvalidMovement(ShopError):
    """A movement that makes no sense; ``errors`` says which input is wrong and how to mend it."""

    code = "invalid_movement"
    status = 400
    title = "The movement cannot be entered like this."


class UnknownStock(ShopError):
    """A SKU or a warehouse that the shop does not have."""

    code = "unknown_stock"
    status = 400
    title = "The shop does not have this."


_SIGNS = {StockMovement.Kind.RECEIPT: 1, StockMovement.Kind.RETURN: 1, StockMovement.Kind.SHIPMENT: -1}


def move_stock(
    *,
    warehouse: Warehouse | str,
    kind: str,
    quantity: int,
    sku: str = "",
    variant_id: int | None = None,
    reference: str = "",
    reason: str = "",
    actor: User | None = None,
    at: datetime | None = None,
) -> StockMovement:
    """
    Enter a movement into the ledger: goods that came (positive) or went (negative).

    :param warehouse: a warehouse or its code
    :param kind: of :class:`StockMovement.Kind`; receipts and returns are positive
    :raises UnknownStock: for a SKU or warehouse that the shop does not have
    :raises InvalidMovement: for a quantity of zero, of the wrong sign or beyond a billion, and for a bundle
    :raises StockBelowReserved: when less would be left than is promised
    """
    kind = _check_movement(kind, quantity)
    place = _find_warehouse(warehouse)
    variant = _find_variant(sku=sku, variant_id=variant_id)
    with transaction.atomic():
        item = _ensure_item(variant.pk, place)
        with locked_stock([variant.pk], at=at or clock.now()) as locked:
            return move_checked(
                locked,
                item.pk,
                StockMovement.Kind(kind),
                quantity,
                reference=reference,
                reason=reason,
                actor=actor,
            )


def _check_movement(kind: str, quantity: int) -> str:
    if kind not in StockMovement.Kind.values:
        kinds = ", ".join(StockMovement.Kind.values)
        raise InvalidMovement(errors=[ErrorItem("invalid_choice", f"Choose one of {kinds}.", "kind")])
    sign = _SIGNS.get(StockMovement.Kind(kind))
    if quantity == 0 or abs(quantity) > LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[
                ErrorItem(
                    "invalid_quantity", "Enter a number that is not zero, such as 10 or -2.", "quantity"
                )
            ]
        )
    if sign and quantity * sign < 0:
        mend = "greater than zero" if sign > 0 else "less than zero"
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", f"A {kind} has a quantity {mend}.", "quantity")]
        )
    return kind


def refuse_bundles(variant_ids: Collection[int]) -> None:
    """
    Refuse to put bundles on a shelf: there is as much of them as of their parts.

    :raises InvalidMovement: naming the first of them
    """
    bundle = BundleComponent.objects.filter(bundle_id__in=variant_ids).select_related("bundle").first()
    if bundle is not None:
        detail = f"{bundle.bundle.sku} is a bundle: enter the stock of its parts instead."
        raise InvalidMovement(detail, errors=[ErrorItem("is_bundle", detail, "sku")])


def require_quantity(quantity: int, attr: str) -> None:
    """
    Refuse what cannot be a number of pieces on a shelf.

    :raises InvalidMovement: for a number below zero or beyond a billion
    """
    if not 0 <= quantity <= LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", "Enter a number of zero or more, e.g. 12.", attr)]
        )


def move_checked(
    locked: LockedStock,
    item_id: int,
    kind: StockMovement.Kind,
    quantity: int,
    *,
    reference: str = "",
    reason: str = "",
    actor: User | None = None,
) -> StockMovement:
    """
    Move stock that is locked already.

    :raises InvalidMovement: when more than a billion pieces would lie there
    :raises StockBelowReserved: when less would be left than is promised
    """
    item = locked.items[item_id]
    left = item.on_hand + quantity
    if left > LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", "More than a billion pieces would lie there.", "quantity")]
        )
    if left < 0 or (quantity < 0 and left < item.reserved and not item.allows_backorder):
        raise StockBelowReserved(
            f"{left} would be left of {item.variant.sku}, but {item.reserved} are promised to orders. "
            f"Take out {max(item.on_hand - item.reserved, 0)} at most, or cancel orders first."
            if left >= 0
            else f"There are only {item.on_hand} of {item.variant.sku} in {item.warehouse.name}.",
            on_hand=item.on_hand,
            reserved=item.reserved,
        )
    return locked.move(item, kind, quantity, reference=reference, reason=reason, actor=actor)


def adjust_stock(
    *,
    variant_id: int,
    warehouse: Warehouse | str,
    counted: int,
    seen: int,
    actor: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> StockItem:
    """
    Set what lies in the warehouse to what was counted, if it is still what the caller saw.

    :param seen: ``on_hand`` as the caller saw it; 0 where the variant has no stock there yet
    :raises StockChanged: when ``on_hand`` is no longer ``seen``; ``current`` says what it is
    :raises StockBelowReserved: when less was counted than is promised
    :raises InvalidMovement: for a count below zero or beyond a billion
    """
    if not 0 <= counted <= LARGEST_QUANTITY:
        raise InvalidMovement(
            errors=[ErrorItem("invalid_quantity", "Enter a count of zero or more.", "counted")]
        )
    place = _find_warehouse(warehouse)
    with transaction.atomic():
        item = _ensure_item(variant_id, place)
        with locked_stock([variant_id], at=at or clock.now()) as locked:
            item = locked.items[item.pk]
            if item.on_hand != seen:
                raise StockChanged(
                    f"{item.variant.sku}: you saw {seen}, now there are {item.on_hand}. Count again.",
                    current=item.on_hand,
                )
            if counted != seen:
                move_checked(
                    locked, item.pk, StockMovement.Kind.ADJUSTMENT, counted - seen, reason=reason, actor=actor
                )
        return item


def set_stock_rules(
    *,
    variant_id: int,
    warehouse: Warehouse | str,
    allows_backorder: bool,
    low_stock_threshold: int,
    actor: User | None,
    at: datetime | None = None,
) -> StockItem:
    """
    Say whether the variant is sold when it is out of stock, and from which number on it counts as low.

    :raises BackordersOutstanding: when more is promised than there is and backorders are to stop
    :raises InvalidMovement: for a threshold below zero or beyond a billion
    """
    require_quantity(low_stock_threshold, "low_stock_threshold")
    moment = at or clock.now()
    place = _find_warehouse(warehouse)
    with transaction.atomic():
        item = _ensure_item(variant_id, place)
        with locked_stock([variant_id], at=moment) as locked:
            item = locked.items[item.pk]
            before = (item.allows_backorder, item.low_stock_threshold)
            if before == (allows_backorder, low_stock_threshold):
                return item
            if not allows_backorder and item.reserved > item.on_hand:
                raise BackordersOutstanding()
            locked.set_rules(item, allows_backorder=allows_backorder, low_stock_threshold=low_stock_threshold)
        record_audit(
            actor=actor,
            action="stock.rules_set",
            target=item,
            changes={
                "allows_backorder": [before[0], allows_backorder],
                "low_stock_threshold": [before[1], low_stock_threshold],
            },
            at=moment,
        )
        return item


def ensure_warehouse(*, code: str = "main", name: str = "Main warehouse", country: str = "DE") -> Warehouse:
    """Return the warehouse with this code, made where it is missing."""
    return Warehouse.objects.get_or_create(code=code, defaults={"name": name, "country": country})[0]


def save_warehouse(*, warehouse: Warehouse, actor: User | None, at: datetime | None = None) -> Warehouse:
    """
    Save a warehouse that was filled in by an editor; in use or not decides at once what can be sold.

    :raises django.core.exceptions.ValidationError: when it does not hold together
    """
    moment = at or clock.now()
    with transaction.atomic():
        before = Warehouse.objects.select_for_update().filter(pk=warehouse.pk).first()
        warehouse.full_clean()
        warehouse.save()
        record_audit(
            actor=actor,
            action="warehouse.changed" if before else "warehouse.added",
            target=warehouse,
            changes={
                field: [getattr(before, field, None), getattr(warehouse, field)]
                for field in ("code", "name", "country", "priority", "is_active")
                if getattr(before, field, None) != getattr(warehouse, field)
            },
            at=moment,
        )
        if before is not None and before.is_active != warehouse.is_active:
            ids = list(warehouse.stock_items.order_by("variant_id").values_list("variant_id", flat=True))
            for start in range(0, len(ids), VARIANTS_PER_EVENT):
                announce_status_change(ids[start : start + VARIANTS_PER_EVENT], at=moment)
        return warehouse


def _ensure_item(variant_id: int, warehouse: Warehouse) -> StockItem:
    refuse_bundles([variant_id])
    return StockItem.objects.get_or_create(variant_id=variant_id, warehouse=warehouse)[0]


def _find_warehouse(warehouse: Warehouse | str) -> Warehouse:
    if isinstance(warehouse, Warehouse):
        return warehouse
    found = Warehouse.objects.filter(code=warehouse).first()
    if found is None:
        raise UnknownStock(
            f"There is no warehouse with the code {warehouse!r}.",
            errors=[
                ErrorItem("unknown_warehouse", "Enter the code of a warehouse of the shop.", "warehouse")
            ],
        )
    return found


def _find_variant(*, sku: str, variant_id: int | None) -> ProductVariant:
    variants = ProductVariant.objects.all()
    found = (
        variants.filter(pk=variant_id) if variant_id is not None else variants.filter(sku__iexact=sku)
    ).first()
    if found is None:
        raise UnknownStock(
            f"There is no variant with the SKU {sku!r}.",
            errors=[ErrorItem("unknown_sku", "Enter the SKU of a variant of the shop.", "sku")],
        )
    return found
