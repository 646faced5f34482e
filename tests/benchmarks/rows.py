"""What a benchmark hands to the table of EVIDENCE.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure against its bar."""

    bar: str
    work: str
    figure: str
    wanted: str
    is_met: bool
