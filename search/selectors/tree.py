"""
The public category tree, read whole in one SQL statement: a shop has hundreds of categories, not millions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from search.values import CategoryRef, Crumb
from shop.catalogue.models import Category, CategoryPlacement


@dataclass(frozen=True, slots=True)
class Node:
    """A public category in its place."""

    id: int
    slug: str
    name: str
    parent_id: int | None
    depth: int
    children: list[int] = field(default_factory=list, compare=False)
    is_ordered: bool = False
    """Whether somebody has put products of it in an order."""

    @property
    def url(self) -> str:
        """Where shoppers find it."""
        return Category(slug=self.slug).get_url()

    def as_ref(self) -> CategoryRef:
        """As a product names it."""
        return CategoryRef(self.id, self.slug, self.name, self.url)


class CategoryTree:
    """Categories that are published and so is everything above them, in the order of the tree."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.by_id: dict[int, Node] = {}
        self.by_slug: dict[str, Node] = {}
        self._refs: dict[int, CategoryRef] = {}
        for node in nodes:
            self.by_id[node.id] = node
            self.by_slug[node.slug] = node
            if node.parent_id is not None:
                self.by_id[node.parent_id].children.append(node.id)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.by_id.values())

    def refs(self, ids: Iterable[int]) -> tuple[CategoryRef, ...]:
        """The public ones among these categories, in the given order."""
        return tuple(self._ref(node_id) for node_id in ids if node_id in self.by_id)

    def _ref(self, node_id: int) -> CategoryRef:
        if node_id not in self._refs:
            self._refs[node_id] = self.by_id[node_id].as_ref()
        return self._refs[node_id]

    def subtree(self, node: Node) -> Iterator[Node]:
        """The category and all below it."""
        yield node
        for child in node.children:
            yield from self.subtree(self.by_id[child])

    def subtree_ids(self, slug: str) -> list[int]:
        """The ids of the category and all below it; none when it is not public."""
        node = self.by_slug.get(slug)
        return [below.id for below in self.subtree(node)] if node else []

    def ancestors(self, node: Node) -> list[Node]:
        """From the top down to the category's parent."""
        above: list[Node] = []
        while node.parent_id is not None:
            node = self.by_id[node.parent_id]
            above.insert(0, node)
        return above

    def breadcrumbs(self, node: Node) -> tuple[Crumb, ...]:
        """From the top down to the category itself."""
        return tuple(Crumb(step.name, step.url) for step in (*self.ancestors(node), node))


def load_tree() -> CategoryTree:
    """The public tree, in one SQL statement."""
    is_ordered = Exists(CategoryPlacement.objects.filter(category_id=OuterRef("pk")))
    rows = Category.objects.order_by("tree_order").values_list(
        "pk", "slug", "name", "parent_id", "depth", "live", is_ordered
    )
    public: set[int] = set()
    nodes = []
    for pk, slug, name, parent_id, depth, live, has_order in rows:
        # The order of the tree brings parents first; below a hidden one everything is hidden.
        if live and (parent_id is None or parent_id in public):
            public.add(pk)
            nodes.append(Node(pk, slug, name, parent_id, depth, is_ordered=has_order))
    return CategoryTree(nodes)
