"""Exchange rates: entered by staff, or fetched from the European Central Bank."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from defusedxml import ElementTree
from django.conf import settings
from django.db import transaction

from shop.core import clock
from shop.core.audit import record_audit
from shop.core.fetching import FetchRefused, fetch
from shop.core.money import UnknownCurrency, minor_digits
from shop.pricing.models import ExchangeRate

if TYPE_CHECKING:
    from shop.customers.models import User

logger = logging.getLogger(__name__)

LONGEST_ANSWER: Final = 200_000
SECONDS: Final = 15.0
XML_TYPES: Final = frozenset({"text/xml", "application/xml"})
LARGEST_RATE: Final = Decimal(10) ** 9


def set_exchange_rate(*, rate: ExchangeRate, actor: User | None, at: datetime | None = None) -> ExchangeRate:
    """
    Enter a rate, in force at once; short price lists are converted anew with it, long ones by the schedule.

    :raises django.core.exceptions.ValidationError: for a rate that cannot be
    """
    moment = at or clock.now()
    with transaction.atomic():
        rate.actor, rate.at, rate.source = actor, moment, ExchangeRate.Source.STAFF
        rate.full_clean()
        rate.save()
        record_audit(
            actor=actor, action="exchange_rate.set", target=rate, changes={"rate": str(rate)}, at=moment
        )
    return rate


def fetch_exchange_rates(*, at: datetime | None = None) -> int:
    """
    Take over the daily reference rates of the European Central Bank; returns how many were new.

    While the bank does not answer, or with something else, the last rates hold: a line in the log says so.
    """
    moment = at or clock.now()
    try:
        answer = fetch(
            settings.EXCHANGE_RATES_URL, max_bytes=LONGEST_ANSWER, content_types=XML_TYPES, timeout=SECONDS
        )
        rates = read_reference_rates(answer.content)
    except (FetchRefused, ValueError) as problem:
        logger.warning("Exchange rates could not be fetched; the last ones hold. %s", problem)
        return 0
    known = set(
        ExchangeRate.objects.filter(base="EUR", source=ExchangeRate.Source.ECB)
        .filter(at__gte=min(since for _, since in rates.values()))
        .values_list("currency", flat=True)
    )
    new = [
        ExchangeRate(
            base="EUR", currency=currency, rate=rate, at=min(since, moment), source=ExchangeRate.Source.ECB
        )
        for currency, (rate, since) in rates.items()
        if currency not in known
    ]
    ExchangeRate.objects.bulk_create(new)
    return len(new)


def read_reference_rates(content: bytes) -> dict[str, tuple[Decimal, datetime]]:
    """
    Read the bank's daily file: per currency what one euro costs, and of which day (14:15 UTC, when the bank
    says it). Currencies that nobody pays in any more are left out.

    :raises ValueError: if it is no such file
    """
    try:
        root = ElementTree.fromstring(content)
    except Exception as problem:
        raise ValueError("The answer is not well-formed XML.") from problem
    rates: dict[str, tuple[Decimal, datetime]] = {}
    for day in root.findall(".//{*}Cube"):
        if "time" not in day.attrib:
            continue
        said_at = datetime.combine(
            datetime.fromisoformat(day.attrib["time"]).date(), time(14, 15), tzinfo=UTC
        )
        for row in day:
            currency, text = row.attrib.get("currency", ""), row.attrib.get("rate", "")
            try:
                minor_digits(currency)
                rate = Decimal(text)
            except (UnknownCurrency, InvalidOperation):
                continue
            if rate.is_finite() and 0 < rate < LARGEST_RATE:
                rates[currency] = (rate, said_at)
        break
    if not rates:
        raise ValueError("The answer holds no rates.")
    return rates
