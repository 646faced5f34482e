from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value

from shop.catalogue.models import BundleComponent
from shop.core.money import Money
from shop.core.selectors import get_shop_settings
from shop.pricing.models import Price, PriceHistory, PriceList, PriceListPeriod
from shop.pricing.quoting import Candidate, Quote, QuotedPart, TraceStep, choose_price, sum_parts
from shop.pricing.reductions import ListPast, Span, lowest_price_before_reduction

__all__ = [
    "PricingContext",
    "Quote",
    "TraceStep",
    "get_base_price_list",
    "list_price_history",
    "list_prices",
    "list_serving_price_lists",
    "lowest_prices_30_days",
    "quote_prices",
]


@dataclass(frozen=True, slots=True)
class PricingContext:
    """For whom and when prices are asked: what a quote depends on besides the variant and the quantity."""

    currency: str
    at: datetime
    customer_group_id: int | None = None
    site_id: int | None = None


def list_serving_price_lists(context: PricingContext) -> QuerySet[PriceList]:
    """List the price lists that serve this shopper at this moment."""
    return PriceList.objects.valid_at(context.at).filter(_serves(context))


def _serves(context: PricingContext) -> Q:
    return (
        Q(currency=context.currency)
        & (Q(customer_group__isnull=True) | Q(customer_group_id=context.customer_group_id))
        & (Q(site__isnull=True) | Q(site_id=context.site_id))
    )


_CANDIDATE_COLUMNS = (
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
    ids = list(variant_ids)
    serving = list_serving_price_lists(context).order_by()
    # The order is the quote's to decide; sorting by the tables' own would only cost the database.
    own = (
        Price.objects.filter(variant_id__in=ids, price_list__in=serving, variant__is_priced_by_parts=False)
        .order_by()
        .annotate(pieces=Value(None, output_field=IntegerField()), of_parts=F("pieces"), part_sku=Value(""))
        .values_list("variant_id", "variant_id", *_PART_COLUMNS, *_CANDIDATE_COLUMNS)
    )
    of_bundles = _list_part_prices(ids, serving)
    by_bundle: dict[int, _Summed] = {}
    found: dict[int, list[Candidate]] = defaultdict(list)
    for variant_id, priced_id, pieces, of_parts, part_sku, *columns in own.union(of_bundles, all=True):
        candidate = _read_candidate(columns, currency=context.currency)
        if pieces is None:
            found[variant_id].append(candidate)
        else:
            summed = by_bundle.setdefault(variant_id, _Summed(of_parts))
            summed.pieces[priced_id] = (part_sku, pieces)
            summed.candidates[priced_id].append(candidate)
    wanted = quantities or {}
    quotes = [
        choose_price(variant_id=variant_id, candidates=candidates, quantity=wanted.get(variant_id, 1))
        for variant_id, candidates in found.items()
    ]
    quotes += [
        summed.quote(variant_id, bundles=wanted.get(variant_id, 1))
        for variant_id, summed in by_bundle.items()
    ]
    return {quote.variant_id: quote for quote in quotes if quote is not None}


_PART_COLUMNS = ("pieces", "of_parts", "part_sku")


def _list_part_prices(bundle_ids: Sequence[int], serving: QuerySet[PriceList]) -> QuerySet[Any, Any]:
    """The prices of the parts of those bundles that cost what their parts do, in the columns of a quote."""
    parts = BundleComponent.objects.filter(bundle=OuterRef("variant__bundles__bundle")).order_by()
    count = parts.values("bundle").annotate(count=Count("pk")).values("count")
    return (
        Price.objects.filter(
            variant__bundles__bundle_id__in=bundle_ids,
            variant__bundles__bundle__is_priced_by_parts=True,
            price_list__in=serving,
        )
        .order_by()
        .annotate(
            pieces=F("variant__bundles__quantity"),
            of_parts=Subquery(count, output_field=IntegerField()),
            part_sku=F("variant__sku"),
        )
        .values_list("variant__bundles__bundle_id", "variant_id", *_PART_COLUMNS, *_CANDIDATE_COLUMNS)
    )


@dataclass(slots=True)
class _Summed:
    """A bundle that costs what its parts do: how many there are, and what was found of each."""

    of_parts: int
    pieces: dict[int, tuple[str, int]] = field(default_factory=dict)
    candidates: dict[int, list[Candidate]] = field(default_factory=lambda: defaultdict(list))

    def quote(self, variant_id: int, *, bundles: int) -> Quote | None:
        """Add the parts up, as many as so many bundles hold; nothing while a part has no price."""
        parts = []
        for part_id, (sku, pieces) in self.pieces.items():
            quote = choose_price(
                variant_id=part_id, candidates=self.candidates[part_id], quantity=pieces * bundles
            )
            if quote is not None:
                parts.append(QuotedPart(sku=sku, quantity=pieces, quote=quote))
        if len(parts) < self.of_parts:
            return None
        return sum_parts(variant_id=variant_id, parts=parts)


def _read_candidate(columns: Sequence[Any], *, currency: str) -> Candidate:
    code, kind, priority, group_id, site_id, includes_tax, amount, compare_at, minimum = columns
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
    )


def _candidate(
    price_list: PriceList, *, amount: Decimal, compare_at: Decimal | None = None, min_quantity: int = 1
) -> Candidate:
    return Candidate(
        price_list_code=price_list.code,
        kind=price_list.kind,
        priority=price_list.priority,
        is_for_group=price_list.customer_group_id is not None,
        is_for_site=price_list.site_id is not None,
        includes_tax=price_list.includes_tax,
        currency=price_list.currency,
        amount=amount,
        compare_at=compare_at,
        min_quantity=min_quantity,
    )


