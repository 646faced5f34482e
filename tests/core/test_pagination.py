from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shop.core.cursors import InvalidCursor, decode_cursor, encode_cursor
from shop.core.models import OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.sample_api")]

URL = "/api/v1/events/"
START = datetime(2026, 1, 1, tzinfo=UTC)


def make_events(count: int) -> None:
    # Three share each moment, so that the order needs its second column, and two share that one too.
    OutboxEvent.objects.bulk_create(
        OutboxEvent(topic="t", key=f"k{number % 2}", created_at=START + timedelta(hours=number // 3))
        for number in range(count)
    )


def in_order() -> list[int]:
    return list(OutboxEvent.objects.order_by("-created_at", "key", "-pk").values_list("pk", flat=True))


def ids(answer: dict) -> list[int]:
    return [row["id"] for row in answer["results"]]


def test_following_next_shows_every_row_once_in_order(client: Client) -> None:
    make_events(25)

    seen, url = [], f"{URL}?limit=4"
    while url:
        answer = client.get(url).json()
        seen += ids(answer)
        url = answer["next"]

    assert seen == in_order()
    assert len(seen) == 25


def test_previous_leads_back_to_the_very_same_pages(client: Client) -> None:
    make_events(10)
    first = client.get(f"{URL}?limit=4").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    assert third["next"] is None
    assert first["previous"] is None
    back = client.get(third["previous"]).json()
    assert ids(back) == ids(second)
    again = client.get(back["previous"]).json()
    assert ids(again) == ids(first)
    assert again["previous"] is None
    assert ids(client.get(again["next"]).json()) == ids(second)


def test_rows_that_come_meanwhile_shift_nothing(client: Client) -> None:
    make_events(6)
    expected = in_order()[3:]
    first = client.get(f"{URL}?limit=3").json()

    OutboxEvent.objects.create(topic="t", key="new", created_at=START + timedelta(days=9))

    assert ids(client.get(first["next"]).json()) == expected


def test_a_page_is_one_query(client: Client, django_assert_num_queries) -> None:
    make_events(10)
    url = client.get(f"{URL}?limit=3").json()["next"]

    with django_assert_num_queries(1):
        client.get(url)


def test_an_empty_list_has_no_neighbours(client: Client) -> None:
    assert client.get(URL).json() == {"next": None, "previous": None, "results": []}


def test_a_page_has_24_rows_unless_asked_and_100_at_most(client: Client) -> None:
    make_events(120)

    assert len(ids(client.get(URL).json())) == 24
    assert len(ids(client.get(f"{URL}?limit=100").json())) == 100


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "", "ten", "%C2%B2", "99999999999999999999"])
def test_any_other_limit_is_refused(client: Client, limit: str) -> None:
    response = client.get(f"{URL}?limit={limit}")

    assert (response.status_code, response.json()["code"]) == (400, "invalid_limit")
    assert response.json()["errors"][0]["attr"] == "limit"


@pytest.mark.parametrize("cursor", ["", "x", "A" * 2000, "ä", "eyJhIjoxfQ", "AAAA=AAAA"])
def test_a_cursor_that_we_did_not_make_is_refused(client: Client, cursor: str) -> None:
    response = client.get(URL, {"cursor": cursor})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


def test_a_cursor_of_another_list_or_with_one_letter_changed_is_refused() -> None:
    cursor = encode_cursor(["a", 1], scope="orders")

    with pytest.raises(InvalidCursor):
        decode_cursor(cursor, scope="carts")
    with pytest.raises(InvalidCursor):
        decode_cursor(cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), scope="orders")


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**63), max_value=2**63 - 1),
    st.text(max_size=20).filter(lambda text: text.isprintable()),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14), max_value=10**14),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
)


@given(st.lists(values, max_size=4))
def test_a_cursor_gives_back_what_it_was_made_of(held: list) -> None:
    assert decode_cursor(encode_cursor(held, scope="s"), scope="s") == held


@given(st.text(max_size=60))
def test_no_text_at_all_is_more_than_an_invalid_cursor(text: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(text, scope="s")
