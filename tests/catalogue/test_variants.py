from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from shop.catalogue.models import ProductVariant, validate_gtin
from shop.catalogue.selectors import VariantNotFound, get_sellable_variant, list_active_variants
from shop.catalogue.services import (
    InvalidVariants,
    VariantChange,
    VariantDraft,
    archive_variant,
    create_variant,
    restore_variant,
    save_variants,
    update_variant,
)
from shop.core.models import AuditEntry, OutboxEvent
from tests.factories.catalogue import (
    AttributeFactory,
    ProductFactory,
    TaxClassFactory,
    VariantFactory,
)

pytestmark = pytest.mark.django_db


def test_a_variant_is_named_after_its_attributes() -> None:
    AttributeFactory(slug="colour", values=["red", "blue"], sort_order=1)
    AttributeFactory(slug="size", values=["s", "m"], sort_order=2)
    shirt = ProductFactory(title="Shirt")

    variant = create_variant(product=shirt, sku="SHIRT-R-M", attributes={"size": "m", "colour": "red"})

    assert variant.title == "Red / M"
    assert variant.tax_class.code == "standard"
    renamed = update_variant(variant=variant, attributes={"colour": "blue"})
    assert renamed.title == "Blue / M"


def test_a_sku_is_taken_whatever_its_case() -> None:
    VariantFactory(sku="Lamp-1")

    with pytest.raises(InvalidVariants) as refused:
        VariantFactory(sku="LAMP-1")

    assert [(error.code, error.attr) for error in refused.value.errors] == [("sku_taken", "create.0.sku")]


def test_the_database_has_the_last_word_on_skus() -> None:
    held = VariantFactory(sku="Lamp-1")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProductVariant.objects.create(sku="LAMP-1", tax_class=held.tax_class)


def test_every_error_of_a_sheet_is_told_at_once_and_nothing_is_saved() -> None:
    AttributeFactory(slug="colour", values=["red"])
    lamp = ProductFactory(title="Lamp")
    held = VariantFactory(product=lamp, sku="HELD", attributes={"colour": "red"})

    with pytest.raises(InvalidVariants) as refused:
        save_variants(
            product=lamp,
            create=[
                VariantDraft(sku="NEW", attributes={"colour": "red"}),
                VariantDraft(sku="with space", barcode="123"),
                VariantDraft(sku="OTHER", attributes={"colour": "pink"}, tax_class="unknown"),
            ],
            change=[VariantChange(variant_id=held.pk, fields={"weight_grams": 2_000_000})],
        )

    assert {error.attr for error in refused.value.errors} == {
        "create.0.colour",
        "create.1.sku",
        "create.1.barcode",
        "create.2.colour",
        "create.2.tax_class",
        f"change.{held.pk}.weight_grams",
    }
    assert lamp.variants.count() == 1


def test_a_sheet_is_one_fact_and_one_entry_of_the_audit() -> None:
    lamp = ProductFactory(title="Lamp")
    held = VariantFactory(product=lamp, sku="HELD")
    OutboxEvent.objects.all().delete()

    created = save_variants(
        product=lamp,
        create=[VariantDraft(sku="A"), VariantDraft(sku="B")],
        change=[VariantChange(variant_id=held.pk, fields={"cost": Decimal("3.20")})],
    )

    event = OutboxEvent.objects.get(topic="variant.changed")
    assert event.payload == {
        "variant_ids": [*(variant.pk for variant in created), held.pk],
        "product_ids": [lamp.pk],
    }
    assert AuditEntry.objects.filter(action="variants.save", object_id=str(lamp.pk)).count() == 2


def test_an_archived_variant_is_off_sale_and_keeps_its_sku() -> None:
    variant = VariantFactory(sku="LAMP")
    archive_variant(variant=variant)

    assert not list_active_variants(product_ids=[variant.product_id]).exists()
    with pytest.raises(VariantNotFound):
        get_sellable_variant("LAMP")
    with pytest.raises(InvalidVariants, match="cannot be saved"):
        VariantFactory(sku="LAMP")

    restore_variant(variant=variant)
    assert get_sellable_variant("lamp") == variant


def test_a_variant_of_another_product_is_not_on_the_sheet() -> None:
    stranger = VariantFactory(sku="STRANGER")

    with pytest.raises(InvalidVariants) as refused:
        save_variants(
            product=ProductFactory(),
            change=[VariantChange(variant_id=stranger.pk, fields={"sku": "STOLEN"})],
        )

    assert refused.value.errors[0].code == "not_found"


def test_tax_classes_are_chosen_by_code() -> None:
    TaxClassFactory(code="reduced")

    assert VariantFactory(tax_class="reduced").tax_class.code == "reduced"


@pytest.mark.parametrize("barcode", ["96385074", "036000291452", "4006381333931", "10614141000415"])
def test_a_barcode_with_the_right_check_digit_is_accepted(barcode: str) -> None:
    validate_gtin(barcode)


@pytest.mark.parametrize("barcode", ["96385075", "4006381333930", "123", "40063813339\uff131", "abcdefgh"])
def test_a_barcode_with_a_wrong_check_digit_is_refused(barcode: str) -> None:
    with pytest.raises(ValidationError):
        validate_gtin(barcode)
