"""What variants cost somebody at some moment: read in one query, decided in ``quoting``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from shop.catalogue.models import BundleComponent
from shop.core.fields import AmountField
from shop.core.money import Money
from shop.pricing.models import PlannedPrice, Price, PriceList
from shop.pricing.quoting import Candidate, Quote, QuotedPart, choose_price, sum_parts
from shop.pricing.selectors.lists import PricingContext, list_serving_price_lists

Tiers = tuple[tuple[int, Money], ...]
"""From how many pieces on one costs how much."""

LIST_COLUMNS: Final = (
    "price_list__code",
    "price_list__kind",
    "price_list__priority",
    "price_list__customer_group_id",
    "price_list__site_id",
    "price_list__includes_tax",
    "amount",
    "compare_at",
    "min_quantity",
)
ORIGIN_COLUMNS: Final = ("source", "source_currency", "converted_amount", "rate", "planned_for")
PART_COLUMNS: Final = ("pieces", "of_parts", "part_sku")


def quote_prices(
    *, variant_ids: Iterable[int], context: PricingContext, quantities: Mapping[int, int] | None = None
) -> dict[int, Quote]:
    """
    Quote the price of each variant, in one query whatever their number.

    A bundle that is priced by its parts costs what they cost, each at the quantity that is in all bundles
    together; while one of them has no price, the bundle has none.

    :param quantities: pieces per variant, for prices that depend on it; 1 where a variant is missing
    :returns: nothing for a variant that has no price for this shopper: it cannot be sold to them
    """
    wanted = quantities or {}
    held = load_prices(variant_ids=variant_ids, context=context)
    quotes = (held.quote(variant_id, quantity=wanted.get(variant_id, 1)) for variant_id in held.variant_ids)
    return {quote.variant_id: quote for quote in quotes if quote is not None}


def load_prices(*, variant_ids: Iterable[int], context: PricingContext) -> HeldPrices:
    """Read every price of these variants that serves the shopper, from any quantity on: one query."""
    held = HeldPrices(context.currency)
    ids = list(variant_ids)
    serving = list_serving_price_lists(context).order_by()
    # The order is the quote's to decide; sorting by the tables' own would only cost the database.
    prices = (
        Price.objects.filter(price_list__in=serving)
        .order_by()
        .annotate(
            source=F("price_list__converted_from__code"),
            source_currency=F("price_list__converted_from__currency"),
            converted_amount=F("source_amount"),
            rate=F("exchange_rate"),
            planned_for=Cast(Value(None), DateTimeField()),
        )
    )
    planned = _due(context.at, serving)
    rows = _own(prices, ids).union(
        _of_parts(prices, ids), _own(planned, ids), _of_parts(planned, ids), all=True
    )
    for row in rows:
        held.add(row)
    return held


def _due(at: datetime, serving: QuerySet[PriceList]) -> QuerySet[Any, Any]:
    """What was planned for a moment that has come, and is not written into its list yet."""
    return (
        PlannedPrice.objects.open()
        .filter(starts_at__lte=at, price_list__in=serving)
        .order_by()
        .annotate(
            source=Cast(Value(None), CharField()),
            source_currency=Cast(Value(None), CharField()),
            converted_amount=Cast(Value(None), AmountField()),
            rate=Cast(Value(None), DecimalField(max_digits=18, decimal_places=8)),
            planned_for=F("starts_at"),
        )
    )


def _own(prices: QuerySet[Any, Any], variant_ids: Sequence[int]) -> QuerySet[Any, Any]:
    return (
        prices.filter(variant_id__in=variant_ids, variant__is_priced_by_parts=False)
        .annotate(pieces=Value(None, output_field=IntegerField()), of_parts=F("pieces"), part_sku=Value(""))
        .values_list("variant_id", "variant_id", *PART_COLUMNS, *LIST_COLUMNS, *ORIGIN_COLUMNS)
    )


def _of_parts(prices: QuerySet[Any, Any], bundle_ids: Sequence[int]) -> QuerySet[Any, Any]:
    """The prices of the parts of those bundles that cost what their parts do."""
    parts = BundleComponent.objects.filter(bundle=OuterRef("variant__bundles__bundle")).order_by()
    count = parts.values("bundle").annotate(count=Count("pk")).values("count")
    return (
        prices.filter(
            variant__bundles__bundle_id__in=bundle_ids, variant__bundles__bundle__is_priced_by_parts=True
        )
        .annotate(
            pieces=F("variant__bundles__quantity"),
            of_parts=Subquery(count, output_field=IntegerField()),
            part_sku=F("variant__sku"),
        )
        .values_list(
            "variant__bundles__bundle_id", "variant_id", *PART_COLUMNS, *LIST_COLUMNS, *ORIGIN_COLUMNS
        )
    )


class HeldPrices:
    """The prices of some variants for one shopper at one moment, to be quoted for any quantity."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._single: dict[int, _Candidates] = defaultdict(_Candidates)
        self._bundles: dict[int, _Summed] = {}

    @property
    def variant_ids(self) -> list[int]:
        """Every variant that some price was found for."""
        return [*self._single, *self._bundles]

    def add(self, row: Sequence[Any]) -> None:
        """Take a row of the query in."""
        variant_id, priced_id, pieces, of_parts, part_sku, *columns = row
        if pieces is None:
            self._single[variant_id].add(columns, currency=self._currency)
            return
        summed = self._bundles.setdefault(variant_id, _Summed(of_parts))
        summed.pieces[priced_id] = (part_sku, pieces)
        summed.candidates[priced_id].add(columns, currency=self._currency)

    def quote(self, variant_id: int, *, quantity: int = 1) -> Quote | None:
        """Quote one variant; ``None`` when nothing serves the quantity."""
        if variant_id in self._single:
            found = self._single[variant_id].listed()
            return choose_price(variant_id=variant_id, candidates=found, quantity=quantity)
        bundle = self._bundles.get(variant_id)
        return bundle.quote(variant_id, bundles=quantity) if bundle else None

    def tiers(self, variant_id: int) -> Tiers:
        """Every step at which more pieces cost another price each, one piece first; nothing without steps."""
        if variant_id in self._single:
            steps = {candidate.min_quantity for candidate in self._single[variant_id].listed()}
        elif variant_id in self._bundles:
            steps = self._bundles[variant_id].steps()
        else:
            return ()
        tiers: list[tuple[int, Money]] = []
        for quantity in sorted(steps | {1}):
            quote = self.quote(variant_id, quantity=quantity)
            if quote is not None and (not tiers or tiers[-1][1] != quote.amount):
                tiers.append((quantity, quote.amount))
        return tuple(tiers) if len(tiers) > 1 else ()


