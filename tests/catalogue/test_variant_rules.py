"""What a product's sheet refuses, whoever writes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import ProtectedError

from shop.catalogue.services import (
    InvalidVariants,
    archive_variant,
    create_variant,
    update_variant,
)
from shop.core import clock
from tests.factories.cart import goods, ready_cart
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.orders import place

pytestmark = pytest.mark.django_db


def refusals(refused: pytest.ExceptionInfo[InvalidVariants]) -> set[tuple[str | None, str]]:
    return {(error.attr, error.code) for error in refused.value.errors}


def test_the_sku_of_what_was_sold_stays() -> None:
    lamp = goods()
    place(ready_cart([(lamp, 1)]))

    with pytest.raises(InvalidVariants) as refused:
        update_variant(variant=lamp, sku="ANOTHER-SKU")

    assert refusals(refused) == {(f"change.{lamp.pk}.sku", "sku_immutable")}
    assert "Archive this variant" in refused.value.errors[0].detail


def test_what_was_sold_may_change_in_all_else() -> None:
    lamp = goods()
    place(ready_cart([(lamp, 1)]))

    changed = update_variant(variant=lamp, sku=lamp.sku, title="Brass", weight_grams=700)

    assert (changed.title, changed.weight_grams) == ("Brass", 700)


def test_what_was_sold_is_never_deleted() -> None:
    lamp = goods()
    place(ready_cart([(lamp, 1)]))

    with pytest.raises(ProtectedError):
        lamp.delete()


def test_an_unsold_sku_may_change() -> None:
    lamp = VariantFactory(sku="OLD")

    assert update_variant(variant=lamp, sku="NEW").sku == "NEW"


@pytest.mark.parametrize("state", ["live", "draft", "archived", "deleted"])
def test_a_sku_is_taken_whatever_its_case_and_its_owners_state(state: str) -> None:
    owner = VariantFactory(product=ProductFactory(title="Lamp", publish=state != "draft"), sku="Lamp-1")
    if state == "archived":
        archive_variant(variant=owner)
    if state == "deleted":
        owner.product.delete()

    with pytest.raises(InvalidVariants) as refused:
        create_variant(product=ProductFactory(), sku="LAMP-1")

    assert refusals(refused) == {("create.0.sku", "sku_taken")}
    assert ("a deleted product" if state == "deleted" else "“Lamp”") in refused.value.errors[0].detail


def test_a_window_ends_after_it_begins() -> None:
    now = clock.now()

    with pytest.raises(InvalidVariants) as refused:
        VariantFactory(available_from=now, available_until=now - timedelta(days=1))

    assert refusals(refused) == {("create.0.available_until", "invalid")}


def test_an_external_id_names_one_variant() -> None:
    VariantFactory(external_id="erp-7")

    with pytest.raises(InvalidVariants) as refused:
        VariantFactory(external_id="erp-7")

    assert refusals(refused) == {("create.0.external_id", "external_id_taken")}


def test_sizes_and_limits_are_kept_within_reason() -> None:
    with pytest.raises(InvalidVariants) as refused:
        VariantFactory(length_mm=30_000, max_per_order=0)

    assert refusals(refused) == {("create.0.length_mm", "invalid"), ("create.0.max_per_order", "invalid")}
