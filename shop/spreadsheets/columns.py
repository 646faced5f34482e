"""
The columns of our own format: what each may hold, how it is read and how it is written.

A product and a variant are dictionaries of column to value. A value is what the database holds (keys,
decimals, tuples), so that a cell is "changed" when it means something else, not when it looks different.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

from django.core.exceptions import ValidationError

from shop.catalogue.attributes.cleaning import clean_attribute_text
from shop.catalogue.models import Attribute, ProductPage, ProductVariant
from shop.core.money import minor_digits
from shop.spreadsheets.bodies import NO_BODY, parse_body, render_body
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
from shop.spreadsheets.pending import Pending

Level = Literal["product", "variant"]
LARGEST_COUNT: Final = 1_000_000_000
LONGEST_ATTRIBUTE: Final = 5000
LONGEST_TAG: Final = 100
LONGEST_ALT_TEXT: Final = 200
FIRST_TIER: Final = 2
LARGEST_MIN_QUANTITY: Final = 1_000_000


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


def _text(name: str, level: Level, longest: int | None, *, keeps: bool = False) -> Column:
    def parse(text: str, lookups: Lookups) -> str:
        if longest is not None and len(text) > longest:
            raise CellRefused(f"This has {len(text)} characters, and {longest} are allowed: shorten it.")
        return text

    return Column(name, level, parse, lambda value, lookups: value or "", keeps=keeps)


def _parse_handle(text: str, lookups: Lookups) -> str:
    handle = text.strip()
    if not re.fullmatch(r"[-\w]{1,255}", handle):
        raise CellRefused(
            f"“{text[:60]}” is no handle: use letters, digits and hyphens, such as oak-desk-lamp."
        )
    return handle


def _parse_status(text: str, lookups: Lookups) -> str:
    status = text.strip().lower()
    if status not in ("live", "draft"):
        raise CellRefused(f"“{text[:40]}” is no status: write “live” or “draft”.")
    return status


def _id_text(value: str | None, lookups: Lookups) -> str:
    return value or ""


# -- what products name ----------------------------------------------------------------------------------


def _name_of(value: Any, names: Mapping[int, str]) -> str:
    if value is None:
        return ""
    return value.label if isinstance(value, Pending) else names.get(value, "")


def _categories(value: tuple[Any, ...], lookups: Lookups) -> str:
    texts = (
        join_list(held.name, ">") if isinstance(held, Pending) else lookups.paths.text_of(held)
        for held in value
    )
    return join_list(texts)


def _parse_categories(text: str, lookups: Lookups) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(lookups.find_category(path) for path in split_list(text)))


def _parse_tags(text: str, lookups: Lookups) -> tuple[str, ...]:
    tags = tuple(sorted(dict.fromkeys(split_list(text, ","))))
    if long := [tag for tag in tags if len(tag) > LONGEST_TAG]:
        raise CellRefused(f"A tag has {LONGEST_TAG} characters at most: shorten “{long[0][:40]}…”.")
    return tags


def _relation(name: str) -> Column:
    def parse(text: str, lookups: Lookups) -> tuple[str, ...]:
        handles = tuple(dict.fromkeys(split_list(text)))
        for handle in handles:
            if handle not in lookups.links.products and f"handle:{handle}" not in lookups.links.promised:
                raise CellRefused(f"There is no product “{handle[:60]}” here.", code="unknown_product")
        return handles

    return Column(
        name,
        "product",
        parse,
        lambda value, lookups: join_list(value),
        empty=(),
        links=lambda text: [("product", handle) for handle in split_list(text)],
    )


# -- attributes ------------------------------------------------------------------------------------------


def _attribute(name: str, attribute: Attribute) -> Column:
    if attribute.has_values:
        return Column(
            name,
            "product",
            lambda text, lookups: _parse_values(attribute, text, lookups),
            lambda value, lookups: join_list(_name_of(held, lookups.value_slugs) for held in value),
            empty=(),
        )
    kind = {Attribute.Kind.FILE: "document", Attribute.Kind.REFERENCE: "page"}.get(
        Attribute.Kind(attribute.kind)
    )
    if kind is not None:
        return Column(
            name,
            "product",
            lambda text, lookups: tuple(_parse_link(part, kind, lookups) for part in split_list(text)),
            lambda value, lookups: join_list(f"id:{held}" for held in value),
            empty=(),
            links=lambda text: [(kind, part.removeprefix("id:")) for part in split_list(text)],
        )
    return Column(
        name,
        "product",
        lambda text, lookups: tuple(_clean_text(attribute, part) for part in split_list(text)),
        lambda value, lookups: join_list(value),
        empty=(),
    )


def _parse_values(attribute: Attribute, text: str, lookups: Lookups) -> tuple[Any, ...]:
    chosen = tuple(dict.fromkeys(lookups.find_value(attribute, part) for part in split_list(text)))
    if len(chosen) > 1 and attribute.kind != Attribute.Kind.MULTICHOICE:
        raise CellRefused(f"“{attribute}” has one value per product: keep one of these.")
    return chosen


def _clean_text(attribute: Attribute, text: str) -> str:
    if len(text) > LONGEST_ATTRIBUTE:
        raise CellRefused(f"An attribute has {LONGEST_ATTRIBUTE} characters at most: shorten it.")
    try:
        return clean_attribute_text(attribute=attribute, value=None, text=text)
    except ValidationError as error:
        raise CellRefused(" ".join(error.messages)) from error


def _parse_link(text: str, kind: str, lookups: Lookups) -> int:
    number = text.removeprefix("id:").strip()
    known = lookups.links.documents if kind == "document" else lookups.links.pages
    if not (number.isascii() and number.isdigit() and int(number) in known):
        raise CellRefused(f"There is no {kind} “{text[:40]}”: write “id:” and its number, such as id:12.")
    return int(number)


# -- pictures --------------------------------------------------------------------------------------------


def _parse_picture(text: str, lookups: Lookups) -> int | Pending:
    found = lookups.links.pictures.get(text.strip(), f"There is no picture “{text[:60]}”.")
    if isinstance(found, str):
        raise CellRefused(found, code="unknown_picture")
    return found


def _picture_text(value: int | Pending | None) -> str:
    if value is None:
        return ""
    return "new picture" if isinstance(value, Pending) else f"id:{value}"


def _picture(name: str, level: Level) -> Column:
    return Column(
        name,
        level,
        _parse_picture,
        lambda value, lookups: _picture_text(value),
        empty=None,
        links=lambda text: [("picture", text.strip())],
    )


def _parse_film(text: str, lookups: Lookups) -> str:
    if text.startswith("document:"):
        return f"document:{_parse_link(text.removeprefix('document:'), 'document', lookups)}"
    if not re.fullmatch(r"https?://[^\s<>\"]{4,190}", text):
        raise CellRefused("Write the address of a film, such as https://www.youtube.com/watch?v=….")
    return text


def _parse_pictures(text: str, lookups: Lookups) -> tuple[tuple[int | Pending, str], ...]:
    found: dict[int | Pending, str] = {}
    for part in split_list(text):
        source, _, alt_text = part.partition(" ")
        if len(alt_text) > LONGEST_ALT_TEXT:
            raise CellRefused(f"An alternative text has {LONGEST_ALT_TEXT} characters at most: shorten it.")
        found[_parse_picture(source, lookups)] = alt_text.strip()
    return tuple(found.items())


def _media_column(name: str, part: str) -> Column:
    if part == "src":
        return _picture(name, "product")
    if part == "video":
        return Column(
            name,
            "product",
            _parse_film,
            lambda value, lookups: value or "",
            links=lambda text: (
                [("document", text.removeprefix("document:"))] if text.startswith("document:") else []
            ),
        )
    return _text(name, "product", 200)


# -- numbers, money, moments -----------------------------------------------------------------------------


def _whole(name: str, *, at_most: int, at_least: int = 0, keeps: bool = False) -> Column:
    return Column(
        name,
        "variant",
        lambda text, lookups: parse_whole(text, at_most=at_most, at_least=at_least),
        lambda value, lookups: "" if value is None else str(value),
        empty=None,
        keeps=keeps,
    )


def _yes_no(name: str) -> Column:
    return Column(
        name,
        "variant",
        lambda text, lookups: parse_yes_no(text),
        lambda value, lookups: "yes" if value else "no",
        empty=False,
        keeps=True,
    )


def _moment(name: str) -> Column:
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


def _amount(name: str, currency: str | None) -> Column:
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


def _tiers(name: str, currency: str) -> Column:
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


# -- variants --------------------------------------------------------------------------------------------


def _parse_tax_class(text: str, lookups: Lookups) -> str:
    if text not in lookups.tax_classes:
        raise CellRefused(
            f"There is no tax class “{text[:40]}”: use one of {', '.join(sorted(lookups.tax_classes))}.",
            code="unknown_tax_class",
        )
    return text


def _parse_parts(text: str, lookups: Lookups) -> tuple[tuple[str, int], ...]:
    parts: dict[str, tuple[str, int]] = {}
    for part in split_list(text):
        found = re.fullmatch(r"(\S+)(?: x ([0-9]{1,3}))?", part)
        quantity = int(found[2] or 1) if found else 0
        if found is None or quantity < 1:
            raise CellRefused(f"“{part[:40]}” is no part: write a SKU and how many, such as LAMP-OAK x 2.")
        key = found[1].upper()
        if key in parts:
            raise CellRefused(f"The part {found[1]} is there twice: add the numbers up.")
        if key not in lookups.links.skus and f"sku:{key}" not in lookups.links.promised:
            raise CellRefused(f"There is no variant with the SKU {found[1]}.", code="unknown_sku")
        parts[key] = (key, quantity)
    return tuple(parts.values())


def _part_links(text: str) -> list[tuple[str, str]]:
    return [("sku", part.split(" x ")[0]) for part in split_list(text)]


def _option(name: str, attribute: Attribute) -> Column:
    return Column(
        name,
        "variant",
        lambda text, lookups: lookups.find_value(attribute, text.strip()),
        lambda value, lookups: _name_of(value, lookups.value_slugs),
        empty=None,
    )


def _longest(model: Any, field: str) -> int:
    return int(model._meta.get_field(field).max_length)


_PRODUCT: Final = (
    Column("handle", "product", _parse_handle, _id_text, keeps=True),
    _text("external_id", "product", 100),
    _text("title", "product", _longest(ProductPage, "title"), keeps=True),
    _text("summary", "product", _longest(ProductPage, "summary")),
    Column(
        "body",
        "product",
        lambda text, lookups: parse_body(text),
        lambda value, lookups: render_body(value),
        empty=NO_BODY,
    ),
    Column(
        "brand",
        "product",
        lambda text, lookups: lookups.find_brand(text.strip()),
        lambda value, lookups: _name_of(value, lookups.brand_names),
        empty=None,
    ),
    Column(
        "type",
        "product",
        lambda text, lookups: lookups.find_type(text.strip()),
        lambda value, lookups: _name_of(value, lookups.type_slugs),
        empty=None,
    ),
    Column("categories", "product", _parse_categories, _categories, empty=()),
    Column("tags", "product", _parse_tags, lambda value, lookups: join_list(value, ","), empty=()),
    _text("seo_title", "product", _longest(ProductPage, "seo_title")),
    _text("seo_description", "product", None),
    Column("status", "product", _parse_status, _id_text, keeps=True),
    _relation("related"),
    _relation("cross_sell"),
    _relation("up_sell"),
)

_VARIANT: Final = (
    _text("sku", "variant", _longest(ProductVariant, "sku"), keeps=True),
    _text("variant.external_id", "variant", 100),
    _text("variant.title", "variant", _longest(ProductVariant, "title"), keeps=True),
    _text("barcode", "variant", 14),
    _whole("weight_grams", at_most=1_000_000),
    _whole("length_mm", at_most=20_000),
    _whole("width_mm", at_most=20_000),
    _whole("height_mm", at_most=20_000),
    _moment("available_from"),
    _moment("available_until"),
    _whole("max_per_order", at_least=1, at_most=999),
    Column("tax_class", "variant", _parse_tax_class, _id_text, keeps=True),
    _amount("cost", None),
    _yes_no("archived"),
    _whole("position", at_most=2_147_483_647, keeps=True),
    _picture("variant.image", "variant"),
    Column(
        "variant.images",
        "variant",
        _parse_pictures,
        lambda value, lookups: join_list(f"{_picture_text(pk)} {alt}".strip() for pk, alt in value),
        empty=(),
        links=lambda text: [("picture", part.partition(" ")[0]) for part in split_list(text)],
    ),
    Column(
        "parts",
        "variant",
        _parse_parts,
        lambda value, lookups: join_list(f"{sku} x {quantity}" for sku, quantity in value),
        empty=(),
        links=_part_links,
    ),
    _yes_no("priced_by_parts"),
)

STATIC: Final = {column.name: column for column in (*_PRODUCT, *_VARIANT)}
IMAGE: Final = re.compile(r"image\.([1-9][0-9]?)\.(src|alt|caption|video)")
LINKING: Final = ("related", "cross_sell", "up_sell", "parts")


def find_column(name: str, lookups: Lookups) -> Column | None:
    """The column of this name, or ``None`` for one that the shop does not have."""
    if name in STATIC:
        return STATIC[name]
    if found := IMAGE.fullmatch(name):
        return _media_column(name, found[2])
    prefix, _, rest = name.partition(".")
    if prefix in ("attr", "option"):
        return _attribute_column(name, prefix, lookups.attributes.get(rest))
    if prefix in ("price", "compare_at", "tiers"):
        return _price_column(name, prefix, rest, lookups)
    return _stock_column(name, rest, lookups) if prefix == "stock" else None


def _price_column(name: str, prefix: str, code: str, lookups: Lookups) -> Column | None:
    if code not in lookups.price_lists:
        return None
    currency = lookups.price_lists[code].currency
    return _tiers(name, currency) if prefix == "tiers" else _amount(name, currency)


def _stock_column(name: str, rest: str, lookups: Lookups) -> Column | None:
    warehouse, _, rule = rest.partition(".")
    if warehouse not in lookups.warehouses or rule not in ("", "low_from", "backorders"):
        return None
    if rule == "backorders":
        return _yes_no(name)
    return _whole(name, at_most=LARGEST_COUNT, keeps=True)


def _attribute_column(name: str, prefix: str, attribute: Attribute | None) -> Column | None:
    if attribute is None:
        return None
    if prefix == "attr":
        return _attribute(name, attribute)
    if attribute.makes_variants and attribute.kind in Attribute.VARIANT_KINDS:
        return _option(name, attribute)
    return None


def find_columns(names: Iterable[str], lookups: Lookups) -> dict[str, Column]:
    """Those of the names that are columns, in their order."""
    return {name: column for name in names if (column := find_column(name, lookups)) is not None}
