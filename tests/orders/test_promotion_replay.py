"""A dry run of a draft promotion on orders of the past."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from content.roles import sync_roles
from shop.core.jobs import run_due_jobs
from shop.core.models import BackgroundJob
from shop.promotions.models import PromotionUse
from tests.factories.customers import StaffFactory
from tests.factories.promotions import PromotionFactory
from tests.orders.placed import place_order

pytestmark = pytest.mark.django_db


def test_orders_are_replayed_with_the_draft_and_nothing_else_changes() -> None:
    sync_roles()
    client = Client()
    client.force_login(StaffFactory(role="Merchandiser"))
    order = place_order(quantities=(2,))
    running = PromotionFactory(name="Small", reward={"kind": "percent", "percent": "5"})
    draft = PromotionFactory(name="Large", reward={"kind": "percent", "percent": "20"}, is_active=False)
    address = reverse("promotions_replay", args=[draft.pk])

    client.post(address, {"days": "30"})
    run_due_jobs(seconds=20)
    page = client.get(address).content.decode()

    job = BackgroundJob.objects.get(kind="orders.promotion_replay")
    assert (job.status, job.result["orders"], job.result["touched"], job.result["conflicts"]) == (
        "done",
        1,
        1,
        1,
    )
    row = job.rows.get()
    assert row.label == order.number
    assert f"in the place of {running.name}" in row.detail
    assert float(job.result["given"]) == float(order.subtotal) * 0.2
    assert "margin is not known" in page
    assert not PromotionUse.objects.exists()
    draft.refresh_from_db()
    assert not draft.is_active
