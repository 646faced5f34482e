"""Write the search index anew."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from search.models import ProductIndex
from search.services import rebuild_index


class Command(BaseCommand):
    help = (
        "Write the index of products anew, batch by batch, while the shop runs. Exit code 0 when it is done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        looked_at = 0
        for looked_at in rebuild_index():
            if options["verbosity"] > 1 and not options["json"]:
                self.stdout.write(f"{looked_at} products …")
        entries = ProductIndex.objects.count()
        if options["json"]:
            self.stdout.write(json.dumps({"products": looked_at, "entries": entries}))
        else:
            self.stdout.write(f"Looked at {looked_at} products; the index has {entries} entries.")
