"""Imports on the home page: those of the reader that wait for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast

from django.http import HttpRequest
from django.urls import reverse

from shop.core import clock
from shop.core.dashboard import NAMED, Todo, TodoList, bounded
from shop.spreadsheets.selectors import ImportState, counts_of, list_imports

if TYPE_CHECKING:
    from shop.customers.models import User

SHOWN_FOR: Final = timedelta(days=7)


def list_waiting_imports(request: HttpRequest) -> Iterator[TodoList]:
    """Dry runs that have come to their end within a week and were not applied; one query."""
    if not request.user.has_perm("spreadsheets.add_importrun"):
        return
    user = cast("User", request.user)
    runs = list_imports(user).filter(  # type: ignore[misc]  # state is annotated there
        created_by=user, state=ImportState.TRIED, tried_at__gte=clock.now() - SHOWN_FOR
    )
    todos = []
    for run in runs[: NAMED + 1]:
        counts = counts_of(run)
        told = ", ".join(
            f"{counts[name]:,} {name}" for name in ("created", "changed", "refused") if counts.get(name)
        )
        todos.append(
            Todo(
                title=run.file_name,
                url=reverse("spreadsheets_import", args=[run.public_id]),
                detail=f"The dry run says: {told or 'nothing would change'}.",
            )
        )
    yield bounded(
        "waiting-imports",
        "Imports that wait to be applied",
        todos,
        order=45,
        more_url=reverse("spreadsheets_imports"),
    )
