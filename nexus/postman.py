"""A Postman collection (format 2.1) made from an OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST_EXAMPLE = 6
Json = dict[str, Any]


def make_collection(openapi: Mapping[str, Any], *, base_url: str) -> Json:
    """One folder per tag, one request per operation; `{{base_url}}` and `{{access_token}}` are variables."""
    folders: dict[str, list[Json]] = {}
    for path, methods in openapi.get("paths", {}).items():
        for method in METHODS:
            if operation := methods.get(method):
                tag = (operation.get("tags") or ["other"])[0]
                folders.setdefault(tag, []).append(_request(openapi, path, method, operation))
    return {
        "info": {
            "name": openapi["info"]["title"],
            "description": openapi["info"].get("description", ""),
            "schema": SCHEMA,
        },
        "item": [{"name": tag, "item": requests} for tag, requests in folders.items()],
        "variable": [{"key": "base_url", "value": base_url}, {"key": "access_token", "value": ""}],
    }


def _request(openapi: Mapping[str, Any], path: str, method: str, operation: Json) -> Json:
    parameters = [_resolve(openapi, parameter) for parameter in operation.get("parameters", [])]
    request: Json = {
        "method": method.upper(),
        "description": operation.get("description", ""),
        "header": [
            {"key": held["name"], "value": _example_text(openapi, held), "disabled": not held.get("required")}
            for held in parameters
            if held["in"] == "header"
        ],
        "url": _url(openapi, path, parameters),
    }
    if any(
        "jwtAuth" in option or "bearer" in str(option).lower() for option in operation.get("security", [])
    ):
        request["auth"] = {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{access_token}}", "type": "string"}],
        }
    content = _resolve(openapi, operation.get("requestBody", {})).get("content", {}).get("application/json")
    if content:
        example = make_example(openapi, content.get("schema", {}))
        request["body"] = {
            "mode": "raw",
            "raw": json.dumps(example, indent=2),
            "options": {"raw": {"language": "json"}},
        }
        request["header"].append({"key": "Content-Type", "value": "application/json"})
    return {"name": operation.get("summary") or operation["operationId"], "request": request, "response": []}


def _url(openapi: Mapping[str, Any], path: str, parameters: list[Json]) -> Json:
    spelt = re.sub(r"{(\w+)}", r":\1", path)
    return {
        "raw": "{{base_url}}" + spelt,
        "host": ["{{base_url}}"],
        "path": spelt.lstrip("/").split("/"),
        "variable": [
            {"key": held["name"], "value": _example_text(openapi, held)}
            for held in parameters
            if held["in"] == "path"
        ],
        "query": [
            {
                "key": held["name"],
                "value": _example_text(openapi, held),
                "description": held.get("description", ""),
                "disabled": not held.get("required", False),
            }
            for held in parameters
            if held["in"] == "query"
        ],
    }


def _example_text(openapi: Mapping[str, Any], parameter: Json) -> str:
    value = parameter.get("example", make_example(openapi, parameter.get("schema", {})))
    return value if isinstance(value, str) else json.dumps(value)


def make_example(openapi: Mapping[str, Any], schema: Json, depth: int = 0) -> Any:
    """A value that shows the schema's form, read-only properties left out."""
    schema = _resolve(openapi, schema)
    for given in _given(schema):
        return given
    for combination in ("allOf", "oneOf", "anyOf"):
        if options := schema.get(combination):
            return make_example(openapi, options[0], depth + 1)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if depth > DEEPEST_EXAMPLE:
        return None
    if kind == "object" or "properties" in schema:
        return {
            name: make_example(openapi, property_schema, depth + 1)
            for name, property_schema in schema.get("properties", {}).items()
            if not _resolve(openapi, property_schema).get("readOnly")
        }
    if kind == "array":
        return [make_example(openapi, schema.get("items", {}), depth + 1)]
    return {"integer": 1, "number": 1, "boolean": True, "string": ""}.get(str(kind))


def _given(schema: Json) -> Iterator[Any]:
    for key in ("example", "default", "const"):
        if key in schema:
            yield schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            yield schema[key][0]


def _resolve(openapi: Mapping[str, Any], schema: Json) -> Json:
    while "$ref" in schema:
        target: Any = openapi
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema
