from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from shop.core import clock
from shop.core.errors import ShopError
from shop.customers import services
from shop.customers.models import TokenFamily, User
from tests.factories.customers import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def outcomes(times: int, call: Callable[[], object]) -> Counter[str]:
    """Make the call from many threads at once, and count what became of it."""

    def one(_: int) -> str:
        try:
            call()
        except ShopError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(max_workers=16) as pool:
        return Counter(pool.map(one, range(times)))


def test_of_two_hundred_parallel_guesses_ten_are_evaluated() -> None:
    ada, now = UserFactory(), clock.now()

    with mock.patch.object(services, "authenticate", wraps=authenticate) as evaluated:
        seen = outcomes(
            200,
            lambda: services.authenticate_customer(
                email=ada.email, password="wrong", network="203.0.113.9", at=now
            ),
        )

    assert evaluated.call_count == 10
    assert seen == {"invalid_credentials": 10, "too_many_attempts": 190}


def test_a_refresh_token_is_exchanged_once_and_its_reuse_ends_the_log_in() -> None:
    now = clock.now()
    session = services.open_session(user=UserFactory(), lifetime=timedelta(days=14), at=now)

    seen = outcomes(
        32,
        lambda: services.refresh_session(
            family_id=session.family_id, jti=session.jti, lifetime=timedelta(days=14), at=now
        ),
    )

    assert seen == {"done": 1, "invalid_token": 31}
    assert TokenFamily.objects.get().revoked_reason == "reused"


def test_an_address_is_registered_once() -> None:
    now = clock.now()

    seen = outcomes(
        16,
        lambda: services.register_customer(
            email="grace@example.com", password="correct horse battery", at=now
        ),
    )

    assert seen == {"done": 16}
    assert User.objects.filter(email="grace@example.com").count() == 1