class _Candidates:
    """The prices of one variant by list and quantity; of one that is planned, the latest that is due."""

    __slots__ = ("_by_place",)

    def __init__(self) -> None:
        self._by_place: dict[tuple[str, int], tuple[datetime | None, Candidate | None]] = {}

    def add(self, columns: Sequence[Any], *, currency: str) -> None:
        """Take the columns of a price in; what is planned replaces what stands, or takes it away."""
        code, *_, minimum = columns[: len(LIST_COLUMNS)]
        planned_for: datetime | None = columns[-1]
        held_since = self._by_place.get((code, minimum), (None, None))[0]
        if (code, minimum) in self._by_place and (
            planned_for is None or (held_since is not None and held_since > planned_for)
        ):
            return
        self._by_place[code, minimum] = planned_for, _read_candidate(columns, currency=currency)

    def listed(self) -> list[Candidate]:
        """Every price that there is."""
        return [candidate for _, candidate in self._by_place.values() if candidate is not None]


@dataclass(slots=True)
class _Summed:
    """A bundle that costs what its parts do: how many there are, and what was found of each."""

    of_parts: int
    pieces: dict[int, tuple[str, int]] = field(default_factory=dict)
    candidates: dict[int, _Candidates] = field(default_factory=lambda: defaultdict(_Candidates))

    def quote(self, variant_id: int, *, bundles: int) -> Quote | None:
        """Add the parts up, as many as so many bundles hold; nothing while a part has no price."""
        parts = []
        for part_id, (sku, pieces) in self.pieces.items():
            quote = choose_price(
                variant_id=part_id, candidates=self.candidates[part_id].listed(), quantity=pieces * bundles
            )
            if quote is not None:
                parts.append(QuotedPart(sku=sku, quantity=pieces, quote=quote))
        if len(parts) < self.of_parts:
            return None
        return sum_parts(variant_id=variant_id, parts=parts)

    def steps(self) -> set[int]:
        """At how many bundles a part may cost something else."""
        return {
            -(-candidate.min_quantity // pieces)
            for part_id, (_, pieces) in self.pieces.items()
            for candidate in self.candidates[part_id].listed()
        }


def _read_candidate(columns: Sequence[Any], *, currency: str) -> Candidate | None:
    code, kind, priority, group_id, site_id, includes_tax, amount, compare_at, minimum = columns[
        : len(LIST_COLUMNS)
    ]
    source, source_currency, source_amount, rate, planned_for = columns[len(LIST_COLUMNS) :]
    if amount is None:
        return None
    is_converted = source_amount is not None and source is not None
    note = ""
    if is_converted:
        before = Money.rounded(source_amount, source_currency)
        note = f"Converted from {source}: {before} at {Decimal(rate).normalize():f}."
    elif planned_for is not None:
        note = f"Planned for {planned_for:%Y-%m-%d %H:%M} UTC."
    return Candidate(
        price_list_code=code,
        kind=kind,
        priority=priority,
        is_for_group=group_id is not None,
        is_for_site=site_id is not None,
        includes_tax=includes_tax,
        currency=currency,
        amount=amount,
        compare_at=compare_at,
        min_quantity=minimum,
        is_converted=is_converted,
        note=note,
    )
