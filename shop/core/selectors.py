from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import Min

from shop.core import clock
from shop.core.models import OutboxEvent, ShopSettings


def get_shop_settings() -> ShopSettings:
    """
    Return the settings of the default site, in one query; the defaults (unsaved) when none are saved yet.
    """
    return ShopSettings.objects.filter(site__is_default_site=True).first() or ShopSettings()


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How the outbox stands: counts of events, and the age in seconds of the oldest that is due."""

    waiting: int
    due: int
    parked: int
    oldest_due_seconds: int

    def as_json(self) -> dict[str, int]:
        """Return the figures under their names."""
        return asdict(self)


def get_outbox_status() -> OutboxStatus:
    """Count what waits, what is due and what is parked."""
    now = clock.now()
    waiting = OutboxEvent.objects.filter(done_at__isnull=True, parked_at__isnull=True)
    due = waiting.filter(next_attempt_at__lte=now)
    oldest = due.aggregate(oldest=Min("created_at"))["oldest"]
    return OutboxStatus(
        waiting=waiting.count(),
        due=due.count(),
        parked=OutboxEvent.objects.filter(parked_at__isnull=False).count(),
        oldest_due_seconds=max(0, int((now - oldest).total_seconds())) if oldest else 0,
    )
