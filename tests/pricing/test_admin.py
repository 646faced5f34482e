from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from shop.core.models import AuditEntry
from shop.pricing.models import Price, PriceHistory, PriceList
from tests.factories.catalogue import VariantFactory
from tests.factories.customers import StaffFactory
from tests.factories.pricing import PriceFactory, PriceListFactory

pytestmark = pytest.mark.django_db


def sign_in(*codenames):
    user = StaffFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def merchandiser():
    return sign_in(
        "view_pricelist", "add_pricelist", "change_pricelist", "delete_pricelist", "change_price", "add_price"
    )


LIST_FORM = {
    "name": "Spring sale",
    "code": "sale-spring",
    "kind": "sale",
    "currency": "EUR",
    "includes_tax": "on",
    "priority": 0,
    "is_active": "on",
    "margin_percent": "0",
    "rounding": "exact",
    "customer_group": "",
    "site": "",
    "valid_from": "",
    "valid_until": "",
}


def set_price(client, price_list, **form):
    return client.post(
        reverse("price_lists:set_price", args=[price_list.pk]), {"min_quantity": 1, **form}, follow=True
    )


def test_an_empty_shop_is_told_to_begin_with_base_prices(merchandiser):
    assert "Base prices" in merchandiser.get(reverse("price_lists:index")).content.decode()


def test_a_new_list_leads_to_its_prices_and_stands_in_the_audit(merchandiser):
    answer = merchandiser.post(reverse("price_lists:add"), LIST_FORM)

    price_list = PriceList.objects.get(code="sale-spring")
    assert answer.url == reverse("price_lists:prices", args=[price_list.pk])
    assert AuditEntry.objects.filter(action="price_list.added").count() == 1
    assert price_list.periods.count() == 1


def test_an_end_before_the_beginning_is_told_beside_the_field(merchandiser):
    form = {**LIST_FORM, "valid_from": "2027-03-02 00:00", "valid_until": "2027-03-01 00:00"}

    assert (
        "The end must be after the beginning."
        in merchandiser.post(reverse("price_lists:add"), form).content.decode()
    )


def test_a_price_is_set_changed_and_taken_away(merchandiser):
    price_list, lamp = PriceListFactory(), VariantFactory(sku="LAMP-1")

    shown = set_price(
        merchandiser, price_list, sku="lamp-1", amount="49.90", compare_at="59.90", reason="New"
    )
    price = Price.objects.get()
    assert "LAMP-1 costs €49.90 now." in shown.content.decode()
    change = f"{reverse('price_lists:set_price', args=[price_list.pk])}?price={price.pk}"
    assert 'value="49.90"' in merchandiser.get(change).content.decode()
    merchandiser.post(change, {"amount": "44.90", "sku": "ANOTHER", "min_quantity": "10"})
    price.refresh_from_db()
    assert (price.amount, price.min_quantity) == (Decimal("44.90"), 1)
    merchandiser.post(change, {"remove": "1"})

    assert not Price.objects.exists()
    assert PriceHistory.objects.filter(variant=lamp).count() == 3
    assert set(PriceHistory.objects.values_list("actor__email", flat=True)) != {None}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"sku": "NOPE", "amount": "1"}, "No variant has this SKU."),
        ({"sku": "LAMP-1", "amount": "1.005"}, "EUR has fewer decimal places. Round the price."),
        ({"sku": "LAMP-1", "amount": "-1"}, "A price is zero or more."),
        ({"sku": "LAMP-1", "amount": "NaN"}, "Enter a number."),
    ],
)
def test_a_wrong_price_is_told_beside_its_field(merchandiser, form, told):
    VariantFactory(sku="LAMP-1")

    shown = set_price(merchandiser, PriceListFactory(), **form).content.decode()

    assert told in shown
    assert not Price.objects.exists()


def test_prices_are_found_and_listed_with_a_fixed_number_of_queries(
    merchandiser, django_assert_max_num_queries
):
    prices = [PriceFactory() for _ in range(5)]
    url = reverse("price_lists:prices", args=[prices[0].price_list_id])

    with django_assert_max_num_queries(14):
        everything = merchandiser.get(url).content.decode()
    found = merchandiser.get(url, {"q": prices[3].variant.sku}).content.decode()

    assert all(price.variant.sku in everything for price in prices)
    assert prices[3].variant.sku in found
    assert prices[0].variant.sku not in found


def test_the_history_page_explains_the_price_of_now(merchandiser):
    price = PriceFactory(amount="20")
    PriceFactory(variant=price.variant, price_list=PriceListFactory(code="sale", kind="sale"), amount="15")

    shown = merchandiser.get(reverse("price_lists:history_of", args=[price.variant_id])).content.decode()

    assert "costs €15.00" in shown
    assert "sale comes first." in shown


def test_a_list_is_deleted_with_its_prices_and_the_history_stays(merchandiser):
    price = PriceFactory(price_list=PriceListFactory())

    merchandiser.post(reverse("price_lists:delete", args=[price.price_list_id]))

    assert not PriceList.objects.exists()
    assert PriceHistory.objects.filter(variant=price.variant).count() == 2


def test_who_may_only_look_sets_no_price():
    onlooker = sign_in("view_pricelist")
    price = PriceFactory()
    lists, prices = reverse("price_lists:index"), reverse("price_lists:prices", args=[price.price_list_id])

    assert onlooker.get(lists).status_code == onlooker.get(prices).status_code == 200
    assert "Set a price" not in onlooker.get(prices).content.decode()
    set_price(onlooker, price.price_list, sku=price.variant.sku, amount="1")
    assert Price.objects.get().amount == 10


@pytest.mark.parametrize("name", ["index", "prices", "set_price", "history_of"])
def test_staff_without_the_permission_see_no_prices(name):
    price = PriceFactory()
    args = {"index": [], "history_of": [price.variant_id]}.get(name, [price.price_list_id])

    assert sign_in().get(reverse(f"price_lists:{name}", args=args)).status_code in {302, 403}
