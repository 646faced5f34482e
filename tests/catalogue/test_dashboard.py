"""What needs me today: reviews, what was sent back, schedules, low stock, failed jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import TaskState

from content.roles import sync_folder_role, sync_roles
from shop.catalogue.models import ProductIndexPage, ProductPage
from shop.core import clock
from shop.core.dashboard import TodoList, list_todos
from shop.core.models.jobs import BackgroundJob
from shop.customers.models import User
from shop.inventory.models import StockItem
from tests.factories.cart import goods
from tests.factories.catalogue import ProductFactory, product_index
from tests.factories.customers import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(db: None) -> Iterator[None]:
    cache.clear()
    sync_roles()
    yield
    cache.clear()


def todos(user: User) -> dict[str, TodoList]:
    request = RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=user.pk)
    return {listed.name: listed for listed in list_todos(request)}


def lamp(title: str = "Oak lamp", **kwargs: Any) -> ProductPage:
    product = ProductFactory(title=title, publish=False, **kwargs)
    goods("49.90", product=product)
    return ProductPage.objects.get(pk=product.pk)


def submit(product: ProductPage, user: User) -> TaskState:
    product.save_revision(user=user)
    product.get_workflow().start(product, user)
    return ProductPage.objects.get(pk=product.pk).current_workflow_task_state


def schedule(product: ProductPage, at: Any) -> None:
    revision = product.save_revision()
    revision.approved_go_live_at = at
    revision.save()


def test_what_is_submitted_waits_for_the_approver_and_is_shown_to_its_author() -> None:
    author, approver = StaffFactory(role="Merchandiser"), StaffFactory(role="Approver")
    product = lamp()
    submit(product, author)

    [waiting] = todos(approver)["awaiting-review"].todos
    [submitted] = todos(author)["submitted"].todos

    assert (waiting.title, waiting.url) == ("Oak lamp", reverse("wagtailadmin_pages:edit", args=[product.pk]))
    assert "Submitted by" in waiting.detail
    assert submitted.title == "Oak lamp"
    assert "awaiting-review" not in todos(author)


def test_what_was_sent_back_comes_with_the_comment() -> None:
    author, approver = StaffFactory(role="Merchandiser"), StaffFactory(role="Approver")
    submit(lamp(), author).reject(user=approver, comment="The picture is too dark.")

    [returned] = todos(author)["sent-back"].todos

    assert "The picture is too dark." in returned.detail


def test_a_schedule_that_failed_says_why_and_stands_first() -> None:
    person = StaffFactory(role="Approver")
    bare = ProductFactory(title="Bare", publish=False)
    schedule(bare, clock.now() - timedelta(hours=1))
    goods_low(person)

    lists = todos(person)
    [failed] = lists["failed-schedules"].todos

    assert next(iter(lists)) == "failed-schedules"
    assert "Add at least one variant" in failed.detail


def goods_low(person: User) -> None:
    product = lamp("Nearly gone")
    product.get_latest_revision().publish()
    StockItem.objects.filter(variant__product=product).update(on_hand=2, low_stock_threshold=5)


def test_what_goes_live_or_offline_this_week_is_listed_with_its_time() -> None:
    person = StaffFactory(role="Merchandiser")
    schedule(lamp("Soon"), clock.now() + timedelta(days=2))
    schedule(lamp("Later"), clock.now() + timedelta(days=20))
    leaving = lamp("Leaving")
    leaving.get_latest_revision().publish()
    ProductPage.objects.filter(pk=leaving.pk).update(expire_at=clock.now() + timedelta(days=1))

    coming = todos(person)["scheduled"].todos

    assert [todo.title for todo in coming] == ["Leaving", "Soon"]
    assert coming[0].detail.startswith("Goes offline on")
    assert coming[1].detail.startswith("Goes live on")
    assert "(UTC)" in coming[1].detail


def test_low_stock_is_told_to_those_who_work_on_the_goods() -> None:
    chairs = product_index().add_child(instance=ProductIndexPage(title="Chairs", slug="chairs"))
    sync_folder_role(chairs)
    mine, other, ops = (
        StaffFactory(role="Merchandiser"),
        StaffFactory(role="Merchandiser: Chairs"),
        StaffFactory(role="Ops"),
    )
    goods_low(mine)

    [low] = todos(mine)["low-stock"].todos

    assert low.title.startswith("Nearly gone: ")
    assert low.detail.startswith("2 left in")
    assert "low-stock" in todos(ops)
    assert "low-stock" not in todos(other)


def test_failed_jobs_are_told_to_who_started_them() -> None:
    mine, other = StaffFactory(role="Merchandiser"), StaffFactory(role="Merchandiser")
    BackgroundJob.objects.create(
        kind="import", label="Import of lamps.csv", status="failed", created_by=mine, finished_at=clock.now()
    )

    assert [todo.title for todo in todos(mine)["failed-jobs"].todos] == ["Import of lamps.csv"]
    assert "failed-jobs" not in todos(other)


def test_the_number_of_queries_does_not_grow() -> None:
    person, author = StaffFactory(role="Approver"), StaffFactory(role="Merchandiser")
    counts = []
    for size in (1, 7):
        for number in range(size):
            submit(lamp(f"Submitted {size}-{number}"), author)
            schedule(lamp(f"Soon {size}-{number}"), clock.now() + timedelta(days=2))
            schedule(ProductFactory(publish=False), clock.now() - timedelta(hours=1))
            goods_low(person)
        with CaptureQueriesContext(connection) as queries:
            todos(person)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 32


def test_lists_are_bounded_and_say_that_there_is_more() -> None:
    person, author = StaffFactory(role="Approver"), StaffFactory(role="Merchandiser")
    for number in range(11):
        submit(lamp(f"Lamp {number}"), author)

    listed = todos(person)["awaiting-review"]

    assert (len(listed.todos), listed.has_more) == (10, True)


def test_the_home_page_says_when_nothing_waits(client: Client) -> None:
    client.force_login(StaffFactory(role="Approver"))

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    assert "What needs me today" in html
    assert "Nothing waits for you." in html
