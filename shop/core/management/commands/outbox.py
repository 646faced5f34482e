from __future__ import annotations

import json
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from shop.core.models import OutboxEvent
from shop.core.relay import deliver_due
from shop.core.selectors import get_outbox_status
from shop.core.services import replay_events

PAUSE_AFTER_ERROR = 5.0


class Command(BaseCommand):
    help = (
        "Look after the outbox. status: how it stands (exit 1 when something is parked). "
        "replay: open parked events again (exit 1 when one was refused). "
        "relay: deliver what is due until it is told to stop; with --once, what is due now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        status = actions.add_parser("status", help="counts of events, and what is parked with its error")
        status.add_argument("--json", action="store_true", help="for machines")
        replay = actions.add_parser("replay", help="open parked events again, with five new tries")
        replay.add_argument("ids", nargs="*", type=int, metavar="ID")
        replay.add_argument("--all", action="store_true", help="every parked event")
        replay.add_argument("--json", action="store_true", help="for machines")
        relay = actions.add_parser("relay", help="deliver what is due")
        relay.add_argument("--once", action="store_true", help="deliver what is due now and end")
        relay.add_argument("--interval", type=float, default=1.0, help="seconds between two looks (1)")
        relay.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _status(self, options: dict[str, Any]) -> None:
        status = get_outbox_status()
        parked = list(
            OutboxEvent.objects.filter(parked_at__isnull=False)
            .order_by("parked_at")
            .values("id", "topic", "key", "attempts", "parked_at", "last_error")[:100]
        )
        if options["json"]:
            self.stdout.write(json.dumps({**status.as_json(), "parked_events": parked}, default=str))
        else:
            self.stdout.write(
                f"{status.waiting} waiting, {status.due} of them due "
                f"(the oldest for {status.oldest_due_seconds} s), {status.parked} parked"
            )
            for event in parked:
                error = event["last_error"].partition("\n")[0]
                self.stdout.write(f"  {event['id']}  {event['topic']}  {event['key']}  {error}")
        if status.parked:
            raise SystemExit(1)

    def _replay(self, options: dict[str, Any]) -> None:
        ids = options["ids"]
        if options["all"]:
            parked = OutboxEvent.objects.filter(parked_at__isnull=False)
            ids = list(parked.order_by("pk").values_list("pk", flat=True))
        elif not ids:
            raise CommandError("Name the events to replay (see `outbox status`), or --all.")
        report = replay_events(event_ids=ids)
        if options["json"]:
            self.stdout.write(json.dumps({"replayed": report.replayed, "refused": report.refused}))
        else:
            self.stdout.write(f"{len(report.replayed)} opened again")
            for event_id in report.refused:
                self.stderr.write(f"  {event_id} is not parked")
        if report.refused:
            raise SystemExit(1)

    def _relay(self, options: dict[str, Any]) -> None:
        if not options["once"]:
            self._relay_until_told(options["interval"])
            return
        report = deliver_due(limit=1_000_000)
        if options["json"]:
            figures = ("delivered", "retried", "postponed", "parked")
            self.stdout.write(json.dumps({name: getattr(report, name) for name in figures}))
        else:
            self.stdout.write(
                f"{report.delivered} delivered, {report.retried} to be tried again, "
                f"{report.postponed} put off, {report.parked} parked"
            )

    def _relay_until_told(self, interval: float) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.stdout.write("Relaying; stop with SIGTERM or Ctrl-C.")
        while not stopping.is_set():
            pause = interval
            try:
                close_old_connections()
                if deliver_due(limit=100).handled:
                    pause = 0
            except DatabaseError as away:
                self.stderr.write(f"The database is away, trying again: {away}")
                connections.close_all()
                pause = PAUSE_AFTER_ERROR
            stopping.wait(pause)
