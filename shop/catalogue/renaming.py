"""New slugs of what rules name, caught where they are saved, whatever door they come through."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Model
from django.db.models.signals import post_save, pre_save
from taggit.models import Tag

from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    ProductCollection,
    ProductType,
)
from shop.catalogue.services import renaming
from shop.catalogue.services.renaming import ATTRIBUTE, Rename, rename_in_rules

FIELDS: Final[dict[type[Model], str]] = {
    Category: "category",
    Brand: "brand",
    ProductType: "type",
    Tag: "tag",
    ProductCollection: "collection",
}


def remember_slug(sender: type[Model], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Look what the slug was; of what is new, none."""
    was = None
    if instance.pk and not raw:
        was = sender._default_manager.filter(pk=instance.pk).values_list("slug", flat=True).first()
    instance._slug_before = was


def apply_new_slug(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Let rules go on to mean what they meant."""
    old, new = getattr(instance, "_slug_before", None), instance.slug
    if not old or old == new:
        return
    # Whatever is saved once more has no news.
    instance._slug_before = new
    if isinstance(instance, Attribute):
        rename_in_rules(Rename(ATTRIBUTE, f"{ATTRIBUTE}{old}", f"{ATTRIBUTE}{new}", is_field=True))
    elif isinstance(instance, AttributeValue):
        rename_in_rules(Rename(f"{ATTRIBUTE}{instance.attribute.slug}", old, new))
    else:
        rename_in_rules(Rename(FIELDS[sender], old, new))


def connect() -> None:
    """Listen; called once when the app is ready."""
    renaming.register()
    for model in (*FIELDS, Attribute, AttributeValue):
        pre_save.connect(remember_slug, sender=model)
        post_save.connect(apply_new_slug, sender=model)
