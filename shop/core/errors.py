"""
Errors that the shop answers with: a stable code, a status and a sentence that says the mend.

Each stands beside the service that raises it; ``api/problems.py`` turns all of them into problem+json.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """One entry of a problem's ``errors``: ``attr`` is the dotted path of the input, or ``None``."""

    code: str
    detail: str
    attr: str | None = None

    def as_json(self) -> dict[str, str | None]:
        return {"code": self.code, "detail": self.detail, "attr": self.attr}


class ShopError(Exception):
    """
    A refusal that the caller can understand and mend.

    ``code`` is stable and machine-readable, ``status`` has HTTP's meaning, ``title`` is the same for
    every error of the class. ``extra`` is merged into the problem's body (``totals=…``, ``lines=…``).
    """

    code: ClassVar[str] = "invalid"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "The request cannot be carried out."

    def __init__(self, detail: str | None = None, *, errors: Sequence[ErrorItem] = (), **extra: Any) -> None:
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.extra = extra
        super().__init__(self.detail)


class NotFoundError(ShopError):
    """There is no such thing, or it is not the caller's to see: nobody can tell which."""

    code = "not_found"
    status = 404
    title = "Not found."
