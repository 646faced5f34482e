"""What vouchers brought: by code and by batch."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum

from shop.core.jobs.report import escape_formula
from shop.promotions.models import Voucher, VoucherBatch, VoucherUse

ROWS_AT_ONCE = 1000
HEADINGS = ("code", "in use", "orders", "orders at most", "amount", "currency", "last use", "ends")


@dataclass(frozen=True, slots=True)
class BatchReport:
    """The figures of a batch; ``amounts`` by currency."""

    made: int
    blocked: int
    used: int
    orders: int
    amounts: tuple[tuple[str, Decimal], ...]
    last_use: datetime | None


def with_use(vouchers: QuerySet[Voucher]) -> QuerySet[Voucher]:
    """Add what each code gave and when it was used last; asked for the rows of a page alone."""
    uses = VoucherUse.objects.filter(voucher=OuterRef("pk"), released_at__isnull=True).order_by()
    by_voucher = uses.values("voucher")
    return vouchers.annotate(
        given=Subquery(by_voucher.annotate(found=Sum("amount")).values("found")),
        currency=Subquery(by_voucher.annotate(found=Max("currency")).values("found")),
        last_use=Subquery(by_voucher.annotate(found=Max("at")).values("found")),
    )


def report_batch(batch: VoucherBatch) -> BatchReport:
    """Add a batch up: three statements."""
    uses = VoucherUse.objects.filter(voucher__batch=batch, released_at__isnull=True).order_by()
    figures = uses.aggregate(orders=Count("pk"), used=Count("voucher", distinct=True), last=Max("at"))
    return BatchReport(
        made=batch.vouchers.count(),
        blocked=batch.vouchers.filter(is_active=False).count(),
        used=figures["used"],
        orders=figures["orders"],
        amounts=tuple(uses.values_list("currency").annotate(Sum("amount")).order_by("currency")),
        last_use=figures["last"],
    )


class _Line:
    def write(self, text: str) -> str:
        return text


def write_csv(vouchers: QuerySet[Voucher]) -> Iterator[str]:
    """The codes as lines of CSV, with memory for a thousand only."""
    writer = csv.writer(_Line())
    # The mark by which Excel knows UTF-8.
    yield "\ufeff" + writer.writerow(HEADINGS)
    rows = with_use(vouchers).order_by("pk")
    for voucher in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield writer.writerow([escape_formula(str(value)) for value in _row(voucher)])


def _row(voucher: Any) -> list[Any]:
    return [
        voucher.code,
        "yes" if voucher.is_active else "no",
        voucher.uses,
        "" if voucher.max_uses is None else voucher.max_uses,
        f"{voucher.given:.4f}" if voucher.given else "0",
        voucher.currency or "",
        voucher.last_use.isoformat() if voucher.last_use else "",
        voucher.valid_until.isoformat() if voucher.valid_until else "",
    ]
