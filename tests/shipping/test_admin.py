import pytest
from django.test import Client
from django.urls import reverse

from shop.shipping.models import ShippingMethod, ShippingZone
from tests.factories.customers import AdministratorFactory, StaffFactory
from tests.factories.shipping import ShippingMethodFactory, ShippingZoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    client = Client()
    client.force_login(AdministratorFactory())
    return client


def zone_form(name, *countries):
    rows = {f"countries-{number}-country": code for number, code in enumerate(countries)}
    rows |= {
        f"countries-{number}-{part}": "" for number in range(len(countries)) for part in ("id", "DELETE")
    }
    management = {
        "TOTAL_FORMS": len(countries),
        "INITIAL_FORMS": 0,
        "MIN_NUM_FORMS": 0,
        "MAX_NUM_FORMS": 1000,
    }
    return {"name": name, **rows, **{f"countries-{key}": value for key, value in management.items()}}


def test_a_zone_is_made_with_its_countries(admin):
    admin.post(reverse("shipping_zones:add"), zone_form("Neighbours", "AT", "FR"))

    zone = ShippingZone.objects.get()
    assert [place.country for place in zone.countries.all()] == ["AT", "FR"]
    assert "Austria, France" in admin.get(reverse("shipping_zones:index")).content.decode()


def test_a_country_twice_in_a_zone_is_told(admin):
    shown = admin.post(reverse("shipping_zones:add"), zone_form("Twice", "AT", "AT")).content.decode()

    assert not ShippingZone.objects.exists()
    assert "duplicate" in shown.lower()


def test_a_method_is_made_and_listed_with_what_it_costs(admin):
    zone = ShippingZoneFactory()
    form = {
        "name": "Standard", "code": "standard-de", "description": "", "zone": zone.pk, "kind": "free_over",
        "currency": "EUR", "price": "4.90", "free_from": "50", "max_weight_grams": "", "min_days": 2,
        "max_days": 4, "carrier_name": "DHL", "tracking_url_template": "https://track.example.com/?id={number}",
        "sort_order": 0, "is_active": "on",
    }  # fmt: skip

    admin.post(reverse("shipping_methods:add"), form)
    refused = admin.post(reverse("shipping_methods:add"), {**form, "code": "other", "free_from": ""})

    assert ShippingMethod.objects.get().code == "standard-de"
    assert "€4.90, free from €50.00" in admin.get(reverse("shipping_methods:index")).content.decode()
    assert "Say from which total on it is free" in refused.content.decode()


def test_lists_cost_the_same_for_any_number_of_rows(admin, django_assert_max_num_queries):
    for _ in range(5):
        ShippingMethodFactory()

    with django_assert_max_num_queries(16):
        admin.get(reverse("shipping_methods:index"))
    with django_assert_max_num_queries(16):
        admin.get(reverse("shipping_zones:index"))


def test_an_empty_shop_is_told_the_next_step(admin):
    assert "Nothing can be sent yet." in admin.get(reverse("shipping_zones:index")).content.decode()
    assert "Add a shipping method" in admin.get(reverse("shipping_methods:index")).content.decode()


@pytest.mark.parametrize("name", ["shipping_zones:index", "shipping_methods:add", "tax_rates:index"])
def test_staff_without_the_permission_are_kept_out(name):
    client = Client()
    client.force_login(StaffFactory())

    assert client.get(reverse(name)).status_code in {302, 403}


def test_deleting_a_zone_says_which_methods_go_with_it(admin):
    method = ShippingMethodFactory(name="Express")
    url = reverse("shipping_zones:delete", args=[method.zone_id])

    assert "go with it: Express." in admin.get(url).content.decode()
    admin.post(url)
    assert not ShippingMethod.objects.exists()
