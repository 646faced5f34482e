"""Columns that name other things of the shop: categories, products, attributes, pictures, parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError

from shop.catalogue.attributes.cleaning import clean_attribute_text
from shop.catalogue.models import Attribute
from shop.spreadsheets.cells import CellRefused, join_list, split_list
from shop.spreadsheets.column_kinds import Column, Level, text_column
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.pending import Pending

LONGEST_ATTRIBUTE: Final = 5000
LONGEST_TAG: Final = 100
LONGEST_ALT_TEXT: Final = 200


# -- what products name ----------------------------------------------------------------------------------


def name_of(value: Any, names: Mapping[int, str]) -> str:
    """What a thing is called that is there, or is made by this import."""
    if value is None:
        return ""
    return value.label if isinstance(value, Pending) else names.get(value, "")


def render_categories(value: tuple[Any, ...], lookups: Lookups) -> str:
    """Categories by their paths."""
    texts = (
        join_list(held.name, ">") if isinstance(held, Pending) else lookups.paths.text_of(held)
        for held in value
    )
    return join_list(texts)


def parse_categories(text: str, lookups: Lookups) -> tuple[Any, ...]:
    """:raises CellRefused: for one that is not there and may not be made"""
    return tuple(dict.fromkeys(lookups.find_category(path) for path in split_list(text)))


def parse_tags(text: str, lookups: Lookups) -> tuple[str, ...]:
    """:raises CellRefused: for one that is too long"""
    tags = tuple(sorted(dict.fromkeys(split_list(text, ","))))
    if long := [tag for tag in tags if len(tag) > LONGEST_TAG]:
        raise CellRefused(f"A tag has {LONGEST_TAG} characters at most: shorten “{long[0][:40]}…”.")
    return tags


def relation_column(name: str) -> Column:
    """Other products, by their handles; those further down in the file count as well."""

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


def attribute_column(name: str, attribute: Attribute) -> Column:
    """What a product has of an attribute, by the kind of it."""
    if attribute.has_values:
        return Column(
            name,
            "product",
            lambda text, lookups: _parse_values(attribute, text, lookups),
            lambda value, lookups: join_list(name_of(held, lookups.value_slugs) for held in value),
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


def picture_text(value: int | Pending | None) -> str:
    """A picture as a cell names it."""
    if value is None:
        return ""
    return "new picture" if isinstance(value, Pending) else f"id:{value}"


def picture_column(name: str, level: Level) -> Column:
    """One picture."""
    return Column(
        name,
        level,
        _parse_picture,
        lambda value, lookups: picture_text(value),
        empty=None,
        links=lambda text: [("picture", text.strip())],
    )


def _parse_film(text: str, lookups: Lookups) -> str:
    if text.startswith("document:"):
        return f"document:{_parse_link(text.removeprefix('document:'), 'document', lookups)}"
    if not re.fullmatch(r"https?://[^\s<>\"]{4,190}", text):
        raise CellRefused("Write the address of a film, such as https://www.youtube.com/watch?v=….")
    return text


def parse_pictures(text: str, lookups: Lookups) -> tuple[tuple[int | Pending, str], ...]:
    """:raises CellRefused: for one that is not there, or whose alternative text is too long"""
    found: dict[int | Pending, str] = {}
    for part in split_list(text):
        source, _, alt_text = part.partition(" ")
        if len(alt_text) > LONGEST_ALT_TEXT:
            raise CellRefused(f"An alternative text has {LONGEST_ALT_TEXT} characters at most: shorten it.")
        found[_parse_picture(source, lookups)] = alt_text.strip()
    return tuple(found.items())


def media_column(name: str, part: str) -> Column:
    """One part of a place in the gallery."""
    if part == "src":
        return picture_column(name, "product")
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
    return text_column(name, "product", 200)


# -- variants --------------------------------------------------------------------------------------------


def parse_tax_class(text: str, lookups: Lookups) -> str:
    """:raises CellRefused: for one that is not there"""
    if text not in lookups.tax_classes:
        raise CellRefused(
            f"There is no tax class “{text[:40]}”: use one of {', '.join(sorted(lookups.tax_classes))}.",
            code="unknown_tax_class",
        )
    return text


def parse_parts(text: str, lookups: Lookups) -> tuple[tuple[str, int], ...]:
    """:raises CellRefused: for a part that is not there, or is there twice"""
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


def part_links(text: str) -> list[tuple[str, str]]:
    """The SKUs that a cell of parts names."""
    return [("sku", part.split(" x ")[0]) for part in split_list(text)]


def option_column(name: str, attribute: Attribute) -> Column:
    """The value that a variant has of an attribute which makes variants."""
    return Column(
        name,
        "variant",
        lambda text, lookups: lookups.find_value(attribute, text.strip()),
        lambda value, lookups: name_of(value, lookups.value_slugs),
        empty=None,
    )
