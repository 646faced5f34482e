"""
The contracts for people and tools: OpenAPI with Swagger UI and Redoc, a Postman collection, the GraphQL
schema.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView
from graphql import print_schema
from rest_framework.request import Request
from rest_framework.response import Response

from nexus.postman import make_collection
from shop.core.api import openapi as extensions
from shop.core.api.caching import ETagMixin

# Swagger UI and Redoc write styles into the page; scripts come from our own static files only.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)

View = Callable[..., HttpResponse]
Endpoint = tuple[str, str, str, Any]

# Fields of our own are described by these; drf-spectacular knows them once they are imported.
EXTENSIONS = extensions.__name__


def only_our_api(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Leave out of the document what is not under `/api/`, such as the admin's own interface."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/")]


def with_policy(view: View) -> View:
    """Let the page load nothing from elsewhere."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Content-Security-Policy"] = POLICY
        return response

    return guarded


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """The OpenAPI document; it does not change while a process lives."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


def graphql_sdl() -> str:
    """The GraphQL schema in its own language."""
    return print_schema(import_string(settings.GRAPHENE["SCHEMA"]).graphql_schema) + "\n"


@require_safe
def postman(request: HttpRequest) -> HttpResponse:
    """The Postman collection made from the OpenAPI document, for the host that it is asked from."""
    collection = make_collection(openapi(), base_url=f"{request.scheme}://{request.get_host()}")
    return JsonResponse(collection, json_dumps_params={"indent": 2})


@require_safe
def graphql_schema(request: HttpRequest) -> HttpResponse:
    """The GraphQL schema as text."""
    return HttpResponse(graphql_sdl(), content_type="text/plain; charset=utf-8")


class SchemaView(ETagMixin, SpectacularAPIView):
    """
    `/api/v1/schema/`: JSON unless YAML is asked for; JSON is YAML, so that either kind of reader can take
    it.
    """

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The OpenAPI document."""
        return Response(openapi())


swagger_view = with_policy(SpectacularSwaggerSplitView.as_view(url_name="openapi"))
redoc_view = with_policy(SpectacularRedocView.as_view(url_name="openapi", template_name="nexus/redoc.html"))
