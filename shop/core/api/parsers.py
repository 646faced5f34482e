"""The JSON that the API accepts."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer


class StrictJSONParser(BaseParser):
    """
    RFC 8259 and nothing beside it: UTF-8, no NaN, no name twice in an object, no bottomless nesting.

    A body above ``DATA_UPLOAD_MAX_MEMORY_SIZE`` is refused with 413 before it is read to its end.
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read() if limit is None else stream.read(limit + 1)
        if limit is not None and len(body) > limit:
            raise RequestDataTooBig
        try:
            text = body.removeprefix(codecs.BOM_UTF8).decode()
            return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_names)
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError as refused:
            raise ParseError(f"This is not valid JSON: {refused}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    # Parsers disagree on which of two counts; a quantity that two systems read differently is money.
    if len(members) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return members
