"""Addresses that somebody typed: what is fetched from them, and what never is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shop.core.fetching import FetchRefused, fetch

PNG = b"\x89PNG\r\n\x1a\nnot really"


class Answers(BaseHTTPRequestHandler):
    """A server that leads on, talks too long, or gives what it should not."""

    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        if self.path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
            return
        if self.path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                return
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8" if self.path == "/page" else "image/png")
        self.end_headers()
        self.wfile.write(PNG)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()


@pytest.fixture
def _loopback(settings: Any) -> None:
    settings.FETCH_FROM_LOOPBACK = True


@pytest.mark.usefixtures("_loopback")
class TestAnswers:
    """From a server that may be asked."""

    def test_a_picture_comes_with_its_kind(self, server: str) -> None:
        got = fetch(f"{server}/picture", max_bytes=1000, content_types={"image/png"})

        assert (got.content, got.content_type) == (PNG, "image/png")

    def test_a_redirect_is_followed(self, server: str) -> None:
        assert fetch(f"{server}/to//picture", max_bytes=1000).final_url == f"{server}/picture"

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("/page", "expected is image/png"),
            ("/missing", "answered with 404"),
            ("/endless", "larger than 1 MB"),
            ("/loop", "leads on more than 3 times"),
            ("/to/file:///etc/passwd", "starts with https:// or http://"),
            ("/to/http://10.0.0.1/secret", "cannot be reached from here"),
            ("/to/http://169.254.169.254/latest/meta-data/", "cannot be reached from here"),
        ],
    )
    def test_a_wrong_answer_is_refused_with_its_reason(self, server: str, path: str, reason: str) -> None:
        with pytest.raises(FetchRefused, match=reason):
            fetch(f"{server}{path}", max_bytes=1_000_000, content_types={"image/png"})


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "2130706433",
        "0x7f.1",
        "127.1",
    ],
)
def test_no_private_address_is_ever_asked(host: str) -> None:
    with pytest.raises(FetchRefused, match="cannot be reached from here"):
        fetch(f"http://{host}/", max_bytes=1000, timeout=3)


def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    """DNS rebinding: public when it is looked at, our own machine when it is connected to."""
    real, asked, connected = socket.getaddrinfo, [], []
    connect = socket.socket.connect

    def rebinding(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host == "rebind.example":
            asked.append(host)
            return real("93.184.215.14" if len(asked) == 1 else "127.0.0.1", port)
        return real(host, port, *args, **kwargs)

    def refusing(self: socket.socket, address: Any) -> None:
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket.socket, "connect", refusing)
    with pytest.raises(FetchRefused):
        fetch("http://rebind.example/", max_bytes=1000, timeout=3)
    monkeypatch.setattr(socket.socket, "connect", connect)

    assert asked == ["rebind.example"]
    assert set(connected) == {"93.184.215.14"}


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/a.png", "starts with https"),
        ("file:///etc/passwd", "starts with https"),
        ("gopher://example.org/", "starts with https"),
        ("https://", "starts with https"),
        ("https://user:secret@example.org/", "no user name"),
        ("https://example.org:8080/", "Only port 443"),
        ("http://example.org:6379/", "Only port 80"),
        ("http://[::1/", "no address"),
        ("http://example.org:99999/", "no address"),
        ("http://" + "a" * 3000, "starts with https"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str, reason: str) -> None:
    with pytest.raises(FetchRefused, match=reason):
        fetch(url, max_bytes=1000, timeout=3)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", server)
    monkeypatch.setenv("http_proxy", server)

    with pytest.raises(FetchRefused):
        fetch("http://10.0.0.1/picture", max_bytes=1000, timeout=3)
