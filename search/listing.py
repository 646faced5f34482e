"""A list of products as a shopper's browser asks for it: the query string of a page, read with patience."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from django.http import QueryDict

from search.selectors.lists import list_products
from search.selectors.matching import with_scope
from search.selectors.tree import CategoryTree
from search.values import AttributeFilter, Facet, ProductConnectionData, ProductFilter, ProductSort

PAGE_SIZE = 24
LAST_PAGE = 400
LONGEST_QUERY = 120
HIGHEST_PRICE = Decimal(10_000_000)
SORTS = (
    ("", "Newest first"),
    (ProductSort.POPULARITY.value, "Most bought"),
    (ProductSort.PRICE_ASC.value, "Price, low to high"),
    (ProductSort.PRICE_DESC.value, "Price, high to low"),
    (ProductSort.RATING.value, "Best rated"),
    (ProductSort.NAME.value, "Name"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, and where to go to have it off."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of products, with everything that its template says and links to."""

    products: ProductConnectionData
    filters: ProductFilter
    sort: str
    sorts: tuple[tuple[str, str], ...]
    number: int
    last_number: int
    chips: tuple[Chip, ...]
    hidden: tuple[tuple[str, str], ...]
    clear_url: str
    query_string: str

    @property
    def total(self) -> int:
        return self.products.total_count or 0

    @property
    def facets(self) -> tuple[Facet, ...]:
        """What there is to choose from; an attribute that would change nothing is left out."""
        found = self.products.facets
        if found is None:
            return ()
        brands = (found.brands,) if found.brands else ()
        return tuple(facet for facet in (*found.attributes, *brands) if _is_useful(facet))

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """Page numbers to link to: the first, the last, those around here; None for a gap."""
        near = {1, self.last_number, self.number - 1, self.number, self.number + 1}
        numbers: list[int | None] = []
        for number in sorted(n for n in near if 1 <= n <= self.last_number):
            if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
                numbers.append(None)
            numbers.append(number)
        return tuple(numbers)


def load_listing(query: QueryDict, *, base: ProductFilter, tree: CategoryTree) -> Listing:
    """
    The page of products that ``query`` asks for within ``base`` (a category, a collection, a search).

    Whatever cannot be read is ignored: a shopper with an old or mistyped link gets a list, not an error.
    """
    base = with_scope(base)
    filters = _read_filters(query, base)
    sort = _read_sort(query)
    number = _read_page(query)
    found = list_products(
        filters=filters,
        sort=sort,
        first=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
        with_variants=True,
        with_total=True,
        with_facets=True,
        tree=tree,
    )
    return Listing(
        products=found,
        filters=filters,
        sort=sort.value if sort else "",
        sorts=_sorts(base, tree),
        number=number,
        last_number=min(LAST_PAGE, max(1, -(-(found.total_count or 0) // PAGE_SIZE))),
        chips=tuple(_chips(query, filters, found)),
        hidden=(("q", base.query),) if base.query else (),
        clear_url=f"?{_only(query, {'q', 'sort'}).urlencode()}",
        query_string=_without(query, {"page"}).urlencode(),
    )


def _sorts(base: ProductFilter, tree: CategoryTree) -> tuple[tuple[str, str], ...]:
    first = _first_sort(base, tree)
    newest = ((ProductSort.NEWEST.value, "Newest first"),) if first != SORTS[0][1] else ()
    return (("", first), *newest, *SORTS[1:])


def _first_sort(base: ProductFilter, tree: CategoryTree) -> str:
    if base.query:
        return "Best match"
    if base.scope is not None and not base.scope.is_by_rule:
        return "By hand"
    category = tree.by_slug.get(base.category) if base.category else None
    return "Our choice first" if category is not None and category.is_ordered else SORTS[0][1]


def _is_useful(facet: Facet) -> bool:
    return len(facet.values) > 1 or any(value.selected for value in facet.values)


def _read_filters(query: QueryDict, base: ProductFilter) -> ProductFilter:
    attributes = tuple(
        AttributeFilter(name.removeprefix("attr."), values)
        for name in query
        if name.startswith("attr.") and (values := _texts(query, name))
    )
    return replace(
        base,
        attributes=attributes,
        brands=_texts(query, "brand"),
        price_min=_price(query.get("price_min", "")),
        price_max=_price(query.get("price_max", "")),
        in_stock=True if query.get("in_stock") == "true" else None,
        on_sale=True if query.get("on_sale") == "true" else None,
    )


def _texts(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(value for value in query.getlist(name) if value and "\x00" not in value)


def _price(text: str) -> Decimal | None:
    try:
        price = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return price if price.is_finite() and 0 <= price <= HIGHEST_PRICE else None


def _read_sort(query: QueryDict) -> ProductSort | None:
    value = query.get("sort", "")
    return ProductSort(value) if value in set(ProductSort) else None


def _read_page(query: QueryDict) -> int:
    text = query.get("page", "")
    return min(max(1, int(text)), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) <= 6 else 1  # noqa: PLR2004


def _chips(query: QueryDict, filters: ProductFilter, found: ProductConnectionData) -> Iterator[Chip]:
    facets = found.facets
    known: Iterable[Facet] = (
        (*facets.attributes, *((facets.brands,) if facets.brands else ())) if facets else ()
    )
    for facet in known:
        for value in facet.values:
            if value.selected:
                yield Chip(f"{facet.name}: {value.name}", _less(query, facet.param, value.slug))
    if filters.price_min is not None:
        yield Chip(f"From {filters.price_min}", _less(query, "price_min"))
    if filters.price_max is not None:
        yield Chip(f"Up to {filters.price_max}", _less(query, "price_max"))
    if filters.in_stock:
        yield Chip("In stock", _less(query, "in_stock"))
    if filters.on_sale:
        yield Chip("Reduced", _less(query, "on_sale"))


def _less(query: QueryDict, name: str, value: str | None = None) -> str:
    left = _without(query, {"page"})
    kept = [item for item in left.getlist(name) if value is not None and item != value]
    left.setlist(name, kept)
    return f"?{left.urlencode()}"


def _without(query: QueryDict, names: set[str]) -> QueryDict:
    left = query.copy()
    for name in names:
        left.pop(name, None)
    # Fields of the form that were left empty say nothing.
    for name in list(left):
        left.setlist(name, [value for value in left.getlist(name) if value])
    return left


def _only(query: QueryDict, names: set[str]) -> QueryDict:
    return _without(query, set(query) - names)
