"""What a section is made of, what its pieces point at, and what was found for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from content.selectors import CategoryTarget
from search.values import ImageData, ProductSort, ProductSummary

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A link that leads somewhere a shopper may go."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section: the template that draws it and its values by name."""

    kind: str
    anchor: str
    values: Mapping[str, Any]

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"content/sections/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture link to a category."""

    label: str
    url: str
    picture: ImageData | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer as HTML."""

    question: str
    answer: SafeString


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a picture, in pixels from its upper left corner, and the product seen there."""

    number: int
    x: int
    y: int
    product: ProductSummary


@dataclass(frozen=True, slots=True)
class Testimonial:
    """What a customer said; ``rating`` is 1 to 5 stars, or 0 for none."""

    quote: str
    name: str
    role: str
    rating: int
    picture: ImageData | None


@dataclass(frozen=True, slots=True)
class ListWish:
    """Products that a section asks for by what they have in common; keys of category and collection."""

    category: int | None = None
    collection: int | None = None
    on_sale: bool = False
    in_stock: bool = False
    sort: ProductSort | None = None
    limit: int = 8


@dataclass(slots=True)
class Wanted:
    """The keys that a page's sections point at."""

    products: set[int] = field(default_factory=set)
    lists: set[ListWish] = field(default_factory=set)
    categories: set[int] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)
    documents: set[int] = field(default_factory=set)
    pictures: set[int | None] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for them."""

    products: Mapping[int, ProductSummary]
    lists: Mapping[ListWish, tuple[ProductSummary, ...]]
    categories: Mapping[int, CategoryTarget]
    pages: Mapping[int, str]
    documents: Mapping[int, str]
    pictures: Mapping[int, ImageData]
