"""The "Promotions" menu. Apps above add themselves to it by the hook alone."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from shop.core.dashboard import TODOS_HOOK
from shop.promotions import admin_views
from shop.promotions.todos import list_broken_promotions
from shop.promotions.viewsets import PromotionViewSet, VoucherBatchViewSet, VoucherViewSet

MENU_HOOK = "register_promotions_menu_item"

promotions = PromotionViewSet()
vouchers = VoucherViewSet()
batches = VoucherBatchViewSet()
submenu = Menu(register_hook_name=MENU_HOOK)

hooks.register(TODOS_HOOK, list_broken_promotions)


@hooks.register("register_admin_viewset")
def register_promotions() -> list[PromotionViewSet | VoucherViewSet | VoucherBatchViewSet]:
    """Promotions, codes and batches of codes."""
    return [promotions, vouchers, batches]


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """What the editor asks for while somebody writes."""
    return [
        path("promotions/rules/words/", admin_views.list_words, name="promotions_words"),
        path("promotions/rules/<slug:vocabulary>/", admin_views.check_rule, name="promotions_rule"),
        path("promotions/in-words/", admin_views.preview_words, name="promotions_in_words"),
    ]


@hooks.register(MENU_HOOK)
def add_promotions() -> MenuItem:
    """Promotions in the menu."""
    return promotions.get_menu_item(order=100)


@hooks.register(MENU_HOOK)
def add_vouchers() -> MenuItem:
    """Codes in the menu."""
    return vouchers.get_menu_item(order=200)


@hooks.register(MENU_HOOK)
def add_batches() -> MenuItem:
    """Batches in the menu."""
    return batches.get_menu_item(order=300)


@hooks.register("register_admin_menu_item")
def register_menu() -> SubmenuMenuItem:
    """Shown to whoever may see anything in it."""
    return SubmenuMenuItem("Promotions", submenu, name="promotions-menu", icon_name="tag", order=225)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Offer these to groups: putting promotions to use, and pausing them."""
    return Permission.objects.filter(content_type__app_label="promotions", codename="activate_promotion")
