"""
The search backend of pages: the database's own, but for what it does to the whole index at every save.

Ranking divides by the length of a title compared with the mean of all titles. The database backends reckon
that mean anew whenever one page is saved, and an import of 50,000 products does so for every chunk. Here a
schedule does it (`search.tasks.refresh_title_norms`); until then a new title counts as one of mean length.
"""

from __future__ import annotations

from typing import Any

from wagtail.search.backends import database, get_search_backends


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802  # the name that Wagtail looks for
    """The backend of the database in use."""
    backend = database.SearchBackend(params)
    backend.index_class = _with_patient_norms(backend.index_class)
    return backend


def _with_patient_norms(index_class: Any) -> Any:
    if not hasattr(index_class, "_refresh_title_norms"):
        return index_class

    class PatientIndex(index_class):
        def _refresh_title_norms(self, full: bool = False) -> None:
            if full:
                super()._refresh_title_norms(full=True)

        def refresh_new_title_norms(self) -> None:
            """Compare the titles that were written since the last time with the mean of all."""
            super()._refresh_title_norms()

    return PatientIndex


def refresh_new_title_norms() -> None:
    """Compare the titles that were written since the last time with the mean of all."""
    for backend in get_search_backends():
        for index in backend.all_indexes():
            if refresh := getattr(index, "refresh_new_title_norms", None):
                refresh()
