"""Pictures that a file names by their addresses: fetched once, looked at, and part of the product."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image
from wagtail.images import get_image_model

from shop.catalogue.models import ProductPage
from shop.inventory.services import ensure_warehouse
from shop.pricing.services import ensure_base_price_list
from tests.factories.catalogue import TaxClassFactory, product_index
from tests.spreadsheets.files_of import csv_of, imported, problems_of, tried

# The job fetches outside of its transactions, which needs a database without one around the test.
pytestmark = pytest.mark.django_db(transaction=True)


def picture(colour: str, kind: str = "PNG") -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(drawn, kind)
    return drawn.getvalue()


class Pictures(BaseHTTPRequestHandler):
    """A server of pictures that counts what it is asked for."""

    asked: list[str] = []
    files: dict[str, bytes] = {}

    def do_GET(self) -> None:
        self.asked.append(self.path)
        content = self.files.get(self.path)
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(settings: Any) -> Iterator[str]:
    settings.FETCH_FROM_LOOPBACK = True
    Pictures.asked, Pictures.files = [], {}
    with ThreadingHTTPServer(("127.0.0.1", 0), Pictures) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()


@pytest.fixture(autouse=True)
def shop() -> None:
    product_index()
    TaxClassFactory(code="standard")
    ensure_base_price_list()
    ensure_warehouse()


def lamp(source: str, **cells: str) -> dict[str, str]:
    return {
        "handle": "oak-lamp",
        "title": "Oak lamp",
        "categories": "Lighting",
        "image.1.src": source,
        "image.1.alt": "A lamp on a desk",
        "status": "live",
        "sku": "LAMP",
        "price.base": "49.90",
        **cells,
    }


def test_a_picture_is_fetched_and_becomes_the_products(server: str) -> None:
    Pictures.files["/oak_lamp.png"] = picture("#aa8844")

    imported(csv_of(lamp(f"{server}/oak_lamp.png")))

    product = ProductPage.objects.get()
    [media] = product.media.all()
    assert product.live
    assert (media.image.title, media.image.width, media.image.height) == ("oak lamp", 64, 48)
    with media.image.open_file() as file:
        assert file.read() == Pictures.files["/oak_lamp.png"]


def test_an_import_that_is_repeated_fetches_nothing_and_changes_nothing(server: str) -> None:
    Pictures.files["/lamp.png"] = picture("#aa8844")
    imported(csv_of(lamp(f"{server}/lamp.png")))

    again = imported(csv_of(lamp(f"{server}/lamp.png")))

    assert again.counts["unchanged"] == 1
    assert Pictures.asked == ["/lamp.png"]
    assert get_image_model().objects.count() == 1


def test_two_addresses_of_one_picture_share_it(server: str) -> None:
    Pictures.files["/a.png"] = Pictures.files["/b.png"] = picture("#aa8844")

    imported(csv_of(lamp(f"{server}/a.png"), lamp(f"{server}/b.png", handle="ash-lamp", sku="ASH")))

    assert ProductPage.objects.count() == 2
    assert get_image_model().objects.count() == 1


def test_a_trial_tells_of_addresses_that_do_not_answer_and_leaves_the_library_alone(server: str) -> None:
    Pictures.files["/lamp.png"] = picture("#aa8844")

    good = tried(csv_of(lamp(f"{server}/lamp.png")))
    bad = tried(csv_of(lamp(f"{server}/gone.png")))

    assert good.counts["created"] == 1
    assert problems_of(bad) == [(2, "image.1.src", "unknown_picture")]
    [item] = bad.items()
    assert "answered with 404" in item.report["errors"][0]["message"]
    assert not get_image_model().objects.exists()


def test_an_address_that_failed_is_tried_again(server: str) -> None:
    tried(csv_of(lamp(f"{server}/late.png")))
    Pictures.files["/late.png"] = picture("#aa8844")

    assert tried(csv_of(lamp(f"{server}/late.png"))).counts["created"] == 1


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7",
        b"",
        picture("#000000", "BMP"),
        picture("#000000")[:60],
    ],
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(server: str, content: bytes) -> None:
    Pictures.files["/lamp.png"] = content

    report = imported(csv_of(lamp(f"{server}/lamp.png")))

    assert problems_of(report) == [(2, "image.1.src", "unknown_picture")]
    assert not ProductPage.objects.exists()
    assert not get_image_model().objects.exists()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(server: str) -> None:
    drawn = io.BytesIO()
    Image.new("1", (9000, 9000)).save(drawn, "PNG")
    Pictures.files["/bomb.png"] = drawn.getvalue()

    report = imported(csv_of(lamp(f"{server}/bomb.png")))

    [item] = report.items()
    assert "9000 by 9000 pixels" in item.report["errors"][0]["message"]


def test_an_address_of_our_own_network_is_refused() -> None:
    report = imported(csv_of(lamp("http://169.254.169.254/latest/meta-data/")))

    [item] = report.items()
    assert "cannot be reached from here" in item.report["errors"][0]["message"]
    assert not ProductPage.objects.exists()
