"""What events add up to does not depend on the order in which they arrive."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.payments.gateways.base import EventKind
from shop.payments.projection import project

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Fact:
    kind: str
    amount: Decimal
    occurred_at: datetime


def fact(kind: str, amount: str = "10", minute: int = 0) -> Fact:
    return Fact(EventKind(kind), Decimal(amount), NOON + timedelta(minutes=minute))


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([], "pending"),
        ([fact("action_required")], "action_required"),
        ([fact("failed", minute=1), fact("authorised", minute=2)], "authorised"),
        ([fact("authorised", minute=1), fact("failed", minute=2)], "failed"),
        ([fact("authorised"), fact("captured")], "captured"),
        ([fact("authorised"), fact("voided")], "voided"),
        ([fact("voided", minute=2), fact("captured", minute=1)], "captured"),
        ([fact("captured"), fact("refunded", "4")], "partially_refunded"),
        ([fact("captured"), fact("refunded", "4"), fact("refunded", "6")], "refunded"),
        ([fact("refunded")], "pending"),
        ([fact("captured", "0")], "captured"),
    ],
)
def test_every_arrival_order_of_the_facts_gives_one_status(facts: list[Fact], status: str) -> None:
    assert {project(order).status.value for order in itertools.permutations(facts)} == {status}


@given(st.lists(st.tuples(st.sampled_from([*EventKind]), st.integers(0, 100), st.integers(0, 5)), max_size=7))
def test_no_more_is_refunded_than_was_captured(drawn: list[tuple[EventKind, int, int]]) -> None:
    facts = [fact(kind, str(amount), minute) for kind, amount, minute in drawn]

    projection = project(facts)

    assert 0 <= projection.refunded <= projection.captured
    assert projection == project(facts[::-1])
