"""Background jobs in the admin: one's own, progress, cancelling, the report and its file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.core.jobs import RowResult, Step, job_step, job_url, run_due_jobs, start_job
from shop.core.models import BackgroundJob
from tests.factories.jobs import job_kinds

__all__ = ["job_kinds"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("job_kinds")]

LABELS = ["Reading lamp", '=HYPERLINK("https://example.com")', "<b>Mug</b>"]


@pytest.fixture
def merchandiser(django_user_model: Any) -> Any:
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user(email="ann@example.com", password="x")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.fixture
def job(merchandiser: Any) -> BackgroundJob:
    @job_step("test.rows")
    def step(job: BackgroundJob, at: datetime) -> Step:
        rows = [RowResult(label=label, status="ok") for label in LABELS]
        rows.append(RowResult(label="Broken", status="refused", detail="It has no price."))
        return Step(cursor=1, rows=rows, finished=True)

    return start_job(kind="test.rows", label="Publish 4 products", params={}, total=4, actor=merchandiser)


@pytest.fixture
def hers(client: Client, merchandiser: Any) -> Client:
    client.force_login(merchandiser)
    return client


def test_a_running_job_shows_its_progress_and_can_be_cancelled(hers: Client, job: BackgroundJob) -> None:
    page = hers.get(job_url(job)).content.decode()
    assert "<progress" in page
    assert 'aria-live="polite"' in page

    progress = hers.get(reverse("core_job_progress", args=[job.public_id]))
    assert progress.json()["progress"] == "0 of 4"
    assert "no-store" in progress["Cache-Control"]

    answer = hers.post(reverse("core_job_steer", args=[job.public_id, "cancel"]), follow=True)

    assert "What was done stays done" in answer.content.decode()
    assert "Go on with it" in answer.content.decode()
    hers.post(reverse("core_job_steer", args=[job.public_id, "resume"]))
    job.refresh_from_db()
    assert job.status == BackgroundJob.Status.QUEUED


def test_a_job_that_has_ended_shows_each_row_and_filters_them(hers: Client, job: BackgroundJob) -> None:
    run_due_jobs()

    everything = hers.get(job_url(job)).content.decode()
    refused = hers.get(job_url(job), {"status": "refused"}).content.decode()

    assert "Reading lamp" in everything
    assert "&lt;b&gt;Mug&lt;/b&gt;" in everything
    assert "It has no price." in refused
    assert "Reading lamp" not in refused
    assert "<progress" not in everything


def test_the_file_runs_no_formula(hers: Client, job: BackgroundJob) -> None:
    run_due_jobs()

    answer = hers.get(reverse("core_job_csv", args=[job.public_id]))

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "row,status,what,detail"
    assert lines[2].startswith("2,ok,\"'=HYPERLINK")
    assert lines[4] == "4,refused,Broken,It has no price."


def test_the_list_names_the_jobs_of_the_reader(
    hers: Client, job: BackgroundJob, django_assert_max_num_queries: Any
) -> None:
    hers.get(reverse("core_jobs"))
    for number in range(20):
        start_job(kind="test.rows", label=f"Job {number}", params={}, actor=job.created_by)
    start_job(kind="test.rows", label="Of the system", params={})

    with django_assert_max_num_queries(14):
        page = hers.get(reverse("core_jobs")).content.decode()

    assert "Publish 4 products" in page
    assert "Of the system" not in page


def test_nobody_sees_or_steers_the_jobs_of_others(
    client: Client, job: BackgroundJob, django_user_model: Any, admin_client: Client
) -> None:
    from django.contrib.auth.models import Permission

    bob = django_user_model.objects.create_user(email="bob@example.com", password="x")
    bob.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin"]))
    client.force_login(bob)
    assert client.get(job_url(job)).status_code == 404
    assert client.post(reverse("core_job_steer", args=[job.public_id, "cancel"])).status_code == 404
    assert client.get(reverse("core_job_csv", args=[job.public_id])).status_code == 404

    bob.user_permissions.add(Permission.objects.get(codename="view_backgroundjob"))
    assert client.get(job_url(job)).status_code == 200
    assert client.post(reverse("core_job_steer", args=[job.public_id, "cancel"])).status_code in {302, 403}
    job.refresh_from_db()
    assert job.is_open
    assert admin_client.post(reverse("core_job_steer", args=[job.public_id, "cancel"])).status_code == 302
    job.refresh_from_db()
    assert not job.is_open
