"""Sections that depend on the time: they come and go by the shop's clock, with nobody at the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from content.sections.linking import find_link, want_link
from content.sections.values import Found, Raw, Wanted
from shop.core import clock


def want_banner(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.add(value.get("image"))
    want_link(value.get("link"), wanted)


def show_banner(value: Raw, found: Found) -> Mapping[str, Any] | None:
    starts_at, ends_at = _moment(value.get("starts_at")), _moment(value.get("ends_at"))
    now = clock.now()
    if (starts_at and now < starts_at) or (ends_at and now >= ends_at):
        return None
    return {
        "eyebrow": value.get("eyebrow") or "",
        "heading": value.get("heading") or "",
        "text": value.get("text") or "",
        "tone": value.get("tone") or "accent",
        "picture": found.pictures.get(value.get("image") or 0),
        "link": find_link(value.get("link"), found),
        "ends_at": ends_at,
    }


def want_countdown(value: Raw, wanted: Wanted) -> None:
    want_link(value.get("link"), wanted)


def show_countdown(value: Raw, found: Found) -> Mapping[str, Any] | None:
    ends_at = _moment(value.get("ends_at"))
    is_over = ends_at is None or clock.now() >= ends_at
    if is_over and not value.get("text_after"):
        return None
    return {
        "heading": value.get("heading") or "",
        "text": (value.get("text_after") if is_over else value.get("text")) or "",
        "ends_at": None if is_over else ends_at,
        "link": find_link(value.get("link"), found),
    }


def _moment(value: Any) -> datetime | None:
    """A stored time, which is text in the database and a datetime in a block that is drawn alone."""
    moment = parse_datetime(value) if isinstance(value, str) and value else value or None
    if moment is not None and timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment
