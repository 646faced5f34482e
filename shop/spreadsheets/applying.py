"""
Writing the plans of one chunk, table by table, inside the caller's transaction.

Imports write what is live. Where a product has a draft beside it, the imported fields are put into the
draft as well, and everything else in it stays: publishing it later takes nothing back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from taggit.models import Tag
from wagtail.models import Page, Revision

from shop.catalogue.events import record_products_changed
from shop.catalogue.models import BundleComponent, ProductIndexPage, ProductPage
from shop.catalogue.readiness import Readiness, check_products
from shop.catalogue.services.bulk import index_pages, insert_pages
from shop.catalogue.services.bulk_updates import PageChange, save_pages
from shop.spreadsheets.contents import (
    LISTS,
    SCALARS,
    Content,
    ContentWriter,
    list_of,
    row_content,
    row_from_content,
)
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.pending import resolve_pending
from shop.spreadsheets.plans import Problem, ProductPlan
from shop.spreadsheets.variant_writing import Unapplied, VariantWriter

if TYPE_CHECKING:
    from shop.customers.models import User

# What the row of a page calls the fields that a content calls so.
ATTRIBUTES = {"brand": "brand_id", "product_type": "product_type_id"}


class Applier:
    """Writes accepted plans."""

    def __init__(
        self,
        *,
        lookups: Lookups,
        folder: ProductIndexPage | None,
        actor: User | None,
        at: datetime,
        reference: str,
        is_trial: bool,
        may_publish: bool,
    ) -> None:
        self.lookups = lookups
        self.folder = folder
        self.actor = actor
        self.at = at
        self.reference = reference
        self.is_trial = is_trial
        self.may_publish = may_publish

    def apply(self, plans: Sequence[ProductPlan]) -> None:
        """
        Write what changes; plans are told of what became of their status.

        :raises Unapplied: for what only writing could find
        """
        self._drop_hopeless_publishing(plans)
        plans = [plan for plan in plans if plan.held is None or plan.action == "changed"]
        self._resolve(plans)
        self.writer = self._content_writer(plans)
        created = [(plan, self._build(plan)) for plan in plans if plan.held is None]
        changed = [(plan, plan.held.page) for plan in plans if plan.held is not None]
        if created and self.folder is not None:
            pages = [page for _, page in created]
            insert_pages(parent=self.folder, pages=pages, user=self.actor, at=self.at, is_live=False)
        self._save_changed([plan for plan, _ in changed])
        variants = VariantWriter(lookups=self.lookups, actor=self.actor, at=self.at, reference=self.reference)
        variants.write([*created, *changed])
        self._go_live(created)
        self._change_status(changed)
        self._warn_of_live(changed)
        self._tell([*created, *changed])
        for plan, page in created:
            plan.item.object_id = page.pk

    # -- before anything is written ----------------------------------------------------------------------

    def _drop_hopeless_publishing(self, plans: Sequence[ProductPlan]) -> None:
        """A draft of which nothing else changes is looked at first: publishing it may be all there is."""
        only = [
            plan
            for plan in plans
            if plan.held is not None
            and plan.changes.keys() == {"status"}
            and plan.changes["status"][1] == "live"
            and not any(variant.changes for variant in plan.variants)
        ]
        readiness = check_products([plan.held.page for plan in only if plan.held is not None])
        for plan in only:
            assert plan.held is not None  # noqa: S101
            if not readiness[plan.held.page.pk].is_publishable:
                self._stay_draft(plan, readiness[plan.held.page.pk])

    def _resolve(self, plans: Sequence[ProductPlan]) -> None:
        made = self.lookups.make(pending for plan in plans for pending in plan.pending())
        if not made:
            return
        for plan in plans:
            for changes in (plan.changes, *(variant.changes for variant in plan.variants)):
                for name, (old, new) in changes.items():
                    changes[name] = (old, resolve_pending(new, made))

    def _content_writer(self, plans: Sequence[ProductPlan]) -> ContentWriter:
        names = {name for plan in plans for name in plan.changes.get("tags", ((), ()))[1]}
        held = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
        for name in sorted(names - held.keys()):
            # One by one: taggit finds a free slug for each.
            held[name] = Tag.objects.create(name=name).pk
        return ContentWriter(tags=held, products=self.lookups.links.products, lookups=self.lookups)

    # -- pages -------------------------------------------------------------------------------------------

    def _build(self, plan: ProductPlan) -> ProductPage:
        content: Content = {name: [] for name in LISTS}
        new = {name: value for name, (_, value) in plan.changes.items()}
        self.writer.write(content, new)
        page = ProductPage(external_id=new.get("external_id") or None)
        for field in SCALARS.values():
            if field in content:
                _set(page, field, content[field])
        for name in LISTS:
            setattr(page, name, _rows(content[name], name, page_id=None))
        return page

    def _save_changed(self, plans: Sequence[ProductPlan]) -> None:
        changes = [self._page_change(plan) for plan in plans if plan.changes.keys() - {"status"}]
        self._merge_scheduled([plan for plan in plans if plan.changes.keys() - {"status"}])
        renamed = [change.page for change in changes if "slug" in change.fields]
        handles = {page.pk: page.slug for page in renamed}
        save_pages(changes=changes, user=self.actor, at=self.at)
        for pk, handle in handles.items():
            page = ProductPage.objects.get(pk=pk)
            page.slug = handle
            # The slow way, which leads the old address on.
            page.save()

    def _page_change(self, plan: ProductPlan) -> PageChange:
        held = plan.held
        assert held is not None  # noqa: S101
        new = {name: value for name, (_, value) in plan.changes.items() if name != "status"}
        content = dict(held.content)
        self.writer.write(content, new)
        page = held.page
        fields = {SCALARS[name] for name in new if name in SCALARS}
        for field in fields:
            _set(page, field, content[field])
        if "external_id" in new:
            page.external_id = new["external_id"] or None
            fields.add("external_id")
        changed_lists = {list_of(name) for name in new} - {""}
        lists = {
            name: _rows(content[name], name, page_id=page.pk) if name in changed_lists else held.rows[name]
            for name in LISTS
        }
        draft = None
        if held.draft is not None:
            draft = self._merged(held.draft, new, content, page.pk)
        return PageChange(page=page, fields=fields, lists=lists, changed_lists=changed_lists, draft=draft)

    def _merged(self, draft: Content, new: dict[str, Any], content: Content, page_id: int) -> Content:
        """The draft with the imported fields in it."""
        merged = dict(draft)
        for name in LISTS:
            merged.setdefault(name, [])
        without_media = {name: value for name, value in new.items() if list_of(name) != "media"}
        self.writer.write(merged, without_media)
        if len(without_media) < len(new):
            # Places of pictures are those of the live page; a draft may have others.
            merged["media"] = content["media"]
        for name in {list_of(column) for column in new} - {""}:
            rows = _rows(merged[name], name, page_id=page_id)
            merged[name] = [
                row_content(row, name) | {"pk": held.get("pk")}
                for row, held in zip(rows, merged[name], strict=True)
            ]
        if "body" in new:
            merged["body"] = json.dumps(merged["body"])
        return merged

    def _merge_scheduled(self, plans: Sequence[ProductPlan]) -> None:
        """Revisions that wait for their date, and are not the latest draft, get the imported fields too."""
        by_page = {str(plan.held.page.pk): plan for plan in plans if plan.held is not None}
        latest = {
            plan.held.page.latest_revision_id for plan in plans if plan.held is not None and plan.held.draft
        }
        waiting = Revision.objects.filter(
            base_content_type__app_label="wagtailcore",
            base_content_type__model="page",
            object_id__in=by_page,
            approved_go_live_at__isnull=False,
        ).exclude(pk__in=latest)
        for revision in waiting:
            plan = by_page[revision.object_id]
            assert plan.held is not None  # noqa: S101
            new = {name: value for name, (_, value) in plan.changes.items() if name != "status"}
            content = dict(plan.held.content)
            self.writer.write(content, new)
            revision.content = self._merged(revision.content, new, content, plan.held.page.pk)
            revision.save(update_fields=["content"])

    # -- going live --------------------------------------------------------------------------------------

    def _go_live(self, created: Sequence[tuple[ProductPlan, ProductPage]]) -> None:
        """Publish those of the new products that are to be live and are ready, in two queries."""
        wanted = [(plan, page) for plan, page in created if plan.final("status") == "live"]
        if not self.may_publish:
            for plan, _ in wanted:
                plan.warn("It was made as a draft: you may not publish here.", "not_published")
            return
        # The page in memory does not know yet which revision the database gave it.
        readiness = check_products(ProductPage.objects.filter(pk__in=[page.pk for _, page in wanted]))
        self._refuse_unready([(plan, readiness[page.pk]) for plan, page in wanted])
        ready = [page for plan, page in wanted if readiness[page.pk].is_publishable]
        for plan, page in wanted:
            if not readiness[page.pk].is_publishable:
                plan.warn(f"It was made as a draft. {_reasons(readiness[page.pk])}", "not_ready")
        publish_new(ready, at=self.at)

    def _change_status(self, changed: Sequence[tuple[ProductPlan, ProductPage]]) -> None:
        moved = [(plan, page) for plan, page in changed if "status" in plan.changes]
        to_live = [(plan, page) for plan, page in moved if plan.changes["status"][1] == "live"]
        fresh = {
            held.pk: held for held in ProductPage.objects.filter(pk__in=[page.pk for _, page in to_live])
        }
        readiness = check_products(fresh.values())
        self._refuse_unready([(plan, readiness[page.pk]) for plan, page in to_live])
        for plan, page in moved:
            held = fresh.get(page.pk) or ProductPage.objects.get(pk=page.pk)
            if plan.changes["status"][1] == "draft":
                held.unpublish(user=self.actor)
            elif readiness[page.pk].is_publishable:
                revision = held.get_latest_revision() or held.save_revision(user=self.actor)
                revision.publish(user=self.actor, skip_permission_checks=True)
            else:
                self._stay_draft(plan, readiness[page.pk])

    def _refuse_unready(self, checked: Iterable[tuple[ProductPlan, Readiness]]) -> None:
        if self.lookups.options.unready != "refuse":
            return
        problems = {
            plan.item.pk: Problem(plan.first_row, "status", "not_ready", _reasons(readiness))
            for plan, readiness in checked
            if not readiness.is_publishable
        }
        if problems:
            raise Unapplied(problems)

    def _stay_draft(self, plan: ProductPlan, readiness: Readiness) -> None:
        self._refuse_unready([(plan, readiness)])
        del plan.changes["status"]
        plan.warn(f"It stays a draft. {_reasons(readiness)}", "not_ready")

    def _warn_of_live(self, changed: Sequence[tuple[ProductPlan, ProductPage]]) -> None:
        live = [(plan, page) for plan, page in changed if page.live and "status" not in plan.changes]
        readiness = check_products(ProductPage.objects.filter(pk__in=[page.pk for _, page in live]))
        for plan, page in live:
            if not readiness[page.pk].is_publishable:
                plan.warn(f"It is live, and lacks something. {_reasons(readiness[page.pk])}", "not_ready")

    # -- telling the shop --------------------------------------------------------------------------------

    def _tell(self, written: Sequence[tuple[ProductPlan, ProductPage]]) -> None:
        if self.is_trial or not written:
            # What is rolled back must not reach an index outside of the database.
            return
        # A page that took the slow way was indexed there, and is not what we hold.
        index_pages(
            [
                page
                for plan, page in written
                if plan.held is None or not {"status", "handle"} & plan.changes.keys()
            ]
        )
        own = {page.pk for _, page in written}
        bundles = BundleComponent.objects.filter(component__product_id__in=own)
        holders = set(bundles.values_list("bundle__product_id", flat=True)) - {None}
        record_products_changed(sorted(own | holders))


def publish_new(pages: Sequence[ProductPage], *, at: datetime) -> None:
    """Let new pages go live that have one revision each."""
    for page in pages:
        page.live, page.has_unpublished_changes = True, False
        page.first_published_at = page.last_published_at = at
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(
        live=True,
        has_unpublished_changes=False,
        live_revision=F("latest_revision"),
        first_published_at=at,
        last_published_at=at,
    )


def _set(page: ProductPage, field: str, value: Any) -> None:
    setattr(page, ATTRIBUTES.get(field, field), json.dumps(value) if field == "body" else value)


def _rows(contents: Sequence[Content], name: str, *, page_id: int | None) -> list[Any]:
    return [
        row_from_content(content, name, page_id=page_id, position=position)
        for position, content in enumerate(contents)
    ]


def _reasons(readiness: Readiness) -> str:
    return " ".join(finding.message for finding in readiness.errors)
