"""The lowest price of the 30 days before a reduction, from what lists and prices were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from shop.core.money import Money
from shop.pricing.models import PriceHistory, PriceList, PriceListPeriod
from shop.pricing.quoting import Candidate, Quote
from shop.pricing.reductions import ListPast, Span, lowest_price_before_reduction
from shop.pricing.selectors.lists import PricingContext, serves
from shop.pricing.selectors.quotes import quote_prices


def lowest_prices_30_days(
    *, variant_ids: Iterable[int], context: PricingContext, quotes: Mapping[int, Quote] | None = None
) -> dict[int, Money]:
    """
    Return what is to be shown beside a reduced price, for one piece (Directive 98/6/EC, art. 6a).

    One query when nothing is reduced, otherwise four; one less each when ``quotes`` for one piece are given.

    :returns: nothing for a variant that is not reduced, or that had no price before its reduction
    """
    if quotes is None:
        quotes = quote_prices(variant_ids=variant_ids, context=context)
    wanted = set(variant_ids)
    reduced = {pk: quote for pk, quote in quotes.items() if pk in wanted and quote.is_reduced}
    of_parts = [part.quote for quote in reduced.values() for part in quote.parts if part.quote.is_reduced]
    single = {quote.variant_id for quote in (*reduced.values(), *of_parts) if not quote.parts}
    lowest = _lowest_of_each(single, context=context) if single else {}
    found = {variant_id: _lowest_of_quote(quote, lowest) for variant_id, quote in reduced.items()}
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
    stretches = _list_stretches(context)
    amounts: dict[tuple[int, str], list[tuple[datetime, Decimal | None]]] = defaultdict(list)
    history = PriceHistory.objects.filter(
        variant_id__in=variant_ids,
        price_list_code__in={stretch.template.price_list_code for stretch in stretches},
        min_quantity=1,
        at__lte=context.at,
    ).order_by("at", "id")
    for variant_id, code, at, amount in history.values_list("variant_id", "price_list_code", "at", "amount"):
        amounts[variant_id, code].append((at, amount))
    lowest = {
        variant_id: lowest_price_before_reduction(
            variant_id=variant_id,
            pasts=[
                ListPast(
                    template=stretch.template,
                    in_use=[stretch.span],
                    amounts=amounts[variant_id, stretch.template.price_list_code],
                )
                for stretch in stretches
            ],
            at=context.at,
        )
        for variant_id in variant_ids
    }
    return {variant_id: money for variant_id, money in lowest.items() if money is not None}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a list was like for a while, without an amount."""

    template: Candidate
    span: Span


def _list_stretches(context: PricingContext) -> list[_Stretch]:
    """
    When which list counted for the shopper, as it was noted then; a turn that nobody has noted yet is read
    from the list's own dates.
    """
    lists = {one.pk: one for one in PriceList.objects.filter(serves(context))}
    for_shopper = (
        Q(currency=context.currency)
        & (Q(customer_group_pk=None) | Q(customer_group_pk=context.customer_group_id))
        & (Q(site_pk=None) | Q(site_pk=context.site_id))
    )
    periods = PriceListPeriod.objects.filter(for_shopper | Q(price_list__in=lists)).order_by("began_at")
    stretches: list[_Stretch] = []
    noted: dict[int, list[PriceListPeriod]] = defaultdict(list)
    for period in periods:
        noted[period.price_list_id or 0].append(period)
        if _served(period, context):
            span = _span_of(period, lists.get(period.price_list_id or 0), at=context.at)
            stretches.append(_Stretch(_template_of(period), span))
    for price_list in lists.values():
        unnoted = _unnoted_span(price_list, noted[price_list.pk], at=context.at)
        if unnoted is not None:
            stretches.append(_Stretch(_template_of_list(price_list), unnoted))
    return stretches


def _served(period: PriceListPeriod, context: PricingContext) -> bool:
    return (
        period.currency == context.currency
        and period.customer_group_pk in (None, context.customer_group_id)
        and period.site_pk in (None, context.site_id)
    )


def _span_of(period: PriceListPeriod, price_list: PriceList | None, *, at: datetime) -> Span:
    """An open period of a list that is not in use any more ended when the list says."""
    ended_at = period.ended_at
    if ended_at is None and price_list is not None and not price_list.is_valid_at(at):
        ended_at = min(price_list.valid_until or at, at)
    return Span(start=period.began_at, end=ended_at)


def _unnoted_span(price_list: PriceList, noted: Collection[PriceListPeriod], *, at: datetime) -> Span | None:
    """The use of a list that its dates tell of, but no period yet."""
    if not price_list.is_active or any(period.ended_at is None for period in noted):
        return None
    last_end = max((period.ended_at for period in noted if period.ended_at), default=None)
    start, end = price_list.valid_from, price_list.valid_until
    if price_list.is_valid_at(at):
        starts = [moment for moment in (start, last_end) if moment is not None]
        return Span(start=max(starts, default=None), end=None)
    has_ended = start is not None and end is not None and end <= at
    if has_ended and (last_end is None or (start is not None and last_end <= start)):
        return Span(start=start, end=end)
    return None


def _template_of(period: PriceListPeriod) -> Candidate:
    return Candidate(
        price_list_code=period.code,
        kind=period.kind,
        priority=period.priority,
        is_for_group=period.customer_group_pk is not None,
        is_for_site=period.site_pk is not None,
        includes_tax=period.includes_tax,
        currency=period.currency,
        amount=Decimal(0),
        compare_at=None,
        min_quantity=1,
    )


def _template_of_list(price_list: PriceList) -> Candidate:
    return Candidate(
        price_list_code=price_list.code,
        kind=price_list.kind,
        priority=price_list.priority,
        is_for_group=price_list.customer_group_id is not None,
        is_for_site=price_list.site_id is not None,
        includes_tax=price_list.includes_tax,
        currency=price_list.currency,
        amount=Decimal(0),
        compare_at=None,
        min_quantity=1,
    )
