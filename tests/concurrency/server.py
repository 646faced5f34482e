"""The shop behind a real gunicorn on the test database, and many clients at once."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db import connection

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    replayed: bool = False

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


def _database_url() -> str:
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    login = f"{quote(held['USER'] or '')}:{quote(held['PASSWORD'] or '')}"
    return f"postgres://{login}@{held['HOST']}:{held['PORT'] or 5432}/{held['NAME']}"


@contextmanager
def serve(*, workers: int = 2, threads: int = 8) -> Iterator[int]:
    """Run gunicorn while the ``with`` block lasts; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "nexus.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += [
        "--workers",
        str(workers),
        "--threads",
        str(threads),
        "--backlog",
        "2048",
        "--log-level",
        "error",
    ]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "nexus.settings.test",
        "DATABASE_URL": _database_url(),
        # The address above is the test database already, embedded or not.
        "NEXUS_EMBEDDED": "",
        "LOG_LEVEL": "ERROR",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError("The server did not start.")
        try:
            if post(port, "/api/v1/checkout/", {}).status < 500:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("The server did not answer.")


def post(port: int, path: str, body: Any, *, key: str = "") -> Answer:
    """One request over a connection of its own."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
    try:
        client.request("POST", path, json.dumps(body), headers)
        response = client.getresponse()
        text = response.read()
        replayed = response.headers.get("Idempotent-Replayed") == "true"
        return Answer(response.status, json.loads(text) if text else {}, replayed)
    finally:
        client.close()


def all_at_once(jobs: Sequence[Callable[[], T]]) -> list[T]:
    """Run every job in a thread of its own, all released in the same moment."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T:
        barrier.wait()
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
