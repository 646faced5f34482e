"""Films, tables and HTML by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import mark_safe

from content.sections.values import Found, Raw, Wanted
from search.selectors.films import describe_film


def want_video(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.add(value.get("poster"))
    if value.get("file"):
        wanted.documents.add(value["file"])


def show_video(value: Raw, found: Found) -> Mapping[str, Any] | None:
    film = describe_film(
        address=value.get("url") or "", file_url=found.documents.get(value.get("file") or 0, "")
    )
    if film is None:
        return None
    return {
        "heading": value.get("heading") or "",
        "caption": value.get("caption") or "",
        "title": value.get("title") or "",
        "picture": found.pictures.get(value.get("poster") or 0),
        "film": film,
    }


def show_table(value: Raw, found: Found) -> Mapping[str, Any] | None:
    table = value.get("table") or {}
    rows = [[cell or "" for cell in row] for row in table.get("data") or []]
    if not any(cell for row in rows for cell in row):
        return None
    has_header = table.get("first_row_is_table_header") or table.get("table_header_choice") in ("row", "both")
    return {
        "caption": value.get("caption") or "",
        "header": rows[0] if has_header else [],
        "rows": rows[1:] if has_header else rows,
        "first_column_names": bool(
            table.get("first_col_is_header") or table.get("table_header_choice") in ("column", "both")
        ),
    }


def show_raw_html(value: Raw, found: Found) -> Mapping[str, Any] | None:
    html = value.get("html") or ""
    # Only those with the right to write it can save it, and the shop's policy lets no script of it run.
    return {"html": mark_safe(html)} if html.strip() else None
