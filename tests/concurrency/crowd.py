"""Many callers at once, each thread with a database connection of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def run_crowd(calls: Iterable[Callable[[], object]], *, threads: int = 16) -> Counter[str]:
    """
    Run the calls in ``threads`` threads that start together; count the names of what was returned or raised.

    A call that returns counts as ``"ok"``.
    """
    waiting = list(calls)
    threads = min(threads, len(waiting))
    start = Barrier(threads)

    def work(share: list[Callable[[], object]]) -> list[str]:
        outcomes = []
        try:
            # The connection is made before the start, so that the first calls meet.
            connection.ensure_connection()
            start.wait(timeout=60)
            for call in share:
                try:
                    call()
                    outcomes.append("ok")
                except Exception as error:  # noqa: BLE001 - every outcome is counted, none is expected to be lost
                    outcomes.append(type(error).__name__)
        finally:
            connection.close()
        return outcomes

    with ThreadPoolExecutor(threads) as pool:
        shares = [waiting[number::threads] for number in range(threads)]
        return Counter(outcome for outcomes in pool.map(work, shares) for outcome in outcomes)
