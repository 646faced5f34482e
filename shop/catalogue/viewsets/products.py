"""The flat list of products, wherever they are filed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.images import get_image_model
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.query import PageQuerySet

from shop.catalogue.models import Brand, ProductMedia, ProductPage, ProductVariant

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
