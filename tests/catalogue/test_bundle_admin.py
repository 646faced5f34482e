import pytest
from django.urls import reverse

from tests.factories.cart import bundle_of, goods
from tests.factories.catalogue import VariantFactory
from tests.factories.customers import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def post(client, variant, *parts, by_parts=True):
    data = {"parts-TOTAL_FORMS": len(parts), "parts-INITIAL_FORMS": 0}
    for number, (part, quantity) in enumerate(parts):
        data |= {
            f"parts-{number}-part": part.pk,
            f"parts-{number}-quantity": quantity,
            f"parts-{number}-ORDER": number + 1,
        }
    if by_parts:
        data["price-priced_by_parts"] = "on"
    return client.post(reverse("catalogue_bundle", args=[variant.pk]), data)


def test_a_bundle_is_made_on_its_screen(admin):
    whole, lamp = VariantFactory(), goods("40.00", stock=5)

    saved = post(admin, whole, (lamp, 2))
    shown = admin.get(saved["Location"]).content.decode()

    assert [(part.component, part.quantity) for part in whole.components.all()] == [(lamp, 2)]
    assert "€80.00" in shown
    assert "Can be sold now" in shown


def test_the_figures_follow_what_is_being_typed(admin):
    whole, lamp = VariantFactory(), goods("40.00", stock=5)

    shown = admin.get(
        reverse("catalogue_bundle", args=[whole.pk]), {"figures": 1, "part": [f"{lamp.pk}:2", "x:1", "7"]}
    ).content.decode()

    assert "€80.00" in shown
    assert ">2<" in shown


def test_what_is_wrong_is_told_and_nothing_is_saved(admin):
    whole, lamp = VariantFactory(), goods()

    refused = post(admin, whole, (lamp, 1), (lamp, 2))

    assert refused.status_code == 422
    assert "is listed twice" in refused.content.decode()
    assert not whole.components.exists()


def test_parts_are_found_by_sku_and_title_and_bundles_are_not_offered(admin):
    lamp = goods(sku="LAMP-OAK-38")
    bundle_of([(lamp, 1)], sku="LAMP-SET")

    found = admin.get(reverse("catalogue_part_chooser:choose_results"), {"q": "lamp"}).content.decode()

    assert "LAMP-OAK-38" in found
    assert "LAMP-SET" not in found


def test_the_sheet_shows_the_stock_of_a_bundle_to_read_only_and_leads_to_its_parts(admin):
    lamp = goods(stock=5)
    whole = bundle_of([(lamp, 2)])

    shown = admin.get(reverse("catalogue_variants", args=[whole.product_id])).content.decode()

    assert reverse("catalogue_bundle", args=[whole.pk]) in shown
    assert f'name="v{whole.pk}:on_hand.main"' not in shown
    assert "By its parts" in shown


def test_nobody_else_comes_in(client):
    whole = VariantFactory()
    client.force_login(UserFactory())

    assert client.get(reverse("catalogue_bundle", args=[whole.pk])).status_code in (302, 403)
