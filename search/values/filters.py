"""What a list of products is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shop.catalogue.predicates import Node


class ProductSort(StrEnum):
    """Orders of a list; the values are those of REST's `?sort=`."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_ASC = "price"
    PRICE_DESC = "-price"
    NAME = "name"
    RATING = "rating"
    POPULARITY = "popularity"


@dataclass(frozen=True, slots=True)
class AttributeFilter:
    """Any of `values` (slugs) of the attribute `slug`."""

    slug: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionScope:
    """
    How the products of a collection are found: by its rows, by its live rule, or by `draft`, a rule that
    nobody has published yet.
    """

    id: int
    is_by_rule: bool
    draft: Node | None = None


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """
    Conditions that a product must all meet; an unknown slug matches nothing. `category` includes its
    descendants. `scope` is what `collection` stands for, once that has been looked up.
    """

    category: str | None = None
    collection: str | None = None
    brands: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool | None = None
    on_sale: bool | None = None
    attributes: tuple[AttributeFilter, ...] = ()
    query: str = ""
    scope: CollectionScope | None = None
