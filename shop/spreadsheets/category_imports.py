"""Trying and applying a file of categories: all of them at once, because each may stand in another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from shop.catalogue.events import record_categories_changed
from shop.catalogue.models import Category
from shop.catalogue.services.categories import move_category
from shop.core.audit import record_audit
from shop.core.jobs import RowResult
from shop.core.models import JobRow
from shop.spreadsheets.bodies import render_body
from shop.spreadsheets.category_plans import CategoryPlan, CategoryTree
from shop.spreadsheets.category_sheets import TEXTS, text_of
from shop.spreadsheets.models import ImportItem, ImportRun
from shop.spreadsheets.pending import Pending
from shop.spreadsheets.picture_files import make_picture

if TYPE_CHECKING:
    from shop.customers.models import User


class _TrialOver(Exception):
    """Raised to undo a trial."""


def apply_categories(run: ImportRun, *, actor: User | None, at: datetime, is_trial: bool) -> list[RowResult]:
    """Try or apply all categories of a file at once, inside the caller's transaction."""
    work = _CategoryImport(run, actor=actor, at=at)
    work.plan()
    try:
        with transaction.atomic():
            work.write()
            if is_trial:
                raise _TrialOver
    except _TrialOver:
        pass
    return work.report()


class _CategoryImport(CategoryTree):
    """Writes what was planned, and tells what became of it."""

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
    def _make_pictures(plans: Sequence[CategoryPlan]) -> None:
        for plan in plans:
            old, new = plan.changes.get("image", (None, None))
            if isinstance(new, Pending):
                plan.changes["image"] = (old, make_picture(*new.name))

    def _create(self, plan: CategoryPlan) -> None:
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

    def _fill_in(self, category: Category, plan: CategoryPlan) -> None:
        for name, (_, new) in plan.changes.items():
            if name == "body":
                category.body = render_body(new) or "[]"
            elif name == "image":
                category.image_id = new
            elif name in TEXTS:
                setattr(category, name, new)

    def _change(self, plan: CategoryPlan) -> None:
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

    def _change_words(self, category: Category, plan: CategoryPlan) -> None:
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

    def _place(self, plans: Sequence[CategoryPlan]) -> None:
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
                        "old": text_of(name, old)[:200],
                        "new": text_of(name, new)[:200],
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
