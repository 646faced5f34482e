import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.sample_api")]

MEMBERS = {"type", "title", "status", "detail", "code", "errors"}


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("shop", 409, "total_changed"),
        ("not-found", 404, "not_found"),
        ("http404", 404, "not_found"),
        ("denied", 403, "permission_denied"),
        ("invalid", 400, "invalid"),
        ("throttled", 429, "throttled"),
        ("database", 503, "unavailable"),
        ("nul", 400, "parse_error"),
        ("surrogate", 400, "parse_error"),
        ("token", 401, "token_not_valid"),
        ("fault", 500, "server_error"),
    ],
)
def test_every_error_is_a_problem(client: Client, kind: str, status: int, code: str) -> None:
    response = client.get(f"/api/v1/raise/{kind}/")

    problem = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem.keys() >= MEMBERS
    assert problem["type"] == "about:blank"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Request-ID"]


def test_a_shop_error_brings_its_own_members(client: Client) -> None:
    problem = client.get("/api/v1/raise/shop/").json()

    assert problem == {
        "type": "about:blank",
        "title": "The total has changed.",
        "status": 409,
        "detail": "It is 12.00 EUR now.",
        "code": "total_changed",
        "errors": [{"code": "changed", "detail": "New total.", "attr": "expected_total"}],
        "totals": {"a": 1},
    }


@pytest.mark.parametrize(("kind", "seconds"), [("throttled", "3"), ("database", "5")])
def test_who_is_turned_away_for_a_while_hears_for_how_long(client: Client, kind: str, seconds: str) -> None:
    assert client.get(f"/api/v1/raise/{kind}/")["Retry-After"] == seconds


def test_a_fault_of_our_own_tells_nothing_of_the_inside(client: Client) -> None:
    for kind in ("fault", "database"):
        body = client.get(f"/api/v1/raise/{kind}/").content
        assert b"10.0.0.1" not in body
        assert b"our own fault" not in body


def test_a_visitor_without_a_token_is_asked_for_one(client: Client) -> None:
    response = client.get("/api/v1/private/")

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "not_authenticated"


def test_an_address_that_is_not_there_is_a_problem_too(client: Client) -> None:
    response = client.get("/api/v1/no-such-thing/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert response["Content-Type"] == "application/problem+json"


def test_a_wrong_method_is_a_problem_too(client: Client) -> None:
    response = client.delete("/api/v1/echo/")

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("path", ["/api/v1/events/%00/", "/api/v1/events/?cursor=%00", "/%00/"])
def test_a_nul_in_the_address_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_page_of_the_shop_answers_503_as_well_when_the_database_is_away(client: Client) -> None:
    response = client.get("/page/database/")

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert b"10.0.0.1" not in response.content


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not valid JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100_000, "nested"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
    ],
)
def test_bad_json_is_refused_with_its_reason(client: Client, body: bytes, says: str) -> None:
    response = client.post("/api/v1/echo/", data=body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["code"] == "parse_error"
    assert says in response.json()["detail"]


def test_a_body_above_the_limit_is_refused(client: Client, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = client.post("/api/v1/echo/", data=b'"' + b"a" * 200 + b'"', content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_another_content_type_is_refused(client: Client) -> None:
    response = client.post("/api/v1/echo/", data=b"a=1", content_type="application/x-www-form-urlencoded")

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"3"])
def test_a_body_that_is_no_object_is_refused(client: Client, body: bytes) -> None:
    response = client.post("/api/v1/echo/", data=body, content_type="application/json")

    assert response.status_code == 400


def test_an_unknown_route_of_the_api_is_a_problem_for_every_method(client: Client) -> None:
    for method in (client.get, client.post, client.delete):
        answer = method("/api/v1/no-such-thing/")

        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_found"
