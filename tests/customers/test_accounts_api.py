from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
from rest_framework.test import APIClient

from shop.core import clock
from shop.core.models import OutboxEvent
from shop.customers.models import TokenFamily, User
from tests.factories.customers import PASSWORD, AddressFactory, UserFactory

pytestmark = pytest.mark.django_db

ADDRESS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "Torstraße 1",
    "city": "Berlin",
    "postal_code": "10119",
    "country": "DE",
}


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def post(api: APIClient, path: str, body: Any) -> Any:
    return api.post(f"/api/v1/{path}", body, format="json")


def log_in(api: APIClient, user: User, password: str = PASSWORD) -> dict[str, str]:
    response = post(api, "auth/token/", {"email": user.email, "password": password})
    assert response.status_code == 200, response.json()
    return response.json()


def signed_in(user: User) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {log_in(api, user)['access']}")
    return api


# -- registering


def test_a_new_customer_can_log_in(api: APIClient) -> None:
    answer = post(
        api, "auth/register/", {"email": "grace@Example.COM", "password": PASSWORD, "first_name": "Grace"}
    )

    assert answer.status_code == 201
    grace = User.objects.get(email="grace@example.com")
    assert (grace.first_name, grace.is_staff, grace.email_verified_at) == ("Grace", False, None)
    assert log_in(api, grace)["access"]


def test_registering_records_the_fact(api: APIClient) -> None:
    post(api, "auth/register/", {"email": "grace@example.com", "password": PASSWORD})

    event = OutboxEvent.objects.get(topic="customer.registered")
    assert event.payload == {"user_id": User.objects.get().pk}


@pytest.mark.parametrize("spelling", ["grace@example.com", "GRACE@example.com", "Grace@EXAMPLE.com"])
def test_a_known_address_gets_the_same_answer_and_changes_nothing(api: APIClient, spelling: str) -> None:
    first = post(api, "auth/register/", {"email": "grace@example.com", "password": PASSWORD})

    second = post(api, "auth/register/", {"email": spelling, "password": "another good password"})

    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "1234567890", "password123", "grace@example.com"])
def test_a_weak_password_is_refused_with_the_reason(api: APIClient, password: str) -> None:
    answer = post(api, "auth/register/", {"email": "grace@example.com", "password": password})

    assert (answer.status_code, answer.json()["code"]) == (400, "password_refused")
    assert {item["attr"] for item in answer.json()["errors"]} == {"password"}
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "no address", "password": PASSWORD},
        {"email": "a\x00@example.com", "password": PASSWORD},
        {"email": ["grace@example.com"], "password": PASSWORD},
        {"email": "grace@example.com", "password": {"$gt": ""}},
        {"email": "grace@example.com", "password": PASSWORD, "is_staff": True},
        {"email": "grace@example.com", "password": PASSWORD, "first_name": "x" * 101},
        [],
        "text",
    ],
)
def test_bad_input_is_a_400_and_makes_nobody(api: APIClient, body: Any) -> None:
    answer = post(api, "auth/register/", body)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert not User.objects.exists()


# -- logging in


