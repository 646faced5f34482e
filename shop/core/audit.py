"""The audit trail: who did what to which thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from shop.core import clock
from shop.core.models import AuditEntry
from shop.core.request_id import get_request_id

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def record_audit(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    target: models.Model,
    changes: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """
    Add an entry; call it inside the transaction of the change that it tells of.

    :param actor: who did it; ``None`` for the system itself
    :param action: a verb of the trade, such as ``price.set``
    :param changes: what changed, e.g. ``{"amount": ["10.00", "9.00"]}``; values must be JSON-able
    """
    # An anonymous visitor has no row to point at.
    actor_id = actor.pk if actor is not None and actor.is_authenticated else None
    return AuditEntry.objects.create(
        actor_id=actor_id,
        action=action,
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        object_label=str(target)[:255],
        changes=dict(changes or {}),
        request_id=get_request_id(),
        at=at or clock.now(),
    )
