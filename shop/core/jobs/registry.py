"""What kinds of jobs there are, and what one chunk of a job hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shop.core.models import BackgroundJob, JobRow


class UnknownJobKind(LookupError):
    """No function is registered for this kind of job."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one thing; ``status`` is one of :class:`JobRow.Status`."""

    label: str
    status: str = JobRow.Status.OK
    detail: str = ""
    object_type: str = ""
    object_id: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """
    One chunk, done.

    :param cursor: JSON-able; where the next chunk begins. A job's first chunk sees ``None``
    :param rows: what the report shows
    :param finished: nothing is left to do
    :param total: how many things there are, once that is known
    :param result: merged into the job's result
    :param done: how many things were handled, when that is not the number of rows
    """

    cursor: Any
    rows: Sequence[RowResult] = ()
    finished: bool = False
    total: int | None = None
    result: Mapping[str, Any] | None = None
    done: int | None = None


StepFunction = Callable[[BackgroundJob, datetime], Step]
Preparation = Callable[[BackgroundJob], None]

_steps: dict[str, StepFunction] = {}
_preparations: dict[str, Preparation] = {}


def job_step(kind: str, *, prepare: Preparation | None = None) -> Callable[[StepFunction], StepFunction]:
    """
    Register ``fn(job, at) -> Step``, which does the next chunk of a job of this kind.

    It runs inside one transaction with the cursor and the rows, so that a worker that is killed leaves the
    chunk undone or whole. It should take a second or two: a job is cancelled, and others get their turn,
    between chunks. What it raises undoes the chunk; the chunk is tried three times, a
    :class:`~shop.core.errors.ShopError` only once, and then the job fails and can be resumed.

    :param kind: stable and unique, such as ``catalogue.publish``: it is in the database
    :param prepare: called before each chunk and outside of its transaction, for what waits on others, such
        as fetching; it must bear being repeated, and a worker may be killed after it
    """

    def register(function: StepFunction) -> StepFunction:
        held = _steps.get(kind)
        if held is not None and held.__qualname__ != function.__qualname__:
            raise ValueError(f"{kind} is another job's kind already.")
        _steps[kind] = function
        if prepare is not None:
            _preparations[kind] = prepare
        return function

    return register


def get_step(kind: str) -> StepFunction:
    """
    Return the function that does chunks of this kind.

    :raises UnknownJobKind: when none is registered
    """
    try:
        return _steps[kind]
    except KeyError:
        raise UnknownJobKind(f'No @job_step("{kind}") is registered.') from None


def get_preparation(kind: str) -> Preparation | None:
    """Return what is to be done before a chunk of this kind, outside of its transaction."""
    return _preparations.get(kind)


def list_kinds() -> list[str]:
    """Return the kinds that this process can do."""
    return list(_steps)
