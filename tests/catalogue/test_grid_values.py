"""Numbers, counts and moments as people type them into a sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shop.catalogue.grid import parse_count, parse_decimal, parse_moment


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", None),
        ("12.50", "12.50"),
        ("12,5", "12.5"),
        (" € 1.234,50 ", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1\u2019234.50", "1234.50"),
        ("-3", "-3"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str | None) -> None:
    assert parse_decimal(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize("text", ["cheap", "1e5", "NaN", "Infinity", "1,234", "1.2.3", "٣", "9" * 15])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write a number"):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["-1", "1.5", "two", "9999999999", "²"])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write a whole number"):
        parse_count(text)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-05-01 09:00", datetime(2026, 5, 1, 7, tzinfo=UTC)),
        ("2026-05-01T9:00", datetime(2026, 5, 1, 7, tzinfo=UTC)),
        ("2026-01-01", datetime(2025, 12, 31, 23, tzinfo=UTC)),
        ("  ", None),
    ],
)
def test_moments_are_read_in_the_time_zone_of_the_shop(
    typed: str, moment: datetime | None, settings: Any
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    assert parse_moment(typed) == moment


@pytest.mark.parametrize(
    "typed", ["2026-03-29 02:30", "1.5.2026", "2026-13-01", "2026-05-01 25:00", "0000-01-01"]
)
def test_what_is_no_moment_is_refused(typed: str, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    with pytest.raises(ValueError, match=r"such as|clocks skip"):
        parse_moment(typed)
