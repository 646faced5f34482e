"""Parts of uploaded files, as players of films ask for them."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client


@pytest.fixture
def url() -> str:
    return default_storage.url(default_storage.save("films/ten.mp4", ContentFile(b"0123456789")))


@pytest.mark.parametrize(
    ("asked", "body", "told"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=4-", b"456789", "bytes 4-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=7-99", b"789", "bytes 7-9/10"),
    ],
)
def test_the_part_that_is_asked_for_is_served(
    client: Client, url: str, asked: str, body: bytes, told: str
) -> None:
    response = client.get(url, headers={"range": asked})

    assert (response.status_code, b"".join(response.streaming_content)) == (206, body)
    assert response["Content-Range"] == told
    assert (response["Content-Length"], response["Content-Type"]) == (str(len(body)), "video/mp4")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", ["", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole_file(client: Client, url: str, asked: str) -> None:
    response = client.get(url, headers={"range": asked} if asked else {})

    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"0123456789")
    assert response["Accept-Ranges"] == "bytes"


def test_a_range_behind_the_end_is_refused_with_the_size(client: Client, url: str) -> None:
    response = client.get(url, headers={"range": "bytes=10-"})

    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10")
