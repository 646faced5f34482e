"""The pictures of a variant: by service, and on their screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.catalogue.models import ProductVariant
from shop.catalogue.services.pictures import InvalidPictures, VariantPicture, set_variant_pictures
from shop.core.models import OutboxEvent
from tests.factories.catalogue import ImageFactory, VariantFactory
from tests.factories.customers import AdministratorFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp() -> ProductVariant:
    return VariantFactory(sku="LAMP")


def screen(variant: ProductVariant) -> str:
    return reverse("catalogue_variant_pictures", args=[variant.pk])


def filled_in(*rows: dict[str, Any], main: int | str = "", held: int = 0) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "main-image": main,
        "further-TOTAL_FORMS": len(rows),
        "further-INITIAL_FORMS": held,
    }
    for number, row in enumerate(rows):
        fields |= {f"further-{number}-{name}": value for name, value in row.items()}
    return fields


def test_pictures_keep_their_order_and_are_told_to_the_shop(lamp: ProductVariant) -> None:
    main, first, second = ImageFactory(), ImageFactory(), ImageFactory()
    OutboxEvent.objects.all().delete()

    set_variant_pictures(
        variant=lamp,
        image_id=main.pk,
        further=[
            VariantPicture(image_id=second.pk, alt_text="From above"),
            VariantPicture(image_id=first.pk, alt_text="From below"),
        ],
    )

    lamp.refresh_from_db()
    assert lamp.image == main
    assert [row.image for row in lamp.images.all()] == [second, first]
    assert OutboxEvent.objects.filter(topic="variant.changed").count() == 1


def test_the_same_pictures_again_change_nothing(lamp: ProductVariant) -> None:
    picture = ImageFactory()
    given = [VariantPicture(image_id=picture.pk, alt_text="Side")]
    set_variant_pictures(variant=lamp, image_id=None, further=given)
    OutboxEvent.objects.all().delete()

    set_variant_pictures(variant=lamp, image_id=None, further=given)

    assert not OutboxEvent.objects.exists()


def test_a_picture_is_shown_once(lamp: ProductVariant) -> None:
    picture = ImageFactory()

    with pytest.raises(InvalidPictures) as refused:
        set_variant_pictures(
            variant=lamp, image_id=picture.pk, further=[VariantPicture(image_id=picture.pk, alt_text="Side")]
        )

    assert [error.attr for error in refused.value.errors] == ["further.0"]


def test_the_screen_saves_adds_and_takes_away(client: Client, lamp: ProductVariant) -> None:
    client.force_login(AdministratorFactory())
    main, side, top = ImageFactory(), ImageFactory(), ImageFactory()
    set_variant_pictures(
        variant=lamp, image_id=None, further=[VariantPicture(image_id=side.pk, alt_text="Side")]
    )
    assert client.get(screen(lamp)).status_code == 200

    response = client.post(
        screen(lamp),
        filled_in(
            {"image": side.pk, "alt_text": "Side", "ORDER": 1, "DELETE": "on"},
            {"image": top.pk, "alt_text": "Top"},
            {"image": ""},
            main=main.pk,
            held=1,
        ),
    )

    assert response.status_code == 302
    lamp.refresh_from_db()
    assert (lamp.image, [row.image for row in lamp.images.all()]) == (main, [top])


def test_a_picture_without_a_text_is_refused(client: Client, lamp: ProductVariant) -> None:
    client.force_login(AdministratorFactory())

    response = client.post(screen(lamp), filled_in({"image": ImageFactory().pk, "alt_text": " "}))

    assert response.status_code == 422
    assert "Say what the picture shows" in response.content.decode()
    assert not lamp.images.exists()


def test_strangers_and_variants_without_a_product_have_no_screen(
    client: Client, lamp: ProductVariant
) -> None:
    client.force_login(UserFactory())
    assert client.get(screen(lamp)).status_code == 302

    client.force_login(AdministratorFactory())
    lamp.product.delete()
    assert client.get(screen(lamp)).status_code == 404
