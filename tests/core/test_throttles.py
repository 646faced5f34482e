from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from shop.core import clock
from shop.core.api import throttles
from shop.core.api.throttles import LocalCounters, parse_rate

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.sample_api")]

URL = "/api/v1/throttled/"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _three_a_minute(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.THROTTLE_RATES = {"test": "3/minute"}
    monkeypatch.setattr(throttles, "_local", LocalCounters())


def test_the_fourth_in_a_minute_is_turned_away_until_the_next(client: Client) -> None:
    with clock.at(NOON + timedelta(seconds=20)):
        answers = [client.get(URL) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "throttled"
    assert answers[3]["Retry-After"] == "40"
    with clock.at(NOON + timedelta(seconds=61)):
        assert client.get(URL).status_code == 200


def test_two_addresses_are_counted_apart_and_a_header_is_no_address(client: Client) -> None:
    with clock.at(NOON):
        for number in range(3):
            client.get(URL, headers={"X-Forwarded-For": f"10.0.0.{number}"})

        assert client.get(URL, headers={"X-Forwarded-For": "10.9.9.9"}).status_code == 429
        assert client.get(URL, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_no_rate_no_throttle(client: Client, settings) -> None:
    settings.THROTTLE_RATES = {}

    assert all(client.get(URL).status_code == 200 for _ in range(10))


def test_of_two_hundred_at_once_no_more_than_three_get_through() -> None:
    throttle = throttles.RateThrottle()

    with ThreadPoolExecutor(20) as pool:
        counts = list(pool.map(lambda name: throttle._count(name, 60), ["throttle:one-window"] * 200))

    assert 1 <= sum(count <= 3 for count in counts) <= 3


def test_an_emptied_cache_does_not_open_a_closed_throttle(client: Client) -> None:
    with clock.at(NOON):
        for _ in range(3):
            client.get(URL)
        with mock.patch.object(cache, "incr", return_value=1):
            assert client.get(URL).status_code == 429


def test_a_cache_that_is_away_closes_nothing_and_opens_nothing(client: Client) -> None:
    with clock.at(NOON), mock.patch.object(cache, "add", side_effect=ConnectionError):
        statuses = [client.get(URL).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]


def test_the_counts_of_a_process_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalCounters, "MOST", 10)
    counters = LocalCounters()

    for number in range(100):
        counters.increase(f"k{number}", 60)

    assert len(counters._counts) <= 10


@pytest.mark.parametrize(
    ("rate", "parsed"), [("10/minute", (10, 60)), ("100/15minute", (100, 900)), ("1/day", (1, 86400))]
)
def test_a_rate_says_how_many_in_how_long(rate: str, parsed: tuple[int, int]) -> None:
    assert parse_rate(rate) == parsed


@pytest.mark.parametrize("rate", ["", "ten/minute", "10", "10/fortnight"])
def test_a_rate_that_cannot_be_read_is_told_to_whoever_set_it(rate: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        parse_rate(rate)
