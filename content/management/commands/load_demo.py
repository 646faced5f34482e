from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from content.demo.loading import load_demo_shop

MOST_PRODUCTS = 1_000_000


class Command(BaseCommand):
    help = (
        "Load the demo shop: catalogue, content, people and eight weeks of orders. Idempotent: what is there "
        "already stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--products",
            type=int,
            metavar="N",
            help="fill up to N products with generated goods, for benchmarks (each with 4 variants)",
        )

    def handle(self, *args: Any, products: int | None, **options: Any) -> None:
        if products is not None and not 0 < products <= MOST_PRODUCTS:
            raise CommandError(f"--products takes a number from 1 to {MOST_PRODUCTS:,}.")
        # A line for each of a few hundred pages says less than the steps do.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        began = time.monotonic()
        call_command("sync_roles", verbosity=0)
        load_demo_shop(products=products, say=self._say)
        self._say(f"done in {time.monotonic() - began:.0f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(f"- {line}")
        self.stdout.flush()
