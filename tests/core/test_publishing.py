from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from wagtail.models import Page
from wagtail.signals import page_published

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.publishing import publish_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Page:
    return Page.get_first_root_node() or Page.add_root(title="Root", slug="root")


@contextmanager
def bad_pages_refused() -> Iterator[None]:
    def refuse(sender: Any, instance: Page, **kwargs: Any) -> None:
        if instance.title.startswith("Bad"):
            raise RuntimeError("this page cannot be published")

    page_published.connect(refuse)
    yield
    page_published.disconnect(refuse)


def scheduled(root: Page, title: str, *, minutes_ago: int) -> Page:
    page = root.add_child(instance=Page(title=title, slug=title.lower().replace(" ", "-"), live=False))
    page.go_live_at = clock.now() + timedelta(hours=1)
    revision = page.save_revision()
    revision.publish()
    revision.approved_go_live_at = clock.now() - timedelta(minutes=minutes_ago)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    return page


def test_one_bad_page_does_not_keep_the_later_ones_offline(root: Page) -> None:
    early, bad, late = (
        scheduled(root, title, minutes_ago=minutes)
        for title, minutes in (("Early", 3), ("Bad", 2), ("Late", 1))
    )

    with bad_pages_refused():
        report = publish_due()

    live = {page.pk: Page.objects.get(pk=page.pk).live for page in (early, bad, late)}
    assert live == {early.pk: True, bad.pk: False, late.pk: True}
    assert (report.published, report.failed) == (2, 1)


def test_ops_hear_of_a_page_that_cannot_go_live_once_a_day(root: Page) -> None:
    bad = scheduled(root, "Bad", minutes_ago=1)
    told = OutboxEvent.objects.filter(topic="publishing.failed")

    with bad_pages_refused():
        for _ in range(3):
            publish_due()
        assert told.count() == 1
        assert told.get().payload["action"] == "publish"
        with clock.at(clock.now() + timedelta(days=1, minutes=1)):
            publish_due()

    assert told.count() == 2
    assert not Page.objects.get(pk=bad.pk).live


def test_what_has_expired_goes_offline(root: Page) -> None:
    page = root.add_child(instance=Page(title="Offer", slug="offer"))
    page.expire_at = clock.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert publish_due().unpublished == 0

    with clock.at(clock.now() + timedelta(hours=2)):
        report = publish_due()

    page.refresh_from_db()
    assert report.unpublished == 1
    assert (page.live, page.expired) == (False, True)


def test_what_is_not_due_stays_as_it_is(root: Page) -> None:
    page = root.add_child(instance=Page(title="Soon", slug="soon", live=False))
    page.go_live_at = clock.now() + timedelta(hours=1)
    page.save_revision().publish()

    report = publish_due()

    page.refresh_from_db()
    assert (report.published, report.unpublished, report.failed) == (0, 0, 0)
    assert not page.live
