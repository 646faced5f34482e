from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from shop.core.money import Money
from shop.shipping.models import ShippingMethod, ShippingZone
from shop.shipping.selectors import (
    ShippingMethodUnavailable,
    get_method,
    get_tracking_url,
    list_methods,
    list_served_countries,
)
from tests.factories.shipping import ShippingMethodFactory, ShippingZoneFactory

pytestmark = pytest.mark.django_db


def offered(country="DE", *, weight=500, subtotal="20.00", currency="EUR"):
    return list_methods(country=country, weight_grams=weight, subtotal=Money(Decimal(subtotal), currency))


def codes(options):
    return [option.code for option in options]


def test_the_methods_of_the_countrys_zones_are_offered_in_order(django_assert_num_queries):
    zone = ShippingZoneFactory(countries=["DE", "AT"])
    ShippingMethodFactory(zone=zone, code="express", sort_order=2)
    ShippingMethodFactory(zone=zone, code="standard", sort_order=1)
    ShippingMethodFactory(zone=ShippingZoneFactory(countries=["FR"]), code="to-france")
    ShippingMethodFactory(zone=zone, code="retired", is_active=False)

    with django_assert_num_queries(1):
        options = offered("AT")

    assert codes(options) == ["standard", "express"]
    assert options[0].price == Money(Decimal("4.90"), "EUR")
    assert offered("US") == []


def test_everywhere_else_means_every_country_that_no_zone_names():
    ShippingMethodFactory(zone=ShippingZoneFactory(countries=["DE"]), code="standard-de")
    ShippingMethodFactory(zone=ShippingZoneFactory(countries=[], serves_everywhere_else=True), code="world")

    assert codes(offered("DE")) == ["standard-de"]
    assert codes(offered("NZ")) == ["world"]


def test_a_country_of_two_zones_gets_each_method_once():
    zone = ShippingZoneFactory(countries=["DE"])
    ShippingZoneFactory(countries=["DE"])
    ShippingMethodFactory(zone=zone, code="standard")

    assert codes(offered("DE")) == ["standard"]


@pytest.mark.parametrize(("subtotal", "price"), [("49.99", "4.90"), ("50.00", "0.00"), ("80.00", "0.00")])
def test_it_is_free_from_the_total_on_that_the_method_names(subtotal, price):
    ShippingMethodFactory(kind="free_over", free_from=Decimal(50))

    assert offered(subtotal=subtotal)[0].price == Money(Decimal(price), "EUR")


def test_too_heavy_a_parcel_and_another_currency_are_not_offered():
    ShippingMethodFactory(code="letter", max_weight_grams=500)

    assert codes(offered(weight=500)) == ["letter"]
    assert offered(weight=501) == []
    assert offered(currency="USD") == []


def test_a_chosen_method_is_quoted_or_refused(django_assert_num_queries):
    ShippingMethodFactory(code="letter", max_weight_grams=500)
    cart = {"country": "DE", "weight_grams": 100, "subtotal": Money(Decimal("20.00"), "EUR")}

    with django_assert_num_queries(1):
        assert get_method(code="letter", **cart).name == "Standard delivery"
    for wrong in ({"code": "pigeon"}, {"country": "FR"}, {"weight_grams": 501}):
        with pytest.raises(ShippingMethodUnavailable) as refused:
            get_method(**{"code": "letter", **cart, **wrong})
        assert refused.value.errors[0].attr == "shipping_method"


def test_a_tracking_number_becomes_a_link_that_it_cannot_break_out_of():
    ShippingMethodFactory(code="parcel", tracking_url_template="https://track.example.com/?id={number}")
    ShippingMethodFactory(code="letter")

    assert get_tracking_url(method_code="parcel", number="A&b/1") == "https://track.example.com/?id=A%26b%2F1"
    assert get_tracking_url(method_code="letter", number="1") == ""
    assert get_tracking_url(method_code="gone", number="1") == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "free_over", "free_from": None}, "free_from"),
        ({"price": Decimal(-1)}, "price"),
        ({"price": Decimal("4.905")}, "price"),
        ({"currency": "JPY"}, "price"),
        ({"currency": "???"}, "currency"),
        ({"min_days": 5, "max_days": 4}, "max_days"),
        ({"tracking_url_template": "javascript:alert({number})"}, "tracking_url_template"),
        ({"tracking_url_template": "https://track.example.com/"}, "tracking_url_template"),
        ({"code": "Not a code"}, "code"),
    ],
)
def test_a_method_that_cannot_be_is_refused_with_the_field(changes, field):
    method = ShippingMethod(
        **{
            "zone": ShippingZoneFactory(),
            "code": "standard",
            "name": "Standard",
            "currency": "EUR",
            "price": Decimal("4.90"),
            **changes,
        }
    )

    with pytest.raises(ValidationError) as refused:
        method.full_clean()

    assert field in refused.value.message_dict


def test_only_one_zone_serves_everywhere_else():
    ShippingZoneFactory(countries=[], serves_everywhere_else=True)

    with pytest.raises(ValidationError, match="Untick it there first"):
        ShippingZone(name="Another", serves_everywhere_else=True).full_clean()


def test_the_countries_that_can_be_ordered_to_are_those_with_an_offered_method():
    ShippingMethodFactory(zone=ShippingZoneFactory(countries=["DE", "AT"]))
    ShippingMethodFactory(zone=ShippingZoneFactory(countries=["FR"]), is_active=False)
    ShippingZoneFactory(countries=["NL"])

    assert list_served_countries() == ["AT", "DE"]
    ShippingMethodFactory(zone=ShippingZoneFactory(countries=[], serves_everywhere_else=True))
    assert list_served_countries() is None
