"""Bulk actions on products: each for itself, live pages and drafts apart, many in the background."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from shop.catalogue.bulk_actions import views
from shop.catalogue.models import ProductPage, ProductVariant
from shop.core import clock
from shop.core.jobs import run_due_jobs
from shop.core.models import AuditEntry, BackgroundJob
from shop.pricing.models import Price, PriceList
from tests.factories.catalogue import BrandFactory, CategoryFactory, ProductFactory, VariantFactory
from tests.factories.customers import AdministratorFactory, UserFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Any:
    user = AdministratorFactory()
    client.force_login(user)
    return user


def act(client: Client, action: str, *products: ProductPage, query: str = "", **data: Any) -> BackgroundJob:
    url = reverse("wagtail_bulk_action", args=["catalogue", "productpage", action])
    ids = query or "&".join(f"id={product.pk}" for product in products)
    response = client.post(f"{url}?{ids}&next=/admin/", data)
    assert response.status_code == 302, response.content.decode()
    return BackgroundJob.objects.latest("pk")


def rows(job: BackgroundJob) -> dict[str, tuple[str, str]]:
    return {row.label: (row.status, row.detail) for row in job.rows.all()}


def categories_of(page: ProductPage) -> set[str]:
    return {row.category.name for row in page.product_categories.all()}


def fresh(page: ProductPage) -> ProductPage:
    return ProductPage.objects.get(pk=page.pk)


def ready(title: str, **kwargs: Any) -> ProductPage:
    product = ProductFactory(title=title, categories=[CategoryFactory()], summary="Good.", **kwargs)
    base = PriceList.objects.filter(code="base").first() or PriceListFactory(code="base")
    PriceFactory(price_list=base, variant=VariantFactory(product=product), amount=Decimal(10))
    return product


@pytest.mark.usefixtures("admin")
def test_the_form_says_what_happens_to_how_many(client: Client) -> None:
    lamps = [ProductFactory(title=f"Lamp {number}") for number in range(12)]
    url = reverse("wagtail_bulk_action", args=["catalogue", "productpage", "add-tags"])

    page = client.get(url + "?" + "&".join(f"id={lamp.pk}" for lamp in lamps)).content.decode()

    assert "12 products." in page
    assert "and 2 more" in page
    assert "Example: “summer, gifts”" in page


@pytest.mark.usefixtures("admin")
def test_publishing_obeys_the_checks_product_by_product(client: Client) -> None:
    good, bare = ready("Good", publish=False), ProductFactory(title="Bare", publish=False)

    job = act(client, "publish-products", good, bare)

    assert rows(job)["Good"][0] == "ok"
    status, reason = rows(job)["Bare"]
    assert status == "refused"
    assert "variant" in reason
    assert fresh(good).live
    assert not fresh(bare).live
    assert (job.status, job.done, job.refused) == ("done", 2, 1)


@pytest.mark.usefixtures("admin")
def test_a_category_goes_to_the_live_page_and_to_its_draft_without_publishing_the_draft(
    client: Client,
) -> None:
    lamp = ready("Lamp")
    lamp.save_revision().publish()
    draft = fresh(lamp).get_latest_revision_as_object()
    draft.title = "Lamp of tomorrow"
    draft.save_revision()
    sale = CategoryFactory(name="Sale")

    job = act(client, "add-category", lamp, category=sale.pk)

    assert rows(job)["Lamp of tomorrow"] == ("ok", "Live, and in the draft beside it.")
    page = fresh(lamp)
    assert page.title == "Lamp"
    assert "Sale" in categories_of(page)
    assert page.has_unpublished_changes
    waiting = page.get_latest_revision_as_object()
    assert waiting.title == "Lamp of tomorrow"
    assert "Sale" in categories_of(waiting)
    assert page.latest_revision.is_latest_revision()
    assert page.live_revision.as_object().title == "Lamp"
    assert "Sale" in categories_of(page.live_revision.as_object())
    page.latest_revision.publish()
    assert categories_of(fresh(lamp)) == categories_of(waiting)


@pytest.mark.usefixtures("admin")
def test_what_is_scheduled_stays_scheduled_and_gets_the_tag(client: Client) -> None:
    lamp = ready("Lamp")
    lamp.save_revision().publish()
    tomorrow = clock.now() + timedelta(days=1)
    draft = fresh(lamp).get_latest_revision_as_object()
    draft.title, draft.go_live_at = "Lamp of tomorrow", tomorrow
    draft.save_revision().publish()

    before = fresh(lamp).go_live_at

    act(client, "add-tags", lamp, tags="summer, Gifts")

    page = fresh(lamp)
    scheduled = page.revisions.get(approved_go_live_at__isnull=False)
    assert scheduled.approved_go_live_at == tomorrow
    assert page.go_live_at == before
    assert {tag.name for tag in page.tags.all()} == {"summer", "Gifts"}
    assert {tag.name for tag in scheduled.as_object().tags.all()} == {"summer", "Gifts"}
    assert page.title == "Lamp"
    scheduled.publish()
    act(client, "remove-tags", lamp, tags="SUMMER")
    assert [tag.name for tag in fresh(lamp).tags.all()] == ["Gifts"]


@pytest.mark.usefixtures("admin")
def test_a_page_that_is_no_draft_beside_its_live_self_stays_so(client: Client) -> None:
    lamp = ready("Lamp")
    lamp.save_revision().publish()
    before = fresh(lamp).live_revision_id

    act(client, "set-brand", lamp, brand=BrandFactory(name="Linnet").pk)

    page = fresh(lamp)
    assert page.brand.name == "Linnet"
    assert not page.has_unpublished_changes
    assert page.live_revision_id == page.latest_revision_id != before
    job = act(client, "set-brand", lamp, brand=page.brand_id)
    assert rows(job)["Lamp"][0] == "skipped"


@pytest.mark.usefixtures("admin")
def test_a_draft_that_was_never_live_is_changed_in_draft_and_row(client: Client) -> None:
    lamp = ProductFactory(title="Lamp", publish=False)
    lamp.save_revision()
    sale = CategoryFactory(name="Sale")

    act(client, "add-category", lamp, category=sale.pk)

    assert "Sale" in categories_of(fresh(lamp))
    assert "Sale" in categories_of(fresh(lamp).get_latest_revision_as_object())
    assert not fresh(lamp).live


@pytest.mark.usefixtures("admin")
def test_a_live_product_keeps_its_last_category(client: Client) -> None:
    lamp = ready("Lamp")
    only = lamp.product_categories.get().category

    job = act(client, "remove-category", lamp, category=only.pk)

    assert rows(job)["Lamp"][0] == "refused"
    assert "only category" in rows(job)["Lamp"][1]
    assert len(categories_of(fresh(lamp))) == 1


@pytest.mark.usefixtures("admin")
def test_unpublishing_and_archiving(client: Client) -> None:
    lamp, mug = ready("Lamp"), ready("Mug")

    act(client, "unpublish-products", lamp)
    job = act(client, "archive-products", lamp, mug)

    assert not fresh(lamp).live
    assert not fresh(mug).live
    assert not ProductVariant.objects.active().filter(product__in=[lamp, mug]).exists()
    assert rows(job)["Mug"] == ("ok", "1 variant archived.")
    assert AuditEntry.objects.filter(action="product.archive").count() == 2
    assert rows(act(client, "archive-products", mug))["Mug"][0] == "skipped"


@pytest.mark.parametrize(
    ("by", "value", "rounding", "expected"),
    [
        ("percent", "-10", "exact", "17.99"),
        ("percent", "-10", "five", "18.00"),
        ("percent", "10", "nine", "21.99"),
        ("percent", "-10", "ninety-five", "17.95"),
        ("amount", "-5", "exact", "14.99"),
    ],
)
@pytest.mark.usefixtures("admin")
def test_prices_change_by_percent_or_amount_with_rounding(
    client: Client, by: str, value: str, rounding: str, expected: str
) -> None:
    lamp = ready("Lamp")
    Price.objects.update(amount=Decimal("19.99"))

    job = act(client, "change-prices", lamp, price_list="base", by=by, value=value, rounding=rounding)

    assert rows(job)["Lamp"] == ("ok", "1 price changed.")
    assert Price.objects.get().amount == Decimal(expected)
    assert AuditEntry.objects.filter(action="product.change_prices").exists()


@pytest.mark.usefixtures("admin")
def test_no_price_falls_to_nothing(client: Client) -> None:
    lamp = ready("Lamp")

    job = act(client, "change-prices", lamp, price_list="base", by="amount", value="-10", rounding="exact")

    assert rows(job)["Lamp"][0] == "refused"
    assert Price.objects.get().amount == Decimal(10)


@pytest.mark.usefixtures("admin")
def test_all_that_match_the_filter_are_meant_and_many_run_in_the_background(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "INLINE", 2)
    linnet = BrandFactory(name="Linnet")
    hers = [ProductFactory(title=f"Lamp {number}", brand=linnet) for number in range(3)]
    other = ProductFactory(title="Mug")

    job = act(client, "add-tags", query=f"id=all&brand={linnet.pk}", tags="summer")

    assert (job.status, job.total) == ("queued", 3)
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.done) == ("done", 3)
    assert all(list(fresh(lamp).tags.names()) == ["summer"] for lamp in hers)
    assert not fresh(other).tags.exists()


def test_a_merchandiser_changes_own_folders_only_and_publishes_nothing_by_the_back_door(
    client: Client, admin: Any
) -> None:
    call_command("sync_roles", verbosity=0)
    outsider = UserFactory(email="outsider@example.com")
    from django.contrib.auth.models import Permission

    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    lamp = ready("Lamp")
    client.force_login(outsider)
    url = reverse("wagtail_bulk_action", args=["catalogue", "productpage", "add-tags"])

    answer = client.post(f"{url}?id={lamp.pk}", {"tags": "summer"})

    assert answer.status_code in {302, 403, 404}
    assert not fresh(lamp).tags.exists()
    assert not BackgroundJob.objects.exists()


@pytest.mark.usefixtures("admin")
def test_a_locked_product_and_an_alias_are_refused(client: Client) -> None:
    locked = ready("Locked")
    ProductPage.objects.filter(pk=locked.pk).update(locked=True, locked_by=UserFactory())

    job = act(client, "add-tags", locked, tags="summer")

    assert rows(job)["Locked"][0] == "refused"
    assert "locked" in rows(job)["Locked"][1].lower()
