"""Whatever happens in whatever order: nothing is oversold and the ledger explains every piece."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.errors import ShopError
from shop.inventory.models import Reservation, StockItem
from shop.inventory.selectors import get_stock
from shop.inventory.services import (
    Demand,
    adjust_stock,
    confirm_reservation,
    move_stock,
    release_stock,
    reserve_stock,
    set_stock_rules,
    ship_stock,
    sweep_expired_reservations,
)
from tests.factories.cart import bundle_of
from tests.factories.catalogue import VariantFactory
from tests.factories.inventory import WarehouseFactory

owners = st.sampled_from(["order:a", "order:b", "order:c"])
quantities = st.integers(1, 6)
indexes = st.integers(0, 1)


class StockMachine(RuleBasedStateMachine):
    @initialize(backorder=st.booleans())
    def two_variants_in_two_warehouses(self, backorder):
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.variants = [VariantFactory().pk, VariantFactory().pk]
        self.warehouses = [WarehouseFactory(priority=0), WarehouseFactory(priority=1)]
        self.prefix = f"{self.variants[0]}"
        parts = ProductVariant.objects.in_bulk(self.variants)
        self.bundle = bundle_of([(parts[self.variants[0]], 2), (parts[self.variants[1]], 1)]).pk
        for variant_id in self.variants:
            set_stock_rules(
                variant_id=variant_id,
                warehouse=self.warehouses[0],
                allows_backorder=backorder,
                low_stock_threshold=2,
                actor=None,
            )

    def owner(self, name):
        return f"{self.prefix}:{name}"

    def attempt(self, service, **arguments):
        with clock.at(self.now):
            try:
                service(**arguments)
            except ShopError:
                # A refusal must leave everything as it was; the invariants look.
                return

    @rule(
        variant=indexes,
        warehouse=indexes,
        quantity=st.integers(-6, 9),
        kind=st.sampled_from(["receipt", "correction"]),
    )
    def move(self, variant, warehouse, quantity, kind):
        self.attempt(
            move_stock,
            variant_id=self.variants[variant],
            warehouse=self.warehouses[warehouse],
            kind=kind,
            quantity=quantity,
        )

    @rule(variant=indexes, warehouse=indexes, counted=st.integers(0, 9))
    def count(self, variant, warehouse, counted):
        item = StockItem.objects.filter(
            variant_id=self.variants[variant], warehouse=self.warehouses[warehouse]
        ).first()
        self.attempt(
            adjust_stock,
            variant_id=self.variants[variant],
            warehouse=self.warehouses[warehouse],
            counted=counted,
            seen=item.on_hand if item else 0,
            actor=None,
        )

    @rule(owner=owners, first=quantities, second=st.integers(0, 4), minutes=st.sampled_from([None, 5, 30]))
    def reserve(self, owner, first, second, minutes):
        demands = [Demand(self.variants[0], first)] + ([Demand(self.variants[1], second)] if second else [])
        self.attempt(
            reserve_stock,
            owner=self.owner(owner),
            demands=demands,
            expires_at=None if minutes is None else self.now + timedelta(minutes=minutes),
        )

    @rule(owner=owners, bundles=st.integers(1, 3), singles=st.integers(0, 3))
    def reserve_bundles(self, owner, bundles, singles):
        demands = [Demand(self.bundle, bundles)]
        demands += [Demand(self.variants[0], singles)] if singles else []
        self.attempt(reserve_stock, owner=self.owner(owner), demands=demands, expires_at=None)

    @rule(owner=owners, quantity=st.integers(1, 2))
    def ship_bundles(self, owner, quantity):
        demands = [Demand(self.bundle, quantity)]
        self.attempt(ship_stock, owner=self.owner(owner), demands=demands, reference=owner)

    @rule(owner=owners)
    def confirm(self, owner):
        self.attempt(confirm_reservation, owner=self.owner(owner))

    @rule(owner=owners)
    def release(self, owner):
        self.attempt(release_stock, owner=self.owner(owner))

    @rule(owner=owners, variant=indexes, quantity=quantities)
    def ship(self, owner, variant, quantity):
        self.attempt(
            ship_stock,
            owner=self.owner(owner),
            demands=[Demand(self.variants[variant], quantity)],
            reference=owner,
        )

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self):
        self.attempt(sweep_expired_reservations)

    @invariant()
    def the_ledger_and_the_reservations_explain_every_piece(self):
        for item in StockItem.objects.filter(variant_id__in=getattr(self, "variants", [])):
            moved = item.movements.aggregate(total=Sum("quantity"))["total"] or 0
            promised = (
                item.reservations.filter(state=Reservation.State.ACTIVE).aggregate(total=Sum("quantity"))[
                    "total"
                ]
                or 0
            )
            last = item.movements.first()
            assert item.on_hand == moved >= 0
            assert item.on_hand == (last.balance_after if last else 0)
            assert item.reserved == promised
            assert item.allows_backorder or item.reserved <= item.on_hand

    @invariant()
    def what_is_available_is_what_nobody_holds_now(self):
        if not hasattr(self, "variants"):
            return
        for variant_id in self.variants:
            on_hand = (
                StockItem.objects.filter(variant_id=variant_id).aggregate(total=Sum("on_hand"))["total"] or 0
            )
            held = (
                Reservation.objects.filter(stock_item__variant_id=variant_id, state=Reservation.State.ACTIVE)
                .exclude(expires_at__lte=self.now)
                .aggregate(total=Sum("quantity"))["total"]
                or 0
            )
            assert get_stock([variant_id], at=self.now)[variant_id].available == max(on_hand - held, 0)

    @invariant()
    def there_are_as_many_bundles_as_the_parts_make(self):
        if not hasattr(self, "bundle"):
            return
        first, second, whole = (*self.variants, self.bundle)
        stock = get_stock([first, second, whole], at=self.now)
        assert stock[whole].available == min(stock[first].available // 2, stock[second].available)


@pytest.mark.django_db
def test_the_ledger_holds_whatever_happens():
    run_state_machine_as_test(
        StockMachine,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
