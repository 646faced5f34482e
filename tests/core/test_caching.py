from datetime import UTC, datetime

import pytest
from django.test import Client

from shop.core import clock
from shop.core.models import OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.sample_api")]

URL = "/api/v1/events/"


def test_who_has_the_answer_already_gets_304_until_it_changes(client: Client) -> None:
    first = client.get(URL)

    again = client.get(URL, headers={"If-None-Match": first["ETag"]})
    OutboxEvent.objects.create(topic="t", key="k")
    changed = client.get(URL, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert first["Cache-Control"] == again["Cache-Control"] == "public, no-cache"


def test_an_error_has_no_etag(client: Client) -> None:
    response = client.get(f"{URL}?limit=0")

    assert not response.has_header("ETag")
    assert response["Cache-Control"] == "no-store"


def test_an_answer_as_of_another_time_is_kept_by_nobody(client: Client) -> None:
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        response = client.get(URL)

    assert response["Cache-Control"] == "private, no-store"
    assert not response.has_header("ETag")
