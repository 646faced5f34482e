"""
Throttles that count atomically, and that stay shut when the cache is lost.

Rates are settings: ``THROTTLE_RATES = {"login": "10/minute"}``; a view names its scopes.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from shop.core import clock

logger = logging.getLogger(__name__)

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def parse_rate(rate: str) -> tuple[int, int]:
    """
    Return ``(requests, seconds)`` of a rate such as ``10/minute`` or ``100/15minute``.

    :raises ImproperlyConfigured: for anything else
    """
    count, _, period = rate.partition("/")
    unit = period.lstrip("0123456789")
    times = period.removesuffix(unit) or "1"
    if not count.isdigit() or unit not in _SECONDS:
        raise ImproperlyConfigured(f"A throttle's rate is like 10/minute, not {rate!r}.")
    return int(count), int(times) * _SECONDS[unit]


class LocalCounters:
    """Counts of this process, for when the shared cache is away or was emptied. Bounded in size."""

    MOST = 50_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}

    def increase(self, key: str, seconds: int) -> int:
        """Count one more and return the count of the key's window."""
        now = time.monotonic()
        with self._lock:
            if len(self._counts) >= self.MOST:
                self._counts = {k: held for k, held in self._counts.items() if held[1] > now}
                if len(self._counts) >= self.MOST:
                    self._counts.clear()
            count, until = self._counts.get(key, (0, now + seconds))
            self._counts[key] = (count + 1, until)
        return count + 1


_local = LocalCounters()


class RateThrottle(BaseThrottle):
    """
    So many requests per window, counted by one atomic increment for each request.

    Two hundred at once are two hundred increments: no more than the limit get through, which DRF's own
    read-then-write throttle cannot say. Subclasses set ``scope`` and, if need be, :meth:`identify`.
    """

    scope: ClassVar[str] = ""

    def identify(self, request: Request, view: Any) -> str | None:
        """Return who is counted: the user, else the address; ``None`` counts nobody."""
        if request.user is not None and request.user.is_authenticated:
            return f"user:{request.user.pk}"
        return f"ip:{self.get_ident(request)}"

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = getattr(settings, "THROTTLE_RATES", {}).get(self.scope)
        who = self.identify(request, view) if rate else None
        if not rate or who is None:
            return True
        allowed, seconds = parse_rate(rate)
        moment = clock.now().timestamp()
        window = int(moment // seconds)
        self._wait = seconds - moment % seconds
        name = hashlib.sha256(f"{self.scope}:{who}:{window}".encode()).hexdigest()
        return self._count(f"throttle:{name}", seconds) <= allowed

    def wait(self) -> float | None:
        return self._wait

    def _count(self, key: str, seconds: int) -> int:
        # The local count only ever adds strictness: an emptied cache does not open a closed throttle.
        local = _local.increase(key, seconds)
        try:
            cache.add(key, 0, timeout=seconds * 2)
            return max(local, cache.incr(key))
        except ValueError:
            # It expired between the two calls; the window is over.
            return local
        except Exception:
            logger.exception("The cache is away; the throttle counts in this process alone.")
            return local
