"""What the schema shows of imports."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_STARTED: Final[dict[str, Any]] = {
    "id": "5f0e7d1c-3f5e-4a53-9a41-8f8a3f2f7c11",
    "state": "trying",
    "kind": "products",
    "file": "goods.csv",
    "mapping": "nexus",
    "rows": 2,
    "items": 2,
    "counts": None,
    "progress": {"done": 0, "total": 2},
    "error": "",
    "notes": [],
    "created_at": "2027-03-01T09:00:00Z",
    "tried_at": None,
    "applied_at": None,
}
_TRIED: Final[dict[str, Any]] = {
    **_STARTED,
    "state": "tried",
    "counts": {"created": 1, "changed": 0, "unchanged": 0, "refused": 1, "warnings": 0},
    "progress": None,
    "tried_at": "2027-03-01T09:00:02Z",
}
_REFUSED: Final[dict[str, Any]] = {
    "position": 2,
    "key": "handle:ash-lamp",
    "action": "refused",
    "label": "Ash lamp",
    "rows": [3],
    "changes": [],
    "errors": [
        {
            "row": 3,
            "column": "price.base",
            "code": "invalid",
            "message": "“dear” is no amount: write it like 12.50.",
        }
    ],
    "warnings": [],
}
_NO_MORE: Final[dict[str, Any]] = {"next": None, "previous": None, "results": [_REFUSED]}

STARTED_EXAMPLES: Final = [OpenApiExample("Started", value=_STARTED, response_only=True)]
DETAIL_EXAMPLES: Final = [
    OpenApiExample("What was refused", value={**_TRIED, "report": _NO_MORE}, response_only=True)
]
