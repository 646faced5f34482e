"""Rules and catalogues at random, for tests that hold whatever they are."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

CATEGORIES = ("living", "lamps", "desk-lamps", "garden")
BRANDS = ("halden", "aster")
TYPES = ("lamp", "chair")
TAGS = ("gifts", "summer", "new")
COLLECTIONS = ("picked",)
COLOURS = ("red", "blue", "green")
STOCK = ("in_stock", "low", "backorder", "out_of_stock")
NUMBERS = ("lt", "lte", "gt", "gte", "eq")


def _words(field: str, words: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {
            "field": st.just(field),
            "op": st.sampled_from(["in", "not_in"]),
            "value": st.lists(
                st.sampled_from([*words, "unknown"] if field != "stock" else words), min_size=1
            ),
        }
    )


def _numbers(field: str, highest: int) -> st.SearchStrategy[Any]:
    number = st.integers(-1, highest)
    one = st.fixed_dictionaries(
        {"field": st.just(field), "op": st.sampled_from(NUMBERS), "value": number.map(str)}
    )
    two = st.tuples(number, number).map(
        lambda pair: {"field": field, "op": "between", "value": [str(n) for n in sorted(pair)]}
    )
    return one | two


def _flags(field: str) -> st.SearchStrategy[Any]:
    return st.booleans().map(lambda value: {"field": field, "op": "is", "value": value})


def conditions() -> st.SearchStrategy[Any]:
    """Any condition on products of these names."""
    return st.one_of(
        _words("category", CATEGORIES),
        _words("brand", BRANDS),
        _words("type", TYPES),
        _words("tag", TAGS),
        _words("collection", COLLECTIONS),
        _words("stock", STOCK),
        _words("attribute.colour", COLOURS),
        _numbers("price", 20),
        _numbers("age_days", 12),
        _numbers("attribute.width", 10),
        _flags("on_sale"),
        _flags("attribute.dimmable"),
        st.tuples(st.sampled_from(["before", "after"]), st.integers(1, 28)).map(
            lambda pair: {"field": "attribute.made", "op": pair[0], "value": f"2026-11-{pair[1]:02}"}
        ),
    )


def rules() -> st.SearchStrategy[Any]:
    """Any rule, at most four groups deep."""

    def grouped(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        parts = st.lists(inner, min_size=1, max_size=3)
        return (
            parts.map(lambda held: {"all": held})
            | parts.map(lambda held: {"any": held})
            | inner.map(lambda held: {"not": held})
        )

    inner = conditions()
    for _ in range(3):
        inner = inner | grouped(inner)
    return inner
