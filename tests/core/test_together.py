"""Several questions that are answered by one statement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import Avg, DecimalField, F, Value

from shop.core.models import OutboxEvent
from shop.core.together import read_together

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def event(topic: str, **fields: object) -> OutboxEvent:
    moments = {"created_at": NOON, "next_attempt_at": NOON}
    return OutboxEvent.objects.create(topic=topic, key="lamp", payload={}, **moments | fields)


def test_each_question_gets_its_own_rows_with_their_types(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    first, second = event("lamp.lit", attempts=2), event("lamp.out", attempts=3)
    price = Value("4.90", DecimalField(max_digits=5, decimal_places=2))
    questions = (
        OutboxEvent.objects.order_by().values_list("pk", "topic", "created_at", "done_at"),
        OutboxEvent.objects.order_by().values_list("key").annotate(mean=Avg("attempts")),
        OutboxEvent.objects.filter(pk=first.pk)
        .annotate(price=price, more=F("attempts") + 1)
        .order_by()
        .values_list("price", "more"),
    )

    with django_assert_num_queries(1):
        events, means, prices = read_together(*questions)

    assert sorted(events) == [(first.pk, "lamp.lit", NOON, None), (second.pk, "lamp.out", NOON, None)]
    assert means == [("lamp", 2.5)]
    assert [(float(amount), more) for amount, more in prices] == [(4.9, 3)]


def test_a_question_that_nothing_can_meet_is_not_asked(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    nothing = OutboxEvent.objects.filter(pk__in=[]).values_list("pk")

    with django_assert_num_queries(0):
        assert read_together(nothing, nothing) == [[], []]
