"""
The embedded worker: with no broker configured, a thread of the web process relays and keeps the schedules.

However many processes there are, one of them at a time does the work: the holder of a lease in the
database. When it goes, another takes over within half a minute.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from datetime import timedelta
from typing import Final
from uuid import uuid4

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from shop.core import clock
from shop.core.jobs import run_due_jobs
from shop.core.models import WorkerLease
from shop.core.relay import deliver_due
from shop.core.scheduling import claim_period, list_schedules

logger = logging.getLogger(__name__)

LEASE_NAME: Final = "embedded-worker"
LEASE: Final = timedelta(seconds=30)
RENEW_BELOW: Final = timedelta(seconds=20)
# Seconds between two looks at the outbox; a commit of the same process wakes the thread at once.
TICK: Final = 1.0
# Seconds that background jobs get between two looks at the outbox.
JOB_SECONDS: Final = 3.0
PAUSE_AFTER_ERROR: Final = 5.0
STOP_TIMEOUT: Final = 10.0


class EmbeddedWorker:
    """The thread and its lease. Started once per process; stops within one job's time."""

    def __init__(self) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"[:100]
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._leads = False
        self._thread = threading.Thread(target=self._run, name="embedded-worker", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the outbox now instead of at the next tick."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the job at hand, give up the lease and end the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=STOP_TIMEOUT)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        pause = TICK
        try:
            while not self._stopping.is_set():
                self._wake.wait(timeout=pause)
                self._wake.clear()
                pause = TICK if self._work() else PAUSE_AFTER_ERROR
            self._give_up_lease()
        finally:
            connections.close_all()

    def _work(self) -> bool:
        """Do what is due, if it is ours to do; False when the database is away."""
        try:
            close_old_connections()
            if not self._stopping.is_set() and self._holds_lease():
                deliver_due()
                self._run_schedules()
                if run_due_jobs(seconds=JOB_SECONDS, stop=self._stopping.is_set):
                    # There may be more to do, and an event to deliver of what was done.
                    self._wake.set()
        except DatabaseError:
            self._leads = False
            logger.warning("The embedded worker cannot reach its tables; it tries again.", exc_info=True)
            connections.close_all()
            return False
        return True

    def _run_schedules(self) -> None:
        for schedule in list_schedules():
            if self._stopping.is_set():
                return
            if not claim_period(schedule=schedule, moment=clock.now()):
                continue
            try:
                schedule.load_task()()
            except DatabaseError:
                raise
            except Exception:
                logger.exception("The scheduled job %s failed", schedule.name)

    def _holds_lease(self) -> bool:
        now = clock.now()
        lease = WorkerLease.objects.filter(name=LEASE_NAME).first()
        if lease is None:
            WorkerLease.objects.bulk_create(
                [WorkerLease(name=LEASE_NAME, holder=self.holder, expires_at=now + LEASE)],
                ignore_conflicts=True,
            )
            return self._holds_lease()
        if lease.holder == self.holder and lease.expires_at > now + RENEW_BELOW:
            return True
        if lease.holder != self.holder and lease.expires_at > now:
            self._leads = False
            return False
        # Conditional on what was seen: of several that find it expired, one gets it.
        taken = WorkerLease.objects.filter(
            pk=lease.pk, holder=lease.holder, expires_at=lease.expires_at
        ).update(holder=self.holder, expires_at=now + LEASE)
        if taken and not self._leads:
            logger.info("The embedded worker runs in process %s.", os.getpid())
        self._leads = bool(taken)
        return self._leads

    def _give_up_lease(self) -> None:
        try:
            WorkerLease.objects.filter(name=LEASE_NAME, holder=self.holder).update(expires_at=clock.now())
        except DatabaseError:
            logger.warning("The embedded worker could not give up its lease; it runs out.", exc_info=True)


_worker: EmbeddedWorker | None = None
_worker_pid = 0


def start() -> EmbeddedWorker:
    """Start this process's worker; a second call returns the same."""
    global _worker, _worker_pid
    if _worker is None or _worker_pid != os.getpid():
        _worker, _worker_pid = EmbeddedWorker(), os.getpid()
        _worker.start()
    return _worker


def stop() -> None:
    """Stop this process's worker, if it has one."""
    global _worker  # noqa: PLW0603
    if _worker is not None and _worker_pid == os.getpid():
        _worker.stop()
    _worker = None


def wake() -> None:
    """Let this process's worker, if it has one, look at the outbox at once."""
    if _worker is not None and _worker_pid == os.getpid():
        _worker.wake()
