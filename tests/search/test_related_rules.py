"""Related products by rule: who they are shown beside, what is shown, and at what cost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from search.models import LiveRule, ProductIndex, RuleMember
from search.selectors.related_rules import list_by_rules
from search.selectors.summaries import COLUMNS
from shop.catalogue.models import ProductType, RelatedRule
from tests.factories.catalogue import BrandFactory, CategoryFactory
from tests.factories.customers import UserFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db


def tagged(tag: str) -> dict[str, object]:
    return {"field": "tag", "op": "in", "value": [tag]}


def goods(title: str, *tags: str, **more: object):
    page = product_on_sale(title=title, **more)
    if tags:
        page.tags.add(*tags)
        page.save_revision().publish()
    return page


def beside(*pages, kind: str = "related") -> list[list[str]]:
    rows = list(ProductIndex.objects.filter(product__in=pages).order_by("product_id").values(*COLUMNS))
    shown = list_by_rules(rows, "EUR")
    return [[row["title"] for row in shown.get((page.pk, kind), [])] for page in pages]


def test_a_rule_shows_some_products_beside_others():
    lamp, chair = goods("Lamp", "lamp"), goods("Chair")
    goods("Bulb", "bulb"), goods("Old bulb", "bulb", on_hand=0)

    RelatedRule.objects.create(
        name="Bulbs", for_products=tagged("lamp"), show=tagged("bulb"), sort="newest", kind="cross_sell"
    )

    assert beside(lamp, chair, kind="cross_sell") == [["Old bulb", "Bulb"], []]
    assert beside(lamp) == [[]]


def test_a_rule_without_products_is_for_all_and_shows_none_beside_itself():
    lamp, bulb = goods("Lamp"), goods("Bulb", "bulb")
    RelatedRule.objects.create(name="Bulbs", show=tagged("bulb"))

    assert beside(lamp, bulb) == [["Bulb"], []]


@pytest.mark.parametrize("shared", ["same_category", "same_brand", "same_type"])
def test_what_is_shown_shares_what_the_rule_says(shared):
    pages = {}
    for name in ("oak", "steel"):
        category, brand = CategoryFactory(slug=name), BrandFactory(slug=name, name=name)
        kind = ProductType.objects.create(name=name, slug=name)
        for number in (1, 2):
            page = product_on_sale(title=f"{name} {number}", categories=[category], brand=brand)
            page.product_type = kind
            page.save_revision().publish()
            pages[f"{name} {number}"] = page
    bare = product_on_sale(title="bare", categories=[])

    RelatedRule.objects.create(name="Alike", **{shared: True})

    assert beside(pages["oak 1"], pages["steel 2"], bare) == [["oak 2"], ["steel 1"], []]


def test_the_first_rules_fill_the_places_up_to_their_limit():
    lamp = goods("Lamp")
    for number in range(3):
        goods(f"Bulb {number}", "bulb", price=f"{number + 1}.00")
    goods("Cable", "cable")
    RelatedRule.objects.create(name="Then", show=tagged("cable"), sort_order=2)
    RelatedRule.objects.create(name="First", show=tagged("bulb"), sort_order=1, limit=2, sort="price")

    assert beside(lamp) == [["Bulb 0", "Bulb 1", "Cable"]]


def test_a_rule_out_of_use_or_deleted_shows_nothing_and_keeps_nothing():
    lamp = goods("Lamp", "lamp")
    goods("Bulb", "bulb")
    rule = RelatedRule.objects.create(name="Bulbs", for_products=tagged("lamp"), show=tagged("bulb"))
    assert RuleMember.objects.count() == 2

    rule.is_active = False
    rule.save()
    assert beside(lamp) == [[]]
    assert not LiveRule.objects.exists()

    rule.is_active = True
    rule.save()
    rule.delete()
    assert beside(lamp) == [[]]
    assert not LiveRule.objects.exists()


def test_the_cost_depends_on_rules_only(django_assert_num_queries):
    category = CategoryFactory()
    pages = [goods(f"Lamp {number}", "lamp", categories=[category]) for number in range(4)]
    rows = list(ProductIndex.objects.filter(product__in=pages).values(*COLUMNS))
    with django_assert_num_queries(1):
        list_by_rules(rows, "EUR")
    RelatedRule.objects.create(name="A", for_products=tagged("lamp"), show=tagged("lamp"))
    RelatedRule.objects.create(name="B", same_category=True, same_type=True)

    for some in (rows[:1], rows):
        with django_assert_num_queries(4):  # rules, who they are for, types, what "A" shows
            list_by_rules(some, "EUR")


def test_the_editor_refuses_a_rule_that_shows_everything():
    admin = Client()
    admin.force_login(UserFactory(is_staff=True, is_superuser=True))
    add = reverse(RelatedRule.snippet_viewset.get_url_name("add"))
    form = {"name": "All", "kind": "related", "for_products": "", "show": "", "limit": "4", "sort": "newest"}
    form |= {"sort_order": "0", "is_active": "on"}

    refused = admin.post(add, form)
    kept = admin.post(add, form | {"same_brand": "on"})

    assert "Say what to show" in refused.content.decode()
    assert kept.status_code == 302
    assert RelatedRule.objects.get().show is None
