"""
Fetching from addresses that somebody typed: a picture of an import, a hook of an integrator.

Such an address may point into our own network. ``requests-hardened`` resolves the host once, refuses
private, loopback, link-local, multicast and translated addresses, and connects to the very address that it
has looked at, so that a name which answers differently the second time gains nothing. Redirects are
followed here, one by one, so that each goes through the same gate.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from requests_hardened import Config, HTTPSession

from shop.core.errors import ShopError

CONNECT_TIMEOUT: Final = 5.0
READ_TIMEOUT: Final = 10.0
MOST_REDIRECTS: Final = 3
PIECE: Final = 64 * 1024
LONGEST_ADDRESS: Final = 2000


class FetchRefused(ShopError):
    """The address may not be fetched, or did not answer with what was expected."""

    code = "fetch_refused"
    status = 400
    title = "The address cannot be fetched."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered with; ``content_type`` is its own word, in lower case, without parameters."""

    content: bytes
    content_type: str
    final_url: str


def fetch(url: str, *, max_bytes: int, content_types: Collection[str] = (), timeout: float = 20.0) -> Fetched:
    """
    Fetch a public address over HTTP or HTTPS, on their own ports.

    :param max_bytes: the answer may not be longer, whatever it says of its length
    :param content_types: what it may be, e.g. ``{"image/png"}``; empty for anything
    :param timeout: seconds for everything together, redirects included
    :raises FetchRefused: for a private address, a wrong answer, or none in time; the sentence says which
    """
    deadline = time.monotonic() + timeout
    with _session() as session:
        for _ in range(MOST_REDIRECTS + 1):
            _check_address(url)
            answer = _ask(session, url, deadline)
            with answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                return _read(answer, url, max_bytes=max_bytes, content_types=content_types, deadline=deadline)
    raise FetchRefused(f"The address leads on more than {MOST_REDIRECTS} times.")


def _session() -> HTTPSession:
    session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=settings.FETCH_FROM_LOOPBACK,
            never_redirect=True,
            default_timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
            user_agent_override="Nexus",
        )
    )
    # A proxy of the environment would do the resolving, past the gate; .netrc holds passwords of ours.
    session.trust_env = False
    return session


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchRefused("This is no address.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > LONGEST_ADDRESS:
        raise FetchRefused("An address starts with https:// or http:// and names a host.")
    if parts.username or parts.password:
        raise FetchRefused("An address may hold no user name and no password.")
    own_port = {"http": 80, "https": 443}[parts.scheme]
    if port not in (None, own_port) and not settings.FETCH_FROM_LOOPBACK:
        raise FetchRefused(f"Only port {own_port} is fetched from.")


def _ask(session: HTTPSession, url: str, deadline: float) -> requests.Response:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchRefused("The address took too long to answer.")
    try:
        return session.get(
            url,
            stream=True,
            timeout=(min(CONNECT_TIMEOUT, left), min(READ_TIMEOUT, left)),
            # Nothing is unpacked: a small answer cannot grow.
            headers={"Accept-Encoding": "identity"},
        )
    except requests.exceptions.Timeout as error:
        raise FetchRefused("The address took too long to answer.") from error
    except (requests.exceptions.RequestException, UnicodeError, ValueError) as error:
        # One sentence for all: it must not tell which of our own hosts and ports are there.
        raise FetchRefused("The address cannot be reached from here.") from error


def _read(
    answer: requests.Response, url: str, *, max_bytes: int, content_types: Collection[str], deadline: float
) -> Fetched:
    if answer.status_code != requests.codes.ok:
        raise FetchRefused(f"The address answered with {answer.status_code} instead of 200.")
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if content_types and content_type not in content_types:
        expected = " or ".join(sorted(content_types))
        raise FetchRefused(f"The address gave “{content_type[:60] or 'nothing'}”; expected is {expected}.")
    pieces, size = [], 0
    try:
        for piece in answer.iter_content(PIECE):
            size += len(piece)
            if size > max_bytes:
                raise FetchRefused(f"The file is larger than {max_bytes // 1_000_000} MB.")
            if time.monotonic() > deadline:
                raise FetchRefused("The address took too long to answer.")
            pieces.append(piece)
    except requests.exceptions.RequestException as error:
        raise FetchRefused("The address broke off in the middle of its answer.") from error
    return Fetched(b"".join(pieces), content_type, url)
