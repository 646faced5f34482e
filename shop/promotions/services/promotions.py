"""Writing promotions: saving, putting to use, pausing, copying and deleting."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, ProtectedError, Sum

from shop.core.audit import record_audit
from shop.core.errors import ShopError
from shop.core.outbox import record_event
from shop.promotions.models import Promotion, PromotionUse
from shop.promotions.models.promotions import draw_version
from shop.promotions.services.catalogue import apply_to_catalogue

if TYPE_CHECKING:
    from shop.customers.models import User

NOT_ASKED: Final = ("id", "public_id", "uses", "spent", "created_by", "version", "created_at", "updated_at")
COPY: Final = " (copy)"


class PromotionInUse(ShopError):
    """Orders or vouchers name the promotion: it cannot be deleted."""

    code = "promotion_in_use"
    status = 409
    title = "Orders, vouchers or prices name this promotion, so it has to stay. Pause it instead."


class PromotionUnreadable(ShopError):
    """What it asks for or gives cannot be read, so that it cannot be put to use."""

    code = "promotion_unreadable"
    title = "This promotion cannot be read. Open it, mend what is marked, and save it first."


@transaction.atomic
def save_promotion(*, promotion: Promotion, actor: User | None, at: datetime) -> Promotion:
    """
    Save a promotion that was filled in; whether it is in use stays as it was.

    What orders had of it so far is counted anew where a limit is set.

    :raises ValidationError: with the mend, by field, when it does not hold together
    """
    before = Promotion.objects.select_for_update().filter(pk=promotion.pk).first() if promotion.pk else None
    promotion.is_active = before.is_active if before is not None else False
    if before is None:
        promotion.created_by = actor
    return _write(before, promotion, actor=actor, at=at)


@transaction.atomic
def set_promotion_active(
    *, promotion: Promotion, is_active: bool, actor: User | None, at: datetime
) -> Promotion:
    """
    Put a promotion to use, or pause it; again changes nothing.

    :raises PromotionUnreadable: for one that is broken and is to be put to use
    """
    before = Promotion.objects.select_for_update().get(pk=promotion.pk)
    if before.is_active == is_active:
        return before
    after = Promotion.objects.get(pk=promotion.pk)
    after.is_active = is_active
    if not is_active:
        # Whatever is wrong with it, it can be stopped.
        after.save()
        _tell(before, after, actor=actor, at=at)
        apply_to_catalogue(promotion=after, actor=actor, at=at)
        return after
    try:
        return _write(before, after, actor=actor, at=at)
    except ValidationError as invalid:
        raise PromotionUnreadable(" ".join([PromotionUnreadable.title, *invalid.messages])) from invalid


def _write(before: Promotion | None, after: Promotion, *, actor: User | None, at: datetime) -> Promotion:
    _recount(after)
    after.full_clean()
    if before is not None:
        after.version = before.version
    after.save()
    _tell(before, after, actor=actor, at=at)
    apply_to_catalogue(promotion=after, actor=actor, at=at)
    return after


def _recount(promotion: Promotion) -> None:
    """
    Count what stands of its uses: while it had no limits, nobody did.

    :raises ValidationError: when more was given than the limits allow
    """
    standing: dict[str, Any] = {"count": 0, "amount": None}
    if promotion.pk and (promotion.max_uses is not None or promotion.budget is not None):
        uses = PromotionUse.objects.filter(promotion_id=promotion.pk, released_at__isnull=True)
        standing = uses.aggregate(count=Count("pk"), amount=Sum("amount"))
    promotion.uses = standing["count"]
    promotion.spent = standing["amount"] or Decimal(0)
    errors = {}
    if promotion.max_uses is not None and promotion.uses > promotion.max_uses:
        errors["max_uses"] = [f"{promotion.uses} orders have it already: enter that or more, or pause it."]
    if promotion.budget is not None and promotion.spent > promotion.budget:
        given = f"{promotion.spent.normalize():f}"
        errors["budget"] = [f"It has given {given} already: enter that or more, or pause it."]
    if errors:
        raise ValidationError(errors)


def _tell(before: Promotion | None, after: Promotion, *, actor: User | None, at: datetime) -> None:
    changes = list_changes(before, after)
    action = "promotion.changed" if before is not None else "promotion.added"
    record_audit(actor=actor, action=action, target=after, changes=changes, at=at)
    record_event(
        "promotion.changed",
        key=f"promotion:{after.pk}",
        payload={"promotion_id": after.pk, "fields": sorted(changes)},
        at=at,
    )


def list_changes(before: Promotion | None, after: Promotion) -> dict[str, Any]:
    """What is another than before, by field, as JSON can hold it."""
    changes = {}
    for field in Promotion._meta.concrete_fields:
        if field.name in NOT_ASKED:
            continue
        old = getattr(before, field.attname) if before is not None else None
        new = getattr(after, field.attname)
        if old != new:
            changes[field.name] = [_as_json(old), _as_json(new)]
    return changes


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def copy_promotion(*, promotion: Promotion, actor: User | None, at: datetime) -> Promotion:
    """Make a draft that says the same, for everybody to change; vouchers stay with the first."""
    copied = Promotion.objects.get(pk=promotion.pk)
    copied.pk = None
    copied._state.adding = True
    copied.public_id = uuid.uuid4()
    longest = Promotion._meta.get_field("name").max_length or 0
    copied.name = f"{copied.name[: longest - len(COPY)]}{COPY}"
    copied.is_active, copied.created_by, copied.version = False, actor, draw_version()
    copied.uses, copied.spent = 0, Decimal(0)
    copied.created_at = copied.updated_at = at
    # As it stands, broken or not: whoever saves it mends it.
    copied.save(force_insert=True)
    _tell(None, copied, actor=actor, at=at)
    return copied


@transaction.atomic
def delete_promotion(*, promotion: Promotion, actor: User | None, at: datetime) -> None:
    """
    Delete a promotion that nobody has had yet.

    :raises PromotionInUse: when orders, vouchers, batches or price lists name it
    """
    locked = Promotion.objects.select_for_update().get(pk=promotion.pk)
    pk = locked.pk
    if (
        locked.price_lists.exists()
        or locked.order_uses.exists()
        or locked.vouchers.exists()
        or locked.batches.exists()
    ):
        raise PromotionInUse
    record_audit(actor=actor, action="promotion.deleted", target=locked, at=at)
    record_event(
        "promotion.changed", key=f"promotion:{pk}", payload={"promotion_id": pk, "fields": ["deleted"]}, at=at
    )
    try:
        locked.delete()
    except ProtectedError as held:
        raise PromotionInUse from held
