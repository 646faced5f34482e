from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from shop.catalogue.models import ProductPage
from shop.catalogue.readiness import require_ready

if TYPE_CHECKING:
    from shop.customers.models import User


@transaction.atomic
def publish_product(*, product: ProductPage, actor: User | None) -> ProductPage:
    """
    Publish the latest draft of a product, or schedule it when the draft says so.

    Whether the actor may publish it is the caller's to ask.

    :raises ProductNotReady: if a publish check finds an error; nothing has changed then
    """
    require_ready(product)
    revision = product.get_latest_revision() or product.save_revision(user=actor)
    revision.publish(user=actor, skip_permission_checks=True)
    return ProductPage.objects.get(pk=product.pk)
