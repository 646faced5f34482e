"""
Which products a user may work on. Every screen that changes goods asks here.

A merchandiser works below the folders that the group has page permissions for, and nowhere else, whether
it is the page, its variants, its prices or its stock that is changed, by form, grid, bulk action or import::

    editable_products(user)            # a queryset, for lists, bulk actions and imports
    can_edit_product(user, product)    # one product: its words, pictures, variants
    can_reach_product(user, product)   # one product: prices and stock, beside the permission for these

Ops keep stock everywhere and hold no page permission at all: their permissions for prices and stock
count for every product. Whoever does hold one is kept to those pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from shop.catalogue.models import ProductIndexPage, ProductPage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from shop.customers.models import User

_products = PagePermissionPolicy(ProductPage)


def editable_products(user: User | AnonymousUser) -> PageQuerySet:
    """The products whose pages the user may edit, live or not: those of the folders they work in."""
    return cast(PageQuerySet, _products.instances_user_has_permission_for(user, "change"))


def can_edit_product(user: User | AnonymousUser, product: ProductPage) -> bool:
    """Whether the user may edit the page: because of its place, or as the one asked to review it."""
    return bool(product.permissions_for_user(user).can_edit())


def is_bound_to_folders(user: User | AnonymousUser) -> bool:
    """Whether the user holds page permissions, which then say what they may change."""
    return not user.is_superuser and _products.user_has_any_permission(user, {"add", "change"})


def reachable_products(user: User | AnonymousUser) -> PageQuerySet:
    """
    The products whose prices and stock the user may change, as far as their place is concerned.

    The permissions for prices and for stock themselves are the caller's to ask.
    """
    return editable_products(user) if is_bound_to_folders(user) else ProductPage.objects.all()


def can_reach_product(user: User | AnonymousUser, product: ProductPage) -> bool:
    """Whether ``product`` is among :func:`reachable_products`."""
    return can_edit_product(user, product) or not is_bound_to_folders(user)


def addable_folders(user: User | AnonymousUser) -> PageQuerySet:
    """The product folders that the user may add products to, for imports and copies."""
    policy = PagePermissionPolicy(ProductIndexPage)
    return cast(PageQuerySet, policy.instances_user_has_permission_for(user, "add"))
