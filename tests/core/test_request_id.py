import logging

import pytest
from django.test import Client

from shop.core.request_id import RequestIdFilter, get_request_id, request_id_set


def test_a_valid_id_is_taken_and_echoed(client: Client) -> None:
    assert client.get("/livez", headers={"X-Request-ID": "abc-123_4.5"})["X-Request-ID"] == "abc-123_4.5"


@pytest.mark.parametrize("offered", ["", "a b", 'a"b', "a" * 65, "a\nb", "ä"])
def test_any_other_id_is_replaced(client: Client, offered: str) -> None:
    echoed = client.get("/livez", headers={"X-Request-ID": offered})["X-Request-ID"]

    assert echoed != offered
    assert len(echoed) == 32


def test_two_requests_have_two_ids(client: Client) -> None:
    assert client.get("/livez")["X-Request-ID"] != client.get("/livez")["X-Request-ID"]


def test_the_id_is_on_every_log_record_and_gone_afterwards() -> None:
    record = logging.makeLogRecord({})
    with request_id_set("req-1"):
        RequestIdFilter().filter(record)
    assert record.request_id == "req-1"

    RequestIdFilter().filter(record)
    assert record.request_id == "-"
    assert get_request_id() == ""