@pytest.mark.parametrize("spelling", ["ada@example.com", "ADA@example.com", "Ada@Example.Com"])
def test_the_address_is_compared_without_case(api: APIClient, spelling: str) -> None:
    UserFactory(email="Ada@example.com")

    answer = post(api, "auth/token/", {"email": spelling, "password": PASSWORD})

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_wrong_password_unknown_address_and_locked_out_look_alike(api: APIClient) -> None:
    UserFactory(email="ada@example.com")
    UserFactory(email="locked@example.com", is_active=False)

    answers = [
        post(api, "auth/token/", {"email": "ada@example.com", "password": "wrong"}),
        post(api, "auth/token/", {"email": "nobody@example.com", "password": PASSWORD}),
        post(api, "auth/token/", {"email": "locked@example.com", "password": PASSWORD}),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert {answer.json()["code"] for answer in answers} == {"invalid_credentials"}
    assert len({answer.content for answer in answers}) == 1
    assert all(answer["WWW-Authenticate"].startswith("Bearer") for answer in answers)


def test_after_ten_failures_even_the_right_password_waits(api: APIClient) -> None:
    ada = UserFactory()
    for _ in range(10):
        assert post(api, "auth/token/", {"email": ada.email, "password": "wrong"}).status_code == 401

    answer = post(api, "auth/token/", {"email": ada.email.upper(), "password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 0 < int(answer["Retry-After"]) <= 900


def test_the_wait_ends(api: APIClient) -> None:
    ada = UserFactory()
    for _ in range(11):
        post(api, "auth/token/", {"email": ada.email, "password": "wrong"})

    with clock.at(clock.now() + timedelta(minutes=16)):
        answer = post(api, "auth/token/", {"email": ada.email, "password": PASSWORD})

    assert answer.status_code == 200


def test_a_good_log_in_clears_the_count(api: APIClient) -> None:
    ada = UserFactory()
    for _ in range(9):
        post(api, "auth/token/", {"email": ada.email, "password": "wrong"})
    log_in(api, ada)

    answer = post(api, "auth/token/", {"email": ada.email, "password": "wrong"})

    assert answer.status_code == 401


def test_strangers_elsewhere_do_not_lock_somebody_out(api: APIClient) -> None:
    ada = UserFactory()
    for _ in range(12):
        api.post(
            "/api/v1/auth/token/",
            {"email": ada.email, "password": "wrong"},
            format="json",
            REMOTE_ADDR="203.0.113.9",
        )

    assert log_in(api, ada)["access"]


# -- tokens


def test_an_access_token_opens_the_profile_in_one_query(
    api: APIClient, django_assert_num_queries: Any
) -> None:
    ada = signed_in(UserFactory(email="ada@example.com"))

    with django_assert_num_queries(1):
        answer = ada.get("/api/v1/me/")

    assert answer.status_code == 200
    assert answer.json()["email"] == "ada@example.com"
    assert answer["Cache-Control"] == "private, no-store"


def test_access_is_good_for_five_minutes_at_most(api: APIClient) -> None:
    claims = jwt.decode(log_in(api, UserFactory())["access"], options={"verify_signature": False})

    assert claims["exp"] - claims["iat"] <= 300


def test_refreshing_gives_a_new_pair(api: APIClient) -> None:
    first = log_in(api, UserFactory())

    second = post(api, "auth/token/refresh/", {"refresh": first["refresh"]})

    assert second.status_code == 200
    assert second.json()["refresh"] != first["refresh"]
    assert post(api, "auth/token/refresh/", {"refresh": second.json()["refresh"]}).status_code == 200


def test_a_refresh_token_used_twice_ends_the_whole_family(api: APIClient) -> None:
    first = log_in(api, UserFactory())
    second = post(api, "auth/token/refresh/", {"refresh": first["refresh"]}).json()

    again = post(api, "auth/token/refresh/", {"refresh": first["refresh"]})

    assert (again.status_code, again.json()["code"]) == (401, "invalid_token")
    assert post(api, "auth/token/refresh/", {"refresh": second["refresh"]}).status_code == 401
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {second['access']}")
    assert api.get("/api/v1/me/").status_code == 401
    assert TokenFamily.objects.get().revoked_reason == "reused"


def test_another_log_in_of_the_person_lives_on(api: APIClient) -> None:
    ada = UserFactory()
    phone, laptop = log_in(api, ada), log_in(api, ada)
    post(api, "auth/token/revoke/", {"refresh": phone["refresh"]})

    answer = post(api, "auth/token/refresh/", {"refresh": laptop["refresh"]})

    assert answer.status_code == 200


def test_logging_out_refuses_both_tokens_at_once_and_can_be_repeated(api: APIClient) -> None:
    tokens = log_in(api, UserFactory())

    assert post(api, "auth/token/revoke/", {"refresh": tokens["refresh"]}).status_code == 204
    assert post(api, "auth/token/revoke/", {"refresh": tokens["refresh"]}).status_code == 204

    assert post(api, "auth/token/refresh/", {"refresh": tokens["refresh"]}).status_code == 401
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    assert api.get("/api/v1/me/").status_code == 401


def test_a_changed_password_refuses_earlier_tokens_at_once(api: APIClient) -> None:
    ada = UserFactory()
    session = signed_in(ada)
    ada.set_password("a completely new one")
    ada.save()

    assert session.get("/api/v1/me/").status_code == 401


def test_locking_somebody_out_refuses_their_tokens_at_once(api: APIClient) -> None:
    ada = UserFactory()
    tokens = log_in(api, ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)

    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}")
    assert api.get("/api/v1/me/").status_code == 401
    assert post(api, "auth/token/refresh/", {"refresh": tokens["refresh"]}).status_code == 401


def test_a_session_left_alone_for_two_weeks_has_ended(api: APIClient) -> None:
    tokens = log_in(api, UserFactory())

    with clock.at(clock.now() + timedelta(days=15)):
        answer = post(api, "auth/token/refresh/", {"refresh": tokens["refresh"]})

    assert answer.status_code == 401


def forged(tokens: dict[str, str], **claims: Any) -> str:
    payload = jwt.decode(tokens["access"], options={"verify_signature": False}) | claims
    return jwt.encode(payload, "x" * 64, algorithm="HS256")


def test_what_is_no_token_of_ours_is_refused(api: APIClient) -> None:
    tokens = log_in(api, UserFactory())
    unsigned = jwt.encode(
        jwt.decode(tokens["access"], options={"verify_signature": False}), None, algorithm="none"
    )

    for token in ("", "x", "a.b.c", unsigned, forged(tokens), tokens["refresh"], "é" * 20):
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        answer = api.get("/api/v1/me/")
        assert answer.status_code == 401, token
        assert "WWW-Authenticate" in answer
    for token in ("x", "a.b.c", forged(tokens), tokens["access"]):
        assert post(api, "auth/token/refresh/", {"refresh": token}).status_code == 401


def test_nobody_is_401_and_sees_nothing(api: APIClient) -> None:
    for path in ("me/", "me/addresses/"):
        assert api.get(f"/api/v1/{path}").status_code == 401


def test_a_person_may_change_their_names_only() -> None:
    ada = UserFactory(first_name="Ada")
    session = signed_in(ada)

    good = session.patch("/api/v1/me/", {"first_name": "Augusta"}, format="json")
    bad = session.patch("/api/v1/me/", {"is_staff": True, "email": "x@example.com"}, format="json")

    assert (good.status_code, good.json()["first_name"]) == (200, "Augusta")
    assert bad.status_code == 400
    ada.refresh_from_db()
    assert (ada.first_name, ada.last_name, ada.is_staff) == ("Augusta", "Lovelace", False)


# -- address book


def test_the_first_address_is_the_default_for_both() -> None:
    session = signed_in(UserFactory())

    answer = session.post("/api/v1/me/addresses/", ADDRESS, format="json")

    assert answer.status_code == 201
    assert answer.json()["is_default_shipping"] is answer.json()["is_default_billing"] is True
    assert answer.json() | ADDRESS == answer.json()


def test_a_new_default_takes_the_mark_from_the_old_one() -> None:
    session = signed_in(UserFactory())
    first = session.post("/api/v1/me/addresses/", ADDRESS, format="json").json()
    second = session.post(
        "/api/v1/me/addresses/", {**ADDRESS, "is_default_shipping": True}, format="json"
    ).json()

    listed = {entry["id"]: entry for entry in session.get("/api/v1/me/addresses/").json()["results"]}

    assert [listed[first["id"]][f"is_default_{kind}"] for kind in ("shipping", "billing")] == [False, True]
    assert [listed[second["id"]][f"is_default_{kind}"] for kind in ("shipping", "billing")] == [True, False]


def test_an_address_is_checked_for_its_country() -> None:
    session = signed_in(UserFactory())

    answer = session.post("/api/v1/me/addresses/", {**ADDRESS, "postal_code": "1"}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_address")
    assert [item["attr"] for item in answer.json()["errors"]] == ["postal_code"]


def test_an_address_can_be_changed_in_part_replaced_and_deleted() -> None:
    ada = UserFactory()
    url = f"/api/v1/me/addresses/{AddressFactory(user=ada).public_id}/"
    session = signed_in(ada)

    patched = session.patch(url, {"line1": "Torstraße 2"}, format="json")
    replaced = session.put(url, {**ADDRESS, "city": "Potsdam", "postal_code": "14467"}, format="json")

    assert (patched.status_code, patched.json()["line1"], patched.json()["city"]) == (
        200,
        "Torstraße 2",
        "Berlin",
    )
    assert (replaced.status_code, replaced.json()["city"]) == (200, "Potsdam")
    assert session.delete(url).status_code == 204
    assert session.get(url).status_code == 404


def test_a_strangers_address_is_not_there() -> None:
    url = f"/api/v1/me/addresses/{AddressFactory().public_id}/"
    session = signed_in(UserFactory())

    answers = [
        session.get(url),
        session.put(url, ADDRESS, format="json"),
        session.patch(url, {"city": "Rome"}, format="json"),
        session.delete(url),
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_the_address_book_has_an_end() -> None:
    ada = UserFactory()
    AddressFactory.create_batch(100, user=ada)

    answer = signed_in(ada).post("/api/v1/me/addresses/", ADDRESS, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_addresses")
