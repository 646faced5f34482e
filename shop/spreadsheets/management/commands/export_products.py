from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.core.errors import ShopError
from shop.spreadsheets.models import ImportRun
from shop.spreadsheets.services import ExportFilter, export


class Command(BaseCommand):
    help = "Export products (or --kind categories) to FILE: .csv or .xlsx. Importing it changes nothing."
    kind = ImportRun.Kind.PRODUCTS

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="Where to write; the suffix says which format.")
        parser.add_argument("--kind", default=self.kind, choices=ImportRun.Kind.values)
        parser.add_argument("--status", default="", choices=["", "live", "draft"])
        parser.add_argument("--category", default="", help="Slug; what is below it is included.")
        parser.add_argument("--brand", default="", help="Slug or name.")
        parser.add_argument("--type", default="", help="Slug of a product type.")
        parser.add_argument("--tag", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        file_format = path.suffix.lower().removeprefix(".")
        if file_format not in ("csv", "xlsx"):
            raise CommandError("The name of the file must end in .csv or .xlsx.")
        filters = ExportFilter(
            status=options["status"],
            category=options["category"],
            brand=options["brand"],
            product_type=options["type"],
            tag=options["tag"],
        )
        try:
            with path.open("wb") as file:
                count = export(file=file, file_format=file_format, kind=options["kind"], filters=filters)
        except (ShopError, OSError) as error:
            raise CommandError(getattr(error, "detail", str(error))) from error
        self.stdout.write(f"{count} written to {path}.")
