"""
What an approved workflow does at its end.

Wagtail imports this while its own models are being made, so that this module may import none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from shop.customers.models import User


def publish_approved(workflow_state: WorkflowState, user: User | None = None) -> None:
    """Publish what was approved; see :func:`shop.catalogue.publish_doors.publish_approved`."""
    from shop.catalogue import publish_doors

    publish_doors.publish_approved(workflow_state, user=user)
