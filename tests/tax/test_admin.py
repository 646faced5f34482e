from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from shop.tax.models import TaxRate
from tests.factories.catalogue import TaxClassFactory
from tests.factories.customers import AdministratorFactory
from tests.factories.tax import TaxRateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    client = Client()
    client.force_login(AdministratorFactory())
    return client


def test_a_rate_is_made_and_a_second_one_for_the_same_goods_and_place_refused(admin):
    books = TaxClassFactory(code="books", name="Books")
    form = {
        "name": "VAT 7%", "rate": "7", "tax_class": books.pk, "country": "DE", "region": "", "valid_from": "",
        "valid_until": "",
    }  # fmt: skip

    admin.post(reverse("tax_rates:add"), form)
    refused = admin.post(reverse("tax_rates:add"), form)

    assert TaxRate.objects.get().rate == Decimal(7)
    assert "These goods have a rate there already." in refused.content.decode()


def test_rates_are_listed_by_country_with_a_fixed_number_of_queries(admin, django_assert_max_num_queries):
    for country in ("DE", "AT", "FR", "NL"):
        TaxRateFactory(country=country)

    with django_assert_max_num_queries(16):
        shown = admin.get(reverse("tax_rates:index")).content.decode()

    assert "Austria" in shown


def test_an_empty_shop_is_told_the_next_step(admin):
    assert "No tax is charged yet." in admin.get(reverse("tax_rates:index")).content.decode()
