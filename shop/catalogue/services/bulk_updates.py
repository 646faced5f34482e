"""
Changing the words of many products at once.

What stands afterwards is what an editor's publish leaves: rows, a live revision, the reference index,
the admin's search index, an entry in the history. Drafts that somebody works on are not lost: the caller
hands over what the draft says after the change, and it becomes the newest revision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision, TaskState

from shop.catalogue.models import ProductPage
from shop.catalogue.services.bulk import insert_references

if TYPE_CHECKING:
    from shop.customers.models import User

BASE_FIELDS = frozenset({"title", "seo_title", "search_description"})
OWN_FIELDS = ("summary", "body", "brand", "product_type", "external_id")


@dataclass(slots=True)
class PageChange:
    """
    One page to be changed; its fields are set already.

    :param fields: names of the fields that differ
    :param lists: every inline list of the page, by its name, as rows of models
    :param changed_lists: names of the lists that differ; their rows are written anew
    :param draft: what the latest draft says after the change, where the page has one beside what is live
    """

    page: ProductPage
    fields: Collection[str]
    lists: Mapping[str, Sequence[Any]]
    changed_lists: Collection[str] = ()
    draft: dict[str, Any] | None = None


@transaction.atomic
def save_pages(*, changes: Sequence[PageChange], user: User | None, at: datetime) -> None:
    """
    Write the changes, table by table. ``products.changed`` and ``index_pages`` are the caller's next steps.

    A page that is live gets a new live revision. A draft beside it, or that of a page which is not live,
    is followed by a newer one with ``draft``; a review that is under way goes on with that.
    """
    if not changes:
        return
    for change in changes:
        if change.page.live and not change.page.has_unpublished_changes:
            change.page.draft_title = change.page.title
    _save_fields(changes)
    _save_lists(changes)
    for change in changes:
        for name, rows in change.lists.items():
            setattr(change.page, name, list(rows))
    _save_revisions(changes, user=user, at=at)
    pages = [change.page for change in changes]
    content_type = ContentType.objects.get_for_model(ProductPage)
    ReferenceIndex.objects.filter(
        content_type=content_type, object_id__in=[str(page.pk) for page in pages]
    ).delete()
    insert_references(pages)


def _save_fields(changes: Sequence[PageChange]) -> None:
    changed = {name for change in changes for name in change.fields}
    base = [*sorted(changed & BASE_FIELDS), *(["draft_title"] if "title" in changed else [])]
    pages = [change.page for change in changes if change.fields]
    if base:
        Page.objects.bulk_update(pages, base, batch_size=200)
    own = [name for name in OWN_FIELDS if name in changed]
    if own:
        ProductPage.objects.bulk_update(pages, own, batch_size=200)


def _save_lists(changes: Sequence[PageChange]) -> None:
    for name in sorted({name for change in changes for name in change.changed_lists}):
        relation = ProductPage._meta.get_field(name)
        model, owner = relation.related_model, relation.remote_field.attname
        affected = [change for change in changes if name in change.changed_lists]
        model._default_manager.filter(**{f"{owner}__in": [change.page.pk for change in affected]}).delete()
        rows = []
        for change in affected:
            for row in change.lists[name]:
                row.pk = None
                row._state.adding = True
                setattr(row, owner, change.page.pk)
                rows.append(row)
        model._default_manager.bulk_create(rows, batch_size=2000)


def _save_revisions(changes: Sequence[PageChange], *, user: User | None, at: datetime) -> None:
    content_type = ContentType.objects.get_for_model(ProductPage)
    base_content_type = ContentType.objects.get_for_model(Page)

    def revision_of(page: ProductPage, content: Mapping[str, Any]) -> Revision:
        return Revision(
            content_type=content_type,
            base_content_type=base_content_type,
            object_id=str(page.pk),
            created_at=at,
            user=user,
            object_str=str(page)[:255],
            content=content,
        )

    live, drafts = [], []
    for change in changes:
        written = change.page.serializable_data()
        if change.draft is not None:
            drafts.append((change.page, revision_of(change.page, change.draft)))
        if change.page.live:
            live.append((change.page, revision_of(change.page, written)))
    # Drafts last, so that they are the newest.
    Revision.objects.bulk_create([revision for _, revision in [*live, *drafts]], batch_size=200)
    entries = []
    for page, revision in live:
        page.live_revision = revision
        page.last_published_at = at
        if not page.has_unpublished_changes:
            page.latest_revision = revision
        entries.append(_log_entry(page, revision, "wagtail.publish", content_type, user=user, at=at))
    for page, revision in drafts:
        _hand_over(page.latest_revision_id, revision)
        page.latest_revision = revision
        page.draft_title = revision.content.get("title") or page.title
        entries.append(_log_entry(page, revision, "wagtail.edit", content_type, user=user, at=at))
    for page, _ in [*live, *drafts]:
        page.latest_revision_created_at = at
    columns = ["live_revision", "latest_revision", "latest_revision_created_at", "last_published_at"]
    Page.objects.bulk_update([change.page for change in changes], [*columns, "draft_title"], batch_size=200)
    PageLogEntry.objects.bulk_create(entries)


def _hand_over(old_id: int | None, new: Revision) -> None:
    """A review and a date of going live belong to the newest draft."""
    if old_id is None:
        return
    held = Revision.objects.filter(pk=old_id, approved_go_live_at__isnull=False).first()
    if held is not None:
        Revision.objects.filter(pk=new.pk).update(approved_go_live_at=held.approved_go_live_at)
        Revision.objects.filter(pk=old_id).update(approved_go_live_at=None)
    TaskState.objects.filter(revision_id=old_id, status=TaskState.STATUS_IN_PROGRESS).update(revision=new)


def _log_entry(
    page: ProductPage,
    revision: Revision,
    action: str,
    content_type: ContentType,
    *,
    user: User | None,
    at: datetime,
) -> PageLogEntry:
    return PageLogEntry(
        page=page,
        content_type=content_type,
        label=page.title,
        action=action,
        timestamp=at,
        uuid=uuid4(),
        user=user,
        revision=revision,
        data={},
        content_changed=True,
    )
