"""Check every product again, for the list of products."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.catalogue.services.readiness import count_wrong, rebuild_readiness


class Command(BaseCommand):
    help = (
        "Let the publish checks look at every product again, batch by batch, while the shop runs, and store "
        "their scores. Exit code 0 when it is done; with --check, 1 when a stored score is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only count what is stored wrongly")
        parser.add_argument("--json", action="store_true", help="print one JSON object for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            wrong = count_wrong()
            self._say(options, {"wrong": wrong}, f"Products that are stored with a wrong score: {wrong}.")
            if wrong:
                raise CommandError("Run it without --check to mend that.", returncode=1)
            return
        checked = changed = 0
        for progress in rebuild_readiness():
            checked, changed = progress
            if options["verbosity"] > 1 and not options["json"]:
                self.stdout.write(f"{checked} products …")
        text = f"Checked {checked} products; {changed} have another score than before."
        self._say(options, {"products": checked, "changed": changed}, text)

    def _say(self, options: dict[str, Any], figures: dict[str, int], text: str) -> None:
        self.stdout.write(json.dumps(figures) if options["json"] else text)
