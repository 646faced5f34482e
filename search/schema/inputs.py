"""What queries of the catalogue take."""

from __future__ import annotations

from decimal import Decimal as PythonDecimal
from decimal import InvalidOperation
from typing import Any

import graphene
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode, ValueNode

from search.text import MAX_QUERY_LENGTH
from search.values import AttributeFilter, ProductFilter, ProductSort

MAX_PAGE = 100
MAX_TEXT = 255
MAX_FILTERS = 50
BRAND = "brand"
LARGEST = PythonDecimal(10) ** 14


def bad_input(message: str) -> GraphQLError:
    """A refusal of what was asked, as GraphQL tells it."""
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})


class Decimal(graphene.Scalar):
    """An exact decimal number; in variables best written as a string: "12.50"."""

    @staticmethod
    def serialize(value: PythonDecimal) -> str:
        """The number as a string, so that no reader makes a binary fraction of it."""
        return f"{value:f}"

    @staticmethod
    def parse_literal(node: ValueNode, _variables: Any = None) -> PythonDecimal:
        """The number as it is written in the query."""
        if isinstance(node, StringValueNode | IntValueNode | FloatValueNode):
            return Decimal.parse_value(node.value)
        raise bad_input("Give a decimal number.")

    @staticmethod
    def parse_value(value: Any) -> PythonDecimal:
        """The number from a variable; JSON's own numbers are taken as they were written."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise bad_input("Give a decimal number.")
        written = str(value)
        # Python also reads "1_0" and the digits of every script.
        if len(written) > MAX_TEXT or "_" in written or not written.isascii():
            raise bad_input("Give a decimal number.")
        try:
            number = PythonDecimal(written)
        except InvalidOperation:
            raise bad_input("Give a decimal number.") from None
        if not number.is_finite() or not 0 <= number < LARGEST:
            raise bad_input("Give a decimal number that a price can have.")
        return number


class AttributeFilterInput(graphene.InputObjectType):
    """Any of these values (slugs) of the attribute; `brand` stands for the brand."""

    slug = graphene.String(required=True)
    values = graphene.List(graphene.NonNull(graphene.String), required=True)

    class Meta:
        name = "AttributeFilter"


class ProductFilterInput(graphene.InputObjectType):
    """Conditions that a product must all meet; an unknown slug matches nothing."""

    category = graphene.String(description="A category's slug; its descendants count.")
    collection = graphene.String()
    price_min = Decimal()
    price_max = Decimal()
    in_stock = graphene.Boolean()
    on_sale = graphene.Boolean()
    attributes = graphene.List(graphene.NonNull(AttributeFilterInput))
    query = graphene.String()

    class Meta:
        name = "ProductFilter"


class ProductSortEnum(graphene.Enum):
    """Orders of a list."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_ASC = "price"
    PRICE_DESC = "-price"
    NAME = "name"
    RATING = "rating"
    POPULARITY = "popularity"

    class Meta:
        name = "ProductSort"


def read_filter(given: dict[str, Any] | None, **more: Any) -> ProductFilter:
    """
    The filter that the input stands for.

    :raises GraphQLError: if a text is too long or holds characters that no name has
    """
    given = {name: value for name, value in (given or {}).items() if value is not None} | more
    held = given.pop("attributes", [])
    if len(held) > MAX_FILTERS or any(len(one["values"]) > MAX_FILTERS for one in held):
        raise bad_input(f"Filter by at most {MAX_FILTERS} attributes and values.")
    brands: tuple[str, ...] = ()
    attributes = []
    for one in held:
        values = tuple(clean_text(value) for value in one["values"])
        if one["slug"] == BRAND:
            brands += values
        else:
            attributes.append(AttributeFilter(clean_text(one["slug"]), values))
    for name in ("category", "collection", "query"):
        if name in given:
            given[name] = clean_text(given[name], limit=MAX_QUERY_LENGTH if name == "query" else MAX_TEXT)
    return ProductFilter(attributes=tuple(attributes), brands=brands, **given)


def read_sort(given: Any) -> ProductSort | None:
    """The order that the enum's value stands for."""
    return ProductSort(getattr(given, "value", given)) if given is not None else None


def clean_text(text: str, *, limit: int = MAX_TEXT) -> str:
    """
    A text that can be looked for.

    :raises GraphQLError: if it is longer than `limit` or holds a character that databases refuse
    """
    if len(text) > limit:
        raise bad_input(f"Give at most {limit} characters.")
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise bad_input("Remove the control characters from this text.")
    return text


def page_size(first: int | None, *, default: int = 24, most: int = MAX_PAGE) -> int:
    """
    How many rows to answer with.

    :raises GraphQLError: for anything but 1 to `most`
    """
    if first is None:
        return default
    if not 1 <= first <= most:
        raise bad_input(f"Ask for 1 to {most} at a time.")
    return first
