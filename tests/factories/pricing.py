"""Price lists and prices for tests, made through the services that the admin and imports use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from shop.pricing.models import Price, PriceList
from shop.pricing.services import PriceChange, ensure_base_price_list, set_prices
from tests.factories.catalogue import VariantFactory


class PriceListFactory(DjangoModelFactory):
    """A base list in EUR with tax; ``kind="sale"`` or ``"override"`` for the others."""

    code = factory.Sequence(lambda n: f"list-{n}")
    name = factory.LazyAttribute(lambda price_list: price_list.code.replace("-", " ").capitalize())
    currency = "EUR"

    class Meta:
        model = PriceList


class PriceFactory(DjangoModelFactory):
    """``PriceFactory(variant=lamp, amount="49.90")``, in the shop's base list unless told otherwise."""

    class Meta:
        model = Price

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Price:
        variant = kwargs.get("variant") or VariantFactory()
        price_list = kwargs.get("price_list") or ensure_base_price_list()
        compare_at = kwargs.get("compare_at")
        change = PriceChange(
            variant_id=variant.pk,
            price_list_code=price_list.code,
            amount=Decimal(kwargs.get("amount", "10")),
            compare_at=None if compare_at is None else Decimal(compare_at),
            min_quantity=kwargs.get("min_quantity", 1),
        )
        set_prices(changes=[change], actor=None, reason="test", at=kwargs.get("at"))
        return Price.objects.get(price_list=price_list, variant=variant, min_quantity=change.min_quantity)
