from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.roles import RoleReport, sync_folder_role, sync_roles
from shop.catalogue.models import ProductIndexPage


class Command(BaseCommand):
    help = (
        "Create the roles merchandiser, approver, ops, support and analyst, and give them what they lack; "
        "and the workflow in which approvers review. What an operator added stays. "
        "Exit code 1 if a permission of a role does not exist."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument(
            "--folder",
            metavar="SLUG",
            help="make a group of merchandisers for this product folder alone, instead of the roles",
        )
        parser.add_argument("--name", default="", help="with --folder: the name of the group, e.g. Lamps")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] and not options["folder"]:
            raise CommandError("--name belongs to --folder: it names the group of one folder.")
        if options["folder"]:
            reports = [sync_folder_role(self._folder(options["folder"]), name=options["name"])]
        else:
            reports = sync_roles()
        self._tell(reports, **options)

    @staticmethod
    def _folder(slug: str) -> ProductIndexPage:
        found = list(ProductIndexPage.objects.filter(slug=slug)[:2])
        if len(found) == 1:
            return found[0]
        slugs = ", ".join(ProductIndexPage.objects.order_by("slug").values_list("slug", flat=True)[:20])
        what = "more than one product folder has" if found else "no product folder has"
        raise CommandError(f"{what} the slug {slug!r}. There are: {slugs or 'none'}.")

    def _tell(self, reports: list[RoleReport], **options: Any) -> None:
        if options["json"]:
            self.stdout.write(json.dumps([asdict(report) for report in reports]))
        elif options["verbosity"] > 0:
            for report in reports:
                state = "created" if report.created else "there already"
                self.stdout.write(f"{report.name}: {state}, {report.added} permissions added")
        missing = sorted({name for report in reports for name in report.missing})
        if missing:
            raise CommandError(f"These permissions do not exist: {', '.join(missing)}. Run migrate first.")
