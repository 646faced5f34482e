"""Many products at once stand as they would one by one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from time import sleep

import pytest
from wagtail.models import Page, ReferenceIndex, Revision

from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.selectors import list_live_products
from shop.catalogue.services import (
    InvalidVariants,
    MediaDraft,
    ProductDraft,
    SlugTaken,
    VariantDraft,
    bulk_create_products,
)
from shop.catalogue.services.bulk import CreatedChunk
from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.publishing import publish_due
from tests.factories.catalogue import (
    AttributeFactory,
    CategoryFactory,
    ImageFactory,
    ProductFactory,
    product_index,
)
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafts() -> list[ProductDraft]:
    AttributeFactory(slug="colour", values=["red", "blue"])
    AttributeFactory(slug="material", values=["oak"], makes_variants=False)
    category, image = CategoryFactory(), ImageFactory()
    return [
        ProductDraft(
            title=f"Lamp {number % 10}",
            summary="A lamp.",
            body=[{"type": "paragraph", "value": "<p>Warm.</p>"}],
            category_ids=[category.pk],
            media=[MediaDraft(image_id=image.pk, alt_text="A lamp")],
            attributes={"material": "oak"},
            variants=[
                VariantDraft(sku=f"L{number}-{colour}", attributes={"colour": colour})
                for colour in ("red", "blue")
            ],
        )
        for number in range(30)
    ]


def test_products_made_in_bulk_are_whole(drafts: list[ProductDraft]) -> None:
    before = ProductFactory(title="Lamp 1")

    count = bulk_create_products(parent=product_index(), drafts=drafts, chunk_size=12)

    assert count == 30
    assert not any(list(found) for found in Page.find_problems())
    assert product_index().numchild == 31
    assert ProductPage.objects.filter(slug_key__startswith="lamp-1").exclude(pk=before.pk).count() == 3
    made = ProductPage.objects.exclude(pk=before.pk)
    assert not made.filter(live_revision=None).exists()
    assert list_live_products().count() == 31
    lamp = made.first()
    assert [variant.title for variant in lamp.variants.all()] == ["Red", "Blue"]
    assert ReferenceIndex.get_references_for_object(lamp).count() == (
        ReferenceIndex.get_references_for_object(before).count() + 2
    )
    assert made.filter(pk__in=[page.pk for page in ProductPage.objects.search("lamp")]).count() == 30


def test_what_was_made_in_bulk_can_be_edited_and_scheduled(drafts: list[ProductDraft]) -> None:
    bulk_create_products(parent=product_index(), drafts=drafts[:2])
    lamp = ProductPage.objects.first()
    PriceFactory(variant=lamp.variants.first())
    rows = list(lamp.media.values_list("pk", flat=True))

    lamp.title = "Reworked"
    lamp.save_revision().publish()
    assert list(lamp.media.values_list("pk", flat=True)) == rows

    lamp = ProductPage.objects.get(pk=lamp.pk)
    lamp.title, lamp.go_live_at = "Scheduled", clock.now() + timedelta(seconds=1)
    lamp.save_revision().publish()
    standing = ProductPage.objects.get(pk=lamp.pk)
    assert (standing.title, standing.live) == ("Reworked", True)

    sleep(1.1)
    publish_due()
    assert ProductPage.objects.get(pk=lamp.pk).title == "Scheduled"


def test_the_first_revision_made_in_bulk_can_be_published_again(drafts: list[ProductDraft]) -> None:
    bulk_create_products(parent=product_index(), drafts=drafts[:1])
    lamp = ProductPage.objects.get()
    rows = list(lamp.product_categories.values_list("pk", flat=True))

    Revision.objects.get(pk=lamp.live_revision_id).publish()

    assert list(lamp.product_categories.values_list("pk", flat=True)) == rows
    assert lamp.variants.active().count() == 2


def test_a_chunk_is_all_or_nothing(drafts: list[ProductDraft]) -> None:
    drafts[15] = ProductDraft(title="Twin", variants=[VariantDraft(sku="l0-RED")])

    with pytest.raises(InvalidVariants):
        bulk_create_products(parent=product_index(), drafts=drafts, chunk_size=10)

    assert ProductPage.objects.count() == 10
    assert ProductVariant.objects.count() == 20
    assert not any(list(found) for found in Page.find_problems())


def test_a_slug_that_was_asked_for_is_not_changed(drafts: list[ProductDraft]) -> None:
    ProductFactory(title="Lamp", slug="lamp")

    with pytest.raises(SlugTaken):
        bulk_create_products(parent=product_index(), drafts=[ProductDraft(title="X", slug="lamp")])


def test_prices_are_loaded_before_the_shop_is_told(drafts: list[ProductDraft]) -> None:
    told: list[int] = []

    def load_prices(chunk: CreatedChunk) -> None:
        told.append(OutboxEvent.objects.filter(topic="products.changed").count())
        assert [len(variants) for variants in chunk.variants] == [2] * len(chunk.products)

    bulk_create_products(parent=product_index(), drafts=drafts, chunk_size=15, in_chunk=load_prices)

    assert told == [0, 1]
    assert len(OutboxEvent.objects.filter(topic="products.changed").last().payload["product_ids"]) == 15


def test_a_chunk_takes_the_same_queries_whatever_its_size(
    drafts: list[ProductDraft], django_assert_max_num_queries: object
) -> None:
    folder = product_index()

    with django_assert_max_num_queries(50):  # type: ignore[operator]
        bulk_create_products(parent=folder, drafts=drafts)


def test_cost_is_kept_to_the_fourth_digit() -> None:
    draft = ProductDraft(title="Lamp", variants=[VariantDraft(sku="L", cost=Decimal("3.1234"))])

    bulk_create_products(parent=product_index(), drafts=[draft])

    assert ProductVariant.objects.get().cost == Decimal("3.1234")
