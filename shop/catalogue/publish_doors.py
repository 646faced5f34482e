"""
The doors that publish without a form: approval in a workflow, bulk actions and the schedule.

All refuse a product that a publish check finds an error in. The refusal of an approval is shown to the
approver (``shop.core.middleware.AdminRefusalMiddleware``), that of a schedule on the dashboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from wagtail.models import Page, Revision, WorkflowState
from wagtail.workflows import publish_workflow_state

from shop.catalogue.models import ProductPage
from shop.catalogue.readiness import check_products, check_revisions, not_ready, require_ready
from shop.core.publishing import register_publish_guard

NAMED: Final = 5


def publish_approved(workflow_state: WorkflowState, user: Any = None) -> None:
    """
    Publish what a workflow has approved; the end of every workflow (``WAGTAIL_FINISH_WORKFLOW_ACTION``).

    :raises ProductNotReady: if it is a product that lacks something; it stays under review then
    """
    # Of a page, a workflow holds no more than what every page has.
    held = workflow_state.content_object
    product = ProductPage.objects.filter(pk=held.pk).first() if isinstance(held, Page) else None
    if product is not None:
        require_ready(product)
    publish_workflow_state(workflow_state, user=user)


def refuse_unready(pages: Sequence[Page], *, with_descendants: bool = False) -> str:
    """Why these pages cannot be published together, in words; empty when they can."""
    wanted = Q(pk__in=[page.pk for page in pages])
    if with_descendants:
        for page in pages:
            wanted |= Q(path__startswith=page.path, live=False)
    products = {product.pk: product for product in ProductPage.objects.filter(wanted)}
    unready = [
        (products[pk].get_admin_display_title(), readiness.errors)
        for pk, readiness in check_products(products.values()).items()
        if readiness.errors
    ]
    if not unready:
        return ""
    reasons = [
        f"“{title}”: " + " ".join(finding.message for finding in errors) for title, errors in unready[:NAMED]
    ]
    more = len(unready) - NAMED
    return (
        "Nothing has been published. "
        + " ".join(reasons)
        + (f" And {more} more are not ready." if more > 0 else "")
    )


def guard_scheduled_product(revision: Revision) -> None:
    """
    Let a product go live by the clock only when it is ready at that moment.

    :raises ProductNotReady: with what it lacks
    """
    if revision.content_type.model_class() is not ProductPage:
        return
    page = ProductPage.objects.get(pk=int(revision.object_id))
    readiness = check_revisions([(page, revision)])[page.pk]
    if readiness.errors:
        raise not_ready(page, readiness)


def register() -> None:
    """Stand at the schedule's door; called once when the app is ready."""
    register_publish_guard(guard_scheduled_product)
