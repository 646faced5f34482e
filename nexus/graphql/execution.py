"""
From the text of a query to its answer: parse, bound, validate, execute. Documents that were understood are
kept.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    validate,
)

from nexus.graphql.limits import MAX_COST, MAX_TOKENS, CostTable, calculate_cost, check_shape, refuse
from shop.core.errors import ShopError

logger = logging.getLogger(__name__)

KEPT_DOCUMENTS = 500
# The words of graphql-core's parser when it gives up.
PARSER_BOUNDS = {"contains more than": "QUERY_TOO_COSTLY", "nested too deeply": "QUERY_TOO_DEEP"}


@dataclass(slots=True)
class Context:
    """
    What resolvers of one request share. `request` is the HTTP request; resolvers hang what they have loaded
    here.
    """

    request: HttpRequest | None = None
    catalogue: Any = field(default=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is None for a query that was not executed at all; then `is_refused`."""

    body: dict[str, Any]
    is_refused: bool


class _Documents:
    """The documents that were parsed and validated lately, so that a known query costs neither again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, DocumentNode] = OrderedDict()
        self._lock = Lock()

    def get(self, query: str) -> DocumentNode | None:
        with self._lock:
            document = self._kept.get(query)
            if document is not None:
                self._kept.move_to_end(query)
            return document

    def keep(self, query: str, document: DocumentNode) -> None:
        with self._lock:
            self._kept[query] = document
            if len(self._kept) > KEPT_DOCUMENTS:
                self._kept.popitem(last=False)


_documents = _Documents()


@lru_cache(maxsize=1)
def load_schema() -> tuple[GraphQLSchema, CostTable]:
    """The schema and what its fields cost; made at the first request."""
    from nexus.schema import COSTS, schema

    return schema.graphql_schema, COSTS


def answer(
    query: str,
    *,
    variables: Mapping[str, Any],
    operation_name: str | None,
    request: HttpRequest | None = None,
) -> Answer:
    """
    Answer a query. Whatever is wrong with it is in `errors`, each with a code in its extensions; no SQL
    runs for a query that is refused.
    """
    schema, costs = load_schema()
    try:
        document = _understand(schema, query)
        operation = _choose(document, operation_name)
        cost = calculate_cost(schema, document, operation, variables, costs)
        if cost > MAX_COST:
            raise refuse(
                "QUERY_TOO_COSTLY",
                f"The query costs {cost}; {MAX_COST} are allowed. Ask for fewer at a time.",
            )
    except _Refused as refused:
        return Answer({"errors": [format_error(error) for error in refused.errors]}, is_refused=True)
    except GraphQLError as error:
        return Answer({"errors": [format_error(error)]}, is_refused=True)
    result = execute(
        schema,
        document,
        context_value=Context(request=request),
        variable_values=dict(variables),
        operation_name=operation_name,
        is_awaitable=_never,
        hide_suggestions=not settings.DEBUG,
    )
    if not isinstance(result, ExecutionResult):
        raise TypeError("Resolvers are synchronous.")
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [format_error(error) for error in result.errors]
    # Without data the variables did not fit: the query was not executed.
    is_refused = (
        result.data is None and bool(result.errors) and not any(error.path for error in result.errors or ())
    )
    if not is_refused:
        body["data"] = result.data
    body["extensions"] = {"cost": cost}
    return Answer(body, is_refused=is_refused)


def format_error(error: GraphQLError) -> dict[str, Any]:
    """The error as clients see it: our own refusals by their words, a fault of ours without any detail."""
    original = error.original_error
    formatted: dict[str, Any] = {"message": error.message}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path:
        formatted["path"] = error.path
    extensions = dict(error.extensions or {})
    if isinstance(original, ShopError):
        formatted["message"] = original.detail
        extensions["code"] = original.code.upper()
    elif isinstance(original, OperationalError):
        formatted["message"] = "The shop is not available for a moment."
        extensions["code"] = "UNAVAILABLE"
    elif original is not None and not isinstance(original, GraphQLError) and error.path:
        logger.error("a GraphQL resolver failed", exc_info=original)
        formatted["message"] = "Something went wrong on our side."
        extensions["code"] = "INTERNAL_ERROR"
    extensions.setdefault("code", "BAD_USER_INPUT" if error.path else "GRAPHQL_VALIDATION_FAILED")
    formatted["extensions"] = extensions
    return formatted


class _Refused(Exception):
    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


def _understand(schema: GraphQLSchema, query: str) -> DocumentNode:
    document = _documents.get(query)
    if document is None:
        document = _parse(query)
        check_shape(document)
        if errors := validate(schema, document, max_errors=20, hide_suggestions=not settings.DEBUG):
            raise _Refused(errors)
        _documents.keep(query, document)
    return document


def _parse(query: str) -> DocumentNode:
    try:
        return parse(query, max_tokens=MAX_TOKENS)
    except RecursionError:
        raise refuse("QUERY_TOO_DEEP", "The query is nested too deeply.") from None
    except GraphQLError as error:
        code = next(
            (code for words, code in PARSER_BOUNDS.items() if words in error.message), "GRAPHQL_PARSE_FAILED"
        )
        raise GraphQLError(
            error.message, source=error.source, positions=error.positions, extensions={"code": code}
        ) from None


def _choose(document: DocumentNode, operation_name: str | None) -> OperationDefinitionNode:
    operation = get_operation_ast(document, operation_name)
    if operation is None:
        raise refuse("OPERATION_RESOLUTION_FAILURE", "Name one of the operations that the query holds.")
    if operation.operation is not OperationType.QUERY:
        raise refuse("OPERATION_NOT_ALLOWED", "This endpoint only reads.")
    return operation


def _never(_value: Any) -> bool:
    return False
