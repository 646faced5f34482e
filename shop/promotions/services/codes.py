"""Voucher codes: single ones, and batches of up to 100,000 made in the background."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError
from shop.core.jobs import start_job
from shop.promotions.models import Voucher, VoucherBatch

if TYPE_CHECKING:
    from shop.customers.models import User

MAKE_VOUCHERS: Final = "promotions.make_vouchers"
MOST_CODES: Final = 100_000
# Without what is mistaken for something else when it is read from paper: 0 and O, 1, I and L.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS: Final = 3
GROUP_LENGTH: Final = 4


class BatchTooLarge(ShopError):
    """More codes, or fewer, than one batch may have."""

    code = "batch_too_large"
    title = f"A batch has from 1 to {MOST_CODES:,} codes."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(self.code, self.title, "size")])


@transaction.atomic
def save_voucher(*, voucher: Voucher, actor: User | None, at: datetime) -> Voucher:
    """
    Save a code that was filled in; one that is given up is blocked, not deleted.

    :raises django.core.exceptions.ValidationError: with the mend, by field
    """
    before = Voucher.objects.select_for_update().filter(pk=voucher.pk).first() if voucher.pk else None
    if before is not None:
        voucher.uses = before.uses
    voucher.full_clean()
    if before is None:
        voucher.created_at = at
    voucher.save()
    asked = ("customer_id", "min_subtotal", "max_uses", "max_uses_per_customer", "is_active", "code")
    changes = {
        name: [str(getattr(before, name, None)), str(getattr(voucher, name))]
        for name in (*asked, "valid_from", "valid_until")
        if getattr(before, name, None) != getattr(voucher, name)
    }
    action = "voucher.changed" if before is not None else "voucher.added"
    record_audit(actor=actor, action=action, target=voucher, changes=changes, at=at)
    return voucher


@transaction.atomic
def set_vouchers_active(*, batch: VoucherBatch, is_active: bool, actor: User | None, at: datetime) -> int:
    """Block every code of a batch, or let them be used again; returns how many changed."""
    changed = batch.vouchers.filter(is_active=not is_active).update(is_active=is_active)
    changes = {"is_active": [not is_active, is_active], "codes": changed}
    record_audit(actor=actor, action="voucher_batch.changed", target=batch, changes=changes, at=at)
    return changed


@transaction.atomic
def start_batch(*, batch: VoucherBatch, actor: User | None, at: datetime) -> VoucherBatch:
    """
    Save a batch that was filled in, and have its codes made in the background.

    :raises BatchTooLarge: for more than 100,000 codes, or none
    """
    if not 1 <= batch.size <= MOST_CODES:
        raise BatchTooLarge
    batch.created_by, batch.created_at = actor, at
    batch.full_clean()
    batch.save()
    batch.job = start_job(
        kind=MAKE_VOUCHERS,
        label=f"Make {batch.size} voucher codes: {batch.name}",
        params={"batch": batch.pk},
        total=batch.size,
        actor=actor,
    )
    batch.save(update_fields=["job"])
    record_audit(actor=actor, action="voucher_batch.added", target=batch, changes={"size": batch.size}, at=at)
    return batch


def make_code(prefix: str = "") -> str:
    """A code that nobody guesses and nobody misreads: 59 bits of chance behind the prefix."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)]
    return "-".join([prefix, *groups] if prefix else groups)


def make_some_codes(*, batch: VoucherBatch, most: int, at: datetime) -> int:
    """
    Make at most so many of the codes that a batch still lacks; returns how many it then has.

    What it has decides, so that a chunk that is repeated makes none too many; a code that there is already
    is left out by the database, and made good by the next chunk.
    """
    held = batch.vouchers.count()
    Voucher.objects.bulk_create(
        [
            Voucher(
                promotion_id=batch.promotion_id,
                batch=batch,
                code=make_code(batch.prefix),
                max_uses=batch.max_uses,
                valid_from=batch.valid_from,
                valid_until=batch.valid_until,
                created_at=at,
            )
            for _ in range(min(most, batch.size - held))
        ],
        ignore_conflicts=True,
    )
    return batch.vouchers.count()
