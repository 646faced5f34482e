from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from shop.core.errors import ShopError
from shop.core.jobs import run_inline
from shop.core.models import BackgroundJob
from shop.spreadsheets.models import ImportRun
from shop.spreadsheets.options import ImportOptions
from shop.spreadsheets.services import (
    Report,
    delete_import,
    plan_import,
    report_of,
    stage_import,
    start_import,
)

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Import products, variants, prices and stock (or --kind categories) from CSV or XLSX. "
        "Exit code: 0 all rows well, 1 some refused (nothing of a refused product is applied), 2 unreadable."
    )
    kind = ImportRun.Kind.PRODUCTS

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="A CSV or XLSX file.")
        parser.add_argument(
            "--mapping", default="", help="nexus, shopify, or a saved one. Else by the headers."
        )
        parser.add_argument("--kind", default=self.kind, choices=ImportRun.Kind.values)
        parser.add_argument("--pictures", help="A ZIP with the pictures that the file names.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Report what would happen; change nothing."
        )
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")
        parser.add_argument("--price-list", default="", help="Where Shopify's prices go. Else “base”.")
        parser.add_argument("--warehouse", default="", help="Where Shopify's stock goes. Else “main”.")
        parser.add_argument("--folder", type=int, help="Key of the product folder for new products.")
        parser.add_argument("--refuse-unready", action="store_true", help="Refuse what cannot go live yet.")
        parser.add_argument("--keep-blanks", action="store_true", help="Empty cells leave values alone.")
        parser.add_argument("--no-new-brands", action="store_true", help="Refuse brands that do not exist.")
        parser.add_argument("--no-new-categories", action="store_true", help="Refuse unknown categories.")
        parser.add_argument("--no-new-values", action="store_true", help="Refuse unknown attribute values.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = self._stage(options)
        except (ShopError, OSError) as error:
            self._tell_unreadable(error, as_json=options["json"])
            sys.exit(UNREADABLE)
        if options["dry_run"]:
            report = plan_import(run=run)
            self._tell(report, as_json=options["json"])
            delete_import(run=run)
        else:
            job = run_inline(start_import(run=run, actor=None, inline=True))
            run.refresh_from_db()
            report = report_of(run=run, is_trial=False)
            self._tell(report, as_json=options["json"])
            if job.status != BackgroundJob.Status.DONE:
                self.stderr.write(f"The import stopped: {job.error}")
                sys.exit(1)
        sys.exit(1 if report.refused else 0)

    def _stage(self, options: dict[str, Any]) -> ImportRun:
        path = Path(options["file"])
        with ExitStack() as files:
            pictures = options.get("pictures")
            return stage_import(
                file=files.enter_context(path.open("rb")),
                pictures=files.enter_context(Path(pictures).open("rb")) if pictures else None,
                name=path.name,
                kind=options["kind"],
                mapping=options["mapping"],
                options=ImportOptions(
                    create_brands=not options["no_new_brands"],
                    create_categories=not options["no_new_categories"],
                    create_values=not options["no_new_values"],
                    unready="refuse" if options["refuse_unready"] else "draft",
                    blanks="keep" if options["keep_blanks"] else "clear",
                    folder_id=options["folder"],
                    price_list=options["price_list"],
                    warehouse=options["warehouse"],
                ),
            )

    def _tell_unreadable(self, error: Exception, *, as_json: bool) -> None:
        code = error.code if isinstance(error, ShopError) else "unreadable_file"
        detail = error.detail if isinstance(error, ShopError) else str(error)
        if as_json:
            self.stdout.write(json.dumps({"error": {"code": code, "detail": detail}}))
        else:
            self.stderr.write(detail)

    def _tell(self, report: Report, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        for note in report.run.notes:
            self.stdout.write(note)
        for item in report.items():
            for problem in [*item.report["errors"], *item.report["warnings"]]:
                where = f"row {problem['row']}" + (f", {problem['column']}" if problem["column"] else "")
                self.stdout.write(f"{item.action:<9} {item.report['label']} ({where}): {problem['message']}")
        counts = ", ".join(f"{count} {name}" for name, count in report.counts.items())
        self.stdout.write(f"{'Would be: ' if report.is_trial else ''}{counts}.")
