"""What the frame of the storefront shows, and must not go on showing: see ``content.shell``."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from content.models import BrandSettings, ErrorPages, Menu, MenuItem
from content.shell import forget_shell
from shop.catalogue.models import Category
from shop.core.models import ShopSettings


def _forget(**kwargs: Any) -> None:
    forget_shell()


def connect() -> None:
    """Listen to everything that the frame shows. Only a cache hangs on these signals, never a fact."""
    shown = (BrandSettings, ErrorPages, Menu, MenuItem, Category, PageViewRestriction, ShopSettings, Site)
    for model in shown:
        post_save.connect(_forget, sender=model, dispatch_uid=f"content.shell.save.{model.__name__}")
        post_delete.connect(_forget, sender=model, dispatch_uid=f"content.shell.delete.{model.__name__}")
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(_forget, dispatch_uid="content.shell")
    post_delete.connect(_forget, sender=Page, dispatch_uid="content.shell.delete.Page")
