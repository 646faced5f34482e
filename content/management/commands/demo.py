from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from content.demo.loading.people import DEMO_PASSWORD, DEMO_USERS
from content.models import HomePage


class Command(BaseCommand):
    help = "Make the demo shop ready where it is not, then serve it on 127.0.0.1 (PORT, 8000 unless set)."

    def handle(self, *args: Any, **options: Any) -> None:
        port = self._find_port()
        (settings.BASE_DIR / "var").mkdir(exist_ok=True)
        self._say("bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)
        if not HomePage.objects.filter(live=True).exists():
            self._say("loading the demo shop (once; a minute or two)")
            call_command("load_demo", stdout=self.stdout)
        self._say_addresses(port)
        self._serve(port)

    def _say(self, line: str) -> None:
        self.stdout.write(f"- {line}")
        self.stdout.flush()

    def _find_port(self) -> int:
        port = int(os.environ.get("PORT", "8000"))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is taken. Stop what listens there, or choose another: make demo PORT=8001"
                ) from error
        return port

    def _say_addresses(self, port: int) -> None:
        base = f"http://127.0.0.1:{port}"
        rows = [
            ("Storefront", f"{base}/"),
            ("Admin", f"{base}/admin/"),
            ("REST, OpenAPI", f"{base}/docs/"),
            ("GraphQL", f"{base}/graphql/"),
        ]
        self.stdout.write("\n" + "\n".join(f"  {name:<14} {address}" for name, address in rows))
        self.stdout.write("\n  Log-ins, all with the password " + self.style.SUCCESS(DEMO_PASSWORD))
        for user in DEMO_USERS:
            self.stdout.write(f"  {user.role or 'Customer':<14} {user.email}")
        self.stdout.write("\n  Ctrl-C stops the shop; what you did stays for the next `make demo`.\n")
        self.stdout.flush()

    def _serve(self, port: int) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nexus.settings.dev")
        os.environ |= {
            "SITE_URL": os.environ.get("SITE_URL", f"http://127.0.0.1:{port}"),
            "GRAPHIQL": os.environ.get("GRAPHIQL", "true"),
            # What is left on the console are the e-mails, and what goes wrong.
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "nexus/gunicorn_conf.py"]
        os.execv(sys.executable, [*command, "--bind", f"127.0.0.1:{port}", "nexus.wsgi:application"])  # noqa: S606  no shell wanted
