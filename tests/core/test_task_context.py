import pytest
from celery import shared_task
from celery.app.trace import build_tracer

from nexus.celery import app
from shop.core.request_id import get_request_id, request_id_set
from shop.core.task_context import send_request_id

seen: list[str] = []


@shared_task(name="tests.note_request_id", ignore_result=True)
def note_request_id() -> None:
    seen.append(get_request_id())


def run_with(headers: dict[str, str]) -> str:
    note_request_id.bind(app)
    tracer = build_tracer(note_request_id.name, app.tasks[note_request_id.name], app=app)
    tracer("id", (), {}, {**headers, "id": "id", "task": note_request_id.name})
    return seen[-1]


def test_a_task_runs_under_the_request_that_sent_it_and_leaves_nothing_behind() -> None:
    headers: dict[str, str] = {}
    with request_id_set("req-9"):
        send_request_id(headers=headers)

    assert run_with(headers) == "req-9"
    assert get_request_id() == ""


@pytest.mark.parametrize("headers", [{}, {"x_request_id": "not valid\n"}])
def test_a_task_without_a_valid_id_gets_one(headers: dict[str, str]) -> None:
    assert len(run_with(headers)) == 32
