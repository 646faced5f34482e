"""Many requests with one key at once, on real connections."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from shop.core import clock
from shop.core.idempotency import LEASE, Claim, IdempotencyInProgress, StoredAnswer, claim_key, finish_key
from shop.core.models import AuditEntry, IdempotencyKey
from tests.concurrency.crowd import run_crowd
from tests.core.sample_api import post_order
from tests.factories.core import committed_core

pytestmark = committed_core

BODY = {"expected_total": {"amount": "12.50", "currency": "EUR"}, "cart": "cart-1"}


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work`` in so many threads that start together; return what each returned."""
    results: list[Any] = [None] * count

    def keep(number: int) -> None:
        results[number] = work(number)

    run_crowd([partial(keep, number) for number in range(count)], threads=count)
    return results


def test_of_thirty_requests_with_one_key_one_has_the_effect() -> None:
    for number in range(10):
        key = f"key-{number}"
        answers = at_once(30, lambda _, key=key: post_order(key, BODY))

        made = [answer for answer in answers if answer.status_code == 201]
        refused = [answer for answer in answers if answer.status_code != 201]
        assert sum(answer.get("Idempotent-Replayed") != "true" for answer in made) == 1
        assert {(answer.status_code, answer.data["code"]) for answer in refused} <= {
            (409, "idempotency_in_progress")
        }
        assert post_order(key, BODY)["Idempotent-Replayed"] == "true"
        assert post_order(key, {**BODY, "note": "other"}).status_code == 422
        assert AuditEntry.objects.filter(action="order").count() == number + 1


def test_thirty_keys_at_once_do_not_get_in_each_others_way() -> None:
    answers = at_once(30, lambda number: post_order(f"key-{number}", BODY))

    assert {answer.status_code for answer in answers} == {201}
    assert IdempotencyKey.objects.count() == 30


def test_of_many_heirs_of_a_dead_claim_one_takes_over() -> None:
    dead = claim_key(caller="user:1", key="k", operation="POST /x", body_hash="h")
    assert isinstance(dead, Claim)
    later = clock.now() + LEASE + LEASE

    def inherit(number: int) -> Claim | StoredAnswer | None:
        with clock.at(later):
            try:
                return claim_key(caller="user:1", key="k", operation="POST /x", body_hash="h")
            except IdempotencyInProgress:
                return None

    heirs = [heir for heir in at_once(20, inherit) if heir is not None]

    assert len(heirs) == 1
    assert isinstance(heirs[0], Claim)
    assert not finish_key(claim=dead, status_code=201, body={})
    assert finish_key(claim=heirs[0], status_code=201, body={})
