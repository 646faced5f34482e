"""
SKUs made by a pattern, such as ``{product}-{colour}-{size}``.

``{product}``
    the slug of the product, in capitals.
``{values}``
    the values of the variant, in the order of its attributes.
``{number}``
    the first number that makes the SKU free, from 1 on.
``{colour}``
    the value of the attribute with this slug.

What is missing takes its separator along: without a size, the pattern above gives ``LAMP-RED``. A SKU that
is taken gets a number behind it: ``LAMP-RED-2``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.db.models.functions import Upper

from shop.catalogue.models import ProductVariant
from shop.catalogue.models.types import DEFAULT_SKU_PATTERN

if TYPE_CHECKING:
    from shop.catalogue.models import ProductPage

MAX_SKU: Final = 64
MAX_PRODUCT: Final = 24
MAX_VALUE: Final = 20
SEPARATORS: Final = "._/+-"
OWN_TOKENS: Final = ("product", "values", "number")
TRIES_AT_ONCE: Final = 50
_TOKEN = re.compile(r"\{([^{}]*)\}")
_LITERAL = re.compile(r"[A-Za-z0-9._/+-]*")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class SkuParts:
    """What one SKU is made of: ``values`` maps slugs of attributes to slugs of their values, in order."""

    product: str
    values: Mapping[str, str]


def validate_sku_pattern(pattern: str, *, attribute_slugs: Collection[str] | None = None) -> None:
    """
    Refuse a pattern of which no SKU could be made.

    :param attribute_slugs: of the attributes that may be named; without it, any slug may
    :raises ValidationError: with the mend
    """
    names = _TOKEN.findall(pattern)
    rest = _TOKEN.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise ValidationError("Close every bracket of the pattern, as in {product}-{values}.")
    if not _LITERAL.fullmatch(rest):
        raise ValidationError(
            "Beside its {names}, a pattern holds letters, digits and . _ / + - without spaces, "
            "as in LAMP-{colour}."
        )
    for name in names:
        if name in OWN_TOKENS:
            continue
        if not _SLUG.fullmatch(name):
            raise ValidationError(f"{{{name}}} is no name: write {{product}} or the slug of an attribute.")
        if attribute_slugs is not None and name not in attribute_slugs:
            raise ValidationError(
                f"There is no attribute “{name}” here. Use {_list_tokens(attribute_slugs)}, "
                "or add the attribute first."
            )
    if not names:
        raise ValidationError(
            "This pattern gives every variant the same SKU: put {product}, {values} or {number} into it."
        )


def _list_tokens(attribute_slugs: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in (*OWN_TOKENS, *sorted(attribute_slugs)))


def render_sku(pattern: str, parts: SkuParts, *, number: int = 1) -> str:
    """One SKU as the pattern says, at most 64 characters of those that SKUs are made of."""

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "product":
            return shorten(clean_part(parts.product), MAX_PRODUCT)
        if name == "number":
            return str(number)
        if name == "values":
            return "-".join(filter(None, map(_value, parts.values.values())))
        return _value(parts.values.get(name, ""))

    return shorten(_tidy(_TOKEN.sub(fill, pattern)), MAX_SKU) or "SKU"


def _value(slug: str) -> str:
    return shorten(clean_part(slug), MAX_VALUE)


def clean_part(text: str) -> str:
    """Latin capitals, digits and dashes of any text: ``Größe 4½`` becomes ``GROSSE-4-1-2``."""
    return re.sub(r"[^A-Z0-9]+", "-", anyascii(text).upper()).strip("-")


def _tidy(sku: str) -> str:
    """Leave one separator where something between two was missing, and none at the ends."""
    return re.sub(r"([._/+-])[._/+-]+", r"\1", sku).strip(SEPARATORS)


def shorten(text: str, length: int) -> str:
    """At most so many characters, cut between two words where that leaves at least half of them."""
    if len(text) <= length:
        return text
    cut = text[:length]
    words = cut.rsplit("-", 1)[0] if text[length] != "-" else cut
    return (words if len(words) * 2 >= length else cut).rstrip(SEPARATORS)


def candidates(pattern: str, parts: SkuParts) -> Iterator[str]:
    """SKUs to try, best first, without end: other numbers where the pattern has one, else one behind it."""
    # A number that is cut off for length would make the same SKU for ever.
    if render_sku(pattern, parts) != render_sku(pattern, parts, number=2):
        number = 0
        while True:
            number += 1
            yield render_sku(pattern, parts, number=number)
    base = render_sku(pattern, parts)
    yield base
    number = 1
    while True:
        number += 1
        suffix = f"-{number}"
        yield shorten(base, MAX_SKU - len(suffix)) + suffix


def make_skus(
    *, product: ProductPage, combos: Sequence[Mapping[str, str]], pattern: str | None = None
) -> list[str]:
    """
    Return a free SKU for each of the combos, which map slugs of attributes to slugs of values.

    Free means: no variant has it, on sale or archived, in capitals or not, and no other combo got it. It is
    no promise: whoever saves first has it.

    :param pattern: instead of the pattern of the product's type
    """
    if pattern is None:
        pattern = product.product_type.sku_pattern if product.product_type else ""
    pattern = pattern or DEFAULT_SKU_PATTERN
    name = product.slug or product.title or "product"
    streams = [candidates(pattern, SkuParts(name, combo)) for combo in combos]
    given: set[str] = set()
    found: dict[int, str] = {}
    batch = 1
    while len(found) < len(combos):
        tries = {
            index: list(islice(stream, batch)) for index, stream in enumerate(streams) if index not in found
        }
        taken = find_taken_skus(sku for skus in tries.values() for sku in skus)
        for index, skus in tries.items():
            free = next((sku for sku in skus if sku.upper() not in taken | given), None)
            if free is not None:
                found[index] = free
                given.add(free.upper())
        batch = TRIES_AT_ONCE
    return [found[index] for index in range(len(combos))]


def find_taken_skus(skus: Iterable[str]) -> set[str]:
    """Those of the SKUs, in capitals, that a variant has already, archived ones included: 1 query."""
    wanted = {sku.upper() for sku in skus}
    held = ProductVariant.objects.annotate(upper_sku=Upper("sku")).filter(upper_sku__in=wanted)
    return set(held.order_by().values_list("upper_sku", flat=True))
