"""Which currencies the shop offers, and what one costs in another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import OuterRef, Subquery

from shop.core.models import ShopSettings
from shop.core.selectors import get_shop_settings
from shop.pricing.models import CurrencySettings, ExchangeRate, OfferedCurrency, PriceList

# The central bank quotes every currency against it.
PIVOT: Final = "EUR"
RATE_DIGITS: Final = Decimal("0.00000001")


def list_offered_currencies(shop: ShopSettings | None = None) -> list[str]:
    """
    List the currencies that shoppers may choose, the shop's own first: those of the settings, or else every
    one that has a base price list in use. At most three queries.
    """
    own = (shop or get_shop_settings()).default_currency
    chosen = list(
        OfferedCurrency.objects.filter(settings__site__is_default_site=True).values_list(
            "currency", flat=True
        )
    )
    return list(dict.fromkeys([own, *(chosen or list_priced_currencies())]))


def list_priced_currencies() -> list[str]:
    """List every currency that the shop has a base price list in use for."""
    lists = PriceList.objects.filter(kind=PriceList.Kind.BASE, is_active=True)
    return list(lists.order_by("currency").values_list("currency", flat=True).distinct())


def fetches_rates() -> bool:
    """Whether the shop wants the rates of the European Central Bank."""
    return CurrencySettings.objects.filter(fetches_rates=True).exists()


def find_exchange_rate(*, base: str, currency: str, at: datetime) -> Decimal | None:
    """
    Return what one unit of ``base`` costs in ``currency`` at that moment; ``None`` when nobody has said.

    The latest row of the pair counts, either way round; without one, both are told in euros. One query.
    """
    if base == currency:
        return Decimal(1)
    rows = ExchangeRate.objects.filter(
        base__in={base, currency, PIVOT}, currency__in={base, currency, PIVOT}, at__lte=at
    )
    of_pair = rows.filter(base=OuterRef("base"), currency=OuterRef("currency")).order_by("-at", "-pk")
    last = rows.filter(pk=Subquery(of_pair.values("pk")[:1])).order_by("-at", "-pk")
    latest: dict[frozenset[str], tuple[str, Decimal]] = {}
    for held_base, held_currency, rate in last.values_list("base", "currency", "rate"):
        latest.setdefault(frozenset((held_base, held_currency)), (held_base, rate))
    found = _rate_of(latest, base, currency)
    if found is None:
        to_pivot, from_pivot = _rate_of(latest, base, PIVOT), _rate_of(latest, PIVOT, currency)
        found = to_pivot * from_pivot if to_pivot and from_pivot else None
    return None if found is None else max(found.quantize(RATE_DIGITS), RATE_DIGITS)


def _rate_of(latest: dict[frozenset[str], tuple[str, Decimal]], base: str, currency: str) -> Decimal | None:
    if base == currency:
        return Decimal(1)
    held = latest.get(frozenset((base, currency)))
    if held is None:
        return None
    held_base, rate = held
    return rate if held_base == base else 1 / rate
