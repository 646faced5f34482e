import json
import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory

from shop.core import clock
from shop.core.api.idempotency import get_caller, idempotent
from shop.core.errors import ShopError
from shop.core.idempotency import LEASE, Claim, StoredAnswer, claim_key, delete_expired_keys, finish_key
from shop.core.models import AuditEntry, IdempotencyKey
from tests.core.sample_api import OrderView
from tests.factories.customers import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.sample_api")]

ORDERS, SECRETS = "/api/v1/orders/", "/api/v1/secrets/"
BODY = {"expected_total": {"amount": "12.50", "currency": "EUR"}, "cart": "cart-1"}


def send(key: str | None, body: Any = BODY, path: str = ORDERS) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return Client(raise_request_exception=False).post(
        path, data=json.dumps(body), content_type="application/json", headers=headers
    )


def effects() -> int:
    return AuditEntry.objects.filter(action="order").count()


def test_the_same_key_and_body_give_the_first_answer_again() -> None:
    first = send("key-1")
    again = send("key-1", dict(reversed(BODY.items())))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first["Location"] == again["Location"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert effects() == 1


def test_the_same_key_with_another_body_or_address_is_refused() -> None:
    send("key-1")

    other_body = send("key-1", {**BODY, "note": "hurry"})
    other_path = send("key-1", path=SECRETS)

    for response in (other_body, other_path):
        assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert effects() == 1


def test_a_key_belongs_to_its_caller() -> None:
    send("key-1")

    other = send("key-1", {**BODY, "cart": "cart-2"})

    assert other.status_code == 201
    assert "Idempotent-Replayed" not in other
    assert effects() == 2


def test_the_clients_secret_is_not_stored() -> None:
    send("key-1")

    assert "cart-1" not in str(IdempotencyKey.objects.values().get())


def test_a_missing_key_is_refused_where_it_is_required() -> None:
    response = send(None)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_required")
    assert send(None, path=SECRETS).status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 256, "käse", "a\tb"])
def test_a_key_is_short_printable_ascii(key: str) -> None:
    response = send(key)

    assert (response.status_code, response.json()["code"]) == (400, "invalid_idempotency_key")
    assert effects() == 0


def test_a_key_of_255_characters_is_well() -> None:
    assert send("~" * 255).status_code == 201


def test_a_refusal_releases_the_key_so_that_the_request_can_be_mended() -> None:
    refused = send("key-1", {"cart": "cart-1"})
    mended = send("key-1")

    assert refused.status_code == 400
    assert mended.status_code == 201


