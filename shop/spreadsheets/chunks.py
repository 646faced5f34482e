"""One chunk of an import: read, match, compare, check, write, report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.permission_policies.pages import PagePermissionPolicy

from shop.catalogue.models import ProductIndexPage, ProductPage
from shop.catalogue.permissions import addable_folders, editable_products
from shop.core.jobs import RowResult
from shop.core.models import JobRow
from shop.inventory.services import StockBelowReserved
from shop.spreadsheets.applying import Applier
from shop.spreadsheets.checks import check_plans
from shop.spreadsheets.column_kinds import Column
from shop.spreadsheets.columns import find_columns
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.matching import Matcher
from shop.spreadsheets.models import ImportItem, ImportRun
from shop.spreadsheets.options import MAKING, ImportOptions
from shop.spreadsheets.plans import (
    Comparer,
    Problem,
    ProductPlan,
    links_of,
    read_item,
    shown_changes,
)
from shop.spreadsheets.variant_writing import Unapplied

if TYPE_CHECKING:
    from shop.customers.models import User

_PAGES = PagePermissionPolicy(ProductPage)
MOST_TRIES = 5
CHANGES_SHOWN = 100
PRICE_COLUMNS = ("price", "compare_at", "tiers")
STOCK_COLUMNS = ("stock",)
SHEET_COLUMNS = (*PRICE_COLUMNS, *STOCK_COLUMNS)


class _TrialOver(Exception):
    """Raised to undo a trial."""


def apply_chunk(
    run: ImportRun,
    items: Sequence[ImportItem],
    *,
    actor: User | None,
    at: datetime,
    is_trial: bool,
    is_last_look: bool,
) -> list[RowResult]:
    """
    Try or apply some items, inside the caller's transaction, and keep what became of each.

    A trial does all that the real run does, and is rolled back: its report is true. Of a refused item nothing
    is written.
    """
    refused: dict[int, Problem] = {}
    for attempt in range(1, MOST_TRIES + 1):
        work = _Chunk(run, items, actor=actor, at=at, is_trial=is_trial, is_last_look=is_last_look)
        try:
            with transaction.atomic():
                work.plan(refused)
                work.write()
                if is_trial:
                    raise _TrialOver
            break
        except _TrialOver:
            break
        except Unapplied as error:
            # What only writing could find: once more, without those.
            refused |= error.problems
        except StockBelowReserved:
            # Somebody bought since we looked; the next look sees it and refuses that item.
            if attempt == MOST_TRIES:
                raise
    return work.report()


def _within_rights(options: ImportOptions, actor: User | None) -> ImportOptions:
    """The options without the making of what the person could not make by hand."""
    if actor is None:
        return options
    may: dict[str, Any] = {
        name: getattr(options, name) and actor.has_perms(needed) for name, needed in MAKING.items()
    }
    return replace(options, **may)


class _Chunk:
    """The work of one try at one chunk."""

    def __init__(
        self,
        run: ImportRun,
        items: Sequence[ImportItem],
        *,
        actor: User | None,
        at: datetime,
        is_trial: bool,
        is_last_look: bool,
    ) -> None:
        self.run = run
        self.items = items
        self.actor = actor
        self.at = at
        self.is_trial = is_trial
        self.is_last_look = is_last_look
        self.options = _within_rights(ImportOptions.from_json(run.params), actor)
        self.lookups = Lookups(self.options)
        self.columns: dict[str, Column] = find_columns(run.columns, self.lookups)
        self.plans: list[ProductPlan] = []

    def plan(self, refused: dict[int, Problem]) -> None:
        """Read, match, compare and check every item; ``refused`` is what an earlier try has found."""
        self.plans = [read_item(item, self.columns) for item in self.items]
        wanted = {link for plan in self.plans for link in links_of(plan, self.columns)}
        self.lookups.load_links(wanted, run=self.run)
        self.folder = self._find_folder()
        matcher = Matcher(self.plans, run=self.run, actor=self.actor)
        matcher.match(self.lookups, locks=not self.is_trial)
        comparer = Comparer(self.columns, self.lookups, is_last_look=self.is_last_look)
        for plan in self.plans:
            comparer.compare(plan)
            if plan.item.pk in refused:
                plan.problems.append(refused[plan.item.pk])
        check_plans(self.plans, self.lookups)
        self._check_permissions()

    def _find_folder(self) -> ProductIndexPage | None:
        folders = (
            ProductIndexPage.objects.all() if self.actor is None else addable_folders(self.actor).specific()
        )
        if self.options.folder_id is not None:
            folders = folders.filter(pk=self.options.folder_id)
        found = folders.order_by("path").first()
        return found if isinstance(found, ProductIndexPage) or found is None else found.specific

    def _check_permissions(self) -> None:
        if self.folder is None:
            for plan in self.plans:
                if plan.held is None:
                    plan.refuse(
                        plan.first_row, "", "There is no product folder that you may add to.", "forbidden"
                    )
        if self.actor is None:
            return
        ids = [plan.held.page.pk for plan in self.plans if plan.held is not None]
        editable = set(editable_products(self.actor).filter(pk__in=ids).values_list("pk", flat=True))
        may_publish = _PAGES.instances_user_has_permission_for(self.actor, "publish")
        publishable = set(may_publish.filter(pk__in=ids).values_list("pk", flat=True))
        for plan in self.plans:
            if (
                plan.held is not None
                and not plan.is_refused
                and plan.held.page.pk not in publishable
                and (("status" in plan.changes) or (plan.changes and plan.held.page.live))
            ):
                plan.refuse(
                    plan.first_row,
                    "",
                    "You may not publish, and an import changes what is live. Ask somebody who may.",
                    "forbidden",
                )
            if plan.held is not None and plan.held.page.pk not in editable:
                self._keep_to_sheet(plan)
            self._check_sheet_permissions(plan)

    @staticmethod
    def _keep_to_sheet(plan: ProductPlan) -> None:
        """Refuse what is more than prices and stock, which is all that ops may change of a product."""
        foreign = [(plan.first_row, name) for name in plan.changes]
        for variant in plan.variants:
            if variant.held is None:
                foreign.append((variant.row, "sku"))
            foreign += [
                (variant.row, name) for name in variant.changes if name.partition(".")[0] not in SHEET_COLUMNS
            ]
        if foreign and not plan.is_refused:
            plan.refuse(
                *foreign[0], "You may change prices and stock only: leave other columns out.", "forbidden"
            )

    def _check_sheet_permissions(self, plan: ProductPlan) -> None:
        assert self.actor is not None  # noqa: S101
        needed = (
            (PRICE_COLUMNS, "pricing.change_price", "prices"),
            (STOCK_COLUMNS, "inventory.change_stockitem", "stock"),
        )
        for prefixes, permission, what in needed:
            rows = [
                (variant.row, name)
                for variant in plan.variants
                for name in variant.changes
                if name.partition(".")[0] in prefixes
            ]
            if rows and not self.actor.has_perm(permission):
                plan.refuse(*rows[0], f"You may not change {what}: leave these columns out.", "forbidden")

    def write(self) -> None:
        """Write what was accepted."""
        accepted = [plan for plan in self.plans if not plan.is_refused]
        if not accepted or self.folder is None:
            accepted = [plan for plan in accepted if plan.held is not None]
        may_publish = self.actor is None or (
            self.folder is not None
            and bool(self.folder.permissions_for_user(self.actor).can_publish_subpage())
        )
        Applier(
            lookups=self.lookups,
            folder=self.folder,
            actor=self.actor,
            at=self.at,
            reference=f"import:{self.run.pk}",
            is_trial=self.is_trial,
            may_publish=may_publish,
        ).apply(accepted)

    # -- the report --------------------------------------------------------------------------------------

    def report(self) -> list[RowResult]:
        """Keep what became of each item, and tell it in rows of a job."""
        results = []
        for plan in self.plans:
            item = plan.item
            if self.is_last_look:
                self._add_last_look(plan)
            else:
                self._fill_in(plan)
            item.is_deferred = plan.is_deferred and not plan.is_refused and not self.is_last_look
            results.append(_row_result(item))
        ImportItem.objects.bulk_update(
            self.items, ["action", "has_warnings", "is_deferred", "object_id", "report"], batch_size=100
        )
        return results

    def _fill_in(self, plan: ProductPlan) -> None:
        item = plan.item
        if plan.held is not None:
            item.object_id = plan.held.page.pk
        elif self.is_trial or plan.is_refused:
            item.object_id = None
        item.action = plan.action
        item.has_warnings = bool(plan.warnings)
        changes = [] if plan.held is None or plan.is_refused else self._changes(plan)
        item.report = {
            "label": plan.label,
            "rows": [number for number, _ in plan.rows],
            "object_id": item.object_id,
            "changes": changes[:CHANGES_SHOWN],
            "errors": _as_json(plan.problems),
            "warnings": _as_json(plan.warnings),
        }

    def _changes(self, plan: ProductPlan) -> list[dict[str, object]]:
        return shown_changes(plan, self.columns, self.lookups)

    def _add_last_look(self, plan: ProductPlan) -> None:
        """The item stands already; what could not be linked is a warning."""
        item = plan.item
        item.report["warnings"] = [
            *item.report.get("warnings", []),
            *_as_json([*plan.warnings, *plan.problems]),
        ]
        item.has_warnings = bool(item.report["warnings"])
        if not plan.is_refused and plan.action == ImportItem.Action.CHANGED:
            item.report["changes"] = [*item.report.get("changes", []), *self._changes(plan)][:CHANGES_SHOWN]
            if item.action == ImportItem.Action.UNCHANGED:
                item.action = ImportItem.Action.CHANGED


def _as_json(problems: Iterable[Problem]) -> list[dict[str, object]]:
    return [problem.as_json() for problem in problems]


def _row_result(item: ImportItem) -> RowResult:
    status = {
        ImportItem.Action.REFUSED: JobRow.Status.REFUSED,
        ImportItem.Action.UNCHANGED: JobRow.Status.SKIPPED,
    }.get(ImportItem.Action(item.action), JobRow.Status.OK)
    if item.has_warnings and status != JobRow.Status.REFUSED:
        status = JobRow.Status.WARNING
    told = [*item.report["errors"], *item.report["warnings"]]
    return RowResult(
        label=item.report["label"],
        status=status,
        detail=" ".join(_sentence(problem) for problem in told)[:2000] or str(item.get_action_display()),
        object_type="catalogue.productpage",
        object_id=str(item.object_id or ""),
        data={"action": item.action, "item": item.pk, "changes": len(item.report["changes"])},
    )


def _sentence(problem: dict[str, object]) -> str:
    where = f"Row {problem['row']}, {problem['column']}: " if problem["column"] else ""
    return f"{where}{problem['message']}"
