from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from shop.tax.calculation import Rate, TaxableLine, TaxResult, calculate_tax
from shop.tax.models import TaxRate


def get_rates(*, country: str, region: str = "", at: datetime) -> dict[str, Rate]:
    """
    Return the rate of every tax class for goods sent to a place, in one query: ``{tax class code: Rate}``.

    A region's own rate comes before its country's; of two that are valid, the one that began later counts.
    A class without a rate is not in the answer: nothing is to be paid there.
    """
    return read_rates(ask_for_rates(country=country, region=region, at=at), at=at)


def ask_for_rates(*, country: str, region: str = "", at: datetime) -> QuerySet[TaxRate, Any]:
    """The question of :func:`get_rates`, for whoever asks others in the same statement."""
    return (
        TaxRate.objects.valid_at(at)
        .filter(country=country, region__in={"", region.strip().upper()})
        .order_by()
        .values_list("tax_class__code", "region", "valid_from", "name", "rate")
    )


def read_rates(rows: Iterable[tuple[Any, ...]], *, at: datetime) -> dict[str, Rate]:
    """The answer of :func:`get_rates`, from the rows of its question."""
    # From the weakest to the strongest, so that the strongest is written last.
    ranked = sorted(rows, key=lambda row: (bool(row[1]), row[2] is not None, row[2] or at))
    return {code: Rate(name=name, rate=rate) for code, _region, _valid_from, name, rate in ranked}


class TaxCalculator(Protocol):
    """What the cart asks for tax; a tax service of a third party would be another one of these."""

    def calculate(
        self,
        *,
        lines: Sequence[TaxableLine],
        country: str,
        region: str,
        currency: str,
        rounding: str,
        at: datetime,
    ) -> TaxResult:
        """Tax the lines for goods sent to the place; see :func:`shop.tax.calculation.calculate_tax`."""
        ...


class TableTaxCalculator:
    """Tax by the shop's own table of rates: one query."""

    def calculate(
        self,
        *,
        lines: Sequence[TaxableLine],
        country: str,
        region: str,
        currency: str,
        rounding: str,
        at: datetime,
    ) -> TaxResult:
        rates = get_rates(country=country, region=region, at=at)
        return calculate_tax(lines=lines, rates=rates, rounding=rounding, currency=currency)
