"""
Films that the shop may embed: which addresses, and what is loaded once a shopper presses play.

Nothing is fetched to know a film, and nothing of its provider is loaded before somebody asks for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.core.exceptions import ValidationError

YOUTUBE_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"})
VIMEO_HOSTS = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"})
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z", re.ASCII)
VIMEO_PATH = re.compile(r"/(?:video/)?(\d{5,12})(?:/([0-9a-f]{6,20}))?/?\Z", re.ASCII)
# What the storefront's policy lets into a frame, one origin per provider.
FRAME_ORIGINS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")


@dataclass(frozen=True, slots=True)
class Film:
    """A film at a provider: ``embed_url`` goes into a frame, ``page_url`` is its page there."""

    provider: str
    embed_url: str
    page_url: str


def find_film(url: str) -> Film | None:
    """The film behind an address of YouTube or Vimeo; ``None`` for any other address."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    if host == "youtu.be":
        return _youtube(parts.path.strip("/"))
    if host in YOUTUBE_HOSTS:
        return _youtube(_key_of_youtube(parts))
    found = VIMEO_PATH.match(parts.path) if host in VIMEO_HOSTS else None
    return _vimeo(found[1], found[2] or parse_qs(parts.query).get("h", [""])[0]) if found else None


def _key_of_youtube(parts: SplitResult) -> str:
    first, _, rest = parts.path.strip("/").partition("/")
    if first == "watch":
        return parse_qs(parts.query).get("v", [""])[0]
    return rest.strip("/") if first in ("embed", "shorts", "live") else ""


def validate_film_url(value: str) -> None:
    """
    Refuse what is no film of a provider that the shop embeds.

    :raises ValidationError: naming the providers
    """
    if find_film(value) is None:
        raise ValidationError(
            "Copy the address of a film on YouTube or Vimeo, such as https://youtu.be/ and eleven characters."
        )


def _youtube(key: str) -> Film | None:
    if not YOUTUBE_ID.match(key):
        return None
    return Film(
        provider="YouTube",
        embed_url=f"https://www.youtube-nocookie.com/embed/{key}",
        page_url=f"https://www.youtube.com/watch?v={key}",
    )


def _vimeo(key: str, secret: str) -> Film:
    secret = secret if re.fullmatch(r"[0-9a-f]{6,20}", secret) else ""
    return Film(
        provider="Vimeo",
        embed_url=f"https://player.vimeo.com/video/{key}?dnt=1" + (f"&h={secret}" if secret else ""),
        page_url=f"https://vimeo.com/{key}" + (f"/{secret}" if secret else ""),
    )
