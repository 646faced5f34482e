from __future__ import annotations

from shop.spreadsheets.management.commands.import_products import Command as ImportProducts
from shop.spreadsheets.models import ImportRun


class Command(ImportProducts):
    help = "Import categories from CSV or XLSX. Exit code: 0 all rows well, 1 some refused, 2 unreadable."
    kind = ImportRun.Kind.CATEGORIES
