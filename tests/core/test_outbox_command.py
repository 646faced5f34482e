import json
import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from shop.core import clock
from shop.core.management.commands import outbox
from shop.core.models import OutboxEvent
from shop.core.outbox import consumer
from shop.core.relay import DeliveryReport
from tests.factories.core import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registry")]


def run(*arguments: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("outbox", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue()


def parked() -> OutboxEvent:
    event = recorded("order.placed", key="order:NX-1")
    OutboxEvent.objects.filter(pk=event.pk).update(
        parked_at=clock.now(), attempts=5, last_error="boom\ntrace"
    )
    return event


def test_status_counts_and_exits_0_when_all_is_well() -> None:
    recorded()

    code, text = run("status")

    assert (code, text.strip()) == (0, "1 waiting, 1 of them due (the oldest for 0 s), 0 parked")


def test_status_exits_1_and_names_what_is_parked() -> None:
    event = parked()

    code, text = run("status", "--json")

    status = json.loads(text)
    assert (code, status["parked"]) == (1, 1)
    assert status["parked_events"][0]["id"] == event.pk
    assert "boom" in run("status")[1]


def test_replay_opens_parked_events_again() -> None:
    event = parked()

    code, text = run("replay", str(event.pk), "--json")

    assert (code, json.loads(text)) == (0, {"replayed": [event.pk], "refused": []})
    assert run("replay", str(event.pk))[0] == 1
    parked()
    assert run("replay", "--all")[0] == 0
    assert not OutboxEvent.objects.filter(parked_at__isnull=False).exists()


def test_replay_wants_to_know_which() -> None:
    with pytest.raises(CommandError, match="--all"):
        run("replay")


def test_relay_delivers_what_is_due() -> None:
    consumer("test.happened", name="listener")(lambda event: None)
    recorded()

    code, text = run("relay", "--once", "--json")

    assert (code, json.loads(text)["delivered"]) == (0, 1)
    assert run("relay", "--once")[1].startswith("0 delivered")


def test_relay_goes_on_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []

    def deliver(*, limit: int) -> DeliveryReport:
        rounds.append(limit)
        if len(rounds) == 1:
            raise OperationalError("the database restarts")
        if len(rounds) == 3:
            signal.raise_signal(signal.SIGTERM)
        return DeliveryReport(delivered=1)

    monkeypatch.setattr(outbox, "deliver_due", deliver)
    monkeypatch.setattr(outbox, "PAUSE_AFTER_ERROR", 0)
    monkeypatch.setattr(outbox.connections, "close_all", lambda: None)
    held = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        code, text = run("relay", "--interval", "0.01")
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)

    assert code == 0
    assert len(rounds) == 3
    assert "the database restarts" in text
