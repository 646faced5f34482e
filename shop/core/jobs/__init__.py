"""
Background jobs: work in chunks, each of which stands or falls whole.

``@job_step(kind)`` registers the function that does the next chunk. ``start_job`` queues a job,
``run_inline`` does one in this process, ``run_due_jobs`` is the workers' door.
"""

from shop.core.jobs.registry import RowResult, Step, UnknownJobKind, job_step
from shop.core.jobs.running import JobIsBusy, run_due_jobs, run_inline
from shop.core.jobs.service import (
    JobNotCancellable,
    JobNotResumable,
    cancel_job,
    delete_old_jobs,
    job_url,
    list_visible_jobs,
    resume_job,
    start_job,
)

__all__ = [
    "JobIsBusy",
    "JobNotCancellable",
    "JobNotResumable",
    "RowResult",
    "Step",
    "UnknownJobKind",
    "cancel_job",
    "delete_old_jobs",
    "job_step",
    "job_url",
    "list_visible_jobs",
    "resume_job",
    "run_due_jobs",
    "run_inline",
    "start_job",
]
