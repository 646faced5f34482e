"""The tree of categories as the admin shows it: one row per category, in the tree's order, in six queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Revision, WorkflowState

from shop.catalogue.models import Category, ProductCategory


@dataclass(frozen=True, slots=True)
class Tag:
    """A status as it stands beside the name; ``tone`` is a class of Wagtail's status tags."""

    label: str
    tone: str = "secondary"


@dataclass(slots=True, kw_only=True)
class Row:
    """
    A category in the list. ``own_…`` count the products in it, ``total_…`` with all below, each once;
    ``waiting`` are those that are not live. ``is_public`` also asks what stands above it.
    """

    id: int
    parent_id: int | None
    depth: int
    name: str
    slug: str
    tags: tuple[Tag, ...]
    is_public: bool = False
    has_children: bool = False
    position: int = 1
    siblings: int = 1
    own_live: int = 0
    own_waiting: int = 0
    total_live: int = 0
    total_waiting: int = 0
    is_match: bool = False
    children: list[Row] = field(default_factory=list, repr=False)

    @property
    def counts_title(self) -> str:
        """What the numbers mean, in words."""
        own, total = self.own_live + self.own_waiting, self.total_live + self.total_waiting
        return (
            f"{own} in it ({self.own_live} live), {total} with the categories below ({self.total_live} live)"
        )

    @property
    def url(self) -> str:
        """Where shoppers find it."""
        return Category.path_of(self.slug)


def load_rows(*, query: str = "") -> list[Row]:
    """
    Every category; with ``query`` those whose name or slug has it, and what stands above them.
    """
    categories = list(Category.objects.order_by("tree_order").defer("body", "description"))
    rows = _build(categories)
    _count(rows)
    shown = _matching(rows, query.strip()) if query.strip() else list(rows.values())
    _place(shown)
    return shown


def _build(categories: Iterable[Category]) -> dict[int, Row]:
    scheduled, reviewed = _scheduled_ids(), _reviewed_ids()
    rows: dict[int, Row] = {}
    live_above: dict[int, bool] = {}
    for held in categories:
        above = live_above.get(held.parent_id or 0, True)
        live_above[held.pk] = above and held.live
        row = Row(
            id=held.pk,
            parent_id=held.parent_id,
            depth=held.depth,
            name=held.name,
            slug=held.slug,
            is_public=held.live and above,
            tags=tuple(_tags(held, above, held.pk in scheduled, held.pk in reviewed)),
        )
        rows[held.pk] = row
        if held.parent_id in rows:
            rows[held.parent_id].children.append(row)
    return rows


def _tags(held: Category, above: bool, scheduled: bool, reviewed: bool) -> Iterator[Tag]:
    if held.live:
        yield Tag("live", "primary")
        if held.has_unpublished_changes:
            yield Tag("draft")
        if not above:
            yield Tag("hidden above")
        if held.expire_at:
            yield Tag("expires")
    else:
        yield Tag("expired" if held.expired else "draft")
    if scheduled:
        yield Tag("scheduled")
    if reviewed:
        yield Tag("in review")
    if held.locked:
        yield Tag("locked")


def _scheduled_ids() -> set[int]:
    revisions = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Category), approved_go_live_at__isnull=False
    )
    return {int(pk) for pk in revisions.values_list("object_id", flat=True)}


def _reviewed_ids() -> set[int]:
    states = WorkflowState.objects.filter(
        Q(status=WorkflowState.STATUS_IN_PROGRESS) | Q(status=WorkflowState.STATUS_NEEDS_CHANGES),
        base_content_type=ContentType.objects.get_for_model(Category),
    )
    return {int(pk) for pk in states.values_list("object_id", flat=True)}


def _count(rows: dict[int, Row]) -> None:
    """Count each product once per category, and once in the sum, however many categories below it has."""
    live: dict[int, set[int]] = defaultdict(set)
    other: dict[int, set[int]] = defaultdict(set)
    links = ProductCategory.objects.order_by().values_list("category_id", "page_id", "page__live")
    for category_id, page_id, is_live in links.iterator(chunk_size=10_000):
        (live if is_live else other)[category_id].add(page_id)
    # From the bottom up: the order of the tree brings parents first.
    for row in reversed(rows.values()):
        own_live, own_other = live.get(row.id, set()), other.get(row.id, set())
        row.own_live, row.own_waiting = len(own_live), len(own_other)
        for child in row.children:
            own_live |= live.pop(child.id, set())
            own_other |= other.pop(child.id, set())
        live[row.id], other[row.id] = own_live, own_other
        row.total_live, row.total_waiting = len(own_live), len(own_other)


def _matching(rows: dict[int, Row], query: str) -> list[Row]:
    words = query.lower().split()
    wanted: set[int] = set()
    for row in rows.values():
        if all(word in row.name.lower() or word in row.slug for word in words):
            row.is_match = True
            step: Row | None = row
            while step is not None and step.id not in wanted:
                wanted.add(step.id)
                step = rows.get(step.parent_id) if step.parent_id else None
    return [row for row in rows.values() if row.id in wanted]


def _place(rows: list[Row]) -> None:
    """Set what assistive technology is told of a row's place, among the rows that are shown."""
    children: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)
    for siblings in children.values():
        for position, row in enumerate(siblings, start=1):
            row.position, row.siblings = position, len(siblings)
    for row in rows:
        row.has_children = row.id in children
