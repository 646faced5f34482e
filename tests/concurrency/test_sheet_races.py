"""Merchandisers who save their sheets at the same moment."""

from __future__ import annotations

from functools import partial

import pytest

from shop.catalogue.models import ProductVariant
from shop.catalogue.services import VariantDraft, save_variants
from tests.concurrency.crowd import run_crowd
from tests.factories.catalogue import ProductFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_sheets_that_claim_one_sku_one_gets_it_and_the_others_are_told_whose_it_is() -> None:
    products = [ProductFactory() for _ in range(8)]
    skus = ["Lamp-1", "LAMP-1", "lamp-1", "LaMp-1"] * 2

    outcomes = run_crowd(
        partial(save_variants, product=product, create=[VariantDraft(sku=sku)])
        for product, sku in zip(products, skus, strict=True)
    )

    assert outcomes == {"ok": 1, "InvalidVariants": 7}
    assert ProductVariant.objects.count() == 1


def test_two_products_whose_sheets_take_many_skus_in_other_orders_do_not_deadlock() -> None:
    products = [ProductFactory() for _ in range(8)]
    skus = [f"LAMP-{number}" for number in range(20)]

    outcomes = run_crowd(
        partial(
            save_variants,
            product=product,
            create=[VariantDraft(sku=sku) for sku in (skus if number % 2 else reversed(skus))],
        )
        for number, product in enumerate(products)
    )

    assert outcomes == {"ok": 1, "InvalidVariants": 7}
    assert ProductVariant.objects.count() == 20
