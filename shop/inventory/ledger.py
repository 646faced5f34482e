"""Stock rows under lock: the one way in which quantities change. Used by ``services`` alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from shop.catalogue.models import BundleComponent
from shop.core.errors import ShopError
from shop.core.outbox import record_event
from shop.inventory.allocation import Pool, Shelf, StockStatus, stock_status
from shop.inventory.models import Reservation, StockItem, StockMovement

if TYPE_CHECKING:
    from shop.customers.models import User


class StockChanged(ShopError):
    """The stock is no longer what the caller saw. ``current`` in the problem's body says what it is."""

    code = "stock_changed"
    status = 409
    title = "The stock has changed since you looked. Look again, then repeat your change."


Standing = tuple[StockStatus, int]
"""The status of a variant, and its free pieces as far as they matter to the bundles that it is part of."""


def _most_in_a_bundle() -> Subquery:
    parts = BundleComponent.objects.filter(component=OuterRef("variant")).order_by()
    largest = parts.values("component").annotate(most=Max("quantity")).values("most")
    return Subquery(largest, output_field=IntegerField())


class LockedStock:
    """
    Every stock item of some variants, locked; changes are collected and written together by :meth:`save`.

    Reservations that have expired at ``at`` are given back first, those of ``keep_owner`` excepted.
    """

    def __init__(self, variant_ids: Iterable[int], *, at: datetime, keep_owner: str = "") -> None:
        self.at = at
        # By primary key, so that two carts which share SKUs cannot deadlock.
        rows = (
            StockItem.objects.select_for_update(of=("self",))
            .filter(variant_id__in=set(variant_ids))
            .annotate(most_in_a_bundle=Coalesce(_most_in_a_bundle(), 0))
            .select_related("warehouse", "variant")
            .order_by("pk")
        )
        self.items: dict[int, StockItem] = {item.pk: item for item in rows}
        self._most_in_a_bundle = {item.variant_id: item.most_in_a_bundle for item in rows}
        self._written = {pk: (item.on_hand, item.reserved) for pk, item in self.items.items()}
        self._movements: list[StockMovement] = []
        self._ended: dict[Reservation.State, list[int]] = defaultdict(list)
        self._with_new_rules: list[StockItem] = []
        # Two answers may be known: what was last announced, and what a reader has seen since by the clock.
        self._known = [self._statuses()]
        self._known_items = self._item_statuses()
        self.given_back = self._give_back_expired(keep_owner)
        self._known.append(self._statuses())

    def _give_back_expired(self, keep_owner: str) -> int:
        # Asked after the rows are locked: only now is nobody else changing them.
        expired = Reservation.objects.filter(
            stock_item__in=self.items, state=Reservation.State.ACTIVE, expires_at__lte=self.at
        ).exclude(owner=keep_owner)
        return self.end(expired.order_by("pk") if self.items else [], Reservation.State.RELEASED)

    def of_variant(self, variant_id: int) -> list[StockItem]:
        """Return the variant's items in the order in which they are sold from."""
        items = [item for item in self.items.values() if item.variant_id == variant_id]
        return sorted(items, key=lambda item: (item.warehouse.priority, item.pk))

    def shelves(self, variant_id: int) -> list[Shelf]:
        """Return what the warehouses in use can give of a variant, in the order of sale."""
        return [
            Shelf(
                stock_item_id=item.pk,
                free=item.on_hand - item.reserved,
                allows_backorder=item.allows_backorder,
            )
            for item in self.of_variant(variant_id)
            if item.warehouse.is_active
        ]

    def pool(self, variant_id: int) -> Pool:
        """Return what the warehouses in use can give of a variant together."""
        shelves = self.shelves(variant_id)
        return Pool(
            free=sum(max(shelf.free, 0) for shelf in shelves),
            allows_backorder=any(shelf.allows_backorder for shelf in shelves),
        )

    def reserve(self, stock_item_id: int, quantity: int) -> None:
        """Count ``quantity`` more pieces as promised."""
        self.items[stock_item_id].reserved += quantity

    def end(self, reservations: Iterable[Reservation], state: Reservation.State) -> int:
        """Take what is reserved off the items; returns the number of reservations."""
        count = 0
        for reservation in reservations:
            self.items[reservation.stock_item_id].reserved -= reservation.quantity
            self._ended[state].append(reservation.pk)
            count += 1
        return count

    def move(
        self,
        item: StockItem,
        kind: StockMovement.Kind,
        quantity: int,
        *,
        reference: str = "",
        reason: str = "",
        actor: User | None = None,
    ) -> StockMovement:
        """Put ``quantity`` pieces into the item, or take them out where it is negative."""
        item.on_hand += quantity
        movement = StockMovement(
            stock_item=item,
            kind=kind,
            quantity=quantity,
            balance_after=item.on_hand,
            reference=reference,
            reason=reason,
            actor=actor,
            at=self.at,
        )
        self._movements.append(movement)
        return movement

    def set_rules(self, item: StockItem, *, allows_backorder: bool, low_stock_threshold: int) -> None:
        """Change when the item is low, and whether it is sold beyond what there is."""
        if (item.allows_backorder, item.low_stock_threshold) == (allows_backorder, low_stock_threshold):
            return
        item.allows_backorder = allows_backorder
        item.low_stock_threshold = low_stock_threshold
        self._with_new_rules.append(item)

    def save(self, *, announce: bool = True) -> None:
        """
        Write everything.

        :raises StockChanged: when a row is not what was locked, which only a writer past the lock can cause
        """
        if self._with_new_rules:
            StockItem.objects.bulk_update(self._with_new_rules, ["allows_backorder", "low_stock_threshold"])
        self._write_quantities()
        for state, ids in self._ended.items():
            Reservation.objects.filter(pk__in=ids, state=Reservation.State.ACTIVE).update(state=state)
        StockMovement.objects.bulk_create(self._movements)
        if announce:
            self._announce()

    def _write_quantities(self) -> None:
        deltas = {
            pk: (item.on_hand - self._written[pk][0], item.reserved - self._written[pk][1])
            for pk, item in self.items.items()
            if (item.on_hand, item.reserved) != self._written[pk]
        }
        if not deltas:
            return
        on_hand, reserved = _changed("on_hand", deltas, 0), _changed("reserved", deltas, 1)
        # The condition decides, not what was read: that is what makes it right without row locks (SQLite).
        changed = (
            StockItem.objects.alias(on_hand_then=on_hand, reserved_then=reserved)
            .filter(
                Q(reserved_then__lte=F("on_hand_then")) | Q(allows_backorder=True),
                pk__in=deltas,
                on_hand_then__gte=0,
                reserved_then__gte=0,
            )
            .update(on_hand=on_hand, reserved=reserved)
        )
        if changed != len(deltas):
            raise StockChanged()

    def _statuses(self) -> dict[int, Standing]:
        sums: dict[int, Pool] = defaultdict(lambda: Pool(free=0))
        for item in self.items.values():
            held = sums[item.variant_id]
            if item.warehouse.is_active:
                sums[item.variant_id] = Pool(
                    free=held.free + item.on_hand - item.reserved,
                    low_from=held.low_from + item.low_stock_threshold,
                    allows_backorder=held.allows_backorder or item.allows_backorder,
                )
        # A bundle of three runs out when its part is down to two, which is nothing new for the part alone.
        return {
            variant_id: (pool.status, min(max(pool.free, 0), self._most_in_a_bundle[variant_id]))
            for variant_id, pool in sums.items()
        }

    def _item_statuses(self) -> dict[int, StockStatus]:
        return {
            pk: stock_status(
                free=item.on_hand - item.reserved,
                low_from=item.low_stock_threshold,
                allows_backorder=item.allows_backorder,
            )
            for pk, item in self.items.items()
        }

    def _announce(self) -> None:
        now = self._statuses()
        changed = sorted(
            variant_id
            for variant_id, status in now.items()
            if any(known[variant_id] != status for known in self._known)
        )
        announce_status_change(changed, at=self.at)
        for pk, status in self._item_statuses().items():
            if status == StockStatus.LOW and self._known_items[pk] == StockStatus.IN_STOCK:
                item = self.items[pk]
                record_event(
                    "stock.low",
                    key=f"variant:{item.variant_id}",
                    payload={
                        "variant_id": item.variant_id,
                        "warehouse": item.warehouse.code,
                        "available": item.on_hand - item.reserved,
                    },
                    at=self.at,
                )


