"""
Cursors: where a list goes on, as an opaque text that only this shop can make.

They are signed, so that nobody can page by values of their own; they hold no secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from shop.core.errors import ErrorItem, ShopError

CursorValue = str | int | bool | None | Decimal | datetime | uuid.UUID

MAX_LENGTH = 1000
_SIGNATURE_BYTES = 10


class InvalidCursor(ShopError):
    """The cursor was not made by this list."""

    code = "invalid_cursor"
    title = "The cursor is not valid here. Start again without one."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(code=self.code, detail=self.title, attr="cursor")])


def encode_cursor(values: Sequence[CursorValue], *, scope: str) -> str:
    """
    Return the cursor after a row with these sort values.

    :param scope: names the list and its order, such as ``orders:-placed_at``; a cursor of another is refused
    """
    body = json.dumps([_pack(value) for value in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sign(body, scope) + body).decode().rstrip("=")


def decode_cursor(text: str, *, scope: str) -> list[Any]:
    """
    Return the sort values that a cursor of this list holds.

    :raises InvalidCursor: for anything that :func:`encode_cursor` did not make for the same scope
    """
    if not text.isascii() or len(text) > MAX_LENGTH:
        raise InvalidCursor
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidCursor from None
    signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _sign(body, scope)):
        raise InvalidCursor
    return [_unpack(packed) for packed in json.loads(body)]


def _sign(body: bytes, scope: str) -> bytes:
    key = f"shop.core.cursors:{scope}:{settings.SECRET_KEY}".encode()
    return hmac.digest(hashlib.sha256(key).digest(), body, "sha256")[:_SIGNATURE_BYTES]


def _pack(value: CursorValue) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return {"d": str(value)}
        case datetime():
            return {"t": value.isoformat()}
        case uuid.UUID():
            return {"u": value.hex}
    raise TypeError(f"A cursor cannot hold {type(value).__name__}.")


def _unpack(packed: Any) -> CursorValue:
    match packed:
        case {"d": text}:
            return Decimal(text)
        case {"t": text}:
            return datetime.fromisoformat(text)
        case {"u": text}:
            return uuid.UUID(text)
    return packed
