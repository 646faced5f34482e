"""The background jobs of promotions."""

from __future__ import annotations

from datetime import datetime

from shop.core.jobs import Step, job_step
from shop.core.models import BackgroundJob
from shop.promotions.models import Promotion, VoucherBatch
from shop.promotions.services.catalogue import WRITE_PRICES, write_next_prices
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


@job_step(WRITE_PRICES)
def write_some_prices(job: BackgroundJob, at: datetime) -> Step:
    """Write the next prices of a promotion, unless it was taken out of use or deleted meanwhile."""
    promotion = Promotion.objects.filter(
        pk=job.params["promotion"], kind=Promotion.Kind.CATALOGUE, is_active=True
    ).first()
    if promotion is None:
        return Step(cursor=None, finished=True, done=0)
    last, count = write_next_prices(promotion=promotion, after=job.cursor or 0, at=at)
    return Step(cursor=last, finished=not last, done=count)
