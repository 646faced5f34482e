from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from shop.catalogue.models import ProductIndexPage, ProductPage, ProductVariant
from shop.catalogue.services import SlugTaken, UnknownAttribute, create_product
from shop.core.models import OutboxEvent
from tests.factories.catalogue import (
    AttributeFactory,
    BrandFactory,
    CategoryFactory,
    ProductFactory,
    VariantFactory,
    product_index,
)

pytestmark = pytest.mark.django_db


def topics(product: ProductPage) -> list[str]:
    """What was told of the product as shoppers see it."""
    events = OutboxEvent.objects.filter(key=f"product:{product.pk}").exclude(
        topic__in=["variant.changed", "product.drafted"]
    )
    return list(events.order_by("pk").values_list("topic", flat=True))


def test_a_product_is_created_with_all_it_was_given() -> None:
    AttributeFactory(slug="material", values=["oak", "steel"], makes_variants=False)
    AttributeFactory(slug="height", kind="number", unit="cm", makes_variants=False)
    lamps, brand = CategoryFactory(slug="lamps"), BrandFactory()

    lamp = create_product(
        parent=product_index(),
        title="Oak desk lamp",
        summary="Dimmable.",
        brand=brand,
        categories=[lamps],
        body=[{"type": "paragraph", "value": "<p>Warm light.</p>"}],
        attributes={"material": "oak", "height": "38,5"},
    )

    assert (lamp.slug, lamp.live, lamp.brand) == ("oak-desk-lamp", True, brand)
    assert lamp.live_revision_id == lamp.latest_revision_id is not None
    assert [str(row) for row in lamp.product_attributes.all()] == ["Material: Oak", "Height: 38.5 cm"]
    assert "Warm light." in str(lamp.body)
    assert topics(lamp) == ["product.published"]


@pytest.mark.parametrize(
    ("attributes", "attr"),
    [({"smell": "rose"}, "smell"), ({"material": "gold"}, "material"), ({"height": "tall"}, "height")],
)
def test_an_attribute_that_does_not_fit_is_refused(attributes: dict[str, str], attr: str) -> None:
    AttributeFactory(slug="material", values=["oak"], makes_variants=False)
    AttributeFactory(slug="height", kind="number", makes_variants=False)

    with pytest.raises(UnknownAttribute) as refused:
        create_product(parent=product_index(), title="Lamp", attributes=attributes)

    assert refused.value.errors[0].attr == attr
    assert not ProductPage.objects.exists()


def test_a_slug_is_unique_among_all_products_of_the_shop() -> None:
    ProductFactory(title="Lamp", slug="lamp")
    other_folder = (
        product_index().get_parent().add_child(instance=ProductIndexPage(title="More", slug="more"))
    )

    with pytest.raises(SlugTaken):
        create_product(parent=other_folder, title="Lamp", slug="lamp")

    assert create_product(parent=other_folder, title="Lamp").slug == "lamp-2"


def test_two_drafts_cannot_both_go_live_under_one_slug() -> None:
    lamp, other = ProductFactory(title="Lamp"), ProductFactory(title="Other")
    other.slug = "light"
    draft = other.save_revision()
    lamp.slug = "light"
    lamp.save_revision().publish()

    with pytest.raises(ValidationError, match=r"Another product uses|already in use"), transaction.atomic():
        draft.publish()

    assert ProductPage.objects.get(slug="light").pk == lamp.pk


def test_the_admins_own_actions_record_what_happened() -> None:
    lamp = ProductFactory(title="Lamp")

    UnpublishPageAction(lamp).execute(skip_permission_checks=True)
    PublishPageRevisionAction(lamp.get_latest_revision()).execute(skip_permission_checks=True)

    assert topics(lamp) == ["product.published", "product.unpublished", "product.published"]


def test_what_fails_in_the_transaction_of_a_publish_leaves_nothing_live(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft = ProductFactory(title="Lamp", publish=False)
    revision = draft.get_latest_revision()

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the index is broken")

    monkeypatch.setattr("shop.catalogue.models.products.record_event", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        revision.publish()

    assert not ProductPage.objects.get(pk=draft.pk).live


def test_copying_a_page_gives_a_product_without_variants() -> None:
    lamp = ProductFactory(title="Lamp", pictures=2)
    VariantFactory(product=lamp, sku="LAMP")

    copied = CopyPageAction(
        page=lamp, to=lamp.get_parent(), update_attrs={"title": "Lamp 2", "slug": "lamp-2"}
    ).execute(skip_permission_checks=True)

    copied = ProductPage.objects.get(pk=copied.pk)
    assert (copied.live, copied.slug, copied.media.count()) == (True, "lamp-2", 2)
    assert not copied.variants.exists()
    assert lamp.variants.count() == 1
    assert topics(copied)[-1] == "product.published"


def test_a_folder_is_copied_with_its_products() -> None:
    lamp = ProductFactory(title="Lamp")
    folder = product_index()

    copied = CopyPageAction(
        page=folder, recursive=True, update_attrs={"title": "Copy", "slug": "copy"}
    ).execute(skip_permission_checks=True)

    twin = ProductPage.objects.child_of(copied).get()
    assert (lamp.slug, twin.slug) == ("lamp", "lamp-2")
    assert twin.url_path.endswith("/copy/lamp-2/")
    assert not any(list(found) for found in Page.find_problems())


def test_an_alias_follows_its_product() -> None:
    lamp = ProductFactory(title="Lamp")
    alias = lamp.create_alias(update_slug="lamp-alias")

    lamp.title = "Lamp, reworked"
    lamp.save_revision().publish()

    assert ProductPage.objects.get(pk=alias.pk).title == "Lamp, reworked"


def test_deleting_a_page_archives_its_variants() -> None:
    lamp = ProductFactory(title="Lamp")
    variant = VariantFactory(product=lamp, sku="LAMP")

    lamp.delete()

    variant = ProductVariant.objects.get(pk=variant.pk)
    assert variant.product_id is None
    assert variant.is_archived
    assert topics(lamp)[-1] == "product.deleted"


def test_deleting_a_folder_archives_the_variants_of_every_product_in_it() -> None:
    variants = [VariantFactory(product=ProductFactory()) for _ in range(2)]

    product_index().delete()

    assert not ProductPage.objects.exists()
    assert ProductVariant.objects.filter(archived_at__isnull=False).count() == len(variants)
    assert OutboxEvent.objects.filter(topic="product.deleted").count() == len(variants)


def test_moving_a_product_tells_the_shop() -> None:
    lamp = ProductFactory(title="Lamp")
    other = product_index().get_parent().add_child(instance=ProductIndexPage(title="More", slug="more"))

    lamp.move(other, pos="last-child")

    assert OutboxEvent.objects.get(topic="products.changed").payload == {"product_ids": [lamp.pk]}
