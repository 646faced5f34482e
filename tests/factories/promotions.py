"""Promotions and vouchers for tests."""

from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from shop.promotions.models import Promotion, Voucher, VoucherBatch


class PromotionFactory(DjangoModelFactory):
    """Twenty percent off everything, in use, unless told otherwise; checked as the admin checks it."""

    name = factory.Sequence(lambda n: f"Promotion {n}")
    label = factory.SelfAttribute("name")
    is_active = True
    currency = "EUR"
    reward = factory.LazyFunction(lambda: {"kind": "percent", "percent": "20"})

    class Meta:
        model = Promotion

    @classmethod
    def _create(cls, model_class: type[Promotion], *args: Any, **kwargs: Any) -> Promotion:
        promotion = model_class(*args, **kwargs)
        promotion.full_clean()
        promotion.save()
        return promotion


class VoucherFactory(DjangoModelFactory):
    """A code of a promotion that needs one."""

    promotion = factory.SubFactory(PromotionFactory, needs_voucher=True, lane=Promotion.Lane.VOUCHERS)
    code = factory.Sequence(lambda n: f"CODE-{n}")

    class Meta:
        model = Voucher


class VoucherBatchFactory(DjangoModelFactory):
    """A batch that has no codes yet."""

    promotion = factory.SubFactory(PromotionFactory, needs_voucher=True, lane=Promotion.Lane.VOUCHERS)
    name = factory.Sequence(lambda n: f"Leaflet {n}")
    size = 10

    class Meta:
        model = VoucherBatch
