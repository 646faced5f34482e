from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from shop.catalogue.events import record_categories_changed
from shop.catalogue.models import Category
from shop.core.audit import record_audit
from shop.core.errors import ShopError

if TYPE_CHECKING:
    from shop.customers.models import User


class CategoryNotMovable(ShopError):
    """A category cannot be there: inside itself, or too deep."""

    code = "category_not_movable"
    status = 409
    title = "The category cannot be moved there."


@transaction.atomic
def move_category(
    *,
    category: Category,
    parent: Category | None,
    after: Category | None = None,
    actor: User | None = None,
    at: datetime | None = None,
) -> Category:
    """
    Move a category, with all below it, to a place in the tree; at once, drafts included.

    :param after: the sibling that it follows; ``None`` for the first place
    :raises CategoryNotMovable: if ``parent`` is the category itself or below it, the tree gets too deep, or
        ``after`` is no sibling any more
    """
    tree = {held.pk: held for held in Category.objects.select_for_update().order_by("pk")}
    if category.pk not in tree or (parent and parent.pk not in tree):
        raise CategoryNotMovable("Somebody has deleted it by now. Load the page again.")
    moved = tree[category.pk]
    target = tree[parent.pk] if parent else None
    deepest = max(held.depth for held in tree.values() if held.path.startswith(moved.path))
    try:
        moved.check_parent(target, levels=deepest - moved.depth)
    except ValidationError as error:
        raise CategoryNotMovable(" ".join(error.messages)) from error
    siblings = [
        held
        for held in sorted(tree.values(), key=lambda held: held.sort_order)
        if held.parent_id == (target.pk if target else None) and held.pk != moved.pk
    ]
    place = next((index for index, held in enumerate(siblings, 1) if after and held.pk == after.pk), 0)
    if after is not None and not place:
        raise CategoryNotMovable(f"“{after}” is somewhere else by now. Load the page again to see where.")
    siblings.insert(place, moved)
    before = moved.parent_id
    moved.parent = target
    for position, held in enumerate(siblings, start=1):
        held.sort_order = position
    Category.objects.bulk_update(siblings, ["parent", "sort_order"])
    changed = Category.rebuild_tree()
    record_categories_changed(sorted({moved.pk, *changed}))
    record_audit(
        actor=actor,
        action="category.move",
        target=moved,
        changes={"parent": [before, moved.parent_id], "position": place + 1},
        at=at,
    )
    category.refresh_from_db(fields=["parent", "path", "tree_order", "depth", "sort_order"])
    return category
