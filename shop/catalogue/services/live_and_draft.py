"""One change made to what shoppers see and to the draft beside it, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.db.models import Q
from wagtail.models import Revision

from shop.catalogue.events import record_draft
from shop.catalogue.models import ProductPage
from shop.core import clock

if TYPE_CHECKING:
    from shop.customers.models import User

Change = Callable[[ProductPage], bool]
"""Changes a page in memory; tells whether there was anything to change."""


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """Where the change was made: on the page that shoppers see, in drafts and schedules, or nowhere."""

    live: bool = False
    draft: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything differs from before."""
        return self.live or self.draft


@transaction.atomic
def edit_live_and_draft(
    *,
    product: ProductPage,
    change: Change,
    actor: User | None,
    publish: bool,
    at: datetime | None = None,
) -> EditOutcome:
    """
    Make one change to the live page and to its pending draft, without publishing the draft's other changes.

    What is scheduled gets the change too and stays scheduled; a review goes on with it. The live page gets
    a revision of its own, because orders keep the one that their buyer saw.

    :param publish: whether the actor may change what shoppers see; otherwise the change waits in a draft
    """
    moment = at or clock.now()
    page = ProductPage.objects.select_for_update(of=("self",)).get(pk=product.pk)
    waiting = _waiting_revisions(page)
    if page.live and not publish:
        if page.latest_revision_id in {revision.pk for revision in waiting}:
            return EditOutcome(draft=_edit_revisions(waiting, change, at=moment, latest=page))
        draft = cast(ProductPage, page.get_latest_revision_as_object())
        if not change(draft):
            return EditOutcome()
        draft.save_revision(user=actor)
        return EditOutcome(draft=True)
    edited_live = _edit_live(page, change, actor=actor, at=moment) if page.live else False
    edited_draft = _edit_revisions(waiting, change, at=moment, latest=page)
    if not page.live and change(page):
        # The row of a page that nobody sees: lists of the admin read it.
        page.save(clean=False)
        edited_draft = True
    return EditOutcome(live=edited_live, draft=edited_draft)


def _waiting_revisions(page: ProductPage) -> list[Revision]:
    """The draft that is not live yet and what is scheduled, the latest draft last."""
    waiting = Q(approved_go_live_at__isnull=False)
    if page.latest_revision_id != page.live_revision_id:
        waiting |= Q(pk=page.latest_revision_id)
    revisions = list(page.revisions.filter(waiting).exclude(pk=page.live_revision_id).order_by("pk"))
    return sorted(revisions, key=lambda revision: revision.pk == page.latest_revision_id)


def _edit_live(page: ProductPage, change: Change, *, actor: User | None, at: datetime) -> bool:
    live = cast(ProductPage, page.live_revision.as_object()) if page.live_revision_id else page
    if not change(live):
        return False
    # A schedule of another revision is noted on the row; it is no part of what is live.
    live.go_live_at, live.expire_at = page.go_live_at, page.expire_at
    has_draft = page.latest_revision_id not in (None, page.live_revision_id)
    revision = Revision.objects.create(
        content_object=live,
        base_content_type=live.get_base_content_type(),
        user=actor,
        created_at=at,
        content=live.serializable_data(),
        object_str=str(live),
    )
    live.live_revision = revision
    live.last_published_at = at
    live.has_unpublished_changes = has_draft
    live.draft_title = page.draft_title
    live.latest_revision = page.latest_revision if has_draft else revision
    live.latest_revision_created_at = at
    live.save(clean=False)
    return True


def _edit_revisions(revisions: list[Revision], change: Change, *, at: datetime, latest: ProductPage) -> bool:
    edited = False
    for revision in revisions:
        draft = cast(ProductPage, revision.as_object())
        if not change(draft):
            continue
        edited = True
        values = {"content": draft.serializable_data()}
        if revision.pk == latest.latest_revision_id:
            # The latest draft is the one created last: it must stay so beside a new live revision.
            values["created_at"] = at + timedelta(milliseconds=1)
            ProductPage.objects.filter(pk=latest.pk).update(latest_revision_created_at=values["created_at"])
        # Not by save(), which takes a change of a schedule for a new one.
        Revision.objects.filter(pk=revision.pk).update(**values)
    if edited:
        record_draft(latest.pk)
    return edited
