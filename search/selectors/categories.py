"""Public categories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from search.errors import CategoryNotFound
from search.selectors.facets import count_by_category
from search.selectors.images import load_images
from search.selectors.lists import check_currency
from search.selectors.matching import matching_entries
from search.selectors.tree import CategoryTree, Node, load_tree
from search.values import CategoryData, ProductFilter, SeoData
from shop.catalogue.models import Category


def list_categories(
    *,
    parent: str | None = None,
    depth: int | None = None,
    with_counts: bool = True,
    with_texts: bool = False,
    currency: str | None = None,
    tree: CategoryTree | None = None,
) -> list[CategoryData]:
    """
    Public categories in the tree's order, parents before their children. `parent` leaves those below it;
    `depth` counts levels from there (1: its children only). `with_texts` adds picture and introduction for
    two more SQL statements.
    """
    tree = tree or load_tree()
    nodes = list(_select(tree, parent=parent, depth=depth))
    counts = _counts(tree, currency) if with_counts and nodes else {}
    categories = [_data(tree, node, counts) for node in nodes]
    return _with_texts(categories) if with_texts and nodes else categories


def get_category(*, slug: str, currency: str | None = None, tree: CategoryTree | None = None) -> CategoryData:
    """
    One public category with its children (with pictures), its picture, texts and breadcrumbs.

    :raises CategoryNotFound: if none is public under this slug
    """
    tree = tree or load_tree()
    node = tree.by_slug.get(slug)
    if node is None:
        raise CategoryNotFound
    return build_category(Category.objects.get(pk=node.id), tree=tree, currency=currency)


def build_category(category: Category, *, tree: CategoryTree, currency: str | None = None) -> CategoryData:
    """
    A category object in memory, as its page shows it: for `get_category`, and for the admin's preview of a
    draft that is not in the public tree yet.
    """
    node = tree.by_id.get(category.pk)
    counts = _counts(tree, currency)
    children = [_data(tree, tree.by_id[child], counts) for child in (node.children if node else ())]
    described = Category.objects.in_bulk([child.id for child in children]) if children else {}
    alts = {held.image_id: _alt(held) for held in (category, *described.values()) if held.image_id}
    images = load_images(alts)
    return CategoryData(
        id=category.pk or 0,
        slug=category.slug,
        name=category.name,
        url=category.get_url(),
        parent=tree.by_id[category.parent_id].slug if category.parent_id in tree.by_id else None,
        depth=category.depth,
        product_count=counts.get(category.pk, 0),
        description=category.description,
        body_html=str(category.body.render_as_block()) if category.body else "",
        image=images.get(category.image_id or 0),
        children=tuple(
            replace(
                child,
                description=described[child.id].description,
                image=images.get(described[child.id].image_id or 0),
            )
            for child in children
        ),
        breadcrumbs=tree.breadcrumbs(node) if node else (),
        seo=SeoData(category.seo_title or category.name, category.seo_description or category.description),
    )


def _select(tree: CategoryTree, *, parent: str | None, depth: int | None) -> Iterable[Node]:
    start = 0
    nodes: Iterable[Node] = tree
    if parent is not None:
        top = tree.by_slug.get(parent)
        if top is None:
            return []
        start = top.depth
        nodes = (node for node in tree.subtree(top) if node is not top)
    return [node for node in nodes if depth is None or node.depth <= start + depth]


def _counts(tree: CategoryTree, currency: str | None) -> dict[int, int]:
    entries = matching_entries(ProductFilter(), currency=check_currency(currency), tree=tree)
    return count_by_category(entries, tree)


def _data(tree: CategoryTree, node: Node, counts: dict[int, int]) -> CategoryData:
    return CategoryData(
        id=node.id,
        slug=node.slug,
        name=node.name,
        url=node.url,
        parent=tree.by_id[node.parent_id].slug if node.parent_id is not None else None,
        depth=node.depth,
        product_count=counts.get(node.id, 0),
    )


def _with_texts(categories: list[CategoryData]) -> list[CategoryData]:
    described = Category.objects.in_bulk([category.id for category in categories])
    images = load_images({held.image_id: _alt(held) for held in described.values() if held.image_id})
    return [
        replace(
            category,
            description=described[category.id].description,
            image=images.get(described[category.id].image_id or 0),
        )
        for category in categories
    ]


def _alt(category: Category) -> str:
    return category.image_alt or category.name
