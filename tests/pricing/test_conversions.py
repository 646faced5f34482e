"""Prices of lists that are converted from a list of another currency."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Site

from shop.core import clock
from shop.pricing.models import CurrencySettings, ExchangeRate, PlannedPrice, Price, PriceHistory
from shop.pricing.rounding import Rounding, convert_price, round_price
from shop.pricing.selectors import PricingContext, find_exchange_rate, load_prices, quote_prices
from shop.pricing.services import (
    PlanRefused,
    PriceChange,
    apply_due_plans,
    apply_exchange_rates,
    bulk_load_prices,
    cancel_planned_price,
    ensure_base_price_list,
    plan_price,
    save_price_list,
    set_prices,
)
from shop.pricing.services.rates import read_reference_rates
from shop.pricing.tasks import fetch_exchange_rates as fetch_task
from tests.factories.catalogue import VariantFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

DAILY = b"""<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <Cube><Cube time="2026-03-02"><Cube currency="USD" rate="1.0812"/><Cube currency="CHF" rate="0.9421"/>
  <Cube currency="XXX" rate="1"/><Cube currency="JPY" rate="none"/></Cube></Cube></gesmes:Envelope>"""


def rate(base, currency, amount, at=None):
    return ExchangeRate.objects.create(
        base=base, currency=currency, rate=Decimal(amount), at=at or clock.now()
    )


def converted_list(**overrides):
    price_list = PriceListFactory.build(
        **{
            "code": "chf",
            "currency": "CHF",
            "converted_from": ensure_base_price_list(),
            "rounding": Rounding.NINETY_FIVE.value,
            **overrides,
        }
    )
    return save_price_list(price_list=price_list, actor=None)


def quote(variant, currency="CHF", at=None, **more):
    context = PricingContext(currency=currency, at=at or clock.now(), **more)
    return quote_prices(variant_ids=[variant.pk], context=context).get(variant.pk)


@pytest.mark.parametrize(
    ("amount", "currency", "rounding", "expected"),
    [
        ("12.34", "EUR", Rounding.WHOLE, "12"),
        ("12.34", "CHF", Rounding.CASH, "12.35"),
        ("12.34", "DKK", Rounding.CASH, "12.50"),
        ("12.50", "CZK", Rounding.CASH, "13"),
        ("12.34", "EUR", Rounding.CASH, "12.34"),
        ("1234", "JPY", Rounding.CASH, "1234"),
        ("1.2345", "KWD", Rounding.NINE, "1.239"),
        ("1234", "JPY", Rounding.NINETY_FIVE, "1195"),
    ],
)
def test_prices_end_as_the_rule_of_their_currency_says(amount, currency, rounding, expected):
    assert round_price(Decimal(amount), currency, rounding) == Decimal(expected)


@given(
    amounts=st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)),
    rate=st.decimals("0.0001", "500", places=4),
    rounding=st.sampled_from(list(Rounding)),
    currency=st.sampled_from(["EUR", "CHF", "JPY", "KWD", "DKK"]),
)
def test_converting_keeps_the_order_of_prices_and_gives_nothing_away(amounts, rate, rounding, currency):
    low, high = (
        convert_price(Decimal(amount) / 100, currency, rate=rate, rounding=rounding)
        for amount in sorted(amounts)
    )

    assert low <= high
    assert (min(amounts) == 0) == (low == 0)


@pytest.mark.django_db
def test_a_list_is_converted_with_margin_and_rounding_and_the_trace_says_so():
    lamp = PriceFactory(amount="20.00", compare_at="25.00").variant
    rate("EUR", "CHF", "0.95")

    converted_list(margin_percent=Decimal(2))

    found = quote(lamp)
    assert (str(found.amount), str(found.compare_at)) == ("18.95 CHF", "23.95 CHF")
    assert found.trace[-1].reason == "This price applies. Converted from base: 20.00 EUR at 0.969."
    assert PriceHistory.objects.filter(price_list_code="chf").count() == 1


@pytest.mark.django_db
def test_a_changed_price_is_converted_in_the_same_transaction_and_own_prices_win():
    lamp, vase = PriceFactory(amount="20").variant, VariantFactory()
    rate("EUR", "CHF", "1")
    price_list = converted_list(rounding=Rounding.EXACT.value)

    PriceFactory(variant=vase, amount="30")
    PriceFactory(variant=vase, amount="28", min_quantity=10)
    PriceFactory(variant=vase, price_list=price_list, amount="33")
    PriceFactory(variant=lamp, amount="22")

    assert (quote(lamp).amount.amount, quote(vase).amount.amount) == (22, 33)
    # No converted tier undercuts the own price.
    assert not Price.objects.filter(price_list=price_list, variant=vase, min_quantity=10).exists()
    set_prices(changes=[PriceChange(vase.pk, "chf", None)], actor=None)
    assert quote(vase).amount.amount == 30
    assert (
        load_prices(variant_ids=[vase.pk], context=PricingContext(currency="CHF", at=clock.now())).tiers(
            vase.pk
        )[1][0]
        == 10
    )


@pytest.mark.django_db
def test_an_own_list_comes_before_a_converted_one_of_higher_priority():
    lamp = PriceFactory(amount="20").variant
    rate("EUR", "CHF", "1")
    converted_list(priority=9)
    PriceFactory(variant=lamp, price_list=PriceListFactory(code="own", currency="CHF"), amount="25")

    assert quote(lamp).price_list_code == "own"


@pytest.mark.django_db
def test_a_new_rate_converts_what_it_changes_once_and_without_a_rate_all_stays():
    lamp = PriceFactory(amount="20").variant
    converted_list(rounding=Rounding.EXACT.value)
    assert quote(lamp) is None

    rate("EUR", "CHF", "0.9")
    turned = [apply_exchange_rates(), apply_exchange_rates()]
    rate("EUR", "CHF", "0.8")
    apply_exchange_rates()

    assert turned == [["chf"], []]
    assert quote(lamp).amount.amount == 16


@pytest.mark.django_db
def test_rates_are_found_either_way_round_and_across_the_euro():
    earlier = clock.now() - timedelta(days=2)
    rate("EUR", "CHF", "0.5", at=earlier)
    rate("EUR", "CHF", "0.8")
    rate("EUR", "USD", "1.6")
    now = clock.now()

    assert find_exchange_rate(base="CHF", currency="EUR", at=now) == Decimal("1.25")
    assert find_exchange_rate(base="USD", currency="CHF", at=now) == Decimal("0.5")
    assert find_exchange_rate(base="EUR", currency="CHF", at=earlier) == Decimal("0.5")
    assert find_exchange_rate(base="EUR", currency="SEK", at=now) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"currency": "EUR"}, "in EUR already"),
        ({"kind": "sale"}, "another kind"),
        ({"includes_tax": False}, "whether prices include tax"),
    ],
)
def test_a_list_that_cannot_be_converted_says_why(overrides, words):
    with pytest.raises(ValidationError) as refused:
        converted_list(**overrides)

    assert words in str(refused.value.message_dict["converted_from"])


@pytest.mark.django_db
def test_a_list_that_is_no_longer_converted_keeps_its_prices_as_its_own():
    lamp = PriceFactory(amount="20").variant
    rate("EUR", "CHF", "1")
    price_list = converted_list()

    price_list.converted_from = None
    save_price_list(price_list=price_list, actor=None)
    PriceFactory(variant=lamp, amount="50")

    assert str(quote(lamp).amount) == "19.95 CHF"


@pytest.mark.django_db
def test_a_bulk_load_is_converted_too_with_few_statements(django_assert_max_num_queries):
    variants = [VariantFactory() for _ in range(3)]
    rate("EUR", "CHF", "1")
    converted_list(rounding=Rounding.EXACT.value)

    with django_assert_max_num_queries(50):
        bulk_load_prices(changes=[PriceChange(one.pk, "base", Decimal(9)) for one in variants])

    assert {quote(one).amount.amount for one in variants} == {9}


def test_the_banks_file_is_read_and_what_is_no_rate_is_left_out():
    rates = read_reference_rates(DAILY)

    assert rates == {
        "USD": (Decimal("1.0812"), datetime(2026, 3, 2, 14, 15, tzinfo=UTC)),
        "CHF": (Decimal("0.9421"), datetime(2026, 3, 2, 14, 15, tzinfo=UTC)),
    }


@pytest.mark.parametrize("answer", [b"", b"<html/>", b'<!DOCTYPE x [<!ENTITY e "y">]><x>&e;</x>'])
def test_an_answer_that_is_no_file_of_rates_is_refused(answer):
    with pytest.raises(ValueError, match="answer"):
        read_reference_rates(answer)


@pytest.mark.django_db
def test_a_planned_price_counts_from_its_very_moment_and_is_written_once():
    lamp = PriceFactory(amount="20").variant
    then = clock.now() + timedelta(hours=1)
    plan_price(change=PriceChange(lamp.pk, "base", Decimal(18)), starts_at=then, actor=None)

    assert quote(lamp, "EUR", at=then - timedelta(seconds=1)).amount.amount == 20
    due = quote(lamp, "EUR", at=then)
    assert (due.amount.amount, "Planned for" in due.trace[-1].reason) == (18, True)

    assert [apply_due_plans(at=then), apply_due_plans(at=then)] == [1, 0]
    assert Price.objects.get(variant=lamp).amount == 18
    assert PriceHistory.objects.filter(variant=lamp).latest("at").at == then


@pytest.mark.django_db
def test_a_plan_can_be_given_up_and_is_refused_for_the_past():
    lamp = PriceFactory(amount="20").variant
    then = clock.now() + timedelta(hours=1)
    change = PriceChange(lamp.pk, "base", Decimal(18))
    planned = plan_price(change=change, starts_at=then, actor=None)

    assert cancel_planned_price(planned=planned, actor=None)
    assert not cancel_planned_price(planned=planned, actor=None)
    assert quote(lamp, "EUR", at=then).amount.amount == 20
    with pytest.raises(PlanRefused):
        plan_price(change=change, starts_at=clock.now(), actor=None)
    assert PlannedPrice.objects.open().count() == 0


@pytest.fixture
def bank(settings):
    """A server on this machine in the bank's place; ``answers`` holds what it says next."""
    answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.FETCH_FROM_LOOPBACK = True
    settings.EXCHANGE_RATES_URL = f"http://127.0.0.1:{server.server_port}/daily.xml"
    yield answers
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_rates_are_fetched_when_the_shop_wants_them_and_the_last_ones_hold_while_the_bank_is_silent(bank):
    lamp = PriceFactory(amount="20").variant
    converted_list(rounding=Rounding.EXACT.value)
    fetch_task()
    assert ExchangeRate.objects.count() == 0

    CurrencySettings.objects.create(site=Site.objects.get(is_default_site=True), fetches_rates=True)
    bank += [(200, DAILY), (200, DAILY), (500, b""), (200, b"<html/>")]
    for _ in range(4):
        fetch_task()

    assert set(ExchangeRate.objects.values_list("currency", "source")) == {("USD", "ecb"), ("CHF", "ecb")}
    assert ExchangeRate.objects.count() == 2
    assert str(quote(lamp).amount) == "18.84 CHF"
