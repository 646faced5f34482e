"""Screens of prices beside the lists themselves: why, planned, exchange rates, overlaps."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from shop.core import clock
from shop.pricing.models import ExchangeRate, PlannedPrice, Price
from shop.pricing.services import PriceChange, PriceListInUse, delete_price_list, plan_price
from tests.factories.catalogue import VariantFactory
from tests.factories.customers import AdministratorFactory, CustomerGroupFactory, StaffFactory
from tests.factories.pricing import PriceFactory, PriceListFactory
from tests.factories.tax import TaxRateFactory

pytestmark = pytest.mark.django_db


def sign_in(*codenames):
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def merchandiser():
    return sign_in("view_pricelist", "add_pricelist", "change_pricelist", "change_price", "add_price")


def why(client, **asked):
    return client.get(reverse("price_lists:why"), asked).content.decode()


def test_why_names_the_winner_and_every_loser_for_whom_when_and_how_many(merchandiser):
    lamp = PriceFactory(variant=VariantFactory(sku="LAMP"), amount="20.00").variant
    PriceFactory(variant=lamp, amount="18.00", min_quantity=10)
    trade = CustomerGroupFactory()
    agreed = PriceListFactory(code="trade", kind="override", customer_group=trade)
    PriceFactory(variant=lamp, price_list=agreed, amount="15.00")
    rate = TaxRateFactory(tax_class=lamp.tax_class, country="DE", rate=Decimal(19))

    everybody = why(merchandiser, sku="lamp", quantity=10)
    of_group = why(merchandiser, sku="lamp", group=trade.pk)

    assert "LAMP costs €18.00 each" in everybody
    assert "The price from 10 pieces on applies." in everybody
    assert f"{rate.name} in DE: €15.13 net and €2.87 tax, contained." in everybody
    assert "LAMP costs €15.00 each" in of_group
    assert "trade comes first." in of_group
    assert "our own price" in of_group


def test_why_answers_for_a_moment_to_come_and_tells_what_is_planned(merchandiser):
    lamp = PriceFactory(variant=VariantFactory(sku="LAMP"), amount="20.00").variant
    then = clock.now() + timedelta(days=1)
    plan_price(change=PriceChange(lamp.pk, "base", Decimal(19)), starts_at=then, actor=None)

    assert "LAMP costs €20.00 each" in why(merchandiser, sku="LAMP")
    later = why(merchandiser, sku="LAMP", at=(then + timedelta(hours=1)).strftime("%Y-%m-%d %H:%M"))
    assert "LAMP costs €19.00 each" in later
    assert "Planned for" in later


def test_why_says_what_is_wrong_with_the_question_and_shows_nothing_to_strangers(merchandiser):
    assert "No variant has this SKU." in why(merchandiser, sku="NOPE")
    VariantFactory(sku="BARE")
    assert "BARE has no price" in why(merchandiser, sku="BARE")
    assert sign_in().get(reverse("price_lists:why")).status_code == 302


def test_a_price_is_planned_on_the_form_and_given_up_on_the_list_of_plans(merchandiser):
    lamp = PriceFactory(variant=VariantFactory(sku="LAMP"), amount="20.00").variant
    price_list = Price.objects.get(variant=lamp).price_list
    then = clock.now() + timedelta(days=1)
    form = {"sku": "LAMP", "amount": "18", "min_quantity": 1, "starts_at": then.strftime("%Y-%m-%d %H:%M")}

    shown = merchandiser.post(
        reverse("price_lists:set_price", args=[price_list.pk]), form, follow=True
    ).content.decode()

    planned = PlannedPrice.objects.get()
    assert "LAMP will cost €18.00 from" in shown
    assert "€18.00" in shown
    assert Price.objects.get(variant=lamp).amount == 20
    address = reverse("price_lists:planned", args=[price_list.pk])
    assert sign_in("view_pricelist").post(address, {"planned": planned.pk}).status_code == 302
    assert PlannedPrice.objects.open().exists()
    answer = merchandiser.post(address, {"planned": planned.pk}, follow=True)
    assert "No price of this list changes by itself." in answer.content.decode()
    assert merchandiser.post(address, {"planned": "x"}).status_code == 404


def test_a_plan_for_the_past_is_told_beside_the_field(merchandiser):
    price_list = PriceFactory(variant=VariantFactory(sku="LAMP")).price_list
    form = {"sku": "LAMP", "amount": "18", "min_quantity": 1, "starts_at": "2020-01-01 00:00"}

    shown = merchandiser.post(reverse("price_lists:set_price", args=[price_list.pk]), form)

    assert "This moment has passed." in shown.content.decode()


def test_a_rate_is_entered_and_short_lists_follow_at_once(merchandiser):
    base = PriceFactory(variant=VariantFactory(sku="LAMP"), amount="20.00").price_list
    form = {
        "name": "Switzerland",
        "code": "chf",
        "kind": "base",
        "currency": "CHF",
        "includes_tax": "on",
        "priority": 0,
        "is_active": "on",
        "converted_from": base.pk,
        "margin_percent": "0",
        "rounding": "cash",
    }
    merchandiser.post(reverse("price_lists:add"), form)

    entered = merchandiser.post(
        reverse("exchange_rates:add"), {"base": "EUR", "currency": "CHF", "rate": "0.9512"}, follow=True
    )

    assert "1 EUR = 0.9512 CHF" in entered.content.decode()
    assert Price.objects.get(price_list__code="chf").amount == Decimal("19.00")
    same = merchandiser.post(reverse("exchange_rates:add"), {"base": "EUR", "currency": "EUR", "rate": "1"})
    assert "two different currencies" in same.content.decode()
    assert ExchangeRate.objects.count() == 1


def test_a_list_that_others_are_converted_from_is_not_deleted():
    administrator = Client()
    administrator.force_login(AdministratorFactory())
    base = PriceFactory().price_list
    PriceListFactory(code="chf", currency="CHF", converted_from=base)
    with pytest.raises(PriceListInUse):
        delete_price_list(price_list=base, actor=None)

    answer = administrator.post(reverse("price_lists:delete", args=[base.pk]), follow=True)

    assert answer.status_code == 200
    assert Price.objects.filter(price_list=base).exists()


def test_lists_that_overlap_say_so_and_which_comes_first(merchandiser):
    price = PriceFactory()
    rival = PriceListFactory(code="rival", name="Rival", priority=5)
    PriceFactory(variant=price.variant, price_list=rival)

    def prices_of(price_list):
        return merchandiser.get(reverse("price_lists:prices", args=[price_list.pk])).content.decode()

    assert "1 variant has a price in “Rival” as well: “Rival” comes first." in prices_of(price.price_list)
    assert "as well: this list comes first." in prices_of(rival)


def test_currencies_without_prices_cannot_be_offered():
    administrator = Client()
    administrator.force_login(AdministratorFactory())
    address = administrator.get(reverse("wagtailsettings:edit", args=["pricing", "currencysettings"])).url
    form = {
        "offered-TOTAL_FORMS": 1,
        "offered-INITIAL_FORMS": 0,
        "offered-MIN_NUM_FORMS": 0,
        "offered-MAX_NUM_FORMS": 1000,
        "offered-0-currency": "CHF",
        "offered-0-ORDER": 1,
    }

    assert "No base price list in CHF" in administrator.post(address, form).content.decode()
    PriceListFactory(code="chf", currency="CHF")
    assert administrator.post(address, form).status_code == 302
