"""What the rows of a file of categories would change, and which of them cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.text import slugify

from shop.catalogue.models import Category
from shop.catalogue.models.categories import MAX_DEPTH
from shop.spreadsheets.bodies import parse_body
from shop.spreadsheets.category_sheets import COLUMNS, TEXTS, text_of, values_of
from shop.spreadsheets.cells import CellRefused, parse_whole, split_list
from shop.spreadsheets.errors import UnreadableFile
from shop.spreadsheets.lookups import free_slug
from shop.spreadsheets.models import ImportItem, ImportRun
from shop.spreadsheets.pictures import resolve_pictures
from shop.spreadsheets.plans import Problem

if TYPE_CHECKING:
    from shop.customers.models import User

MOST: Final = 10_000


@dataclass(slots=True)
class CategoryPlan:
    """What a row would change, or why it is refused."""

    item: ImportItem
    row: int
    cells: dict[str, str]
    slug: str = ""
    held: Category | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, message: str, code: str = "invalid") -> None:
        self.problems.append(Problem(self.row, column, code, message))

    @property
    def action(self) -> str:
        if self.problems:
            return "refused"
        if self.held is None:
            return "created"
        return "changed" if self.changes else "unchanged"


class CategoryTree:
    """All categories of a file, against the tree as it stands."""

    def __init__(self, run: ImportRun, *, actor: User | None, at: datetime) -> None:
        self.run = run
        self.actor = actor
        self.at = at
        self.columns = set(run.columns)
        if run.items_total > MOST:
            raise UnreadableFile(f"A file has {MOST} categories at most.")
        # Locked in the order that moving one locks them in.
        held = list(Category.objects.select_for_update().order_by("pk"))
        self.by_slug = {category.slug: category for category in held}
        self.by_pk = {category.pk: category for category in held}
        self.slugs_by_path = {self._path_of(category): category.slug for category in held}
        self.plans: list[CategoryPlan] = []

    def _path_of(self, category: Category) -> tuple[str, ...]:
        above = [self.by_pk[pk].name.casefold() for pk in category.ancestor_ids]
        return (*above, category.name.casefold())

    # -- planning ----------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Compare every row with what stands, and refuse what cannot be."""
        for item in self.run.items.order_by("position"):
            self.plans.append(self._read(item))
        taken: dict[str, CategoryPlan] = {}
        for plan in self.plans:
            twin = taken.setdefault(plan.slug, plan)
            if twin is not plan:
                plan.refuse("slug", f"Row {twin.row} is the same category: remove one.", "duplicate")
        self.pictures = resolve_pictures(
            {plan.cells["image"] for plan in self.plans if plan.cells.get("image")}, run=self.run
        )
        for plan in self.plans:
            self._compare(plan)
        self._check_permissions()
        self._refuse_lost()

    def _read(self, item: ImportItem) -> CategoryPlan:
        (row, cells), *more = item.data
        plan = CategoryPlan(item=item, row=row, cells=dict(cells))
        for number, _ in more:
            plan.refuse("slug", f"Row {number} is the same category: remove one.", "duplicate")
        names = tuple(split_list(cells.get("path", ""), ">"))
        if names:
            self._read_path(plan, names)
        plan.slug = plan.slug or cells.get("slug", "")
        if slugify(plan.slug) != plan.slug:
            plan.refuse("slug", "A slug has small letters, digits and hyphens, such as desk-lamps.")
        plan.held = self.by_slug.get(plan.slug)
        return plan

    def _read_path(self, plan: CategoryPlan, names: tuple[str, ...]) -> None:
        key = tuple(name.casefold() for name in names)
        plan.slug = plan.cells.get("slug") or self.slugs_by_path.get(key, "")
        if not plan.slug:
            plan.slug = free_slug(
                names[-1], set(self.slugs_by_path.values()), fallback="category", longest=120
            )
            self.slugs_by_path[key] = plan.slug
        plan.cells.setdefault("name", names[-1])
        if "parent" not in plan.cells:
            above = self.slugs_by_path.get(key[:-1], "") if len(key) > 1 else ""
            if len(key) > 1 and not above:
                plan.refuse("path", "The category above it does not exist: write its row first.", "unknown")
            plan.cells["parent"] = above
            self.columns |= {"parent", "name"}

    def _compare(self, plan: CategoryPlan) -> None:
        old = values_of(plan.held) if plan.held is not None else {}
        for name in COLUMNS:
            if name in ("slug", "path") or name not in self.columns:
                continue
            text = plan.cells.get(name, "")
            if not text and (plan.held is None or name in ("name", "position", "status")):
                continue
            if plan.held is not None and text_of(name, old[name]) == text:
                continue
            try:
                new = self._parse(name, text)
            except CellRefused as error:
                plan.refuse(name, str(error), error.code)
                continue
            if plan.held is None or new != old[name]:
                plan.changes[name] = (old.get(name, ""), new)
        if plan.held is None and not plan.cells.get("name"):
            plan.refuse("name", "A new category needs a name.", "missing")
        if plan.held is not None and plan.held.locked and plan.changes:
            who = plan.held.locked_by or "An editor"
            plan.refuse("", f"{who} has locked this category: unlock it first.", "locked")

    def _parse(self, name: str, text: str) -> Any:
        if name == "body":
            return parse_body(text)
        if name == "image":
            found = self.pictures.get(text) if text else None
            if isinstance(found, str):
                raise CellRefused(found, code="unknown_picture")
            return found
        if name == "position":
            return parse_whole(text, at_least=1, at_most=1_000_000)
        if name == "status" and text not in ("live", "draft"):
            raise CellRefused(f"“{text[:40]}” is no status: write “live” or “draft”.")
        longest = getattr(Category._meta.get_field(name), "max_length", None) if name in TEXTS else None
        if longest is not None and len(text) > longest:
            raise CellRefused(f"This has {len(text)} characters, and {longest} are allowed: shorten it.")
        return text

    def _check_permissions(self) -> None:
        if self.actor is None:
            return
        needed = {"created": "add", "changed": "change"}
        for plan in self.plans:
            action = needed.get(plan.action)
            if action is None:
                continue
            publishes = plan.held is None or plan.held.live or "status" in plan.changes
            if not self.actor.has_perm(f"catalogue.{action}_category") or (
                publishes and not self.actor.has_perm("catalogue.publish_category")
            ):
                plan.refuse("", "You may not change categories. Ask somebody who may.", "forbidden")

    def _refuse_lost(self) -> None:
        """Refuse rows whose place cannot be: a parent that is not there or refused, a cycle, too deep."""
        while True:
            parents = self._parents()
            lost = [plan for plan in self.plans if not plan.problems and self._is_lost(plan, parents)]
            if not lost:
                return

    def _parents(self) -> dict[str, str]:
        parents = {
            slug: category.parent.slug if category.parent_id and category.parent else ""
            for slug, category in self.by_slug.items()
        }
        for plan in self.plans:
            if not plan.problems and ("parent" in plan.changes or plan.held is None):
                parents[plan.slug] = plan.changes.get("parent", ("", ""))[1]
        return parents

    @staticmethod
    def _is_lost(plan: CategoryPlan, parents: Mapping[str, str]) -> bool:
        seen = [plan.slug]
        while step := parents.get(seen[-1], ""):
            if step not in parents:
                plan.refuse(
                    "parent", f"There is no category “{step[:60]}”, or it is refused.", "unknown_category"
                )
                return True
            if step in seen:
                circle = " > ".join([*seen[seen.index(step) :], step])
                plan.refuse("parent", f"A category cannot be inside itself: {circle}.", "cycle")
                return True
            seen.append(step)
        if len(seen) > MAX_DEPTH and plan.changes:
            plan.refuse("parent", f"Categories go {MAX_DEPTH} levels deep at most.", "too_deep")
            return True
        return False
