"""
Going live by the clock: our own ``publish_scheduled``.

Wagtail's command stops at the first object that raises and leaves all later ones unpublished. Here each
has a transaction of its own; one that fails is logged, told to ops by an event, and tried again next time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction
from wagtail.models import DraftStateMixin, Page, Revision

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.outbox import record_event

logger = logging.getLogger(__name__)

# An object that cannot be published fails every minute; ops hear of it once a day.
TELL_AGAIN_AFTER: Final = timedelta(days=1)


# What is asked before a revision goes live by the clock; whoever raises keeps it off, and only it.
PublishGuard = Callable[[Revision], None]
_guards: list[PublishGuard] = []


def register_publish_guard(guard: PublishGuard) -> None:
    """Ask ``guard`` before anything is published by schedule; registering it twice changes nothing."""
    if guard not in _guards:
        _guards.append(guard)


@dataclass(slots=True)
class PublishingReport:
    """How many objects went live, went offline, and could do neither."""

    published: int = 0
    unpublished: int = 0
    failed: int = 0


def publish_due() -> PublishingReport:
    """
    Take offline what has expired and put live what is due, in that order, each on its own.

    :raises django.db.OperationalError: when the database itself is away
    """
    report = PublishingReport()
    for expired in _list_expired():
        if _attempt(expired, "unpublish", _unpublish):
            report.unpublished += 1
        else:
            report.failed += 1
    due = Revision.objects.filter(approved_go_live_at__lte=clock.now()).order_by("approved_go_live_at", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        revision = Revision.objects.filter(pk=pk, approved_go_live_at__isnull=False).first()
        # Publishing one revision of an object cancels its others.
        if revision is None:
            continue
        if _attempt(revision, "publish", _publish):
            report.published += 1
        else:
            report.failed += 1
    return report


def _list_expired() -> Iterator[Any]:
    kinds: list[type[models.Model]] = [Page]
    kinds += [
        kind for kind in apps.get_models() if issubclass(kind, DraftStateMixin) and not issubclass(kind, Page)
    ]
    for kind in kinds:
        expired = kind._default_manager.filter(live=True, expire_at__lte=clock.now()).order_by(
            "expire_at", "pk"
        )
        for pk in list(expired.values_list("pk", flat=True)):
            thing = kind._default_manager.filter(pk=pk, live=True).first()
            if thing is not None:
                # The specific page, so that its own unpublish() records its events.
                yield thing.specific if isinstance(thing, Page) else thing


def _unpublish(thing: Any) -> None:
    thing.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision: Revision) -> None:
    for guard in _guards:
        guard(revision)
    revision.publish(log_action="wagtail.publish.scheduled")


def _attempt(thing: models.Model, action: str, run: Callable[[Any], None]) -> bool:
    """Tell whether ``run(thing)`` went well; if not, nothing of it remains."""
    try:
        with transaction.atomic():
            run(thing)
    except Exception:
        if not _database_is_there():
            raise
        logger.exception("%s %s could not %s by schedule", thing._meta.label, thing.pk, action)
        _tell_ops(thing, action)
        return False
    return True


def _database_is_there() -> bool:
    return connection.connection is not None and connection.is_usable()


def _tell_ops(thing: models.Model, action: str) -> None:
    key = f"{thing._meta.label_lower}:{thing.pk}"
    told = OutboxEvent.objects.filter(
        topic="publishing.failed", key=key, created_at__gt=clock.now() - TELL_AGAIN_AFTER
    )
    if not told.exists():
        with transaction.atomic():
            record_event("publishing.failed", key=key, payload={"action": action, "object": str(thing)[:200]})
