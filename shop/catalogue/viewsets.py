"""What merchandisers find under "Catalogue" in the admin's menu."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, LiveStatusTagColumn, TitleColumn, UpdatedAtColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.images import get_image_model
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.query import PageQuerySet
from wagtail.snippets.views.snippets import IndexView as SnippetIndexView
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from shop.catalogue.models import (
    Attribute,
    Brand,
    Category,
    ProductCollection,
    ProductMedia,
    ProductPage,
    ProductVariant,
    TaxClass,
)

THUMBNAIL = "max-96x96"
SKUS_SHOWN = 3


class ProductIndexView(PageIndexView):
    """Every product with its first picture and SKUs; finds titles, SKUs and barcodes."""

    page_title = "Products"

    def search_queryset(self, queryset: PageQuerySet) -> PageQuerySet:
        """Find by words of the title, by part of a SKU, or by barcode (full-text search splits SKUs)."""
        if not self.is_searching:
            return queryset
        typed = self.search_query.strip()
        by_title = Q()
        for word in typed.split():
            by_title &= Q(title__icontains=word) | Q(draft_title__icontains=word)
        by_variant = ProductVariant.objects.filter(Q(sku__icontains=typed) | Q(barcode=typed))
        return queryset.filter(by_title | Q(pk__in=by_variant.values("product_id")))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load pictures and SKUs of the products on this page, in four queries."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        pages = {page.pk: page for page in context["object_list"]}
        first_images: dict[int, int] = {}
        for page_id, image_id in (
            ProductMedia.objects.filter(page_id__in=pages)
            .order_by("page_id", "sort_order")
            .values_list("page_id", "image_id")
        ):
            first_images.setdefault(page_id, image_id)
        images = get_image_model().objects.prefetch_renditions(THUMBNAIL).in_bulk(set(first_images.values()))
        skus: dict[int, list[str]] = {}
        for page_id, sku in (
            ProductVariant.objects.active().filter(product_id__in=pages).values_list("product_id", "sku")
        ):
            skus.setdefault(page_id, []).append(sku)
        brands = Brand.objects.in_bulk({page.brand_id for page in pages.values() if page.brand_id})
        for pk, page in pages.items():
            image = images.get(first_images.get(pk, 0))
            page.listing_thumbnail = get_rendition_or_not_found(image, THUMBNAIL) if image else None
            page.listing_skus = _shorten(skus.get(pk, []))
            page.listing_brand = brands.get(page.brand_id, "")
        return context


def _shorten(skus: list[str]) -> str:
    more = len(skus) - SKUS_SHOWN
    return ", ".join(skus[:SKUS_SHOWN]) + (f" and {more} more" if more > 0 else "")


class ThumbnailColumn(Column):
    """The first picture of a product. Its title stands beside it, so it needs no alternative text."""

    cell_template_name = "catalogue/admin/_thumbnail.html"


class ProductListing(PageListingViewSet):
    """The flat list of products, wherever they are filed."""

    model = ProductPage
    index_view_class = ProductIndexView
    name = "products"
    url_prefix = "catalogue/products"
    menu_label = "Products"
    icon = "tag"
    add_to_admin_menu = False
    columns = [
        BulkActionsColumn("bulk_actions"),
        ThumbnailColumn("picture", label="Picture", accessor="listing_thumbnail", width="6rem"),
        PageTitleColumn("title", label="Title", sort_key="title", classname="title"),
        Column("skus", label="SKUs", accessor="listing_skus"),
        Column("brand", label="Brand", accessor="listing_brand"),
        DateColumn(
            "latest_revision_created_at", label="Updated", sort_key="latest_revision_created_at", width="12%"
        ),
        PageStatusColumn("status", label="Status", sort_key="live", width="12%"),
    ]


class CategoryTitleColumn(TitleColumn):
    """The name, set in by its depth."""

    cell_template_name = "catalogue/admin/_category_title.html"

    def get_cell_context_data(self, instance: Category, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Add the dashes before the name."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["indent"] = "\u2014 " * (instance.depth - 1)
        return context


class CategoryIndexView(SnippetIndexView):
    """Categories in the order of the tree, with a way to move each."""

    default_ordering = "tree_order"

    def get_base_queryset(self) -> QuerySet[Category]:
        """Count products, drafts included."""
        return (
            super()
            .get_base_queryset()
            .annotate(product_count=Count("product_categories__page", distinct=True))
        )

    def _get_title_column(self, field_name: str, column_class: type = TitleColumn, **kwargs: Any) -> Any:
        return super()._get_title_column(field_name, CategoryTitleColumn, **kwargs)

    def get_list_more_buttons(self, instance: Category) -> list[Any]:
        """Add "Move" for those who may."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        if self.request.user.has_perm("catalogue.publish_category"):
            buttons.append(
                MenuItem(
                    "Move",
                    url=reverse("catalogue_move_category", args=[instance.pk]),
                    icon_name="arrow-right-full",
                    priority=25,
                )
            )
        return buttons


class CategoryViewSet(SnippetViewSet):
    """The tree of categories."""

    model = Category
    icon = "folder-open-inverse"
    menu_label = "Categories"
    index_view_class = CategoryIndexView
    list_display = [
        "name",
        Column("slug", label="Web address", accessor="url"),
        Column("product_count", label="Products"),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    search_fields = ["name", "slug"]
    search_backend_name = None
    ordering = ["tree_order"]
    list_per_page = 200
    # Positions count per parent: the sheet that Wagtail offers for one flat list would mix them up.
    sort_order_field = None


class CollectionViewSet(SnippetViewSet):
    """Products put together by hand."""

    model = ProductCollection
    icon = "list-ul"
    menu_label = "Collections"
    list_display = [
        "name",
        Column("slug", label="Web address", accessor="url"),
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    search_fields = ["name", "slug"]
    search_backend_name = None


class AttributeViewSet(SnippetViewSet):
    """Properties of goods, and their values."""

    model = Attribute
    icon = "list-ul"
    menu_label = "Attributes"
    list_display = ["name", "slug", "kind", "makes_variants", "is_filterable"]
    list_filter = ["kind", "makes_variants", "is_filterable"]
    search_fields = ["name", "slug"]
    search_backend_name = None
    sort_order_field = None


class BrandViewSet(SnippetViewSet):
    """Who makes the goods."""

    model = Brand
    icon = "tag"
    menu_label = "Brands"
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    search_backend_name = None


class TaxClassViewSet(SnippetViewSet):
    """Kinds of goods for tax; the rates are beside the tax app's own screens."""

    model = TaxClass
    icon = "tag"
    menu_label = "Tax classes"
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
    search_backend_name = None


class CatalogueGroup(SnippetViewSetGroup):
    """The menu."""

    menu_label = "Catalogue"
    menu_icon = "tag"
    menu_order = 110
    items = (
        ProductListing,
        CategoryViewSet,
        CollectionViewSet,
        AttributeViewSet,
        BrandViewSet,
        TaxClassViewSet,
    )
