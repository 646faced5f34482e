from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from shop.catalogue.events import record_variants_changed
from shop.catalogue.models import ProductVariant, VariantImage
from shop.core import clock
from shop.core.audit import record_audit
from shop.core.errors import ErrorItem, ShopError

if TYPE_CHECKING:
    from shop.customers.models import User

MAX_PICTURES: Final = 20


class InvalidPictures(ShopError):
    """The pictures of a variant cannot be saved; ``errors`` name them by place: ``further.2``."""

    code = "invalid_pictures"
    title = "Some of the pictures cannot be saved."


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPicture:
    """A further picture of a variant; ``alt_text`` says what it shows."""

    image_id: int
    alt_text: str = ""


@transaction.atomic
def set_variant_pictures(
    *,
    variant: ProductVariant,
    image_id: int | None,
    further: Sequence[VariantPicture] = (),
    actor: User | None = None,
    at: datetime | None = None,
) -> ProductVariant:
    """
    Give a variant its main picture and further ones, in this order, instead of those that it has.

    :raises InvalidPictures: for a picture named twice, or more than 20
    """
    at = at or clock.now()
    _check(image_id, further)
    locked = ProductVariant.objects.select_for_update().get(pk=variant.pk)
    held = list(locked.images.values_list("image_id", "alt_text"))
    wanted = [(picture.image_id, picture.alt_text) for picture in further]
    if (locked.image_id, held) == (image_id, wanted):
        return locked
    locked.image_id = image_id
    locked.updated_at = at
    locked.save(update_fields=["image", "updated_at"])
    locked.images.all().delete()
    VariantImage.objects.bulk_create(
        VariantImage(
            variant=locked, image_id=picture.image_id, alt_text=picture.alt_text, sort_order=position
        )
        for position, picture in enumerate(further)
    )
    product = locked.product
    record_variants_changed(variant_ids=[locked.pk], product_ids=[product.pk] if product else [])
    if product is not None:
        changes = {locked.sku: {"image_id": image_id, "further": [pk for pk, _ in wanted]}}
        record_audit(actor=actor, action="variants.pictures", target=product, changes=changes, at=at)
    return locked


def _check(image_id: int | None, further: Sequence[VariantPicture]) -> None:
    seen = {image_id}
    errors = []
    for index, picture in enumerate(further):
        if picture.image_id in seen:
            detail = "This picture is there twice: take one of them out."
            errors.append(ErrorItem("picture_twice", detail, f"further.{index}"))
        seen.add(picture.image_id)
    if len(further) > MAX_PICTURES:
        detail = f"A variant has at most {MAX_PICTURES} further pictures."
        errors.append(ErrorItem("too_many", detail, f"further.{MAX_PICTURES}"))
    if errors:
        raise InvalidPictures(errors=errors)
