from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.theme import DARK_PAGE, LIGHT_PAGE, contrast, moved_until_readable, readable_on, stylesheet

colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06X}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#FFFFFF", "#000000", 21.0), ("#777777", "#FFFFFF", 4.48), ("#0000FF", "#FFFFFF", 8.59)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@given(colours)
def test_links_in_any_brand_colour_can_be_read_on_light_and_dark_pages(colour: str) -> None:
    assert contrast(moved_until_readable(colour, on=LIGHT_PAGE), LIGHT_PAGE) >= 4.5
    assert contrast(moved_until_readable(colour, on=DARK_PAGE), DARK_PAGE) >= 4.5


@given(colours)
def test_text_on_a_sign_of_any_colour_can_be_read(colour: str) -> None:
    assert contrast(readable_on(colour), colour) >= 4.1


def test_a_colour_that_can_be_read_already_is_not_moved() -> None:
    assert moved_until_readable("#1F3596", on=LIGHT_PAGE) == "#1F3596"


def test_the_stylesheet_names_the_brand_colour() -> None:
    assert "--sign:#B3001B;--on-sign:#FFFFFF" in stylesheet("#B3001B")
