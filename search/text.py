"""How texts and queries are brought to one form, so that "Café" finds "cafe" and "NX-100" finds "nx100"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from anyascii import anyascii

MAX_WORDS = 8
MAX_QUERY_LENGTH = 200
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_SHORTEST_PLURAL = 4


def fold(text: str) -> str:
    """
    Lower case, no accents, anything that is neither letter nor digit one space: "Café-Crème!" is "cafe
    creme".
    """
    return _NOT_A_WORD.sub(" ", anyascii(text).lower()).strip()


def squeeze(code: str) -> str:
    """A code without its punctuation: "NX-100/b" is "nx100b"."""
    return fold(code).replace(" ", "")


def search_text(texts: Iterable[str], codes: Iterable[str]) -> str:
    """All words of a product, each after a space, so that `contains(" word")` finds beginnings of words."""
    words = dict.fromkeys(word for text in texts for word in fold(text).split())
    words |= dict.fromkeys(squeeze(code) for code in codes)
    words.pop("", None)
    return " " + " ".join(words) + " " if words else ""


def query_words(query: str) -> list[tuple[str, ...]]:
    """
    The query's words, each as the beginnings that must all be found for it: "NX-100 lamps" is `[("nx",
    "100"), ("lamp",)]`.

    A plural's last letter is dropped, as the beginning "lamp" finds both. More than `MAX_WORDS` are not
    looked at.
    """
    words = []
    for chunk in query[:MAX_QUERY_LENGTH].split():
        parts = tuple(_singular(part) for part in fold(chunk).split())
        if parts:
            words.append(parts)
    return words[:MAX_WORDS]


def _singular(word: str) -> str:
    return (
        word[:-1] if len(word) > _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss") else word
    )
