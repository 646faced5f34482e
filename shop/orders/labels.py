"""How parts of an order are written for people."""

from __future__ import annotations

from decimal import Decimal


def tax_label(name: str, rate: Decimal) -> str:
    """
    The name of a tax with its rate, said once: "VAT" and 19 give "VAT 19 %", "VAT 19%" stays as it is.
    """
    return name if "%" in name else f"{name} {rate.normalize():f} %".strip()
