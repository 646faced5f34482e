"""What a publish costs, and that nothing is lost by its costing little."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import PageLogEntry, ReferenceIndex
from wagtail.search.backends import get_search_backend

from search.models import ProductIndex
from shop.catalogue.models import Brand, ProductMedia, ProductPage
from shop.core.models import OutboxEvent
from tests.benchmarks.publishing import FRAME, WANTED
from tests.factories.cart import goods
from tests.factories.catalogue import CategoryFactory, ImageFactory, ProductFactory

pytestmark = pytest.mark.django_db


def lamp(**fields: Any) -> ProductPage:
    """A live product with a category, two pictures and a price, loaded afresh."""
    page = ProductFactory(**{"title": "Oak lamp", "slug": "oak-lamp", **fields})
    page.product_categories.create(category=CategoryFactory(name="Lamps"))
    page.media = [
        ProductMedia(image=ImageFactory(), alt_text=text, sort_order=place)
        for place, text in enumerate(("From the front", "From the side"))
    ]
    page.save_revision().publish()
    goods("49.90", product=page)
    return ProductPage.objects.get(pk=page.pk)


def statements(page: ProductPage, title: str) -> list[str]:
    """The SQL of publishing a new title the way the editor does, but for what frames transactions."""
    page = ProductPage.objects.get(pk=page.pk)
    page.title = title
    revision = page.save_revision()
    with CaptureQueriesContext(connection) as captured:
        PublishPageRevisionAction(revision).execute(skip_permission_checks=True)
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(FRAME)]


@pytest.mark.postgres
def test_a_publish_costs_as_little_in_a_larger_shop() -> None:
    page = lamp()
    statements(page, "Warm-up")

    in_a_small_shop = statements(page, "Beech lamp")
    for number in range(12):
        goods("19.90", product=ProductFactory(title=f"Chair {number}"))
    in_a_larger_shop = statements(page, "Ash lamp")

    assert len(in_a_larger_shop) == len(in_a_small_shop) <= WANTED


def test_a_brand_a_type_and_more_pictures_cost_nothing() -> None:
    plain, rich = lamp(), lamp(slug="rich-lamp", brand=Brand.objects.create(name="Linnet", slug="linnet"))
    for place in range(5):
        rich.media.create(image=ImageFactory(), alt_text=f"View {place}", sort_order=place + 2)
    rich.save()
    statements(plain, "Warm-up")

    assert len(statements(rich, "Rich lamp")) == len(statements(plain, "Plain lamp"))


def test_a_publish_keeps_log_search_references_index_and_event() -> None:
    page = lamp()
    image = page.media.first().image

    statements(page, "Beech lamp")

    page.refresh_from_db()
    logged = PageLogEntry.objects.filter(page=page.pk).order_by("-pk").values_list("action", "label")[:2]
    assert set(logged) == {("wagtail.publish", "Beech lamp"), ("wagtail.rename", "Beech lamp")}
    assert page.live_revision_id == page.latest_revision_id
    assert list(get_search_backend().search("beech", ProductPage.objects.all())) == [page]
    assert ReferenceIndex.get_references_to(image).filter(object_id=str(page.pk)).exists()
    assert ProductIndex.objects.get(product=page).title == "Beech lamp"
    assert OutboxEvent.objects.filter(topic="product.published", key=f"product:{page.pk}").exists()


def test_a_publish_writes_only_the_pictures_that_changed() -> None:
    page = lamp()
    first, second = page.media.all()
    page.media = [second, ProductMedia(image=ImageFactory(), alt_text="From above", sort_order=5)]
    second.alt_text = "From the left"

    page.save_revision().publish()

    kept, added = ProductMedia.objects.filter(page=page).order_by("sort_order")
    assert (kept.pk, kept.alt_text, added.alt_text) == (second.pk, "From the left", "From above")
    assert not ProductMedia.objects.filter(pk=first.pk).exists()


def test_a_draft_opens_although_what_it_names_is_gone() -> None:
    page = lamp()
    page.brand = Brand.objects.create(name="Linnet", slug="linnet")
    picture = ImageFactory()
    page.media.add(ProductMedia(image=picture, alt_text="Soon gone", sort_order=9))
    revision = page.save_revision()
    page.brand.delete()
    picture.delete()

    draft = type(revision).objects.get(pk=revision.pk).as_object()

    assert draft.brand is None
    assert [row.alt_text for row in draft.media.all()] == ["From the front", "From the side"]


def test_a_draft_cannot_take_the_slug_of_another_product() -> None:
    page, other = lamp(), lamp(slug="beech-lamp", title="Beech lamp")
    page.slug = other.slug
    revision = page.save_revision(clean=False)

    with pytest.raises(ValidationError, match="already in use"):
        revision.publish()


def test_a_deleted_product_leaves_the_search_of_the_admin() -> None:
    page = lamp()

    page.delete()

    assert not get_search_backend().search("oak", ProductPage.objects.all())
