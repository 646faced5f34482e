from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from shop.core.money import Money
from shop.core.selectors import get_shop_settings
from shop.pricing.models import Price, PriceHistory, PriceList, PriceListPeriod
from shop.pricing.quoting import Candidate, Quote, TraceStep, choose_price
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

    :param quantities: pieces per variant, for prices that depend on it; 1 where a variant is missing
    :returns: nothing for a variant that has no price for this shopper: it cannot be sold to them
    """
    found: dict[int, list[Candidate]] = defaultdict(list)
    prices = Price.objects.filter(
        variant_id__in=list(variant_ids), price_list__in=list_serving_price_lists(context).order_by()
    )
    # The order is the quote's to decide; sorting by the tables' own would only cost the database.
    rows = prices.order_by().values_list("variant_id", *_CANDIDATE_COLUMNS)
    for (
        variant_id,
        code,
        kind,
        priority,
        group_id,
        site_id,
        includes_tax,
        amount,
        compare_at,
        minimum,
    ) in rows:
        found[variant_id].append(
            Candidate(
                price_list_code=code,
                kind=kind,
                priority=priority,
                is_for_group=group_id is not None,
                is_for_site=site_id is not None,
                includes_tax=includes_tax,
                currency=context.currency,
                amount=amount,
                compare_at=compare_at,
                min_quantity=minimum,
            )
        )
    quotes = (
        choose_price(
            variant_id=variant_id, candidates=candidates, quantity=(quantities or {}).get(variant_id, 1)
        )
        for variant_id, candidates in found.items()
    )
    return {quote.variant_id: quote for quote in quotes if quote is not None}


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
    quotes = quote_prices(variant_ids=variant_ids, context=context)
    reduced = [variant_id for variant_id, quote in quotes.items() if quote.is_reduced]
    if not reduced:
        return {}
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
