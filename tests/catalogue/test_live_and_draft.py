"""A change by somebody who may not publish waits in a draft."""

from __future__ import annotations

import pytest

from shop.catalogue.models import Brand, ProductPage
from shop.catalogue.services.live_and_draft import Change, edit_live_and_draft
from tests.factories.catalogue import BrandFactory, ProductFactory

pytestmark = pytest.mark.django_db


def test_the_live_page_stays_as_it_is_and_one_draft_gets_every_change() -> None:
    lamp = ProductFactory(title="Lamp")
    linnet, weftwell = BrandFactory(name="Linnet"), BrandFactory(name="Weftwell")

    def to(brand: Brand) -> Change:
        def change(page: ProductPage) -> bool:
            page.brand = brand
            return True

        return change

    for brand in (linnet, weftwell):
        outcome = edit_live_and_draft(product=lamp, change=to(brand), actor=None, publish=False)
        assert (outcome.live, outcome.draft) == (False, True)

    page = ProductPage.objects.get(pk=lamp.pk)
    assert page.brand is None
    assert page.has_unpublished_changes
    assert page.get_latest_revision_as_object().brand == weftwell
    assert page.revisions.count() == 2


def test_nothing_to_change_leaves_no_trace() -> None:
    lamp = ProductFactory(title="Lamp")
    before = ProductPage.objects.get(pk=lamp.pk).latest_revision_id

    outcome = edit_live_and_draft(product=lamp, change=lambda page: False, actor=None, publish=True)

    assert not outcome.changed
    assert ProductPage.objects.get(pk=lamp.pk).latest_revision_id == before
