"""What reads and writes files of the catalogue."""

from shop.spreadsheets.services.exports import ExportFilter, export, export_pieces
from shop.spreadsheets.services.imports import (
    Report,
    delete_import,
    delete_old_imports,
    plan_import,
    report_of,
    start_import,
    start_trial,
)
from shop.spreadsheets.services.staging import stage_import

__all__ = [
    "ExportFilter",
    "Report",
    "delete_import",
    "delete_old_imports",
    "export",
    "export_pieces",
    "plan_import",
    "report_of",
    "stage_import",
    "start_import",
    "start_trial",
]
