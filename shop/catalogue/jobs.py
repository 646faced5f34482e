"""The catalogue's background jobs."""

from __future__ import annotations

import logging
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from shop.catalogue.bulk_actions.changes import BulkChange, ProductRefused, get_bulk_change
from shop.catalogue.models import ProductPage
from shop.core.errors import ShopError
from shop.core.jobs import RowResult, Step, job_step
from shop.core.models import BackgroundJob

logger = logging.getLogger(__name__)

BULK_CHANGE = "catalogue.bulk_change"
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
