"""Categories as a table: a row for each, with the slug of the category that it is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.text import slugify

from shop.catalogue.events import record_categories_changed
from shop.catalogue.models import Category
from shop.catalogue.models.categories import MAX_DEPTH
from shop.catalogue.services.categories import move_category
from shop.core.audit import record_audit
from shop.core.jobs import RowResult
from shop.core.models import JobRow
from shop.spreadsheets.bodies import parse_body, read_body, render_body
from shop.spreadsheets.cells import CellRefused, parse_whole, split_list, unescape_formula
from shop.spreadsheets.errors import UnknownColumns, UnreadableFile
from shop.spreadsheets.lookups import free_slug
from shop.spreadsheets.mappings import Mapped
from shop.spreadsheets.models import ImportItem, ImportRun
from shop.spreadsheets.pending import Pending
from shop.spreadsheets.picture_files import make_picture
from shop.spreadsheets.pictures import resolve_pictures
from shop.spreadsheets.plans import Problem
from shop.spreadsheets.tables import Table
from shop.spreadsheets.writing import TableWriter

if TYPE_CHECKING:
    from shop.customers.models import User

COLUMNS: Final = (
    "slug",
    "name",
    "parent",
    "path",
    "description",
    "body",
    "image",
    "image_alt",
    "seo_title",
    "seo_description",
    "position",
    "status",
)
TEXTS: Final = ("name", "description", "image_alt", "seo_title", "seo_description")
MOST: Final = 10_000


class _TrialOver(Exception):
    """Raised to undo a trial."""


def map_categories(table: Table) -> Mapped:
    """:raises UnknownColumns: for headers that name no category"""
    names = [header.lower() for header in table.headers]
    known = [name for name in names if name in COLUMNS]
    if not {"slug", "path"} & set(known):
        raise UnknownColumns("No column names a category: there must be “slug” or “path”.")
    strange = [name for name in names if name and name not in COLUMNS]

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for number, texts in table.rows:
            cells = {
                name: unescape_formula(text)
                for name, text in zip(names, texts, strict=True)
                if text and name in COLUMNS
            }
            if not cells.get("slug") and not cells.get("path"):
                raise UnreadableFile(f"Row {number} names no category: write its slug or its path.")
            yield number, cells

    notes = [f"These columns are not known and were left out: {', '.join(strange[:20])}."] if strange else []
    return Mapped(mapping="nexus", format="nexus", rows=rows(), columns=dict.fromkeys(known), notes=notes)


def write_categories(writer: TableWriter) -> int:
    """Write every category, those above before those below; returns how many."""
    columns = [name for name in COLUMNS if name != "path"]
    writer.write(columns)
    count = 0
    for category in Category.objects.select_related("parent").order_by("tree_order"):
        values = _values_of(category)
        writer.write([_text(name, values[name]) for name in columns])
        count += 1
    writer.close()
    return count


def _values_of(category: Category) -> dict[str, Any]:
    return {
        "slug": category.slug,
        "name": category.name,
        "parent": category.parent.slug if category.parent is not None else "",
        "description": category.description,
        "body": read_body(list(category.body.raw_data)),
        "image": category.image_id,
        "image_alt": category.image_alt,
        "seo_title": category.seo_title,
        "seo_description": category.seo_description,
        "position": category.sort_order,
        "status": "live" if category.live else "draft",
    }


def _text(name: str, value: Any) -> str:
    if name == "body":
        return render_body(value)
    if name == "image":
        return f"id:{value}" if value else ""
    return str(value)


@dataclass(slots=True)
class _Plan:
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


def apply_categories(run: ImportRun, *, actor: User | None, at: datetime, is_trial: bool) -> list[RowResult]:
    """Try or apply all categories of a file at once, inside the caller's transaction."""
    work = _Tree(run, actor=actor, at=at)
    work.plan()
    try:
        with transaction.atomic():
            work.write()
            if is_trial:
                raise _TrialOver
    except _TrialOver:
        pass
    return work.report()


