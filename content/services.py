"""Changes of editorial content that are not made in a form of the admin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from wagtail.models import Page

from content.models import Menu, MenuItem
from shop.catalogue.models import Category


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One link of a menu: to a page, a category or an address. Links with one ``group`` stand together."""

    title: str = ""
    page: Page | None = None
    category: Category | None = None
    url: str = ""
    group: str = ""


@transaction.atomic
def set_menu(*, handle: str, name: str, links: Sequence[MenuLink]) -> Menu:
    """
    Make the menu ``handle`` hold exactly these links, in this order.

    :raises ValidationError: if a link has no target, two, or an address that is not safe
    """
    menu, _ = Menu.objects.get_or_create(handle=handle, defaults={"name": name})
    menu.name = name
    items = [
        MenuItem(
            sort_order=position,
            title=link.title,
            page_id=link.page.pk if link.page else None,
            category=link.category,
            url=link.url,
            group=link.group,
        )
        for position, link in enumerate(links)
    ]
    for item in items:
        item.full_clean(exclude=["menu"])
    menu.items = items
    menu.save()
    return menu
