"""Forms with files: how large they may be, and that nothing in them is there twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.http import QueryDict
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from shop.spreadsheets import archives, tables

# What the other members of a form take, in bytes.
REST = 1024 * 1024


class UploadParser(MultiPartParser):
    """A form with files; one that is larger than any import may be is refused before it is read."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:
        request = (parser_context or {})["request"]
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > tables.MAX_BYTES + archives.MAX_BYTES + REST:
            raise RequestDataTooBig
        return super().parse(stream, media_type, parser_context)


class OwnFormat(BaseContentNegotiation):
    """Answers what the view answers, whatever is accepted: a file is asked for by ``?format=``."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """The only one."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """JSON, for refusals."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type


def form_members(request: Request) -> dict[str, Any]:
    """
    The members of a form, files among them.

    :raises ValidationError: for one that is there twice
    """
    twice = [ErrorDetail("Give this once.", code="repeated_field")]
    if not isinstance(request.data, QueryDict):
        # A request without any body.
        return dict(request.data)
    lists = dict(request.data.lists())
    if repeated := {str(name)[:100]: twice for name, values in lists.items() if len(values) > 1}:
        raise ValidationError(repeated)
    return {name: values[0] for name, values in lists.items()}
