from __future__ import annotations

from search.values import SearchResult, Suggestion


def suggest(*, query: str, first: int = 8, currency: str | None = None) -> list[Suggestion]:
    """Products, categories and brands whose words begin as the query's do, as one types; none below two characters."""
    raise NotImplementedError


def search_everything(*, query: str, first: int = 24, after: str | None = None, currency: str | None = None) -> SearchResult:
    """Products, categories and editorial pages for one query."""
    raise NotImplementedError
