from __future__ import annotations

from typing import Any, Final

from celery import shared_task

from shop.spreadsheets.services import delete_old_imports
from shop.spreadsheets.services.export_files import delete_old_exports
from shop.spreadsheets.services.uploads import delete_old_uploads

# Batches that one night deletes at most; the next night goes on.
MOST_BATCHES: Final = 100


@shared_task(name="spreadsheets.delete_old_files", ignore_result=True, queue="bulk")
def delete_old_files(**kwargs: Any) -> None:
    """Delete imports after 90 days, and files that were sent or exported after a week."""
    for delete_some in (delete_old_imports, delete_old_uploads, delete_old_exports):
        for _ in range(MOST_BATCHES):
            if not delete_some():
                break