class _Tree:
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
        self.plans: list[_Plan] = []

    def _path_of(self, category: Category) -> tuple[str, ...]:
        above = [self.by_pk[pk].name.casefold() for pk in category.ancestor_ids]
        return (*above, category.name.casefold())

    # -- planning ----------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Compare every row with what stands, and refuse what cannot be."""
        for item in self.run.items.order_by("position"):
            self.plans.append(self._read(item))
        taken: dict[str, _Plan] = {}
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

    def _read(self, item: ImportItem) -> _Plan:
        (row, cells), *more = item.data
        plan = _Plan(item=item, row=row, cells=dict(cells))
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

    def _read_path(self, plan: _Plan, names: tuple[str, ...]) -> None:
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

    def _compare(self, plan: _Plan) -> None:
        old = _values_of(plan.held) if plan.held is not None else {}
        for name in COLUMNS:
            if name in ("slug", "path") or name not in self.columns:
                continue
            text = plan.cells.get(name, "")
            if not text and (plan.held is None or name in ("name", "position", "status")):
                continue
            if plan.held is not None and _text(name, old[name]) == text:
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
    def _is_lost(plan: _Plan, parents: Mapping[str, str]) -> bool:
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

    # -- writing -----------------------------------------------------------------------------------------

    def write(self) -> None:
        """Write what was accepted: new ones from the top down, then what changes, then places."""
        accepted = [plan for plan in self.plans if plan.action in ("created", "changed")]
        self._make_pictures(accepted)
        waiting = [plan for plan in accepted if plan.held is None]
        while waiting:
            ready = [
                plan for plan in waiting if plan.changes.get("parent", ("", ""))[1] in {"", *self.by_slug}
            ]
            for plan in ready:
                self._create(plan)
            waiting = [plan for plan in waiting if plan not in ready]
        for plan in accepted:
            if plan.held is not None and plan.changes:
                self._change(plan)
        self._place([plan for plan in accepted if "position" in plan.changes])

    @staticmethod
    def _make_pictures(plans: Sequence[_Plan]) -> None:
        for plan in plans:
            old, new = plan.changes.get("image", (None, None))
            if isinstance(new, Pending):
                plan.changes["image"] = (old, make_picture(*new.name))

    def _create(self, plan: _Plan) -> None:
        parent = plan.changes.get("parent", ("", ""))[1]
        category = Category(slug=plan.slug, parent=self.by_slug[parent] if parent else None)
        self._fill_in(category, plan)
        category.live = plan.changes.get("status", ("", "live"))[1] == "live"
        category.save()
        category.first_published_at = category.last_published_at = self.at if category.live else None
        revision = category.save_revision(user=self.actor, clean=False)
        if category.live:
            revision.publish(user=self.actor, skip_permission_checks=True)
        self.by_slug[plan.slug] = Category.objects.get(pk=category.pk)
        plan.item.object_id = category.pk
        record_audit(actor=self.actor, action="category.import", target=category, at=self.at)

    def _fill_in(self, category: Category, plan: _Plan) -> None:
        for name, (_, new) in plan.changes.items():
            if name == "body":
                category.body = render_body(new) or "[]"
            elif name == "image":
                category.image_id = new
            elif name in TEXTS:
                setattr(category, name, new)

    def _change(self, plan: _Plan) -> None:
        category = Category.objects.get(pk=plan.held.pk)  # type: ignore[union-attr]
        if "parent" in plan.changes:
            parent = plan.changes["parent"][1]
            move_category(
                category=category,
                parent=Category.objects.get(slug=parent) if parent else None,
                after=Category.objects.filter(parent__slug=parent or None).order_by("-sort_order").first(),
                actor=self.actor,
                at=self.at,
            )
            category = Category.objects.get(pk=category.pk)
        words = plan.changes.keys() - {"parent", "position", "status"}
        if words:
            self._change_words(category, plan)
        status = plan.changes.get("status", ("", ""))[1]
        if status == "live":
            category = Category.objects.get(pk=category.pk)
            revision = category.get_latest_revision() or category.save_revision(user=self.actor, clean=False)
            revision.publish(user=self.actor, skip_permission_checks=True)
        elif status == "draft":
            Category.objects.get(pk=category.pk).unpublish(user=self.actor)

    def _change_words(self, category: Category, plan: _Plan) -> None:
        draft = (
            category.get_latest_revision_as_object()
            if category.has_unpublished_changes or not category.live
            else None
        )
        self._fill_in(category, plan)
        if category.live:
            category.save_revision(user=self.actor, clean=False).publish(
                user=self.actor, skip_permission_checks=True
            )
        else:
            category.save()
        if draft is not None:
            # What somebody is writing stays, with the imported fields in it.
            self._fill_in(draft, plan)
            draft.live = category.live
            draft.live_revision_id = Category.objects.get(pk=category.pk).live_revision_id
            draft.save_revision(user=self.actor, clean=False)

    def _place(self, plans: Sequence[_Plan]) -> None:
        if not plans:
            return
        slugs = {plan.slug: plan.changes["position"][1] for plan in plans}
        categories = list(Category.objects.filter(slug__in=slugs))
        for category in categories:
            category.sort_order = slugs[category.slug]
        Category.objects.bulk_update(categories, ["sort_order"])
        changed = Category.rebuild_tree()
        record_categories_changed(sorted({*changed, *(category.pk for category in categories)}))

    # -- the report --------------------------------------------------------------------------------------

    def report(self) -> list[RowResult]:
        """Keep what became of each row, and tell it in rows of a job."""
        results = []
        for plan in self.plans:
            item = plan.item
            item.action = plan.action
            item.object_id = plan.held.pk if plan.held is not None else item.object_id
            item.report = {
                "label": plan.cells.get("name") or plan.slug,
                "rows": [plan.row],
                "object_id": item.object_id,
                "changes": [
                    {
                        "row": plan.row,
                        "column": name,
                        "old": _text(name, old)[:200],
                        "new": _text(name, new)[:200],
                    }
                    for name, (old, new) in (plan.changes.items() if plan.action == "changed" else ())
                ],
                "errors": [problem.as_json() for problem in plan.problems],
                "warnings": [],
            }
            results.append(_row_result(item))
        ImportItem.objects.bulk_update(
            [plan.item for plan in self.plans], ["action", "object_id", "report"], batch_size=200
        )
        return results


def _row_result(item: ImportItem) -> RowResult:
    statuses = {"refused": JobRow.Status.REFUSED, "unchanged": JobRow.Status.SKIPPED}
    reasons = " ".join(f"{problem['column']}: {problem['message']}" for problem in item.report["errors"])
    return RowResult(
        label=item.report["label"],
        status=statuses.get(item.action, JobRow.Status.OK),
        detail=reasons or str(item.get_action_display()),
        object_type="catalogue.category",
        object_id=str(item.object_id or ""),
        data={"action": item.action, "item": item.pk},
    )
