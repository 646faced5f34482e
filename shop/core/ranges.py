"""Parts of files, as players of films ask for them; for the shop that serves its own media."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.static import serve

RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z", re.ASCII)
PIECE = 64 * 1024


def serve_media(request: HttpRequest, path: str, document_root: str | Path) -> HttpResponseBase:
    """
    Serve an uploaded file, or the part of it that ``Range`` asks for (RFC 9110, section 14).

    Some browsers play no film from a server that cannot. Several ranges at once are answered with the
    whole file, as the standard allows.
    """
    response = serve(request, path, document_root=str(document_root))
    if not isinstance(response, FileResponse):
        return response
    response.headers["Accept-Ranges"] = "bytes"
    asked = RANGE.match(request.headers.get("Range", ""))
    size = int(response.headers["Content-Length"])
    if asked is None or asked.groups() == ("", "") or request.method not in ("GET", "HEAD"):
        return response
    first, last = _bounds(asked[1], asked[2], size)
    file: IO[Any] = cast("IO[Any]", response.file_to_stream)
    if first > last:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = StreamingHttpResponse(_read(file, first, last - first + 1), status=206)
    for name in ("Content-Type", "Last-Modified", "Accept-Ranges"):
        part.headers[name] = response.headers[name]
    part.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    part.headers["Content-Length"] = str(last - first + 1)
    return part


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        # "The last so many bytes."
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _read(file: IO[Any], first: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while length > 0:
            piece = file.read(min(PIECE, length))
            if not piece:
                return
            length -= len(piece)
            yield piece
