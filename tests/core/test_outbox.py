from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.core.outbox import NoTransaction, consumer, consumers_of, record_event, same_transaction
from shop.core.request_id import request_id_set
from tests.factories.core import committed_core, recorded

pytestmark = pytest.mark.usefixtures("registry")


@committed_core
def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NoTransaction):
        record_event("test.happened", key="thing:1", payload={})

    assert not OutboxEvent.objects.exists()


@committed_core
def test_a_fact_is_undone_with_its_transaction() -> None:
    def fail() -> None:
        with transaction.atomic():
            record_event("test.happened", key="thing:1", payload={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_a_fact_carries_its_payload_its_time_and_the_request_it_came_from() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)

    with request_id_set("req-1"), clock.at(moment):
        event = recorded("order.placed", key="order:1", total=Decimal("1.50"), placed_at=moment)

    event.refresh_from_db()
    assert (event.topic, event.key, event.request_id) == ("order.placed", "order:1", "req-1")
    assert event.payload == {"total": "1.50", "placed_at": "2026-01-02T00:00:00Z"}
    assert event.created_at == moment
    assert event.state == OutboxEvent.State.OPEN


@pytest.mark.django_db
def test_same_transaction_subscribers_act_at_once_and_undo_the_fact_when_they_fail() -> None:
    heard: list[str] = []

    @same_transaction("product.*")
    def index(event: OutboxEvent) -> None:
        heard.append(event.key)
        if event.key == "product:13":
            raise RuntimeError("cannot be indexed")

    recorded("product.published", key="product:12")
    with pytest.raises(RuntimeError, match="cannot be indexed"):
        recorded("product.published", key="product:13")
    recorded("order.placed", key="order:1")

    assert heard == ["product:12", "product:13"]
    assert list(OutboxEvent.objects.order_by("pk").values_list("key", flat=True)) == ["product:12", "order:1"]


@pytest.mark.parametrize(
    ("pattern", "topic", "wanted"),
    [
        ("order.placed", "order.placed", True),
        ("order.placed", "order.placed_twice", False),
        ("order.*", "order.placed", True),
        ("order.*", "reorder.placed", False),
        ("*", "anything.at_all", True),
    ],
)
def test_a_topic_is_exact_or_a_beginning(pattern: str, topic: str, wanted: bool) -> None:
    @consumer(pattern, name="test.listener")
    def listen(event: OutboxEvent) -> None: ...

    assert [held.name for held in consumers_of(topic)] == (["test.listener"] if wanted else [])


def test_one_consumer_of_two_matching_topics_hears_an_event_once() -> None:
    @consumer("order.placed", name="test.listener")
    @consumer("order.*", name="test.listener")
    def listen(event: OutboxEvent) -> None: ...

    assert len(consumers_of("order.placed")) == 1


def test_two_consumers_cannot_share_a_name() -> None:
    @consumer("order.placed", name="test.listener")
    def listen(event: OutboxEvent) -> None: ...

    with pytest.raises(ValueError, match="already consumes"):

        @consumer("order.placed", name="test.listener")
        def listen_too(event: OutboxEvent) -> None: ...
