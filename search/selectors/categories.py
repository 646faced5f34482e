from __future__ import annotations

from search.values import CategoryData


def list_categories(
    *, parent: str | None = None, depth: int | None = None, with_counts: bool = True, currency: str | None = None
) -> list[CategoryData]:
    """
    Public categories in the tree's order, parents before their children. `parent` leaves those below it; `depth` counts
    levels from there (1: its children only).
    """
    raise NotImplementedError


def get_category(*, slug: str, currency: str | None = None) -> CategoryData:
    """
    One public category with its children, picture, texts and breadcrumbs.

    :raises CategoryNotFound: if none is public under this slug
    """
    raise NotImplementedError
