"""What merchandisers find under "Catalogue" in the admin's menu: one module per list."""

from __future__ import annotations

from wagtail.admin.menu import MenuItem
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from shop.catalogue.grid_views import GridMenuItem
from shop.catalogue.viewsets.attributes import AttributeViewSet
from shop.catalogue.viewsets.brands import BrandViewSet
from shop.catalogue.viewsets.categories import CategoryViewSet
from shop.catalogue.viewsets.collections import CollectionViewSet
from shop.catalogue.viewsets.product_types import ProductTypeViewSet
from shop.catalogue.viewsets.products import ProductListing
from shop.catalogue.viewsets.related_rules import RelatedRuleViewSet
from shop.catalogue.viewsets.tax_classes import TaxClassViewSet

__all__ = ["CatalogueGroup"]


class CatalogueGroup(SnippetViewSetGroup):
    """The menu."""

    menu_label = "Catalogue"
    menu_icon = "tag"
    menu_order = 110
    items = (
        ProductListing,
        CategoryViewSet,
        CollectionViewSet,
        ProductTypeViewSet,
        AttributeViewSet,
        BrandViewSet,
        RelatedRuleViewSet,
        TaxClassViewSet,
    )

    def get_submenu_items(self) -> list[MenuItem]:
        """Put the sheet of many products behind their list."""
        listing, *others = super().get_submenu_items()
        return [listing, GridMenuItem(order=listing.order), *others]
