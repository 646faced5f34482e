"""
``make bench``: measure every bar of performance and write EVIDENCE.md.

``python -m tests.benchmarks P7`` measures one of them; the lines of the others stay. The figures are taken on
a database that is made for them and thrown away.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

EVIDENCE = Path(__file__).parents[2] / "EVIDENCE.md"
HEADER = """# Evidence

Written by `make bench`: ratios taken in one run, on the machine named in each line.

| bar | work | figure | wanted | met | date | versions |
| --- | --- | --- | --- | --- | --- | --- |
"""


def main(wanted: list[str]) -> int:
    """Measure, write the table, and return 1 if a bar was missed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nexus.settings.test")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.benchmarks import imports, publishing
    from tests.benchmarks.rows import Row

    benchmarks: dict[str, Callable[[], list[Row]]] = {"P7": imports.measure, "P8": publishing.measure}
    chosen = {bar: measure for bar, measure in benchmarks.items() if not wanted or bar in wanted}
    setup_test_environment(debug=False)
    rows: list[Row] = []
    for measure in chosen.values():
        held = setup_databases(verbosity=0, interactive=False)
        try:
            rows += measure()
        finally:
            teardown_databases(held, verbosity=0)
    write(rows, database=settings.DATABASES["default"]["ENGINE"].rpartition(".")[2])
    for row in rows:
        sys.stdout.write(f"{row.bar}  {row.work}: {row.figure} ({row.wanted})\n")
    return 0 if all(row.is_met for row in rows) else 1


def write(rows: list, *, database: str) -> None:
    """Put the rows into the table, in the place of earlier ones of the same bars."""
    from importlib.metadata import version

    from shop.core import clock

    measured = {row.bar for row in rows}
    kept = []
    if EVIDENCE.exists():
        lines = EVIDENCE.read_text().splitlines()
        kept = [
            line for line in lines if line.startswith("| P") and line.split("|")[1].strip() not in measured
        ]
    versions = (
        f"Python {platform.python_version()}, Django {version('django')}, Wagtail {version('wagtail')}, "
        f"{database}, {os.cpu_count()} cores"
    )
    date = f"{clock.now():%Y-%m-%d}"
    new = [
        f"| {row.bar} | {row.work} | {row.figure} | {row.wanted} | {'yes' if row.is_met else 'no'} "
        f"| {date} | {versions} |"
        for row in rows
    ]
    EVIDENCE.write_text(HEADER + "\n".join(sorted(kept) + new) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
