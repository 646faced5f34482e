"""The list of products is filtered and sorted by what the publish checks said, and that is kept true."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.models import CustomImage
from shop.catalogue.models import (
    ProductPage,
    ProductReadiness,
    ProductType,
    ProductTypeAttribute,
    ProductVariant,
)
from shop.catalogue.services import save_variants
from shop.catalogue.services.readiness import count_wrong, mark_stale, refresh_readiness, sweep_stale
from shop.catalogue.services.sheet import VariantDraft
from shop.core.relay import deliver_due
from shop.inventory.services import adjust_stock
from shop.pricing.services import PriceChange, set_prices
from tests.factories.catalogue import AttributeFactory, ProductFactory
from tests.factories.customers import AdministratorFactory
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceListFactory

pytestmark = pytest.mark.django_db

BODY = [{"type": "paragraph", "value": "<p>Made of oak, oiled by hand.</p>"}]


def draft_lamp(**fields: Any) -> ProductPage:
    return ProductFactory(
        title="Lamp", summary="A dimmable oak lamp for small desks.", body=BODY, publish=False, **fields
    )


def stored(product: ProductPage) -> int:
    deliver_due()
    return ProductReadiness.objects.get(product=product).score


def price(variant: ProductVariant) -> None:
    code = PriceListFactory(currency="EUR").code
    change = PriceChange(variant_id=variant.pk, price_list_code=code, amount=Decimal("49.90"))
    set_prices(changes=[change], actor=None)


def listed(client: Client, **query: Any) -> list[str]:
    client.force_login(AdministratorFactory())
    answer = client.get("/admin/catalogue/products/", query)
    return [page.title for page in answer.context["object_list"]]


def test_the_score_follows_variants_prices_and_stock() -> None:
    lamp = draft_lamp()
    before = stored(lamp)

    [variant] = save_variants(product=lamp, create=[VariantDraft(sku="LAMP")])
    with_variant = stored(lamp)
    price(variant)
    with_price = stored(lamp)
    warehouse = StockItemFactory(variant=variant, on_hand=0).warehouse
    adjust_stock(variant_id=variant.pk, warehouse=warehouse, counted=3, seen=0, actor=None)

    assert (before, with_variant, with_price, stored(lamp)) == (80, 75, 95, 100)
    assert count_wrong() == 0


def test_the_score_follows_a_draft_that_nobody_sees() -> None:
    lamp = draft_lamp()
    before = stored(lamp)
    draft = lamp.get_latest_revision_as_object()
    draft.product_categories = []

    draft.save_revision(clean=False)

    assert stored(lamp) == before - 20


def test_a_deleted_picture_counts_no_more() -> None:
    lamp = draft_lamp()
    before = stored(lamp)

    CustomImage.objects.get(pk=lamp.media.get().image_id).delete()
    sweep_stale(seconds=5)

    assert stored(lamp) == before - 20


def test_a_type_that_asks_for_more_is_swept_for_all_its_products() -> None:
    kind = ProductType.objects.create(name="Lamp", slug="lamp")
    lamp, other = draft_lamp(product_type=kind), draft_lamp()
    before = stored(lamp)
    ProductTypeAttribute.objects.create(
        product_type=kind, attribute=AttributeFactory(slug="material"), is_required=True
    )

    stale = list(ProductReadiness.objects.filter(is_stale=True))
    checked = sweep_stale(seconds=5)

    assert [row.product_id for row in stale] == [lamp.pk]
    assert checked == 1
    assert (stored(lamp), stored(other)) == (before - 20, before)


def test_products_that_were_never_checked_are_found_by_the_sweep() -> None:
    lamp = draft_lamp()
    ProductReadiness.objects.all().delete()

    assert sweep_stale(seconds=5) == 1
    assert stored(lamp) == 80


def test_an_alias_is_as_ready_as_its_original() -> None:
    lamp = ProductFactory(title="Lamp", summary="A dimmable oak lamp for small desks.", body=BODY)
    save_variants(product=lamp, create=[VariantDraft(sku="LAMP")])
    alias = lamp.create_alias(update_slug="lamp-again")

    assert stored(alias) == stored(lamp)


def test_many_products_are_checked_by_a_fixed_number_of_statements() -> None:
    few = [draft_lamp().pk for _ in range(2)]
    many = [draft_lamp().pk for _ in range(6)]
    refresh_readiness([draft_lamp().pk])

    with CaptureQueriesContext(connection) as for_few:
        refresh_readiness(few)
    with CaptureQueriesContext(connection) as for_many:
        refresh_readiness(many)

    assert len(for_few) == len(for_many)


def test_the_list_keeps_what_is_ready_or_lacks_something(client: Client) -> None:
    ready = ProductFactory(title="Ready")
    save_variants(product=ready, create=[VariantDraft(sku="READY")])
    variant = ready.variants.get()
    price(variant)
    ProductFactory(title="Bare", categories=[], pictures=0, publish=False)
    deliver_due()

    assert listed(client, ready="ready") == ["Ready"]
    assert listed(client, ready="not_ready") == ["Bare"]
    assert listed(client, ready="perfect") == []
    assert listed(client, score_below=80) == ["Bare"]
    assert listed(client, missing="no_category") == ["Bare"]
    assert sorted(listed(client, missing=["no_category", "no_stock"])) == ["Bare", "Ready"]


def test_what_lacks_an_attribute_of_its_type_is_found_whichever_it_is(client: Client) -> None:
    kind = ProductType.objects.create(name="Lamp", slug="lamp")
    ProductTypeAttribute.objects.create(
        product_type=kind, attribute=AttributeFactory(slug="material"), is_required=True
    )
    draft_lamp(product_type=kind)
    deliver_due()

    assert listed(client, missing="no_attribute") == ["Lamp"]


def test_the_list_is_sorted_by_score_with_unchecked_products_at_the_low_end(client: Client) -> None:
    ProductFactory(title="Whole", summary="A dimmable oak lamp for small desks.", body=BODY)
    ProductFactory(title="Bare", categories=[], pictures=0, publish=False)
    deliver_due()
    new = ProductFactory(title="New")
    ProductReadiness.objects.filter(product=new).delete()

    assert listed(client, ordering="stored_readiness__score") == ["New", "Bare", "Whole"]
    assert listed(client, ordering="-stored_readiness__score") == ["Whole", "Bare", "New"]


def test_a_bulk_change_of_a_draft_is_scored(client: Client) -> None:
    from tests.factories.catalogue import CategoryFactory

    lamp = ProductFactory(title="Lamp")
    draft = lamp.get_latest_revision_as_object()
    draft.product_categories = []
    draft.save_revision(clean=False)
    before = stored(lamp)
    client.force_login(AdministratorFactory())
    url = reverse("wagtail_bulk_action", args=["catalogue", "productpage", "add-category"])

    client.post(f"{url}?id={lamp.pk}", {"category": CategoryFactory().pk, "next": "/admin/"})

    assert stored(lamp) == before + 20


def test_the_command_counts_what_is_wrong_and_mends_it() -> None:
    lamp = draft_lamp()
    right = stored(lamp)
    ProductReadiness.objects.update(score=3)

    with pytest.raises(CommandError) as refused:
        call_command("rebuild_readiness", check=True, stdout=StringIO())
    out = StringIO()
    call_command("rebuild_readiness", stdout=out)

    assert refused.value.returncode == 1
    assert "1 have another score" in out.getvalue()
    assert stored(lamp) == right
    call_command("rebuild_readiness", check=True, stdout=StringIO())


def test_everything_can_be_marked_to_be_checked_again() -> None:
    stored(draft_lamp())

    assert mark_stale() == 1
    assert mark_stale() == 0
