"""Kinds of columns that hold plain values: texts, numbers, money, moments; read and written alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from shop.core.money import minor_digits
from shop.spreadsheets.cells import (
    CellRefused,
    join_list,
    parse_amount,
    parse_moment,
    parse_whole,
    parse_yes_no,
    split_list,
)
from shop.spreadsheets.lookups import Lookups

LARGEST_COUNT: Final = 1_000_000_000
FIRST_TIER: Final = 2
LARGEST_MIN_QUANTITY: Final = 1_000_000

Level = Literal["product", "variant"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``keeps``: an empty cell leaves the value alone, because it cannot be taken away."""

    name: str
    level: Level
    parse: Callable[[str, Lookups], Any]
    render: Callable[[Any, Lookups], str]
    empty: Any = ""
    keeps: bool = False
    links: Callable[[str], Iterable[tuple[str, str]]] | None = None


# -- plain texts -----------------------------------------------------------------------------------------


def text_column(name: str, level: Level, longest: int | None, *, keeps: bool = False) -> Column:
    """A text as it stands, of a length."""

    def parse(text: str, lookups: Lookups) -> str:
        if longest is not None and len(text) > longest:
            raise CellRefused(f"This has {len(text)} characters, and {longest} are allowed: shorten it.")
        return text

    return Column(name, level, parse, lambda value, lookups: value or "", keeps=keeps)


def parse_handle(text: str, lookups: Lookups) -> str:
    """:raises CellRefused: for what cannot be part of an address"""
    handle = text.strip()
    if not re.fullmatch(r"[-\w]{1,255}", handle):
        raise CellRefused(
            f"“{text[:60]}” is no handle: use letters, digits and hyphens, such as oak-desk-lamp."
        )
    return handle


def parse_status(text: str, lookups: Lookups) -> str:
    """:raises CellRefused: for what is neither live nor draft"""
    status = text.strip().lower()
    if status not in ("live", "draft"):
        raise CellRefused(f"“{text[:40]}” is no status: write “live” or “draft”.")
    return status


def render_text(value: str | None, lookups: Lookups) -> str:
    """The text, or nothing."""
    return value or ""


# -- numbers, money, moments -----------------------------------------------------------------------------


def whole_column(name: str, *, at_most: int, at_least: int = 0, keeps: bool = False) -> Column:
    """A whole number, or none."""
    return Column(
        name,
        "variant",
        lambda text, lookups: parse_whole(text, at_most=at_most, at_least=at_least),
        lambda value, lookups: "" if value is None else str(value),
        empty=None,
        keeps=keeps,
    )


def yes_no_column(name: str) -> Column:
    """Yes or no."""
    return Column(
        name,
        "variant",
        lambda text, lookups: parse_yes_no(text),
        lambda value, lookups: "yes" if value else "no",
        empty=False,
        keeps=True,
    )


def moment_column(name: str) -> Column:
    """A moment with its offset, or none."""
    return Column(
        name,
        "variant",
        lambda text, lookups: parse_moment(text),
        lambda value, lookups: value.isoformat() if isinstance(value, datetime) else "",
        empty=None,
    )


def render_amount(value: Decimal | None, digits: int) -> str:
    """The amount with the digits of its currency, or with all that it has."""
    if value is None:
        return ""
    plain = f"{value.normalize():f}"
    have = len(plain.partition(".")[2])
    return plain if have >= digits else f"{value:.{digits}f}"


def amount_column(name: str, currency: str | None) -> Column:
    """An amount in a currency, or with all its digits where there is none."""
    digits = 2 if currency is None else minor_digits(currency)

    def parse(text: str, lookups: Lookups) -> Decimal | None:
        amount = parse_amount(text)
        if amount is not None and currency is not None:
            _require_digits(amount, currency, digits)
        return amount

    return Column(name, "variant", parse, lambda value, lookups: render_amount(value, digits), empty=None)


def _require_digits(amount: Decimal, currency: str, digits: int) -> None:
    if amount != round(amount, digits):
        raise CellRefused(f"{currency} has {digits} decimal places: round {amount}.", code="too_many_digits")


def tiers_column(name: str, currency: str) -> Column:
    """Prices from a number of pieces on: ``10+ 11.00 | 100+ 9.50 (12.00)``, a recommended one in brackets."""
    digits = minor_digits(currency)

    def parse(text: str, lookups: Lookups) -> tuple[tuple[int, Decimal, Decimal | None], ...]:
        tiers: dict[int, tuple[Decimal, Decimal | None]] = {}
        for part in split_list(text):
            found = re.fullmatch(r"([0-9]{1,7})\+ ([0-9.,]+)(?: \(([0-9.,]+)\))?", part, flags=re.ASCII)
            if found is None:
                raise CellRefused(
                    f"“{part[:40]}” is no price from a number on: write “10+ 11.00 | 100+ 9.50”."
                )
            quantity, amount = int(found[1]), parse_amount(found[2])
            compare_at = parse_amount(found[3] or "")
            if amount is None or not FIRST_TIER <= quantity <= LARGEST_MIN_QUANTITY or quantity in tiers:
                raise CellRefused("Each price needs a number of its own, of 2 or more.")
            for given in filter(None, (amount, compare_at)):
                _require_digits(given, currency, digits)
            tiers[quantity] = (amount, compare_at)
        return tuple((quantity, *tiers[quantity]) for quantity in sorted(tiers))

    def render(value: tuple[tuple[int, Decimal, Decimal | None], ...], lookups: Lookups) -> str:
        return join_list(
            f"{quantity}+ {render_amount(amount, digits)}"
            + (f" ({render_amount(compare_at, digits)})" if compare_at is not None else "")
            for quantity, amount, compare_at in value
        )

    return Column(name, "variant", parse, render, empty=())
