"""What carts cost to read, and when they go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from shop.cart.models import Cart, CartAddress
from shop.cart.services import delete_expired_carts
from shop.core import clock
from tests.factories.cart import ready_cart, several_goods, standard_delivery

pytestmark = pytest.mark.django_db


def test_carts_that_nobody_touches_for_a_month_are_deleted_with_their_addresses() -> None:
    priced = ready_cart()
    later = clock.now() + timedelta(days=31)

    assert delete_expired_carts(at=later) == 1

    assert not Cart.objects.filter(pk=priced.cart.pk).exists()
    assert not CartAddress.objects.exists()


@pytest.mark.parametrize("lines", [1, 8])
def test_reading_a_cart_costs_the_same_whatever_is_in_it(
    lines: int, django_assert_max_num_queries: Any
) -> None:
    standard_delivery()
    priced = ready_cart([(variant, 1) for variant in several_goods(lines)])
    url = f"/api/v1/carts/{priced.cart.pk}/"
    APIClient().get(url)

    with django_assert_max_num_queries(8):
        APIClient().get(url)
