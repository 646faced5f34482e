"""
Changes that pass by every ``save()`` of ours, caught where Wagtail and Django send them.

Deleting or moving a folder touches its products only in SQL, and a view restriction is a row of its
own. Each is sent inside the transaction that makes the change, or opens one here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from modelsearch.signal_handlers import post_delete_signal_handler
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail.signals import post_page_move

from shop.catalogue.events import record_draft, record_products_changed, record_variants_changed
from shop.catalogue.models import ProductMedia, ProductPage, ProductType, ProductTypeAttribute
from shop.catalogue.models.publishing import changes_content
from shop.catalogue.services.readiness import mark_stale
from shop.core import clock
from shop.core.models import ShopSettings
from shop.core.outbox import record_event


def archive_variants_of_deleted_page(instance: ProductPage, **kwargs: Any) -> None:
    """Archive the variants before the database sets their product to null; orders may name them."""
    with transaction.atomic():
        now = clock.now()
        variants = instance.variants.filter(archived_at__isnull=True)
        variant_ids = list(variants.values_list("pk", flat=True))
        variants.update(archived_at=now, updated_at=now)
        record_variants_changed(variant_ids=variant_ids, product_ids=[instance.pk])
        record_event("product.deleted", key=f"product:{instance.pk}", payload={"product_id": instance.pk})


def record_move(instance: Page, **kwargs: Any) -> None:
    """Tell that addresses, and perhaps view restrictions, of everything below the page are others now."""
    _record_products_below(instance)


def record_restriction(instance: PageViewRestriction, **kwargs: Any) -> None:
    """Tell that products became private or public."""
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        _record_products_below(page)


def _record_products_below(page: Page) -> None:
    products: QuerySet[ProductPage] = ProductPage.objects.descendant_of(page, inclusive=True).live()
    with transaction.atomic():
        record_products_changed(products.order_by("pk").values_list("pk", flat=True))


def record_saved_draft(
    instance: ProductPage, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    """Tell of what a save changed that shoppers do not see: a draft, or a page that is not live."""
    is_content = changes_content(update_fields)
    if (is_content and not instance.live) or (not is_content and "latest_revision" in (update_fields or ())):
        with transaction.atomic():
            record_draft(instance.pk)


def mark_products_of_type(instance: ProductType | ProductTypeAttribute, **kwargs: Any) -> None:
    """A type asks for other attributes by now, or its goods are of another kind."""
    is_type = isinstance(instance, ProductType)
    mark_stale(Q(product_type=instance.pk if is_type else instance.product_type_id))


def mark_products_with_picture(instance: Any, **kwargs: Any) -> None:
    """A picture is gone, and its row in every gallery with it."""
    mark_stale(Q(pk__in=ProductMedia.objects.filter(image=instance.pk).values("page_id")))


def mark_all_products(**kwargs: Any) -> None:
    """The shop sells in another currency, or speaks another language."""
    mark_stale()


def connect() -> None:
    """Listen; called once when the app is ready."""
    from shop.catalogue import consumers

    # Apps that bring publish checks of their own stand before this one, so theirs are known by now.
    consumers.follow_readiness()
    post_save.connect(record_saved_draft, sender=ProductPage)
    for model in (ProductType, ProductTypeAttribute):
        post_save.connect(mark_products_of_type, sender=model)
    post_delete.connect(mark_products_of_type, sender=ProductTypeAttribute)
    pre_delete.connect(mark_products_with_picture, sender=get_image_model())
    post_save.connect(mark_all_products, sender=ShopSettings)
    for signal in (post_save, post_delete):
        signal.connect(mark_all_products, sender=Locale)
    # What `search_auto_update = False` leaves out as well.
    post_delete.connect(post_delete_signal_handler, sender=ProductPage)
    pre_delete.connect(archive_variants_of_deleted_page, sender=ProductPage)
    post_page_move.connect(record_move)
    post_save.connect(record_restriction, sender=PageViewRestriction)
    post_delete.connect(record_restriction, sender=PageViewRestriction)
