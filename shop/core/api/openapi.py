"""What drf-spectacular cannot see for itself: our fields, and the problem that every error is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.types import OpenApiTypes

from shop.core.api.serializers import MoneyField

MONEY = "Money"
PROBLEM = "Problem"


class MoneyFieldExtension(OpenApiSerializerFieldExtension):
    """``MoneyField`` as the component ``Money``."""

    target_class = "shop.core.api.serializers.MoneyField"
    match_subclasses = True

    def get_name(self) -> str | None:
        # A component belongs to one class; fields made of it refer to it.
        return MONEY if type(self.target) is MoneyField else None

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if type(self.target) is not MoneyField:
            return {"$ref": f"#/components/schemas/{MONEY}"}
        return {
            "type": "object",
            "required": ["amount", "currency"],
            "additionalProperties": False,
            "properties": {
                "amount": {
                    "type": "string",
                    "pattern": r"^-?(0|[1-9][0-9]{0,13})(\.[0-9]{1,4})?$",
                    "description": "A decimal number with exactly the currency's own digits.",
                    "example": "12.50",
                },
                "currency": {
                    "type": "string",
                    "pattern": "^[A-Z]{3}$",
                    "description": "ISO 4217.",
                    "example": "EUR",
                },
            },
        }


class QuantityFieldExtension(OpenApiSerializerFieldExtension):
    """``QuantityField`` as an integer between its bounds."""

    target_class = "shop.core.api.serializers.QuantityField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.target.min_value, "maximum": self.target.max_value}


def problem_schema() -> dict[str, Any]:
    """Return the schema of a problem (RFC 9457) as this shop fills it."""
    text = build_basic_type(OpenApiTypes.STR)
    item = {
        "type": "object",
        "required": ["code", "detail", "attr"],
        "properties": {"code": text, "detail": text, "attr": {"type": ["string", "null"]}},
    }
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "errors"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "code": {"type": "string", "description": "Stable and machine-readable."},
            "errors": {"type": "array", "items": item},
        },
    }


_STATUSES = {
    "400": "The request is not valid; `errors` says what to mend.",
    "401": "Not signed in, or the token has expired.",
    "403": "Signed in, but not allowed to.",
    "404": "There is no such thing, or it is not the caller's.",
    "406": "The answer exists in other formats than those asked for.",
    "429": "Too many requests; `Retry-After` says when to come back.",
    "503": "Away for a moment; `Retry-After` says when to come back.",
}
# What only a request that changes something may meet.
_UNSAFE_STATUSES = {
    "409": "It does not go together with what has happened meanwhile; `code` says with what.",
    "413": "The request is larger than this shop accepts.",
    "415": "The body is not JSON.",
    "422": "It cannot be done as it stands, e.g. `idempotency_key_reused`; `code` says why.",
}
_UNSAFE_METHODS = {"post", "put", "patch", "delete"}


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing hook: every operation may answer the common problems; ``Problem`` is a component."""
    result.setdefault("components", {}).setdefault("schemas", {})[PROBLEM] = problem_schema()
    content = {"application/problem+json": {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            statuses = _STATUSES | (_UNSAFE_STATUSES if method in _UNSAFE_METHODS else {})
            for status, description in statuses.items():
                operation["responses"].setdefault(status, {"description": description, "content": content})
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


class StrictSerializerExtension(OpenApiSerializerExtension):
    """A body that refuses what it does not know says so, for clients that are generated and tested."""

    target_class = "shop.core.api.serializers.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if direction != "request":
            return schema
        if self.target.sent_whole and (needed := [n for n, f in self.target.fields.items() if f.required]):
            schema["required"] = needed
        return schema | {"additionalProperties": False}
