from shop.core.models.audit import AuditEntry
from shop.core.models.idempotency import IdempotencyKey
from shop.core.models.jobs import BackgroundJob, JobRow
from shop.core.models.outbox import ConsumedEvent, OutboxEvent
from shop.core.models.schedules import ScheduleState, WorkerLease
from shop.core.models.shop_settings import ShopSettings

__all__ = [
    "AuditEntry",
    "BackgroundJob",
    "ConsumedEvent",
    "IdempotencyKey",
    "JobRow",
    "OutboxEvent",
    "ScheduleState",
    "ShopSettings",
    "WorkerLease",
]
