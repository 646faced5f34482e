"""An import that is killed at any chunk and goes on gives the same catalogue as one that is not."""

from __future__ import annotations

import signal
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from wagtail.models import Page

from shop.catalogue.models import ProductPage
from shop.core import clock
from shop.core.jobs import run_due_jobs
from shop.core.jobs.leases import LEASE
from shop.inventory.models import StockMovement
from shop.inventory.services import ensure_warehouse
from shop.pricing.models import PriceHistory
from shop.pricing.services import ensure_base_price_list
from shop.spreadsheets.services import imports, report_of, start_import
from tests.factories.catalogue import AttributeFactory, TaxClassFactory, product_index
from tests.faults.killing import kill_this_process, run_in_a_process
from tests.spreadsheets.files_of import csv_of, exported, staged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

PRODUCTS, CHUNK = 9, 3
CHUNKS = PRODUCTS // CHUNK


def goods() -> bytes:
    product_index()
    TaxClassFactory(code="standard")
    ensure_base_price_list()
    ensure_warehouse()
    AttributeFactory(slug="colour", values=["red", "blue"])
    return csv_of(
        *(
            {
                "handle": f"lamp-{number}",
                "title": f"Lamp {number}",
                "brand": f"Brand {number % 4}",
                # Each names the next one, which is not there yet.
                "related": f"lamp-{(number + 1) % PRODUCTS}",
                "sku": f"LAMP-{number}",
                "option.colour": "red",
                "price.base": "10",
                "stock.main": "5",
            }
            for number in range(PRODUCTS)
        )
    )


@pytest.mark.parametrize("moment", ["inside the chunk", "after its commit"])
@pytest.mark.parametrize("fatal", range(CHUNKS + 1))
def test_an_import_killed_at_any_chunk_comes_to_the_same_end(
    fatal: int, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", CHUNK)
    run = staged(goods())
    job = start_import(run=run, actor=None)
    real, seen = imports.apply_chunk, 0

    def deadly(*args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        rows = real(*args, **kwargs)
        if seen == fatal:
            if moment == "inside the chunk":
                kill_this_process()
            transaction.on_commit(kill_this_process)
        seen += 1
        return rows

    with mock.patch.object(imports, "apply_chunk", deadly):
        assert run_in_a_process(run_due_jobs) == signal.SIGKILL
    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        run_due_jobs()

    job.refresh_from_db()
    run.refresh_from_db()
    assert (job.status, job.done) == ("done", PRODUCTS)
    assert report_of(run=run, is_trial=False).counts["created"] == PRODUCTS
    assert ProductPage.objects.count() == StockMovement.objects.count() == PRODUCTS
    assert PriceHistory.objects.count() == PRODUCTS
    assert all(page.relations.count() == 1 for page in ProductPage.objects.all())
    assert not any(list(found) for found in Page.find_problems())
    assert b"lamp-8" in exported()
