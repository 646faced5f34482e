from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.roles import sync_roles


class Command(BaseCommand):
    help = (
        "Create the roles merchandiser, approver, ops, support and analyst, and give them what they lack. "
        "What an operator added stays. Exit code 1 if a permission of a role does not exist."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        reports = sync_roles()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(report) for report in reports]))
        elif options["verbosity"] > 0:
            for report in reports:
                state = "created" if report.created else "there already"
                self.stdout.write(f"{report.name}: {state}, {report.added} permissions added")
        missing = sorted({name for report in reports for name in report.missing})
        if missing:
            raise CommandError(f"These permissions do not exist: {', '.join(missing)}. Run migrate first.")