def announce_status_change(variant_ids: Sequence[int], *, at: datetime) -> None:
    """Record that these variants stand otherwise than before, in one event."""
    if variant_ids:
        record_event(
            "stock.status_changed",
            key=f"stock:{variant_ids[0]}",
            payload={"variant_ids": list(variant_ids)},
            at=at,
        )


def _changed(column: str, deltas: dict[int, tuple[int, int]], position: int) -> F | CombinedExpression:
    """Return the column with each row's own delta, in as few branches as there are different deltas."""
    rows: dict[int, list[int]] = defaultdict(list)
    for pk, delta in deltas.items():
        if delta[position]:
            rows[delta[position]].append(pk)
    if not rows:
        return F(column)
    branches = (When(pk__in=pks, then=Value(delta)) for delta, pks in rows.items())
    return F(column) + Case(*branches, default=Value(0), output_field=IntegerField())


@contextmanager
def locked_stock(
    variant_ids: Iterable[int], *, at: datetime, keep_owner: str = "", announce: bool = True
) -> Iterator[LockedStock]:
    """
    Lock the stock of some variants, let the block change it, write it at the block's end.

    A block that raises has written nothing, so that inside a caller's transaction no savepoint is needed
    (two statements less in every checkout) and the caller may go on after a refusal.
    """
    with nullcontext() if transaction.get_connection().in_atomic_block else transaction.atomic():
        locked = LockedStock(variant_ids, at=at, keep_owner=keep_owner)
        yield locked
        locked.save(announce=announce)
