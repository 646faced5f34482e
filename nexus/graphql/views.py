"""GraphQL over HTTP, and GraphiQL for those who explore."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from nexus.docs import POLICY
from nexus.graphql.execution import answer
from nexus.graphql.limits import MAX_BODY
from shop.core import clock
from shop.core.api.caching import make_etag
from shop.pricing import audience

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
PERSISTED_FOR = 24 * 60 * 60
HASH_LENGTH = 64


class Refusal(Exception):
    """A request that is not a GraphQL request at all."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@method_decorator(csrf_exempt, name="dispatch")
class GraphQLView(View):
    """
    `POST` with a JSON body, or `GET` with the same members in the query string (which gets an `ETag`).

    A query may be named by its hash (`extensions.persistedQuery.sha256Hash`) once it was sent in full, so
    that a CDN can hold its answers. Nothing here changes anything, so no token against forgery is needed.
    """

    http_method_names = ["get", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer a query of the query string, or show GraphiQL to a browser that brings none."""
        if "query" not in request.GET and "extensions" not in request.GET and _wants_page(request):
            return _graphiql(request)
        response = self._respond(request, {name: request.GET.get(name) for name in request.GET})
        if response.status_code != 200:  # noqa: PLR2004
            return response
        if clock.is_set() or audience.current().customer_group_id is not None:
            response["Cache-Control"] = "private, no-store"
            return response
        response["Cache-Control"] = "public, no-cache"
        etag = make_etag(response.content)
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer a query of the body."""
        try:
            body = _read_body(request)
        except Refusal as refusal:
            return _refuse(refusal)
        response = self._respond(request, body)
        response["Cache-Control"] = "no-store"
        return response

    def _respond(self, request: HttpRequest, members: dict[str, Any]) -> HttpResponse:
        try:
            variables = _read_object(members.get("variables"), "variables")
            extensions = _read_object(members.get("extensions"), "extensions")
            operation_name = members.get("operationName")
            if operation_name is not None and not isinstance(operation_name, str):
                raise Refusal(400, "BAD_REQUEST", "operationName is a string.")
            query = _find_query(members.get("query"), extensions)
        except Refusal as refusal:
            return _refuse(refusal)
        found = answer(query, variables=variables, operation_name=operation_name or None, request=request)
        # GraphQL over HTTP: with its own media type a refusal is a 400, with plain JSON a 200.
        own_type = GRAPHQL_JSON in request.headers.get("Accept", "")
        response = HttpResponse(
            orjson.dumps(found.body, default=str),
            status=400 if found.is_refused and own_type else 200,
            content_type=GRAPHQL_JSON if own_type else JSON,
        )
        patch_vary_headers(response, ["Accept", "Authorization"])
        return response


def _read_body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != JSON:
        raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send the query as application/json.")
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
        raise Refusal(413, "REQUEST_TOO_LARGE", f"Send at most {MAX_BODY // 1024} KB.")
    try:
        body = orjson.loads(request.body)
    except RequestDataTooBig:
        raise Refusal(413, "REQUEST_TOO_LARGE", f"Send at most {MAX_BODY // 1024} KB.") from None
    except (ValueError, RecursionError):
        raise Refusal(400, "BAD_REQUEST", "The body is not JSON.") from None
    if len(request.body) > MAX_BODY:
        raise Refusal(413, "REQUEST_TOO_LARGE", f"Send at most {MAX_BODY // 1024} KB.")
    if not isinstance(body, dict):
        raise Refusal(400, "BAD_REQUEST", "Send one query at a time, as a JSON object.")
    return body


def _read_object(value: Any, name: str) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value) if value else None
        except (ValueError, RecursionError):
            raise Refusal(400, "BAD_REQUEST", f"{name} is not JSON.") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refusal(400, "BAD_REQUEST", f"{name} is a JSON object.")
    return value


def _find_query(query: Any, extensions: dict[str, Any]) -> str:
    """The query's text, itself or by the hash under which it was sent before."""
    persisted = extensions.get("persistedQuery")
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    if digest is None:
        if not isinstance(query, str) or not query.strip():
            raise Refusal(400, "BAD_REQUEST", "Give a query.")
        return _bounded(query)
    if not isinstance(digest, str) or len(digest) != HASH_LENGTH or not digest.isalnum():
        raise Refusal(400, "BAD_REQUEST", "sha256Hash is the SHA-256 of the query in 64 hexadecimal digits.")
    key = f"graphql:query:{digest.lower()}"
    if query is None:
        known = cache.get(key)
        if known is None:
            raise Refusal(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
        return str(known)
    if (
        not isinstance(query, str)
        or hashlib.sha256(query.encode(errors="replace")).hexdigest() != digest.lower()
    ):
        raise Refusal(400, "BAD_REQUEST", "sha256Hash is not that of the query.")
    cache.set(key, _bounded(query), PERSISTED_FOR)
    return query


def _bounded(query: str) -> str:
    if len(query) > MAX_BODY:
        raise Refusal(413, "REQUEST_TOO_LARGE", f"Send at most {MAX_BODY // 1024} KB.")
    return query


def _refuse(refusal: Refusal) -> HttpResponse:
    error = {"message": refusal.message, "extensions": {"code": refusal.code}}
    response = HttpResponse(orjson.dumps({"errors": [error]}), status=refusal.status, content_type=JSON)
    response["Cache-Control"] = "no-store"
    return response


def _wants_page(request: HttpRequest) -> bool:
    return bool(settings.GRAPHIQL) and "text/html" in request.headers.get("Accept", "")


def _graphiql(request: HttpRequest) -> HttpResponse:
    response = render(request, "nexus/graphiql.html", {"site_name": settings.WAGTAIL_SITE_NAME})
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = POLICY
    return response
