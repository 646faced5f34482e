"""The background jobs of promotions."""

from __future__ import annotations

from datetime import datetime

from shop.core.jobs import Step, job_step
from shop.core.models import BackgroundJob
from shop.promotions.models import VoucherBatch
from shop.promotions.services.codes import MAKE_VOUCHERS, make_some_codes

CODES_AT_ONCE = 2000


@job_step(MAKE_VOUCHERS)
def make_vouchers(job: BackgroundJob, at: datetime) -> Step:
    """Make the next codes of a batch; one that is gone needs none."""
    batch = VoucherBatch.objects.filter(pk=job.params["batch"]).first()
    if batch is None:
        return Step(cursor=None, finished=True, done=0)
    before = job.done
    held = make_some_codes(batch=batch, most=CODES_AT_ONCE, at=at)
    return Step(cursor=held, finished=held >= batch.size, total=batch.size, done=max(held - before, 0))
