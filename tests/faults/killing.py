"""Processes that die without a word, as by the kernel's out-of-memory killer."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from django.db import connections


def kill_this_process() -> None:
    """SIGKILL: no clean-up, no rollback sent, nothing logged."""
    os.kill(os.getpid(), signal.SIGKILL)


def run_in_a_process(work: Callable[[], object]) -> int:
    """Run ``work`` in a child process; return the number of the signal that ended it, 0 for none."""
    # Both sides make connections of their own: a socket shared by two processes is nobody's.
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])
