"""Sections of words and pictures: what each points at and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from content.sections.linking import find_link, items, show_rich_text, want_link, want_rich_text
from content.sections.values import Found, Question, Raw, Testimonial, Wanted


def want_hero(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.add(value.get("image"))
    for link in items(value.get("links")):
        want_link(link, wanted)


def show_hero(value: Raw, found: Found) -> Mapping[str, Any]:
    links = [link for link in (find_link(raw, found) for raw in items(value.get("links"))) if link]
    return {
        "eyebrow": value.get("eyebrow") or "",
        "heading": value.get("heading") or "",
        "text": value.get("text") or "",
        "tone": value.get("tone") or "accent",
        "picture": found.pictures.get(value.get("image") or 0),
        "links": links,
    }


def want_image_text(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.add(value.get("image"))
    want_link(value.get("link"), wanted)
    want_rich_text(value.get("text") or "", wanted)


def show_image_text(value: Raw, found: Found) -> Mapping[str, Any]:
    return {
        "eyebrow": value.get("eyebrow") or "",
        "heading": value.get("heading") or "",
        "text": show_rich_text(value.get("text") or "", found),
        "picture": found.pictures.get(value.get("image") or 0),
        "link": find_link(value.get("link"), found),
        "side": value.get("image_side") or "left",
    }


def want_paragraph(value: Raw, wanted: Wanted) -> None:
    want_rich_text(value.get("text") or "", wanted)


def show_paragraph(value: Raw, found: Found) -> Mapping[str, Any]:
    return {"text": show_rich_text(value.get("text") or "", found)}


def want_faq(value: Raw, wanted: Wanted) -> None:
    for item in items(value.get("items")):
        want_rich_text(item.get("answer") or "", wanted)


def show_faq(value: Raw, found: Found) -> Mapping[str, Any]:
    questions = [
        Question(item.get("question") or "", show_rich_text(item.get("answer") or "", found))
        for item in items(value.get("items"))
    ]
    return {"heading": value.get("heading") or "", "items": questions}


def want_nothing(value: Raw, wanted: Wanted) -> None:
    """Quotes and promises are words only."""


def show_words(value: Raw, found: Found) -> Mapping[str, Any]:
    return {key: entry for key, entry in value.items() if isinstance(entry, str)}


def show_promises(value: Raw, found: Found) -> Mapping[str, Any]:
    return {"items": list(items(value.get("items")))}


def want_testimonials(value: Raw, wanted: Wanted) -> None:
    wanted.pictures.update(item.get("picture") for item in items(value.get("items")))


def show_testimonials(value: Raw, found: Found) -> Mapping[str, Any]:
    return {
        "heading": value.get("heading") or "",
        "items": [
            Testimonial(
                quote=item.get("quote") or "",
                name=item.get("name") or "",
                role=item.get("role") or "",
                rating=int(item.get("rating") or 0),
                picture=found.pictures.get(item.get("picture") or 0),
            )
            for item in items(value.get("items"))
        ],
    }
