from datetime import timedelta

import pytest

from search.models import ProductIndex
from shop.catalogue.models import BundleComponent
from shop.catalogue.services import InvalidVariants, archive_variant, save_variants, update_variant
from shop.catalogue.services.bundles import InvalidBundle, PartDraft, set_components
from shop.catalogue.services.windows import apply_due_windows
from shop.core import clock
from shop.core.models import AuditEntry, OutboxEvent
from shop.inventory.selectors import get_stock
from tests.factories.cart import bundle_of, goods
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.customers import UserFactory
from tests.factories.inventory import StockItemFactory

pytestmark = pytest.mark.django_db


def make(variant, *parts, by_parts=False, actor=None):
    return set_components(
        variant=variant,
        parts=[PartDraft(part.pk, quantity) for part, quantity in parts],
        priced_by_parts=by_parts,
        actor=actor,
        at=clock.now(),
    )


def details(refused):
    return [error.detail for error in refused.value.errors]


def test_a_bundle_keeps_its_parts_in_their_order_and_says_who_made_it():
    whole, lamp, bulb, editor = VariantFactory(), VariantFactory(), VariantFactory(), UserFactory()
    OutboxEvent.objects.all().delete()

    make(whole, (bulb, 2), (lamp, 1), by_parts=True, actor=editor)

    whole.refresh_from_db()
    assert [(part.component, part.quantity) for part in whole.components.all()] == [(bulb, 2), (lamp, 1)]
    assert whole.is_priced_by_parts
    entry = AuditEntry.objects.get(action="variant.bundled")
    assert entry.actor == editor
    assert entry.changes["parts"] == [{}, {bulb.sku: 2, lamp.sku: 1}]
    event = OutboxEvent.objects.get(topic="variant.changed")
    assert event.payload == {"variant_ids": [whole.pk], "product_ids": [whole.product_id]}


def test_the_same_parts_again_change_nothing():
    lamp = VariantFactory()
    whole = bundle_of([(lamp, 2)])
    OutboxEvent.objects.all().delete()

    make(whole, (lamp, 2))

    assert not OutboxEvent.objects.exists()


def test_without_parts_it_is_a_plain_variant_again():
    whole = bundle_of([(VariantFactory(), 2)], price=None)

    make(whole, by_parts=True)

    whole.refresh_from_db()
    assert not whole.components.exists()
    assert not whole.is_priced_by_parts


def test_every_part_that_cannot_be_one_is_named_and_nothing_is_saved():
    whole, lamp, gone, inner = VariantFactory(), VariantFactory(), VariantFactory(), VariantFactory()
    archive_variant(variant=gone)
    bundle_of([(lamp, 1)], sku="INNER")
    inner = BundleComponent.objects.get().bundle

    with pytest.raises(InvalidBundle) as refused:
        make(
            whole, (lamp, 1), (lamp, 2), (gone, 1), (inner, 1), (whole, 1), (VariantFactory(sku="MANY"), 1000)
        )

    assert details(refused) == [
        f"{lamp.sku} is listed twice: write the whole quantity in one row.",
        f"{gone.sku} is archived: restore it, or choose another part.",
        "INNER is a bundle itself: choose its parts instead.",
        f"{whole.sku} cannot be a part of itself.",
        "MANY: write a quantity of 1 to 999.",
    ]
    assert [error.attr for error in refused.value.errors] == [f"parts.{place}" for place in range(1, 6)]
    assert not whole.components.exists()


def test_what_is_part_of_a_bundle_cannot_become_one():
    lamp, bulb = VariantFactory(), VariantFactory()
    bundle_of([(lamp, 1)], sku="SET-1")

    with pytest.raises(InvalidBundle) as refused:
        make(lamp, (bulb, 1))

    assert details(refused) == [f"{lamp.sku} is a part of the bundle SET-1: take it out there first."]


def test_goods_that_lie_on_a_shelf_do_not_become_a_bundle():
    item = StockItemFactory(on_hand=3)

    with pytest.raises(InvalidBundle) as refused:
        make(item.variant, (VariantFactory(), 1))

    assert "count them to 0 first" in details(refused)[0]


def test_a_part_of_a_bundle_on_sale_is_not_archived():
    lamp = VariantFactory()
    whole = bundle_of([(lamp, 1)], sku="SET-1")

    with pytest.raises(InvalidVariants) as refused:
        archive_variant(variant=lamp)

    assert "is part of SET-1" in refused.value.errors[0].detail
    archive_variant(variant=whole)
    archive_variant(variant=lamp)


def test_a_bundle_and_its_part_are_archived_together():
    product = ProductFactory()
    lamp = VariantFactory(product=product)
    whole = bundle_of([(lamp, 1)], product=product)

    save_variants(product=product, archive=[lamp.pk, whole.pk])

    lamp.refresh_from_db()
    assert lamp.is_archived


def test_a_bundle_is_sold_out_while_one_of_its_parts_is_not_on_sale():
    now = clock.now()
    lamp, bulb = stocked("LAMP"), stocked("BULB")
    whole = bundle_of([(lamp, 1), (bulb, 2)])
    before = get_stock([whole.pk])[whole.pk]

    update_variant(variant=bulb, available_from=now + timedelta(days=1))
    too_early = get_stock([whole.pk], at=now)[whole.pk]
    begun = get_stock([whole.pk], at=now + timedelta(days=2))[whole.pk]
    update_variant(variant=bulb, available_from=None, available_until=now - timedelta(days=1))
    over = get_stock([whole.pk], at=now)[whole.pk]

    assert before.is_sellable
    assert begun.is_sellable
    assert not too_early.is_sellable
    assert not over.is_sellable
    assert ProductIndex.objects.get(product=whole.product_id).stock_status == "out_of_stock"


def test_the_clock_opens_a_bundle_with_its_part():
    begin = clock.now() + timedelta(days=1)
    lamp = stocked("LAMP")
    whole = bundle_of([(lamp, 1)])
    update_variant(variant=lamp, available_from=begin)

    with clock.at(begin + timedelta(minutes=1)):
        apply_due_windows()

        assert ProductIndex.objects.get(product=whole.product_id).stock_status == "in_stock"


def stocked(sku):
    return goods("10.00", stock=10, sku=sku)
