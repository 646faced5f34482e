"""The demo shop's files hold together, and its history is the same at every run."""

from __future__ import annotations

from content.demo import validate
from content.demo.loading.plan import plan_orders
from content.demo.loading.source import read
from shop.catalogue.models import Attribute


def test_every_reference_in_the_files_leads_somewhere() -> None:
    assert validate.main() == 0


def test_the_shop_is_large_enough_to_walk_into() -> None:
    catalogue = read("catalogue")

    assert len(catalogue["products"]) >= 60
    assert all(3 <= len(product["variants"]) <= 8 for product in catalogue["products"])
    assert len(catalogue["categories"]) >= 15
    assert len(catalogue["brands"]) == 4


def test_every_kind_of_attribute_is_used() -> None:
    catalogue = read("catalogue")
    kinds = {attribute["slug"]: attribute["kind"] for attribute in catalogue["attributes"]}

    used = {kinds[slug] for product in catalogue["products"] for slug in product["attributes"]}
    used |= {
        kinds[slug]
        for product in catalogue["products"]
        for variant in product["variants"]
        for slug in variant["attributes"]
    }

    assert used == set(Attribute.Kind.values)


def test_the_plan_of_eight_weeks_is_drawn_up_the_same_each_time() -> None:
    plan = plan_orders()

    assert plan_orders() == plan
    assert max(order.days_ago for order in plan.orders) <= 56
    assert min(order.days_ago for order in plan.orders) >= 0
    assert sum(plan.sold.values()) > len(plan.orders)
