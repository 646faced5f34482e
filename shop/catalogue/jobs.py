"""The catalogue's background jobs."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from shop.catalogue.bulk_actions.changes import BulkChange, ProductRefused, get_bulk_change
from shop.catalogue.models import ProductPage
from shop.catalogue.services.copy import copy_variants_of_many
from shop.core.errors import ShopError
from shop.core.jobs import RowResult, Step, job_step
from shop.core.models import BackgroundJob

logger = logging.getLogger(__name__)

BULK_CHANGE = "catalogue.bulk_change"
COPY_VARIANTS = "catalogue.copy_variants"
# Products per chunk: about two seconds, so that cancelling is felt.
CHUNK = 20


@job_step(BULK_CHANGE)
def change_some_products(job: BackgroundJob, at: datetime) -> Step:
    """
    Make the job's change to the next products, each in a savepoint: one that is refused stops no other.

    :raises ProductRefused: when the person who started it is gone; nothing is done in nobody's name
    """
    begin = job.cursor or 0
    ids = job.params["ids"]
    user = job.created_by
    if user is None or not user.is_active:
        raise ProductRefused("The person who started this may not work here any more.")
    change = get_bulk_change(job.params["change"])
    wanted = ids[begin : begin + CHUNK]
    products = ProductPage.objects.in_bulk(wanted)
    rows = [_change_one(products.get(pk), pk, job, change, at) for pk in wanted]
    end = begin + len(wanted)
    return Step(cursor=end, rows=rows, finished=end >= len(ids), total=len(ids))


@job_step(COPY_VARIANTS)
def copy_some_variants(job: BackgroundJob, at: datetime) -> Step:
    """Give the next copied products their variants, each in a savepoint; one that has some keeps them."""
    begin = job.cursor or 0
    pairs = job.params["pairs"]
    wanted = pairs[begin : begin + CHUNK]
    targets = ProductPage.objects.in_bulk([target_id for _, target_id in wanted])
    rows = []
    for source_id, target_id in wanted:
        about = {"object_type": ProductPage._meta.label_lower, "object_id": str(target_id)}
        target = targets.get(target_id)
        label = target.get_admin_display_title() if target else f"Product {target_id}"
        try:
            made = copy_variants_of_many([(source_id, target_id)], actor=job.created_by, at=at)
            rows.append(RowResult(label=label, status="ok", detail=f"{made} variants copied.", **about))
        except ShopError as refused:
            reasons = " ".join(error.detail for error in refused.errors)
            rows.append(RowResult(label=label, status="refused", detail=reasons or refused.detail, **about))
    end = begin + len(wanted)
    return Step(cursor=end, rows=rows, finished=end >= len(pairs), total=len(pairs))


def _change_one(
    product: ProductPage | None, pk: int, job: BackgroundJob, change: BulkChange, at: datetime
) -> RowResult:
    about = {"object_type": ProductPage._meta.label_lower, "object_id": str(pk)}
    if product is None:
        return RowResult(label=f"Product {pk}", status="refused", detail="It has been deleted.", **about)
    label = product.get_admin_display_title()
    try:
        with transaction.atomic():
            outcome = change(product, job.created_by, job.params["options"], at)  # type: ignore[arg-type]
    except ShopError as refused:
        reasons = [error.detail for error in refused.errors if error.detail not in refused.detail]
        detail = " ".join([refused.detail, *reasons])
        return RowResult(label=label, status="refused", detail=detail, **about)
    except ValidationError as invalid:
        return RowResult(label=label, status="refused", detail=" ".join(invalid.messages), **about)
    except (IntegrityError, ProtectedError):
        logger.exception("Job %s could not change product %s", job.pk, pk)
        detail = "The database refused it. Open the product, save it there and see what it says."
        return RowResult(label=label, status="refused", detail=detail, **about)
    return RowResult(label=label, status=outcome.status, detail=outcome.detail, **about)
