"""Words have drafts, stock and prices have none: a publish, however old its draft, puts nothing back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from time import sleep

import pytest
from wagtail.models import Page

from shop.catalogue.models import Category, ProductCategory, ProductPage
from shop.catalogue.selectors import (
    CategoryNotFound,
    ProductNotFound,
    get_live_product,
    get_visible_category,
    list_live_products,
    list_sellable_variants,
    list_visible_categories,
)
from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.publishing import publish_due
from shop.inventory.models import StockItem
from shop.inventory.services import adjust_stock
from shop.pricing.models import Price
from tests.factories.catalogue import (
    CategoryFactory,
    ProductCollectionFactory,
    ProductFactory,
    VariantFactory,
)
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


def topics(key: str) -> list[str]:
    """What shoppers notice: a saved draft is told as well, to those who score drafts."""
    events = OutboxEvent.objects.filter(key=key).exclude(topic="product.drafted")
    return list(events.order_by("pk").values_list("topic", flat=True))


def test_publishing_an_old_draft_changes_no_stock_and_no_price() -> None:
    lamp = ProductFactory(title="Lamp")
    variant = VariantFactory(product=lamp, sku="LAMP")
    price = PriceFactory(variant=variant, amount="50")
    stock = StockItemFactory(variant=variant, on_hand=10)
    lamp.title = "Lamp, old draft"
    old_draft = lamp.save_revision()

    PriceFactory(variant=variant, amount="39.90", price_list=price.price_list)
    adjust_stock(variant_id=variant.pk, warehouse=stock.warehouse, counted=3, seen=10, actor=None)
    new_variant = VariantFactory(product=lamp, sku="LAMP-XL")
    old_draft.publish()

    assert ProductPage.objects.get(pk=lamp.pk).title == "Lamp, old draft"
    assert Price.objects.get(variant=variant).amount == Decimal("39.90")
    assert StockItem.objects.get(variant=variant).on_hand == 3
    assert list(lamp.variants.active()) == [variant, new_variant]


def test_a_draft_is_not_seen_until_it_is_published() -> None:
    draft = ProductFactory(title="Secret", publish=False)
    VariantFactory(product=draft, sku="SECRET")

    assert not list_live_products().exists()
    assert not list_sellable_variants(skus=["SECRET"]).exists()
    with pytest.raises(ProductNotFound):
        get_live_product(draft.slug)

    draft.get_latest_revision().publish()

    assert get_live_product(draft.slug).pk == draft.pk
    assert list_sellable_variants(skus=["secret"]).get().sku == "SECRET"


def test_a_draft_of_a_live_product_leaves_the_live_words_alone() -> None:
    lamp = ProductFactory(title="Lamp")
    lamp.title = "Lamp, reworked"
    lamp.product_categories.add(ProductCategory(category=CategoryFactory(slug="secret")))
    lamp.save_revision()

    live = get_live_product(lamp.slug)
    assert live.title == "Lamp"
    assert not live.product_categories.filter(category__slug="secret").exists()
    assert topics(f"product:{lamp.pk}") == ["product.published"]


def test_a_scheduled_change_goes_live_by_the_clock() -> None:
    lamp = ProductFactory(title="Lamp")
    PriceFactory(variant=VariantFactory(product=lamp))
    lamp.title = "Lamp, winter edition"
    lamp.go_live_at = clock.now() + timedelta(seconds=1)
    lamp.save_revision().publish()
    assert get_live_product(lamp.slug).title == "Lamp"

    sleep(1.1)
    report = publish_due()

    assert (report.published, report.failed) == (1, 0)
    assert get_live_product(lamp.slug).title == "Lamp, winter edition"
    assert topics(f"product:{lamp.pk}")[-1] == "product.published"


def test_a_product_goes_off_the_shop_when_it_expires() -> None:
    lamp = ProductFactory(title="Lamp")
    lamp.expire_at = clock.now() + timedelta(milliseconds=200)
    lamp.save_revision().publish()

    sleep(0.3)
    publish_due()

    assert not list_live_products().exists()
    assert topics(f"product:{lamp.pk}")[-1] == "product.unpublished"


def test_a_product_scheduled_from_the_start_is_a_draft_until_then() -> None:
    lamp = ProductFactory(title="Lamp", go_live_at=clock.now() + timedelta(hours=1))

    assert not lamp.live
    assert not list_live_products().exists()
    assert topics(f"product:{lamp.pk}") == []


def test_a_category_is_hidden_while_it_or_one_above_it_is_a_draft() -> None:
    top = CategoryFactory(slug="living", live=False)
    below = CategoryFactory(slug="lamps", parent=top)
    other = CategoryFactory(slug="garden")

    assert list(list_visible_categories()) == [other]
    with pytest.raises(CategoryNotFound):
        get_visible_category(below.slug)

    top.save_revision().publish()

    assert {category.slug for category in list_visible_categories()} == {"living", "lamps", "garden"}


def test_a_draft_of_a_live_category_leaves_the_live_words_alone() -> None:
    lamps = CategoryFactory(slug="lamps", name="Lamps")
    lamps.name = "Lighting"
    draft = lamps.save_revision()
    assert get_visible_category("lamps").name == "Lamps"

    draft.publish()

    assert get_visible_category("lamps").name == "Lighting"
    assert topics(f"category:{lamps.pk}")[-1] == "category.changed"


def test_an_old_draft_of_a_category_does_not_move_it_back() -> None:
    living, garden = CategoryFactory(slug="living"), CategoryFactory(slug="garden")
    lamps = CategoryFactory(slug="lamps", parent=living)
    old_draft = lamps.save_revision()
    lamps.parent = garden
    lamps.save()

    old_draft.publish()

    lamps.refresh_from_db()
    assert lamps.parent == garden
    assert lamps.path.startswith(garden.path)


def test_a_draft_collection_is_not_live() -> None:
    collection = ProductCollectionFactory(live=False, products=(ProductFactory(),))

    assert not type(collection).objects.live().exists()
    assert topics(f"collection:{collection.pk}") == []


def test_a_restricted_folder_hides_its_products_and_says_so() -> None:
    lamp = ProductFactory(title="Lamp")
    folder = Page.objects.get(pk=lamp.get_parent().pk)

    folder.view_restrictions.create(restriction_type="login")

    assert not list_live_products().exists()
    event = OutboxEvent.objects.get(topic="products.changed")
    assert event.payload == {"product_ids": [lamp.pk]}


def test_unpublishing_a_category_tells_the_shop() -> None:
    lamps = CategoryFactory(slug="lamps")

    lamps.unpublish()

    assert not Category.objects.visible().exists()
    assert topics(f"category:{lamps.pk}")[-1] == "category.changed"
