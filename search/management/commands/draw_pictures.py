"""Draw the sizes of pictures that are missing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.drawing import count_undrawn, start_drawing
from shop.core.jobs import run_inline


class Command(BaseCommand):
    help = (
        "Draw the sizes of product pictures that are missing, as WebP and AVIF, in a background job. Run it "
        "once after an update that adds sizes or formats, and after files were restored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell how many pictures lack a size")
        parser.add_argument("--now", action="store_true", help="draw in this process instead of the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = count_undrawn()
        if options["check"] or not missing:
            self.stdout.write(f"Pictures that lack a size: {missing}.")
            return
        job = start_drawing(inline=options["now"])
        if not options["now"]:
            self.stdout.write(
                f"Job {job.pk} draws {missing} pictures; watch it in the admin under “Background jobs”."
            )
            return
        job = run_inline(job)
        if job.status != "done" or job.refused:
            raise CommandError(
                f"{job.refused} pictures could not be drawn; job {job.pk} names them. {job.error}".strip()
            )
        self.stdout.write(f"Drew {missing} pictures.")
