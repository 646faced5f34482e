from datetime import timedelta

import pytest

from shop.core import clock, tasks
from shop.core.models import IdempotencyKey, OutboxEvent
from shop.core.outbox import consumer
from tests.factories.core import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registry")]


def test_the_relays_task_delivers_and_bears_arguments_of_another_version() -> None:
    heard: list[str] = []
    consumer("test.happened", name="listener")(lambda event: heard.append(event.key))
    recorded()

    tasks.relay_outbox(since="a later version")
    tasks.relay_outbox()

    assert heard == ["thing:1"]


def test_the_publishing_task_runs_without_anything_to_do() -> None:
    tasks.publish_scheduled()


def test_cleaning_up_goes_on_until_nothing_old_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = clock.now() - timedelta(days=60)
    OutboxEvent.objects.bulk_create(
        OutboxEvent(topic="t", key="k", created_at=long_ago, done_at=long_ago) for _ in range(7)
    )
    IdempotencyKey.objects.create(
        caller="c", key="k", operation="o", body_hash="h", created_at=long_ago, lease_until=long_ago
    )
    kept = recorded()
    monkeypatch.setattr(tasks, "delete_done_events", lambda: delete_some(limit=3))
    from shop.core.services import delete_done_events as delete_some

    tasks.clean_up()

    assert list(OutboxEvent.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not IdempotencyKey.objects.exists()
