"""Cursor pagination of REST lists: ``{"next", "previous", "results"}``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from shop.core.cursors import CursorValue, InvalidCursor, decode_cursor, encode_cursor
from shop.core.errors import ErrorItem, ShopError

DEFAULT_LIMIT = 24
MAX_LIMIT = 100


class InvalidLimit(ShopError):
    """``?limit=`` is not a number from 1 to the most that a page may hold."""

    code = "invalid_limit"
    title = f"The limit is a whole number from 1 to {MAX_LIMIT}."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(code=self.code, detail=self.title, attr="limit")])


def parse_limit(text: str | None) -> int:
    """
    Return the page size asked for, 24 when none was.

    :raises InvalidLimit: for anything but 1 to 100
    """
    if text is None:
        return DEFAULT_LIMIT
    if not (
        text.isascii() and text.isdigit() and len(text) <= len(str(MAX_LIMIT)) and 1 <= int(text) <= MAX_LIMIT
    ):
        raise InvalidLimit
    return int(text)


class CursorPagination(BasePagination):
    """
    Pages by the sort values of the last row seen, so that rows that come or go meanwhile shift nothing.

    The view's ``ordering`` (default ``("-pk",)``) names columns that are never null; the primary key is
    added to make it total. One query per page, whatever its depth.
    """

    ordering: Sequence[str] = ("-pk",)

    def paginate_queryset(  # type: ignore[override]  # plain sequences have no columns to page by
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self.url = request.build_absolute_uri()
        self.limit = parse_limit(request.query_params.get("limit"))
        self.columns = self._columns(view)
        self.scope = ",".join([queryset.model._meta.label_lower, *self.columns])
        backwards, position = self._position(request.query_params.get("cursor"))

        order = [_reversed(column) for column in self.columns] if backwards else self.columns
        if position is not None:
            queryset = queryset.filter(_after(order, position))
        rows = list(queryset.order_by(*order)[: self.limit + 1])
        more, rows = len(rows) > self.limit, rows[: self.limit]
        if backwards:
            rows.reverse()
        self.has_next = backwards or more
        self.has_previous = (more if backwards else position is not None) and bool(rows)
        self.rows = rows
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})

    def get_next_link(self) -> str | None:
        return self._link(self.rows[-1], backwards=False) if self.has_next and self.rows else None

    def get_previous_link(self) -> str | None:
        return self._link(self.rows[0], backwards=True) if self.has_previous and self.rows else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        return [
            {"name": "limit", "in": "query", "required": False, "schema": limit},
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Opaque; take it from `next` or `previous`.",
                "schema": {"type": "string"},
            },
        ]

    def _columns(self, view: Any) -> list[str]:
        columns = list(getattr(view, "ordering", None) or self.ordering)
        if not any(column.lstrip("-") in {"pk", "id"} for column in columns):
            columns.append("-pk" if columns[0].startswith("-") else "pk")
        return columns

    def _position(self, text: str | None) -> tuple[bool, list[CursorValue] | None]:
        if text is None:
            return False, None
        backwards, *values = decode_cursor(text, scope=self.scope)
        if len(values) != len(self.columns):
            raise InvalidCursor
        return bool(backwards), values

    def _link(self, row: Model, *, backwards: bool) -> str:
        values = [getattr(row, column.lstrip("-")) for column in self.columns]
        cursor = encode_cursor([backwards, *values], scope=self.scope)
        return replace_query_param(remove_query_param(self.url, "cursor"), "cursor", cursor)


def _reversed(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def _after(columns: Sequence[str], values: Sequence[CursorValue]) -> Q:
    """Return the rows that come after ``values`` in this order: (a > x) or (a = x and b > y) or …"""
    condition, equal_so_far = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        name = column.lstrip("-")
        comparison = "lt" if column.startswith("-") else "gt"
        condition |= equal_so_far & Q(**{f"{name}__{comparison}": value})
        equal_so_far &= Q(**{name: value})
    return condition
