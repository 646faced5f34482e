"""
The nudge: after a commit, tell the relay at once that there is something to deliver.

It is only a nudge. Losing one costs the few seconds until the next sweep, so it may never cost a
request anything: callers set a flag, and a daemon thread of the process does the talking. However many
commits happen while it talks, one more message tells of all of them.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

# How long the broker may keep the thread waiting, in seconds.
CONNECT_TIMEOUT = 2
ANSWER_TIMEOUT = 5
# After a failure the broker is left alone for so long (doubled each time); the sweep delivers meanwhile.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
# A message nobody took within this time tells nothing that the sweep has not seen.
EXPIRES = 60


class Nudger:
    """One daemon thread per process; started by the first nudge, anew in a forked child."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._lock = threading.Lock()
        self._pid = 0

    def nudge(self) -> None:
        """Return at once; the message goes out from the thread."""
        if self._pid != os.getpid():
            self._start()
        self._wanted.set()

    def _start(self) -> None:
        with self._lock:
            if self._pid == os.getpid():
                return
            # After a fork the parent's thread is gone, and its flag may be held by nobody.
            self._wanted = threading.Event()
            threading.Thread(target=self._run, args=(self._wanted,), name="outbox-nudge", daemon=True).start()
            self._pid = os.getpid()

    def _run(self, wanted: threading.Event) -> None:
        publisher, pause = Publisher(), FIRST_PAUSE
        while True:
            wanted.wait()
            wanted.clear()
            try:
                publisher.publish()
                pause = FIRST_PAUSE
            except Exception:
                logger.warning("The broker could not be told of new events; the sweep will.", exc_info=True)
                publisher.close()
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


class Publisher:
    """A connection of its own to the broker, with short time-outs, confirmed publishing and no retries."""

    def __init__(self) -> None:
        self._connection: Any = None

    def publish(self, task: Any = None) -> None:
        """
        Ask a worker to relay, or to run another task that takes no arguments.

        :raises Exception: whatever the transport raises when the broker does not answer in time
        """
        from shop.core.tasks import relay_outbox

        asked_for = relay_outbox if task is None else task
        if self._connection is None:
            self._connection = self._connect(asked_for.app)
        options: dict[str, Any] = {"connection": self._connection, "confirm_timeout": ANSWER_TIMEOUT}
        asked_for.apply_async(retry=False, expires=EXPIRES, ignore_result=True, **options)

    def close(self) -> None:
        """Forget the connection; closing politely could wait for a broker that is frozen."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect(socket_timeout=1)

    def _connect(self, app: Any) -> Any:
        options = {**(app.conf.broker_transport_options or {})}
        options |= {"read_timeout": ANSWER_TIMEOUT, "write_timeout": ANSWER_TIMEOUT, "max_retries": 0}
        connection = app.connection_for_write(connect_timeout=CONNECT_TIMEOUT, transport_options=options)
        connection.connect()
        return connection


_nudger = Nudger()


def nudge() -> None:
    """Tell the relay that there is something to deliver. Never waits, never raises."""
    if not getattr(settings, "OUTBOX_NUDGE", True):
        return
    if settings.EMBEDDED:
        from shop.core import embedded

        embedded.wake()
    else:
        _nudger.nudge()
