"""Products of one category filed in another, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.permission_policies.pages import PagePermissionPolicy

from shop.catalogue.events import record_products_changed
from shop.catalogue.models import Category, CategoryPlacement, ProductCategory, ProductPage
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ShopError
from shop.core.jobs import RowResult, Step, job_step, start_job
from shop.core.models import BackgroundJob

if TYPE_CHECKING:
    from shop.customers.models import User

JOB = "catalogue.refile_products"
CHUNK = 200
# More than this takes longer than somebody waits for a page.
AT_ONCE = 50


class ProductsNotYours(ShopError):
    """Some of the products lie in folders where the user may not publish."""

    code = "products_not_yours"
    status = 409
    title = "Some of these products are in folders that you may not publish in."


class SameCategory(ShopError):
    """Products cannot be moved to where they are."""

    code = "same_category"
    status = 409
    title = "Choose another category than the one they are in."


@transaction.atomic
def refile_products(*, source: Category, target: Category, actor: User) -> BackgroundJob:
    """
    Move every product of ``source`` itself to ``target``, drafts included, as a background job; the caller
    does a job that is leased to it (few products) itself, by ``run_inline``.

    :raises SameCategory: if both are the same
    :raises ProductsNotYours: if the actor may not publish one of them; then nothing is moved
    """
    if source.pk == target.pk:
        raise SameCategory
    products = ProductPage.objects.filter(product_categories__category=source).distinct()
    policy = PagePermissionPolicy(ProductPage)
    publishable = policy.instances_user_has_permission_for(actor, "publish").values("pk")
    foreign = products.exclude(pk__in=publishable).count()
    if foreign:
        raise ProductsNotYours(
            f"{foreign} of the products are in folders that you may not publish in. Ask somebody who may."
        )
    total = products.count()
    return start_job(
        kind=JOB,
        label=f"Move products from “{source}” to “{target}”",
        params={"source": source.pk, "target": target.pk},
        total=total,
        actor=actor,
        inline=total <= AT_ONCE,
    )


@job_step(JOB)
def refile_chunk(job: BackgroundJob, at: datetime) -> Step:
    """Move the next products; those that have been moved are in the source no more."""
    source = Category.objects.filter(pk=job.params["source"]).first()
    target = Category.objects.filter(pk=job.params["target"]).first()
    if source is None or target is None:
        raise ShopError("One of the two categories has been deleted.")
    pages = list(
        ProductPage.objects.filter(product_categories__category=source).distinct().order_by("pk")[:CHUNK]
    )
    move_products(products=pages, source=source, target=target, actor=job.created_by, at=at)
    rows = [
        RowResult(label=page.title, object_type="catalogue.productpage", object_id=str(page.pk))
        for page in pages
    ]
    return Step(cursor=None, rows=rows, finished=len(pages) < CHUNK)


@transaction.atomic
def move_products(
    *,
    products: Sequence[ProductPage],
    source: Category,
    target: Category,
    actor: User | None = None,
    at: datetime | None = None,
) -> None:
    """
    Put ``target`` in the place of ``source`` in what stands, in the live revision and in every open draft.

    The live revision is not rewritten, because orders point at it: a new one follows it. Costs a number
    of queries that does not depend on the number of products.
    """
    at = at or clock.now()
    page_ids = [product.pk for product in products]
    # In one order, so that two moves at once wait for each other instead of for ever.
    pages = list(Page.objects.select_for_update().filter(pk__in=page_ids).order_by("pk"))
    _move_rows(page_ids, source, target)
    _move_revisions(pages, source, target, actor, at)
    record_products_changed([page.pk for page in pages if page.live])
    record_audit(
        actor=actor,
        action="category.refile_products",
        target=source,
        changes={"category": [source.pk, target.pk], "products": page_ids},
        at=at,
    )


def _move_rows(page_ids: Sequence[int], source: Category, target: Category) -> None:
    rows = ProductCategory.objects.filter(page_id__in=page_ids, category=source)
    twice = rows.filter(
        page_id__in=ProductCategory.objects.filter(category=target, page_id__in=page_ids).values("page_id")
    )
    dropped = list(twice.values_list("pk", flat=True))
    moved = list(rows.exclude(pk__in=dropped).values_list("pk", flat=True))
    ProductCategory.objects.filter(pk__in=dropped).delete()
    ProductCategory.objects.filter(pk__in=moved).update(category=target)
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(page_id) for page_id in page_ids],
        to_content_type=ContentType.objects.get_for_model(Category),
        to_object_id=str(source.pk),
        model_path="product_categories.item.category",
    )
    references.filter(content_path__in=[f"product_categories.{pk}.category" for pk in dropped]).delete()
    references.update(to_object_id=str(target.pk))
    CategoryPlacement.objects.filter(category=source, product_id__in=page_ids).delete()


def _move_revisions(
    pages: Sequence[Page], source: Category, target: Category, actor: User | None, at: datetime
) -> None:
    live_ids = {page.live_revision_id for page in pages if page.live_revision_id}
    drafts = Revision.objects.filter(
        pk__in=[page.latest_revision_id for page in pages if page.latest_revision_id]
    ) | _open_revisions(pages)
    changed = [
        revision
        for revision in drafts.exclude(pk__in=live_ids).distinct()
        if _rewrite(revision.content, source.pk, target.pk)
    ]
    Revision.objects.bulk_update(changed, ["content"], batch_size=200)
    live = {
        int(revision.object_id): revision
        for revision in Revision.objects.filter(pk__in=live_ids)
        if _rewrite(revision.content, source.pk, target.pk)
    }
    _follow_live_revisions([page for page in pages if page.pk in live], live, actor=actor, at=at)


def _open_revisions(pages: Sequence[Page]) -> Any:
    """Drafts that somebody has scheduled, or that wait for an approval."""
    return Revision.objects.filter(
        Q(approved_go_live_at__isnull=False) | Q(task_states__status="in_progress"),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(page.pk) for page in pages],
    )


def _follow_live_revisions(
    pages: Sequence[Page], live: Mapping[int, Revision], *, actor: User | None, at: datetime
) -> None:
    """Give each page a new live revision, with the content that ``live`` holds by now."""
    followers = [_follower(page, live[page.pk], actor, at) for page in pages]
    Revision.objects.bulk_create(followers, batch_size=200)
    for page, follower in zip(pages, followers, strict=True):
        if page.latest_revision_id == page.live_revision_id:
            page.latest_revision = follower
            page.latest_revision_created_at = follower.created_at
        page.live_revision = follower
        page.last_published_at = at
    Page.objects.bulk_update(
        pages,
        ["live_revision", "latest_revision", "latest_revision_created_at", "last_published_at"],
        batch_size=200,
    )
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page=page,
            content_type_id=page.content_type_id,
            label=page.title,
            action="wagtail.publish",
            timestamp=at,
            uuid=uuid4(),
            user=actor,
            revision=follower,
            data={},
            content_changed=True,
        )
        for page, follower in zip(pages, followers, strict=True)
    )


def _follower(page: Page, held: Revision, actor: User | None, at: datetime) -> Revision:
    has_draft = page.latest_revision_id != held.pk
    return Revision(
        content_type_id=held.content_type_id,
        base_content_type_id=held.base_content_type_id,
        object_id=held.object_id,
        # A draft stays the newest: Wagtail tells by this whether there is something to publish.
        created_at=held.created_at + timedelta(microseconds=1) if has_draft else at,
        user=actor,
        object_str=held.object_str,
        content=held.content,
    )


def _rewrite(content: dict[str, Any], source: int, target: int) -> bool:
    """Put one category in another's place in a revision's content; twice the same is left out."""
    rows = content.get("product_categories", [])
    if not any(row["category"] == source for row in rows):
        return False
    kept, seen = [], set()
    for row in rows:
        category = target if row["category"] == source else row["category"]
        if category not in seen:
            kept.append({**row, "category": category})
            seen.add(category)
    content["product_categories"] = kept
    return True
