from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from shop.shipping.models import ShippingMethod, ShippingZone, ShippingZoneCountry


class ShippingZoneFactory(DjangoModelFactory):
    """``ShippingZoneFactory(countries=["DE", "AT"])``; Germany unless told otherwise."""

    name = factory.Sequence(lambda n: f"Zone {n}")

    class Meta:
        model = ShippingZone
        skip_postgeneration_save = True

    @factory.post_generation
    def countries(self: ShippingZone, create: bool, codes: list[str] | None, **kwargs: Any) -> None:
        for code in ["DE"] if codes is None else codes:
            ShippingZoneCountry.objects.create(zone=self, country=code)


class ShippingMethodFactory(DjangoModelFactory):
    """One price of 4.90 EUR to Germany, unless told otherwise."""

    zone = factory.SubFactory(ShippingZoneFactory)
    code = factory.Sequence(lambda n: f"method-{n}")
    name = "Standard delivery"
    currency = "EUR"
    price = Decimal("4.90")
    min_days = 2
    max_days = 4

    class Meta:
        model = ShippingMethod
