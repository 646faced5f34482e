from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from shop.catalogue.admin_views import MoveCategoryView, VariantGridView
from shop.catalogue.attributes.usage import explain_use
from shop.catalogue.attributes.views import draw_attribute_fields
from shop.catalogue.bulk_actions.views import ACTIONS
from shop.catalogue.bundle_views import BundleView, PartChooserViewSet, part_chooser
from shop.catalogue.copying import copy_variants_of_folder, copy_whole_product
from shop.catalogue.editorial_todos import list_reviews, list_schedules
from shop.catalogue.grid_views import EditPricesAndStock, ProductGridView
from shop.catalogue.guard_views import refuse_what_is_used
from shop.catalogue.models import ProductPage
from shop.catalogue.placement_views import CategoryOrderView
from shop.catalogue.publish_doors import refuse_unready
from shop.catalogue.publishing_views import BeforePublishingView
from shop.catalogue.saved_view_views import add_saved_view, change_saved_view
from shop.catalogue.trail_views import TrailView
from shop.catalogue.variant_views import VariantMatrixView, VariantPicturesView
from shop.catalogue.viewsets import CatalogueGroup
from shop.core.dashboard import TODOS_HOOK

if TYPE_CHECKING:
    pass

register_snippet(CatalogueGroup)
for _action in (*ACTIONS, EditPricesAndStock):
    hooks.register("register_bulk_action", _action)
hooks.register("before_delete_snippet", refuse_what_is_used)
hooks.register("before_copy_page", copy_whole_product)
hooks.register("after_copy_page", copy_variants_of_folder)


@hooks.register("register_admin_urls")
def register_catalogue_urls() -> list[URLPattern]:
    """The screens that belong to no viewset."""
    return [
        path("catalogue/saved-views/add/", add_saved_view, name="catalogue_add_saved_view"),
        path("catalogue/saved-views/<int:pk>/", change_saved_view, name="catalogue_change_saved_view"),
        path(
            "catalogue/products/<int:page_id>/variants/", VariantGridView.as_view(), name="catalogue_variants"
        ),
        path("catalogue/grid/", ProductGridView.as_view(), name="catalogue_grid"),
        path("catalogue/products/<int:page_id>/trail/", TrailView.as_view(), name="catalogue_trail"),
        path("catalogue/attribute-fields/", draw_attribute_fields, name="catalogue_attribute_fields"),
        path(
            "catalogue/products/<int:page_id>/publishing/",
            BeforePublishingView.as_view(),
            name="catalogue_publishing",
        ),
        path(
            "catalogue/products/<int:page_id>/matrix/",
            VariantMatrixView.as_view(),
            name="catalogue_variant_matrix",
        ),
        path(
            "catalogue/variants/<int:variant_id>/pictures/",
            VariantPicturesView.as_view(),
            name="catalogue_variant_pictures",
        ),
        path("catalogue/variants/<int:variant_id>/bundle/", BundleView.as_view(), name="catalogue_bundle"),
        path(
            "catalogue/categories/<int:pk>/order/",
            CategoryOrderView.as_view(),
            name="catalogue_category_order",
        ),
        path(
            "catalogue/categories/<int:pk>/move/", MoveCategoryView.as_view(), name="catalogue_move_category"
        ),
    ]


@hooks.register("register_admin_viewset")
def register_part_chooser() -> PartChooserViewSet:
    """The dialogue in which the parts of bundles are chosen."""
    return part_chooser


@hooks.register("register_page_listing_buttons")
def add_sheet_to_listing(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Reach the sheet from every list of pages."""
    if isinstance(page, ProductPage):
        yield ListingButton(
            "Variants, prices and stock",
            reverse("catalogue_variants", args=[page.pk]),
            icon_name="table",
            priority=15,
        )


@hooks.register("register_page_header_buttons")
def add_sheet_to_header(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Reach the sheet from the editor's header."""
    if isinstance(page, ProductPage) and page.pk:
        yield Button(
            "Variants, prices and stock",
            reverse("catalogue_variants", args=[page.pk]),
            icon_name="table",
            priority=15,
        )
        yield Button(
            "Who changed what",
            reverse("catalogue_trail", args=[page.pk]),
            icon_name="history",
            priority=17,
        )


@hooks.register("before_bulk_action")
def keep_unready_products_off_the_shop(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Publish from a list only what the editor would let go live, folders with all below them included."""
    if request.method != "POST" or action_type != "publish":
        return None
    pages = [held for held in objects if isinstance(held, Page)]
    refusal = refuse_unready(pages, with_descendants=bool(request.POST.get("include_descendants")))
    if not refusal:
        return None
    messages.error(request, refusal)
    return redirect(action.next_url)


@hooks.register("register_page_header_buttons")
def add_publishing_to_header(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Reach checks and impact from the editor's header."""
    if isinstance(page, ProductPage) and page.pk and not page.alias_of_id:
        yield Button(
            "Before you publish",
            reverse("catalogue_publishing", args=[page.pk]),
            icon_name="check",
            priority=16,
        )


@hooks.register("before_delete_snippet")
def keep_what_products_are_made_of(request: HttpRequest, instances: Iterable[Any]) -> HttpResponse | None:
    """Say who uses an attribute or a type, instead of asking whether to delete what cannot be deleted."""
    reasons = [reason for reason in map(explain_use, instances) if reason]
    if not reasons:
        return None
    for reason in reasons:
        messages.error(request, reason)
    url_name = next(iter(instances)).snippet_viewset.get_url_name("list")
    return redirect(reverse(url_name))


hooks.register(TODOS_HOOK, list_reviews)
hooks.register(TODOS_HOOK, list_schedules)