@pytest.mark.parametrize("failure", [ShopError("no"), ZeroDivisionError("fault")])
def test_an_error_releases_the_key(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def fail(data: Any) -> None:
        raise failure

    monkeypatch.setattr(OrderView, "before_answer", staticmethod(fail))
    assert send("key-1").status_code in {400, 500}
    assert not IdempotencyKey.objects.exists()

    monkeypatch.undo()
    assert send("key-1").status_code == 201


def test_a_request_that_still_runs_is_told_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    inner: list[Any] = []
    monkeypatch.setattr(OrderView, "before_answer", staticmethod(lambda data: inner.append(send("key-1"))))

    outer = send("key-1")

    assert outer.status_code == 201
    assert (inner[0].status_code, inner[0].json()["code"]) == (409, "idempotency_in_progress")
    assert inner[0]["Retry-After"] == "1"
    assert effects() == 1


def claim(body_hash: str = "h") -> Claim | StoredAnswer:
    return claim_key(caller="user:1", key="k", operation="POST /x", body_hash=body_hash)


def test_a_claim_whose_process_died_is_taken_over_after_a_minute() -> None:
    dead = claim()
    assert isinstance(dead, Claim)

    with clock.at(clock.now() + LEASE + timedelta(seconds=1)):
        heir = claim()

        assert isinstance(heir, Claim)
        assert not finish_key(claim=dead, status_code=201, body={"from": "the dead"})
        assert finish_key(claim=heir, status_code=201, body={"from": "the heir"})
        assert claim() == StoredAnswer(201, {"from": "the heir"}, {})


def test_a_dead_claim_is_still_bound_to_its_body() -> None:
    claim()

    with clock.at(clock.now() + LEASE + timedelta(seconds=1)), pytest.raises(ShopError) as refused:
        claim(body_hash="another")

    assert refused.value.code == "idempotency_key_reused"


def test_keys_live_a_day() -> None:
    first = claim()
    assert isinstance(first, Claim)
    finish_key(claim=first, status_code=201, body={})

    with clock.at(clock.now() + timedelta(hours=23)):
        assert isinstance(claim(), StoredAnswer)
        assert delete_expired_keys() == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert isinstance(claim(body_hash="another"), Claim)
    with clock.at(clock.now() + timedelta(hours=50)):
        assert delete_expired_keys() == 1


def test_what_is_kept_can_be_less_than_what_was_answered() -> None:
    first = send("key-1", path=SECRETS)
    again = send("key-1", path=SECRETS)

    assert first.json()["token"] == "secret"
    assert again.json() == {**first.json(), "token": "derived"}
    assert "secret" not in str(IdempotencyKey.objects.get().body)


def test_a_guest_without_the_secret_is_run_without_a_claim() -> None:
    body = {"expected_total": BODY["expected_total"]}

    assert send("key-1", body).status_code == 201
    assert not IdempotencyKey.objects.exists()


def test_claiming_and_finishing_cost_three_statements(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(5):  # two of them the savepoint that the test's transaction adds
        claimed = claim()
        assert isinstance(claimed, Claim)
        finish_key(claim=claimed, status_code=201, body={})


def callers_name(request: Any, view: Any) -> str | None:
    """Name the caller of a request that has been through authentication."""
    return get_caller(view, request)


def test_a_signed_in_person_an_integrator_and_a_guest_are_three_callers() -> None:
    person = UserFactory()
    guest_view = SimpleNamespace(idempotency_caller=lambda request: "cart-1")

    signed_in = callers_name(SimpleNamespace(user=person, auth=None), guest_view)
    integrator = callers_name(
        SimpleNamespace(user=AnonymousUser(), auth=SimpleNamespace(idempotency_caller="key:erp")), guest_view
    )
    guest = callers_name(SimpleNamespace(user=AnonymousUser(), auth=None), guest_view)

    assert (signed_in, integrator) == (f"user:{person.pk}", "key:erp")
    assert guest is not None
    assert guest.startswith("secret:")


def test_a_view_for_guests_must_say_what_tells_them_apart() -> None:
    with pytest.raises(ImproperlyConfigured, match="idempotency_caller"):
        callers_name(SimpleNamespace(user=AnonymousUser(), auth=None), SimpleNamespace())


def test_an_answer_without_a_body_is_repeated_without_one() -> None:
    class Silent(OrderView):
        @idempotent()
        def post(self, request: Any) -> Response:
            return Response(status=204)

    first, again = (
        Silent.as_view()(APIRequestFactory().post("/x", BODY, headers={"Idempotency-Key": "k"}))
        for _ in range(2)
    )

    assert (first.status_code, again.status_code, again.data) == (204, 204, None)
    assert again["Idempotent-Replayed"] == "true"


def test_a_claim_that_was_lost_does_not_spoil_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def take_over(data: Any) -> None:
        IdempotencyKey.objects.update(claim=uuid.uuid4())

    monkeypatch.setattr(OrderView, "before_answer", staticmethod(take_over))

    assert send("key-1").status_code == 201
    assert IdempotencyKey.objects.get().state == IdempotencyKey.State.RUNNING


def test_a_key_that_cannot_be_released_hides_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**kwargs: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("shop.core.api.idempotency.release_key", fail)

    assert send("key-1", {"cart": "cart-1"}).status_code == 400
