from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from shop.catalogue.models import ProductPage, ProductType, ProductTypeAttribute
from shop.catalogue.readiness import ProductNotReady, Readiness, check_product, check_products
from shop.catalogue.services import publish_product
from shop.core import clock
from shop.pricing.models import PriceList
from tests.factories.cart import goods
from tests.factories.catalogue import AttributeFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db

BODY = [{"type": "paragraph", "value": "<p>Made of oak, oiled by hand.</p>"}]


def perfect_lamp(**kwargs: object) -> ProductPage:
    lamp = ProductFactory(summary="A dimmable oak lamp for small desks.", body=BODY, **kwargs)
    goods("49.90", product=lamp)
    return ProductPage.objects.get(pk=lamp.pk)


def codes(readiness: Readiness) -> list[str]:
    return [finding.code for finding in readiness.findings]


def test_a_whole_product_is_perfect() -> None:
    readiness = check_product(perfect_lamp())

    assert readiness.findings == ()
    assert readiness.score == 100


def test_an_empty_draft_lacks_everything_that_shoppers_need() -> None:
    bare = ProductFactory(categories=[], pictures=0, publish=False)

    readiness = check_product(bare)

    assert [finding.code for finding in readiness.errors] == ["no_category", "no_picture", "no_variant"]
    assert [finding.code for finding in readiness.warnings] == ["short_summary", "no_description"]
    assert readiness.score == 100 - 3 * 20 - 2 * 5


def test_a_picture_needs_an_alternative_text() -> None:
    lamp = perfect_lamp()
    draft = lamp.get_latest_revision_as_object()
    [picture] = draft.media.all()
    picture.alt_text = ""
    draft.media = [picture]
    draft.save_revision(clean=False)

    assert codes(check_product(ProductPage.objects.get(pk=lamp.pk))) == ["no_alt_text"]


def test_what_counts_is_the_latest_draft_and_not_what_is_live() -> None:
    lamp = perfect_lamp()
    draft = lamp.get_latest_revision_as_object()
    draft.product_categories = []
    draft.save_revision(clean=False)

    listed = ProductPage.objects.get(pk=lamp.pk)

    assert codes(check_product(listed)) == ["no_category"]
    assert codes(check_product(listed.get_latest_revision_as_object())) == ["no_category"]


def test_a_product_without_any_revision_is_read_from_its_rows() -> None:
    lamp = perfect_lamp()
    lamp.revisions.all().delete()

    assert check_product(ProductPage.objects.get(pk=lamp.pk)).score == 100


def test_a_price_in_another_currency_is_none() -> None:
    lamp = perfect_lamp()
    PriceList.objects.update(currency="NOK")

    assert codes(check_product(lamp)) == ["no_price"]


def test_a_price_that_begins_with_the_schedule_is_enough() -> None:
    lamp = perfect_lamp()
    later = clock.now() + timedelta(days=3)
    PriceList.objects.update(valid_from=later)
    scheduled = lamp.get_latest_revision_as_object()
    scheduled.go_live_at = later + timedelta(hours=1)
    scheduled.save_revision()
    at_once = perfect_lamp()

    found = check_products(ProductPage.objects.filter(pk__in=[lamp.pk, at_once.pk]))

    assert codes(found[lamp.pk]) == []
    assert codes(found[at_once.pk]) == ["no_price"]


def test_a_price_below_cost_is_warned_about() -> None:
    lamp = perfect_lamp()
    lamp.variants.update(cost=Decimal("60.00"), sku="LAMP-OAK")

    readiness = check_product(lamp)

    assert codes(readiness) == ["below_cost"]
    assert "LAMP-OAK" in readiness.warnings[0].message
    assert readiness.is_publishable
    assert readiness.score == 95


def test_goods_that_are_sold_out_are_warned_about_and_downloads_are_not() -> None:
    lamp = perfect_lamp()
    lamp.variants.first().stock_items.all().delete()

    sold_out = codes(check_product(lamp))
    lamp.product_type = ProductType.objects.create(name="E-book", slug="e-book", kind="digital")
    lamp.save_revision()

    assert sold_out == ["no_stock"]
    assert codes(check_product(lamp)) == []


def test_attributes_that_the_type_needs_are_errors() -> None:
    material = AttributeFactory(slug="material", values=["oak"], makes_variants=False)
    size = AttributeFactory(slug="size", values=["small"])
    shelf = ProductType.objects.create(name="Shelf", slug="shelf")
    for attribute, scope in ((material, "product"), (size, "variant")):
        ProductTypeAttribute.objects.create(
            product_type=shelf, attribute=attribute, scope=scope, is_required=True
        )

    lacking = perfect_lamp(product_type=shelf)
    whole = ProductFactory(product_type=shelf, attributes={"material": "oak"}, summary="A shelf for books.")
    VariantFactory(product=whole, attributes={"size": "small"})

    assert [finding.code for finding in check_product(lacking).errors] == [
        "no_attribute.material",
        "no_attribute.size",
    ]
    assert not any("attribute" in code for code in codes(check_product(whole)))


def test_a_language_that_is_missing_is_warned_about() -> None:
    lamp = perfect_lamp()
    Locale.objects.create(language_code="fr")

    assert codes(check_product(lamp)) == ["no_translation"]


def test_the_number_of_queries_does_not_grow() -> None:
    counts = []
    for size in (1, 6):
        for _ in range(size):
            perfect_lamp()
        pages = list(ProductPage.objects.all())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            check_products(pages)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


def test_publishing_by_code_obeys_the_checks() -> None:
    lamp = perfect_lamp(publish=False)
    bare = ProductFactory(publish=False)

    published = publish_product(product=lamp, actor=None)
    with pytest.raises(ProductNotReady) as refused:
        publish_product(product=bare, actor=None)

    assert published.live
    assert "Add at least one variant" in refused.value.detail
    assert [error.code for error in refused.value.errors] == ["no_variant"]
    assert not ProductPage.objects.get(pk=bare.pk).live
