"""The workflow by which merchandisers hand their work to an approver."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Task,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from shop.catalogue.models import Category, ProductCollection

# Read in the editor as "Submit to Approver review", and after a rejection as "Resubmit to Approver".
NAME: Final = "Approver review"
TASK_NAME: Final = "Approver"
APPROVERS: Final = "Approver"
# What Wagtail assigns to all pages when a database is made.
WAGTAILS_OWN: Final = "Moderators approval"
REVIEWED_SNIPPETS: Final = (Category, ProductCollection)


@transaction.atomic
def ensure_review() -> Workflow | None:
    """
    Make the workflow once, for all pages, categories and collections that have none of their own.

    A workflow that an operator assigned, changed or switched off stays as it is. Without the group of
    approvers there is nobody to review, and nothing is made.
    """
    held = Workflow.objects.filter(name=NAME).first()
    if held is not None:
        return held
    approvers = Group.objects.filter(name=APPROVERS).first()
    if approvers is None:
        return None
    task = GroupApprovalTask.objects.create(name=TASK_NAME)
    task.groups.add(approvers)
    workflow: Workflow = Workflow.objects.create(name=NAME)
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.get(pk=task.pk), sort_order=0)
    root = Page.objects.get(depth=1)
    WorkflowPage.objects.filter(page=root, workflow__name=WAGTAILS_OWN).delete()
    WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})
    for model in REVIEWED_SNIPPETS:
        kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
        WorkflowContentType.objects.get_or_create(content_type=kind, defaults={"workflow": workflow})
    return workflow
