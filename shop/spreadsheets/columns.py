"""
The columns of our own format: what each may hold, how it is read and how it is written.

A product and a variant are dictionaries of column to value. A value is what the database holds (keys,
decimals, tuples), so that a cell is "changed" when it means something else, not when it looks different.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from shop.catalogue.models import Attribute, ProductPage, ProductVariant
from shop.spreadsheets.bodies import NO_BODY, parse_body, render_body
from shop.spreadsheets.cells import join_list, split_list
from shop.spreadsheets.column_kinds import (
    LARGEST_COUNT,
    Column,
    amount_column,
    moment_column,
    parse_handle,
    parse_status,
    render_text,
    text_column,
    tiers_column,
    whole_column,
    yes_no_column,
)
from shop.spreadsheets.column_links import (
    attribute_column,
    media_column,
    name_of,
    option_column,
    parse_categories,
    parse_parts,
    parse_pictures,
    parse_tags,
    parse_tax_class,
    part_links,
    picture_column,
    picture_text,
    relation_column,
    render_categories,
)
from shop.spreadsheets.lookups import Lookups


def _longest(model: Any, field: str) -> int:
    return int(model._meta.get_field(field).max_length)


_PRODUCT: Final = (
    Column("handle", "product", parse_handle, render_text, keeps=True),
    text_column("external_id", "product", 100),
    text_column("title", "product", _longest(ProductPage, "title"), keeps=True),
    text_column("summary", "product", _longest(ProductPage, "summary")),
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
        lambda value, lookups: name_of(value, lookups.brand_names),
        empty=None,
    ),
    Column(
        "type",
        "product",
        lambda text, lookups: lookups.find_type(text.strip()),
        lambda value, lookups: name_of(value, lookups.type_slugs),
        empty=None,
    ),
    Column("categories", "product", parse_categories, render_categories, empty=()),
    Column("tags", "product", parse_tags, lambda value, lookups: join_list(value, ","), empty=()),
    text_column("seo_title", "product", _longest(ProductPage, "seo_title")),
    text_column("seo_description", "product", None),
    Column("status", "product", parse_status, render_text, keeps=True),
    relation_column("related"),
    relation_column("cross_sell"),
    relation_column("up_sell"),
)

_VARIANT: Final = (
    text_column("sku", "variant", _longest(ProductVariant, "sku"), keeps=True),
    text_column("variant.external_id", "variant", 100),
    text_column("variant.title", "variant", _longest(ProductVariant, "title"), keeps=True),
    text_column("barcode", "variant", 14),
    whole_column("weight_grams", at_most=1_000_000),
    whole_column("length_mm", at_most=20_000),
    whole_column("width_mm", at_most=20_000),
    whole_column("height_mm", at_most=20_000),
    moment_column("available_from"),
    moment_column("available_until"),
    whole_column("max_per_order", at_least=1, at_most=999),
    Column("tax_class", "variant", parse_tax_class, render_text, keeps=True),
    amount_column("cost", None),
    yes_no_column("archived"),
    whole_column("position", at_most=2_147_483_647, keeps=True),
    picture_column("variant.image", "variant"),
    Column(
        "variant.images",
        "variant",
        parse_pictures,
        lambda value, lookups: join_list(f"{picture_text(pk)} {alt}".strip() for pk, alt in value),
        empty=(),
        links=lambda text: [("picture", part.partition(" ")[0]) for part in split_list(text)],
    ),
    Column(
        "parts",
        "variant",
        parse_parts,
        lambda value, lookups: join_list(f"{sku} x {quantity}" for sku, quantity in value),
        empty=(),
        links=part_links,
    ),
    yes_no_column("priced_by_parts"),
)

STATIC: Final = {column.name: column for column in (*_PRODUCT, *_VARIANT)}
IMAGE: Final = re.compile(r"image\.([1-9][0-9]?)\.(src|alt|caption|video)")
LINKING: Final = ("related", "cross_sell", "up_sell", "parts")


def find_column(name: str, lookups: Lookups) -> Column | None:
    """The column of this name, or ``None`` for one that the shop does not have."""
    if name in STATIC:
        return STATIC[name]
    if found := IMAGE.fullmatch(name):
        return media_column(name, found[2])
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
    return tiers_column(name, currency) if prefix == "tiers" else amount_column(name, currency)


def _stock_column(name: str, rest: str, lookups: Lookups) -> Column | None:
    warehouse, _, rule = rest.partition(".")
    if warehouse not in lookups.warehouses or rule not in ("", "low_from", "backorders"):
        return None
    if rule == "backorders":
        return yes_no_column(name)
    return whole_column(name, at_most=LARGEST_COUNT, keeps=True)


def _attribute_column(name: str, prefix: str, attribute: Attribute | None) -> Column | None:
    if attribute is None:
        return None
    if prefix == "attr":
        return attribute_column(name, attribute)
    if attribute.makes_variants and attribute.kind in Attribute.VARIANT_KINDS:
        return option_column(name, attribute)
    return None


def find_columns(names: Iterable[str], lookups: Lookups) -> dict[str, Column]:
    """Those of the names that are columns, in their order."""
    return {name: column for name in names if (column := find_column(name, lookups)) is not None}
