"""
Changes that pass by every ``save()`` of ours, caught where Wagtail and Django send them.

Deleting or moving a folder touches its products only in SQL, and a view restriction is a row of its
own. Each is sent inside the transaction that makes the change, or opens one here.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from shop.catalogue.events import record_products_changed, record_variants_changed
from shop.catalogue.models import ProductPage
from shop.core import clock
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


def connect() -> None:
    """Listen; called once when the app is ready."""
    from shop.catalogue import consumers  # noqa: F401  # registering is the import's purpose

    pre_delete.connect(archive_variants_of_deleted_page, sender=ProductPage)
    post_page_move.connect(record_move)
    post_save.connect(record_restriction, sender=PageViewRestriction)
    post_delete.connect(record_restriction, sender=PageViewRestriction)
