from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from shop.core.errors import ErrorItem, ShopError
from shop.core.money import Money
from shop.shipping.models import ShippingMethod, ShippingZoneCountry


class ShippingMethodUnavailable(ShopError):
    """The method does not serve this address, weight or currency, or is offered no more."""

    code = "shipping_method_unavailable"
    status = 400
    title = "This shipping method is not available. Choose one of those offered for the address."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "shipping_method")])


@dataclass(frozen=True, slots=True)
class ShippingOption:
    """A shipping method as it is offered to one cart; days are working days."""

    code: str
    name: str
    description: str
    price: Money
    min_days: int
    max_days: int
    carrier_name: str = ""


def list_methods(*, country: str, weight_grams: int, subtotal: Money) -> list[ShippingOption]:
    """
    List what is offered for an address, in one query, in the order of the shop.

    :param country: where the goods go (ISO 3166-1 alpha-2)
    :param subtotal: of the goods after discounts; its currency decides which methods fit
    """
    methods = _methods_for(country, subtotal.currency)
    return [_option(method, subtotal) for method in methods if _carries(method, weight_grams)]


def get_method(*, code: str, country: str, weight_grams: int, subtotal: Money) -> ShippingOption:
    """
    Return one method as it is offered for an address, in one query.

    :raises ShippingMethodUnavailable: when it is not offered there
    """
    method = _methods_for(country, subtotal.currency).filter(code=code).first()
    if method is None or not _carries(method, weight_grams):
        raise ShippingMethodUnavailable()
    return _option(method, subtotal)


def get_tracking_url(*, method_code: str, number: str) -> str:
    """Return the carrier's page for a tracking number, or ``""`` where the method has none or is gone."""
    method = ShippingMethod.objects.filter(code=method_code).first()
    return method.tracking_url(number) if method else ""


def _methods_for(country: str, currency: str) -> QuerySet[ShippingMethod]:
    named = ShippingZoneCountry.objects.filter(country=country)
    in_zone = Q(Exists(named.filter(zone=OuterRef("zone"))))
    elsewhere = Q(zone__serves_everywhere_else=True) & ~Q(Exists(named))
    return ShippingMethod.objects.filter(in_zone | elsewhere, is_active=True, currency=currency)


def _carries(method: ShippingMethod, weight_grams: int) -> bool:
    return method.max_weight_grams is None or weight_grams <= method.max_weight_grams


def _option(method: ShippingMethod, subtotal: Money) -> ShippingOption:
    price = Money.rounded(method.price, method.currency)
    free_from = method.free_from if method.kind == ShippingMethod.Kind.FREE_OVER else None
    if free_from is not None and subtotal.amount >= free_from:
        price = Money.zero(method.currency)
    return ShippingOption(
        code=method.code,
        name=method.name,
        description=method.description,
        price=price,
        min_days=method.min_days,
        max_days=method.max_days,
        carrier_name=method.carrier_name,
    )


def list_served_countries() -> list[str] | None:
    """Countries that goods are sent to, as ISO 3166-1 codes; None when a zone serves all others as well."""
    methods = ShippingMethod.objects.filter(is_active=True)
    if methods.filter(zone__serves_everywhere_else=True).exists():
        return None
    return list(
        ShippingZoneCountry.objects.filter(zone__in=methods.values("zone"))
        .order_by("country")
        .values_list("country", flat=True)
        .distinct()
    )
