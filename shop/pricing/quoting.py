"""Which of several prices counts. Pure: candidates in, a quote with its trace out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shop.core.money import Money

BASE, SALE, OVERRIDE = "base", "sale", "override"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A price of one variant in one list that serves the shopper."""

    price_list_code: str
    kind: str
    priority: int
    is_for_group: bool
    is_for_site: bool
    includes_tax: bool
    currency: str
    amount: Decimal
    compare_at: Decimal | None
    min_quantity: int
    is_converted: bool = False
    note: str = ""
    """How the amount came about, for the trace: converted, or planned for this moment."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """What became of one candidate, and why."""

    price_list_code: str
    kind: str
    amount: Money
    min_quantity: int
    outcome: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the step as an order keeps it."""
        return {
            "price_list": self.price_list_code,
            "kind": self.kind,
            "amount": self.amount.as_json(),
            "min_quantity": self.min_quantity,
            "outcome": self.outcome,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Quote:
    """
    What one piece of a variant costs a shopper.

    ``compare_at`` is the price to show struck through: the base price where another list wins below it,
    otherwise the recommended retail price where that is higher.
    """

    variant_id: int
    amount: Money
    compare_at: Money | None
    price_list_code: str
    includes_tax: bool
    trace: tuple[TraceStep, ...] = ()
    parts: tuple[QuotedPart, ...] = ()

    @property
    def is_reduced(self) -> bool:
        """Whether a list made the price lower than the base price (an RRP is no reduction of ours)."""
        if self.parts:
            return any(part.quote.is_reduced for part in self.parts)
        return self.compare_at is not None and self.kind != BASE

    @property
    def kind(self) -> str:
        """Of which kind the list is that won; empty for a sum of parts."""
        return next((step.kind for step in self.trace if step.outcome == "won"), "")

    def trace_as_json(self) -> list[dict[str, Any]]:
        """Return the whole trace as an order keeps it: that of a bundle names the part of each step."""
        return [step.as_json() for step in self.trace] + [
            {**step, "sku": part.sku, "pieces": part.quantity}
            for part in self.parts
            for step in part.quote.trace_as_json()
        ]


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """What one piece of a part costs, of which a bundle holds so many."""

    sku: str
    quantity: int
    quote: Quote


def sum_parts(*, variant_id: int, parts: Sequence[QuotedPart]) -> Quote | None:
    """
    Quote a bundle that costs what its parts cost; ``None`` when their prices cannot be added up because
    some are with tax and others without.

    Where any part has a price to strike through, the bundle has the sum of those (or else the prices).
    """
    if not parts or len({part.quote.includes_tax for part in parts}) > 1:
        return None
    currency = parts[0].quote.amount.currency
    amount = Money.sum((part.quote.amount * part.quantity for part in parts), currency)
    before = Money.sum(
        ((part.quote.compare_at or part.quote.amount) * part.quantity for part in parts), currency
    )
    codes = {part.quote.price_list_code for part in parts}
    return Quote(
        variant_id=variant_id,
        amount=amount,
        compare_at=before if before > amount else None,
        price_list_code=codes.pop() if len(codes) == 1 else "",
        includes_tax=parts[0].quote.includes_tax,
        parts=tuple(parts),
    )


def choose_price(*, variant_id: int, candidates: Sequence[Candidate], quantity: int = 1) -> Quote | None:
    """
    Choose among the prices of one variant; ``None`` when none serves the quantity.

    An agreed price (override) comes before everything. Otherwise a reduced price counts where it is below
    the base price, and else the base price. Within a kind: what is for the shopper's group, then what is for
    the site, then what was not converted from another currency, then the higher priority, then the lower
    price, then the code: the answer is always the same.
    """
    steps: list[TraceStep] = []
    serving = _pick_tiers(candidates, quantity, steps)
    if not serving:
        return None
    ranked = sorted(serving, key=_rank)
    base = next((one for one in ranked if one.kind == BASE), None)
    winner: Candidate | None = None
    for candidate in ranked:
        reason = _why_not(candidate, winner=winner, base=base)
        if reason is None:
            winner = candidate
        steps.append(_step(candidate, reason))
    if winner is None:
        # Only a sale that cannot be compared with its base loses alone, and then the base price wins.
        raise AssertionError("One of the candidates must win.")
    return Quote(
        variant_id=variant_id,
        amount=_money(winner.amount, winner),
        compare_at=_compare_at(winner, base),
        price_list_code=winner.price_list_code,
        includes_tax=winner.includes_tax,
        trace=tuple(steps),
    )


def _pick_tiers(candidates: Sequence[Candidate], quantity: int, steps: list[TraceStep]) -> list[Candidate]:
    """Keep of each list the price with the largest minimum that the quantity reaches."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: (one.price_list_code, one.min_quantity)):
        if candidate.min_quantity > quantity:
            steps.append(_step(candidate, f"Only from {candidate.min_quantity} pieces on."))
            continue
        smaller = best.get(candidate.price_list_code)
        if smaller is not None:
            steps.append(_step(smaller, f"The price from {candidate.min_quantity} pieces on applies."))
        best[candidate.price_list_code] = candidate
    return list(best.values())


def _rank(candidate: Candidate) -> tuple[int, bool, bool, bool, int, Decimal, str]:
    return (
        (OVERRIDE, SALE, BASE).index(candidate.kind),
        not candidate.is_for_group,
        not candidate.is_for_site,
        candidate.is_converted,
        -candidate.priority,
        candidate.amount,
        candidate.price_list_code,
    )


def _why_not(candidate: Candidate, *, winner: Candidate | None, base: Candidate | None) -> str | None:
    if winner is not None:
        return f"{winner.price_list_code} comes first."
    if candidate.kind == SALE and base is not None:
        if candidate.includes_tax != base.includes_tax:
            return "One price is with tax and the other without: they cannot be compared."
        if candidate.amount >= base.amount:
            return f"Not below the base price of {base.price_list_code}."
    return None


def _compare_at(winner: Candidate, base: Candidate | None) -> Money | None:
    if base is None:
        return None
    if winner is not base and base.includes_tax == winner.includes_tax and base.amount > winner.amount:
        return _money(base.amount, base)
    if winner is base and winner.compare_at is not None and winner.compare_at > winner.amount:
        return _money(winner.compare_at, winner)
    return None


def _money(amount: Decimal, candidate: Candidate) -> Money:
    return Money.rounded(amount, candidate.currency)


def _step(candidate: Candidate, reason: str | None) -> TraceStep:
    return TraceStep(
        price_list_code=candidate.price_list_code,
        kind=candidate.kind,
        amount=_money(candidate.amount, candidate),
        min_quantity=candidate.min_quantity,
        outcome="won" if reason is None else "lost",
        reason=f"{reason or 'This price applies.'} {candidate.note}".rstrip(),
    )
