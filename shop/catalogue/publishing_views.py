"""The screen "Before you publish": what a product lacks, what changes, and who notices."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from shop.catalogue.editor_links import link_findings
from shop.catalogue.impact import count_impact
from shop.catalogue.models import ProductPage
from shop.catalogue.permissions import can_edit_product
from shop.catalogue.readiness import check_product


class BeforePublishingView(WagtailAdminTemplateMixin, View):
    """For whoever writes the product, and whoever approves it."""

    template_name = "catalogue/admin/before_publishing.html"
    page_title = "Before you publish"
    header_icon = "check"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may edit the page."""
        self.product = get_object_or_404(ProductPage, pk=kwargs["page_id"])
        if not can_edit_product(request.user, self.product):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the latest draft beside what is live."""
        return self.render_to_response(self.get_context_data())

    def get_page_subtitle(self) -> str:
        """Name the product."""
        return str(self.product.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead over the editor to here."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("products:index"), "label": "Products"},
            {"url": self._edit_url(), "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add checks, changes and impact."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        readiness = check_product(self.product)
        context |= {
            "product": self.product,
            "edit_url": self._edit_url(),
            "readiness": readiness,
            "findings": link_findings(self.product, readiness.findings),
            "comparison": list_changes(self.product, self.request),
            "impacts": count_impact(self.product, self.request.user),
        }
        return context

    def _edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.product.pk])


def list_changes(product: ProductPage, request: HttpRequest) -> list[Any]:
    """The fields in which the latest draft differs from what is live, as Wagtail compares revisions."""
    if not (product.live and product.has_unpublished_changes):
        return []
    draft = product.get_latest_revision_as_object()
    bound = product.get_edit_handler().get_bound_panel(instance=product, request=request, form=None)
    compared = [comparison(product, draft) for comparison in bound.get_comparison()]
    return [comparison for comparison in compared if comparison.has_changed()]
