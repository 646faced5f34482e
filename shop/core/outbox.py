"""
The outbox: facts recorded in the transaction that makes them true, and who wants to know of them.

``record_event`` writes the fact. ``@consumer`` functions hear of it at least once from the relay
(``relay.py``), each in one transaction with the row that says so. ``@same_transaction`` functions run
at once, inside the transaction of the fact, and fail with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.request_id import get_request_id

Handler = Callable[[OutboxEvent], None]


class NoTransaction(RuntimeError):
    """A fact was recorded outside of a transaction, where it could be lost or tell of nothing."""


class TryLater(Exception):
    """
    Raised by a consumer when the outside world is not ready (a mail server that is down).

    The event is tried again after ``delay`` and is never parked for it.
    """

    def __init__(self, reason: str, *, delay: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(reason)
        self.delay = delay


@dataclass(frozen=True, slots=True)
class Subscription:
    """One function that wants the events of a topic."""

    topic: str
    name: str
    handler: Handler
    external: bool = False

    def wants(self, topic: str) -> bool:
        if self.topic.endswith("*"):
            return topic.startswith(self.topic[:-1])
        return topic == self.topic


_consumers: dict[tuple[str, str], Subscription] = {}
_same_transaction: dict[tuple[str, str], Subscription] = {}


def _register(registry: dict[tuple[str, str], Subscription], subscription: Subscription) -> None:
    held = registry.get((subscription.topic, subscription.name))
    if held is not None and held.handler.__qualname__ != subscription.handler.__qualname__:
        raise ValueError(f"{subscription.name} already consumes {subscription.topic}.")
    registry[subscription.topic, subscription.name] = subscription


def consumer(topic: str, *, name: str, external: bool = False) -> Callable[[Handler], Handler]:
    """
    Register ``fn(event) -> None`` for a topic, exact (``order.placed``) or by its beginning (``product.*``).

    The relay calls it at least once per event and in the order of the events of one key, inside one
    transaction with the row that records it, so that its effect in the database happens exactly once.

    :param name: stable and unique, such as ``notifications.order_confirmation``: it is in the database
    :param external: the effect is outside the database (SMTP, HTTP): it runs outside any transaction,
        and the function itself must bear being called twice
    """

    def register(handler: Handler) -> Handler:
        _register(_consumers, Subscription(topic=topic, name=name, handler=handler, external=external))
        return handler

    return register


def same_transaction(topic: str, *, name: str = "") -> Callable[[Handler], Handler]:
    """
    Register ``fn(event) -> None`` to run at once, inside the transaction that records the fact.

    For what must be true together with the fact, such as the search index. What it raises undoes the fact.
    """

    def register(handler: Handler) -> Handler:
        known_as = name or f"{handler.__module__}.{handler.__qualname__}"
        _register(_same_transaction, Subscription(topic=topic, name=known_as, handler=handler))
        return handler

    return register


def consumers_of(topic: str) -> list[Subscription]:
    """Return the relay's subscriptions for a topic, each name once, in the order they were registered."""
    found = {held.name: held for held in _consumers.values() if held.wants(topic)}
    return list(found.values())


def record_event(
    topic: str, *, key: str, payload: Mapping[str, Any], at: datetime | None = None
) -> OutboxEvent:
    """
    Write a fact beside the change that made it true, and let its same-transaction subscribers act.

    :param topic: such as ``order.placed``
    :param key: the thing it is about, such as ``order:NX-7K3F-92QD``; events of one key keep their order
    :param payload: JSON-able and small: ids, not objects; consumers read the state of the day
    :raises NoTransaction: outside of ``transaction.atomic``
    """
    if not transaction.get_connection().in_atomic_block:
        raise NoTransaction(f"{topic} must be recorded inside the transaction that makes it true.")
    moment = at or clock.now()
    event = OutboxEvent.objects.create(
        topic=topic,
        key=key,
        payload=dict(payload),
        created_at=moment,
        # The relay lives by the real clock, also when the fact is told "as of" another time.
        next_attempt_at=min(moment, clock.now()),
        request_id=get_request_id(),
    )
    for subscription in list(_same_transaction.values()):
        if subscription.wants(topic):
            subscription.handler(event)
    transaction.on_commit(_nudge_relay, robust=True)
    return event


def _nudge_relay() -> None:
    from shop.core.nudge import nudge

    nudge()
