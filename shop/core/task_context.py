"""The request id travels with Celery's tasks: put into the message's headers, held while the task runs."""

from __future__ import annotations

from contextvars import Token
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

from shop.core import request_id

HEADER = "x_request_id"


@before_task_publish.connect(dispatch_uid="core.request_id.publish")
def send_request_id(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Give the message the id of the request that it follows from."""
    if headers is not None:
        headers.setdefault(HEADER, request_id.get_request_id() or request_id.new_request_id())


@task_prerun.connect(dispatch_uid="core.request_id.prerun")
def hold_request_id(task: Any = None, **kwargs: Any) -> None:
    """Hold the message's id while the task runs."""
    offered = task.request.get(HEADER) or (task.request.headers or {}).get(HEADER)
    task.request.update(request_id_token=request_id.hold(request_id.accept_request_id(offered)))


@task_postrun.connect(dispatch_uid="core.request_id.postrun")
def drop_request_id(task: Any = None, **kwargs: Any) -> None:
    """Forget the id again: the worker's next task is another's."""
    token = task.request.get("request_id_token")
    if isinstance(token, Token):
        request_id.drop(token)
