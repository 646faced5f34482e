"""Reading the demo shop's files."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shop.core import clock

DEMO_DIR = Path(__file__).resolve().parent.parent


@cache
def read(name: str) -> Any:
    """Return the parsed content of ``data/<name>.json``."""
    return json.loads((DEMO_DIR / "data" / f"{name}.json").read_text(encoding="utf-8"))


def read_all(*kinds: str) -> dict[str, list[Any]]:
    """Return the rows of these kinds of both the catalogue and the sets, the catalogue's first."""
    return {
        kind: [row for name in ("catalogue", "sets") for row in read(name).get(kind, [])] for kind in kinds
    }


def days_ago(days: float) -> datetime:
    """Return the moment so many days before now."""
    return clock.now() - timedelta(days=days)
