"""What every gateway must do, whoever is behind it."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from shop.core import clock
from shop.core.money import Money
from shop.payments.gateways.base import EventKind, Gateway, InvalidWebhook, PaymentRequest
from shop.payments.gateways.registry import UnknownGateway, get_gateway, list_gateways
from tests.factories.orders import RemoteGateway


@pytest.fixture(params=[*(gateway.code for gateway in list_gateways()), "remote"])
def gateway(request: pytest.FixtureRequest) -> Gateway:
    return RemoteGateway() if request.param == "remote" else get_gateway(request.param)


def a_request(key: str = "") -> PaymentRequest:
    return PaymentRequest(
        key=key or uuid.uuid4().hex,
        order_number="NX-7K3F-92QD",
        amount=Money(Decimal("12.50"), "EUR"),
        email="ada@example.com",
        at=clock.now(),
    )


def test_it_says_who_it_is(gateway: Gateway) -> None:
    assert gateway.code
    assert gateway.code == gateway.code.lower()
    assert gateway.name


def test_asking_twice_with_one_key_is_one_payment(gateway: Gateway) -> None:
    request = a_request()

    first, second = gateway.authorize(request), gateway.authorize(request)

    assert first == second
    assert first.reference


def test_what_it_says_later_is_what_it_said(gateway: Gateway) -> None:
    request = a_request()
    answer = gateway.authorize(request)

    assert gateway.fetch(request, reference=answer.reference) == answer


@pytest.mark.parametrize(
    ("verb", "kind"),
    [("capture", EventKind.CAPTURED), ("void", EventKind.VOIDED), ("refund", EventKind.REFUNDED)],
)
def test_every_verb_answers_with_its_event_once_however_often_it_is_sent(
    gateway: Gateway, verb: str, kind: EventKind
) -> None:
    request = a_request()
    reference = gateway.authorize(request).reference
    sent = {"reference": reference, "amount": request.amount, "key": "again", "at": request.at}

    first, second = getattr(gateway, verb)(**sent), getattr(gateway, verb)(**sent)

    assert {event.event_id for event in first.events} == {event.event_id for event in second.events}
    event = next(event for event in second.events if event.kind == kind)
    assert event.amount == request.amount


def test_a_webhook_that_it_has_not_signed_is_refused(gateway: Gateway) -> None:
    with pytest.raises(InvalidWebhook):
        gateway.parse_webhook(body=b'{"paid": true}', headers={}, at=clock.now())


def test_an_unknown_gateway_is_refused() -> None:
    with pytest.raises(UnknownGateway):
        get_gateway("barter")
