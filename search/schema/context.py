"""What one GraphQL request has loaded already, and what it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from graphql import FieldNode, FragmentSpreadNode, GraphQLResolveInfo, InlineFragmentNode, SelectionSetNode

from search.selectors import list_categories, list_product_details
from search.selectors.tree import CategoryTree, load_tree
from search.values import CategoryData, ProductDetail, ProductSummary


class CatalogueContext:
    """Loads for all products of a request at once what one of them is asked for."""

    def __init__(self) -> None:
        self._details: dict[int, ProductDetail] = {}
        self._waiting: dict[int, str] = {}

    @cached_property
    def tree(self) -> CategoryTree:
        """The public category tree."""
        return load_tree()

    @cached_property
    def counts(self) -> dict[int, int]:
        """Products per category, itself and below."""
        return {category.id: category.product_count for category in list_categories(tree=self.tree)}

    @cached_property
    def texts(self) -> dict[int, CategoryData]:
        """Pictures and introductions of all categories."""
        described = list_categories(with_counts=False, with_texts=True, tree=self.tree)
        return {category.id: category for category in described}

    def expect(self, products: Iterable[ProductSummary]) -> None:
        """Note products that may be asked for more than a list knows."""
        for product in products:
            if product.id not in self._details:
                self._waiting.setdefault(product.id, product.currency)

    def detail(self, product: ProductSummary) -> ProductDetail | None:
        """
        The product's page content; all noted products are loaded with the first. None if it went meanwhile.
        """
        if product.id not in self._details:
            self.expect([product])
            by_currency: dict[str, list[int]] = {}
            for product_id, currency in self._waiting.items():
                by_currency.setdefault(currency, []).append(product_id)
            self._waiting.clear()
            for currency, ids in by_currency.items():
                found = list_product_details(product_ids=ids, currency=currency, tree=self.tree)
                self._details |= found
                self.expect(other for detail in found.values() for other in detail.shown_beside)
        return self._details.get(product.id)


def get_context(info: GraphQLResolveInfo) -> CatalogueContext:
    """The catalogue's part of the request's context."""
    context = info.context
    if context.catalogue is None:
        context.catalogue = CatalogueContext()
    found: CatalogueContext = context.catalogue
    return found


def selected_paths(info: GraphQLResolveInfo) -> set[str]:
    """The names of all fields below this one, with dots: `{"edges", "edges.node", "edges.node.title"}`."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()

    def walk(selections: SelectionSetNode | None, prefix: str) -> None:
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                path = f"{prefix}{node.name.value}"
                found.add(path)
                walk(node.selection_set, f"{path}.")
            elif isinstance(node, InlineFragmentNode):
                walk(node.selection_set, prefix)
            elif isinstance(node, FragmentSpreadNode) and (prefix, node.name.value) not in seen:
                seen.add((prefix, node.name.value))
                walk(info.fragments[node.name.value].selection_set, prefix)

    for node in info.field_nodes:
        walk(node.selection_set, "")
    return found


def asks_for(paths: set[str], parent: str, names: Iterable[str]) -> bool:
    """Whether any of the fields `names` of `parent` was asked for."""
    return any(f"{parent}{name}" in paths for name in names)
