"""Every door of the admin that publishes obeys the publish checks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Task, Workflow, WorkflowPage, WorkflowState, WorkflowTask
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

from shop.catalogue.models import ProductPage
from shop.core import clock
from shop.core.publishing import publish_due
from tests.factories.cart import goods
from tests.factories.catalogue import ProductFactory, product_index
from tests.factories.customers import AdministratorFactory

pytestmark = pytest.mark.django_db

NO_VARIANT = "Add at least one variant"


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture
def review(db: None) -> GroupApprovalTask:
    task = GroupApprovalTask.objects.create(name="Review")
    task.groups.add(Group.objects.get_or_create(name="Approver")[0])
    workflow = Workflow.objects.create(name="Review")
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.get(pk=task.pk), sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=product_index())
    return task


def press(client: Client, product: ProductPage, button: str, **changes: Any) -> Any:
    """Open the editor, change some fields of its form, and press a button."""
    url = reverse("wagtailadmin_pages:edit", args=[product.pk])
    form = querydict_from_html(client.get(url).content.decode(), form_id="page-edit-form")
    form.update(nested_form_data({"body": streamfield([])}))
    for name, value in {**changes, f"action-{button}": "1"}.items():
        form[name] = value
    return client.post(url, form)


def lamp_on_sale() -> ProductPage:
    lamp = ProductFactory(title="Oak lamp", publish=False)
    goods("49.90", product=lamp)
    return lamp


def is_live(product: ProductPage) -> bool:
    return ProductPage.objects.get(pk=product.pk).live


def test_the_editor_publishes_what_is_ready_and_says_what_is_missing(client: Client) -> None:
    lamp, bare = lamp_on_sale(), ProductFactory(publish=False)

    published = press(client, lamp, "publish")
    refused = press(client, bare, "publish")

    assert published.status_code == 302
    assert is_live(lamp)
    assert NO_VARIANT in refused.content.decode()
    assert not is_live(bare)


def test_the_editor_looks_at_what_is_typed_and_not_at_what_was_saved(client: Client) -> None:
    lamp = lamp_on_sale()

    refused = press(client, lamp, "publish", **{"product_categories-0-DELETE": "on"})

    assert "Choose at least one category" in refused.content.decode()
    assert not is_live(lamp)


def test_a_draft_may_be_as_incomplete_as_it_likes(client: Client) -> None:
    bare = ProductFactory(publish=False, pictures=0, categories=[])

    assert press(client, bare, "draft", summary="Still thinking about it.").status_code == 302


def test_what_is_not_ready_is_not_submitted(client: Client, review: GroupApprovalTask) -> None:
    bare = ProductFactory(publish=False)

    refused = press(client, bare, "submit")

    assert NO_VARIANT in refused.content.decode()
    assert not WorkflowState.objects.exists()


def test_an_approval_publishes_what_is_ready(client: Client, review: GroupApprovalTask) -> None:
    lamp = lamp_on_sale()
    press(client, lamp, "submit")
    state = ProductPage.objects.get(pk=lamp.pk).current_workflow_task_state

    client.post(reverse("wagtailadmin_pages:workflow_action", args=[lamp.pk, "approve", state.pk]))

    assert is_live(lamp)


def test_an_approval_of_what_is_not_ready_any_more_is_refused_in_words(
    client: Client, review: GroupApprovalTask
) -> None:
    lamp = lamp_on_sale()
    press(client, lamp, "submit")
    lamp.variants.update(archived_at=clock.now())
    state = ProductPage.objects.get(pk=lamp.pk).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[lamp.pk, "approve", state.pk])
    editor = reverse("wagtailadmin_pages:edit", args=[lamp.pk])

    response = client.post(url, HTTP_REFERER=f"http://testserver{editor}")
    dialog = client.post(url, HTTP_X_REQUESTED_WITH="XMLHttpRequest")

    assert response["Location"].endswith(editor)
    assert any(NO_VARIANT in str(message) for message in get_messages(response.wsgi_request))
    assert dialog.json() == {"step": "success", "redirect": reverse("wagtailadmin_home")}
    assert not is_live(lamp)
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_IN_PROGRESS


def test_what_is_not_ready_can_be_rejected_from_the_editor(client: Client, review: GroupApprovalTask) -> None:
    lamp = lamp_on_sale()
    press(client, lamp, "submit")
    lamp.variants.update(archived_at=clock.now())

    rejected = press(client, lamp, "workflow-action", **{"workflow-action-name": "reject"})

    assert rejected.status_code == 302
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_NEEDS_CHANGES


def test_a_folder_is_published_with_what_lies_below_only_when_all_of_it_is_ready(client: Client) -> None:
    lamp, bare = lamp_on_sale(), ProductFactory(title="Bare", publish=False)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    folder = f"{url}?id={product_index().pk}&next=/admin/"

    refused = client.post(folder, {"include_descendants": "on"})
    said = [str(message) for message in get_messages(refused.wsgi_request)]
    goods("10.00", product=bare)
    client.post(folder, {"include_descendants": "on"})

    assert any("“Bare”" in text and NO_VARIANT in text for text in said)
    assert is_live(lamp)
    assert is_live(bare)


def test_the_schedule_publishes_what_is_ready_and_stops_at_nothing(caplog: pytest.LogCaptureFixture) -> None:
    due = clock.now() - timedelta(minutes=1)
    bare, lamp = ProductFactory(title="Bare", publish=False), lamp_on_sale()
    for product in (bare, lamp):
        revision = product.save_revision()
        revision.approved_go_live_at = due
        revision.save()

    report = publish_due()

    assert (report.published, report.failed) == (1, 1)
    assert is_live(lamp)
    assert not is_live(bare)
    assert NO_VARIANT in caplog.text


def test_the_schedule_judges_the_revision_that_it_publishes() -> None:
    lamp = lamp_on_sale()
    revision = lamp.save_revision()
    revision.approved_go_live_at = clock.now() - timedelta(minutes=1)
    revision.save()
    later = lamp.get_latest_revision_as_object()
    later.product_categories = []
    later.save_revision(clean=False)

    assert publish_due().published == 1


def test_a_copy_begins_as_a_draft(client: Client) -> None:
    lamp = lamp_on_sale()
    lamp.get_latest_revision().publish()

    form = client.get(reverse("wagtailadmin_pages:copy", args=[lamp.pk])).context["form"]

    assert "publish_copies" not in form.fields
