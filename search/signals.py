"""
Changes that are made outside services: Wagtail moves pages and sets privacy itself, and labels are plain
models.

Each handler runs inside the request's own transaction or opens one, as the index must not be older than the
shop.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_slug_changed

from search.membership import refresh_currency
from search.models import ProductIndex
from search.services import index_products
from shop.catalogue.models import Attribute, AttributeValue, Brand, ProductPage, ProductType
from shop.core.models import ShopSettings
from shop.core.outbox import record_event


@receiver(page_slug_changed)
def index_after_new_slug(instance: Page, **kwargs: Any) -> None:
    """Addresses below a renamed page are new; moves and view restrictions are the catalogue's own events."""
    page = Page.objects.get(pk=instance.pk)
    products = ProductPage.objects.filter(path__startswith=page.path)
    with transaction.atomic():
        index_products(products.values_list("pk", flat=True))


@receiver(post_save, sender=Brand)
def tell_of_brand(instance: Brand, created: bool, **kwargs: Any) -> None:
    """Names of brands are kept in the index; rules go by the slug, and may not miss it for a moment."""
    if not created:
        ProductIndex.objects.filter(brand=instance).update(brand_slug=instance.slug, brand_name=instance.name)
        _record_labels(f"brand:{instance.pk}", brand_id=instance.pk)


@receiver(pre_delete, sender=Brand)
def forget_brand(instance: Brand, **kwargs: Any) -> None:
    """A brand that is gone is named by no product."""
    ProductIndex.objects.filter(brand=instance).update(brand_slug="", brand_name="")


@receiver(post_save, sender=ProductType)
def tell_of_type(instance: ProductType, created: bool, **kwargs: Any) -> None:
    """Rules name types of products by their slugs."""
    if not created:
        _record_labels(f"product_type:{instance.pk}", product_type_id=instance.pk)


@receiver(post_save, sender=ShopSettings)
def price_rules_anew(**kwargs: Any) -> None:
    """Prices in rules are those of the shop's own currency."""
    refresh_currency()


@receiver(post_save, sender=Attribute)
@receiver(post_save, sender=AttributeValue)
def tell_of_attribute(instance: Attribute | AttributeValue, created: bool, **kwargs: Any) -> None:
    """Names of attributes and of their values are kept in the index; one in use cannot be deleted."""
    attribute_id = instance.attribute_id if isinstance(instance, AttributeValue) else instance.pk
    if not created:
        _record_labels(f"attribute:{attribute_id}", attribute_id=attribute_id)


def _record_labels(key: str, **payload: int) -> None:
    with transaction.atomic():
        record_event("search.labels_changed", key=key, payload=payload)