def lowest_prices_30_days(*, variant_ids: Iterable[int], context: PricingContext) -> dict[int, Money]:
    """
    Return what is to be shown beside a reduced price, for one piece (Directive 98/6/EC, art. 6a).

    One query when nothing is reduced, otherwise four.

    :returns: nothing for a variant that is not reduced, or that had no price before its reduction
    """
    quotes = {
        variant_id: quote
        for variant_id, quote in quote_prices(variant_ids=variant_ids, context=context).items()
        if quote.is_reduced
    }
    of_parts = [part.quote for quote in quotes.values() for part in quote.parts if part.quote.is_reduced]
    single = {quote.variant_id for quote in (*quotes.values(), *of_parts) if not quote.parts}
    lowest = _lowest_of_each(single, context=context) if single else {}
    found = {variant_id: _lowest_of_quote(quote, lowest) for variant_id, quote in quotes.items()}
    return {variant_id: money for variant_id, money in found.items() if money is not None}


def _lowest_of_quote(quote: Quote, lowest: Mapping[int, Money]) -> Money | None:
    """Of a bundle the sum of its parts', at most what it ever cost: no reduction looks larger than it is."""
    if not quote.parts:
        return lowest.get(quote.variant_id)
    each = [
        (lowest.get(part.quote.variant_id) if part.quote.is_reduced else part.quote.amount, part.quantity)
        for part in quote.parts
    ]
    if any(money is None for money, _ in each):
        return None
    return Money.sum((money * pieces for money, pieces in each if money), quote.amount.currency)


def _lowest_of_each(variant_ids: Collection[int], *, context: PricingContext) -> dict[int, Money]:
    reduced = list(variant_ids)
    lists = {one.code: one for one in PriceList.objects.filter(_serves(context))}
    in_use = _spans_in_use(lists.values(), at=context.at)
    amounts: dict[tuple[int, str], list[tuple[datetime, Decimal | None]]] = defaultdict(list)
    history = PriceHistory.objects.filter(
        variant_id__in=reduced, price_list_code__in=lists, min_quantity=1, at__lte=context.at
    ).order_by("at", "id")
    for variant_id, code, at, amount in history.values_list("variant_id", "price_list_code", "at", "amount"):
        amounts[variant_id, code].append((at, amount))
    lowest = {
        variant_id: lowest_price_before_reduction(
            variant_id=variant_id,
            pasts=[
                ListPast(
                    template=_candidate(price_list, amount=Decimal(0)),
                    in_use=in_use[code],
                    amounts=amounts[variant_id, code],
                )
                for code, price_list in lists.items()
            ],
            at=context.at,
        )
        for variant_id in reduced
    }
    return {variant_id: money for variant_id, money in lowest.items() if money is not None}


def _spans_in_use(lists: Iterable[PriceList], *, at: datetime) -> dict[str, list[Span]]:
    """When each list was really in use; what its validity says now counts where nobody has noted it yet."""
    by_id = {price_list.pk: price_list for price_list in lists}
    spans: dict[str, list[Span]] = {price_list.code: [] for price_list in by_id.values()}
    running: dict[int, datetime] = {}
    for period in PriceListPeriod.objects.filter(price_list__in=by_id):
        price_list = by_id[period.price_list_id]
        if period.ended_at is None:
            running[price_list.pk] = period.began_at
        else:
            spans[price_list.code].append(Span(start=period.began_at, end=period.ended_at))
    for price_list in by_id.values():
        began_at = running.get(price_list.pk, price_list.valid_from)
        if price_list.is_valid_at(at):
            spans[price_list.code].append(Span(start=began_at, end=None))
        elif price_list.pk in running:
            spans[price_list.code].append(Span(start=began_at, end=min(price_list.valid_until or at, at)))
    return spans


def get_base_price_list(currency: str = "") -> PriceList:
    """
    Return the base list that everybody's prices come from: the one of the highest priority in the currency.

    :param currency: the shop's default currency when empty
    :raises PriceList.DoesNotExist: while the shop has none; ``services.ensure_base_price_list`` makes one
    """
    wanted = currency or get_shop_settings().default_currency
    found = (
        PriceList.objects.filter(
            kind=PriceList.Kind.BASE, currency=wanted, customer_group=None, site=None, is_active=True
        )
        .order_by("-priority", "code")
        .first()
    )
    if found is None:
        raise PriceList.DoesNotExist(
            f"There is no base price list in {wanted}. Add one under Prices → Price lists."
        )
    return found


def list_prices(*, price_list: PriceList, search: str = "") -> QuerySet[Price]:
    """List the prices of a list with variant and product loaded, by SKU."""
    prices = Price.objects.filter(price_list=price_list).select_related("variant", "variant__product")
    if search:
        prices = prices.filter(
            Q(variant__sku__icontains=search)
            | Q(variant__barcode=search)
            | Q(variant__product__title__icontains=search)
        )
    return prices.order_by("variant__sku", "min_quantity")


def list_price_history(*, variant_id: int) -> QuerySet[PriceHistory]:
    """List what a variant has cost, the latest change first, with the people who changed it."""
    return PriceHistory.objects.filter(variant_id=variant_id).select_related("actor")
