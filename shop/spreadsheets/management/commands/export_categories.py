from __future__ import annotations

from shop.spreadsheets.management.commands.export_products import Command as ExportProducts
from shop.spreadsheets.models import ImportRun


class Command(ExportProducts):
    help = "Export categories to FILE: .csv or .xlsx. Importing it changes nothing."
    kind = ImportRun.Kind.CATEGORIES
