"""Asking GraphQL over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def ask(client: Client) -> Callable[..., dict[str, Any]]:
    """`ask("{ products { totalCount } }", status=200, **variables)` gives the answer's body."""

    def post(query: str, *, status: int = 200, **variables: Any) -> dict[str, Any]:
        response = client.post(
            "/graphql/", json.dumps({"query": query, "variables": variables}), content_type="application/json"
        )
        assert response.status_code == status, response.content
        return response.json()

    return post


@pytest.fixture
def data(ask: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """The data of an answer that has no errors."""

    def get(query: str, **variables: Any) -> Any:
        body = ask(query, **variables)
        assert "errors" not in body, body
        return body["data"]

    return get
