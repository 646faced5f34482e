"""Moderating reviews in the admin: read one, approve or reject it, go on with the next."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from shop.core import clock
from shop.customers.selectors import require_user
from shop.reviews.models import Review
from shop.reviews.services import moderate_reviews

INDEX_URL_NAME = "reviews_admin:index"
REVIEW_URL_NAME = "reviews_admin:review"
PERMISSION = "reviews.change_review"

DECISIONS = {"approve": Review.Status.APPROVED, "reject": Review.Status.REJECTED}


def stars(review: Review) -> str:
    """The rating as it reads in lists, for example "4 of 5"."""
    return f"{review.rating} of 5"


class ReviewFilterSet(WagtailFilterSet):
    """By state, rating and date."""

    status = django_filters.ChoiceFilter(label="State", choices=Review.Status.choices, empty_label="All")
    rating = django_filters.ChoiceFilter(
        label="Stars", choices=[(number, f"{number} of 5") for number in range(5, 0, -1)], empty_label="All"
    )
    created_at = django_filters.DateFromToRangeFilter(label="Written", widget=DateRangePickerWidget)

    class Meta:
        model = Review
        fields: list[str] = []


class ReviewIndexView(generic.IndexView):
    """Every review, newest first; found by product, name or words in it."""

    model = Review
    any_permission_required = ("view", "change")
    page_title = "Reviews"
    header_icon = "openquote"
    is_searchable = True
    search_fields = ("product__title", "author_name", "title", "text")
    filterset_class = ReviewFilterSet
    default_ordering = "-created_at"
    paginate_by = 50
    results_template_name = "reviews/admin/index_results.html"
    columns = [
        TitleColumn(
            "title",
            label="Review",
            accessor=lambda review: review.title or review.text[:60] or "Rating without words",
            get_url=lambda review: reverse(REVIEW_URL_NAME, args=[review.pk]),
        ),
        Column("product", label="Product", accessor="product.title"),
        Column("rating", label="Stars", accessor=stars, sort_key="rating"),
        Column("author_name", label="By", sort_key="author_name"),
        StatusTagColumn(
            "status",
            label="State",
            accessor="get_status_display",
            primary=lambda review: review.status == Review.Status.PENDING,
        ),
        DateColumn("created_at", label="Written", sort_key="created_at"),
    ]

    def get_base_queryset(self) -> QuerySet[Review]:
        """Load the product's title along."""
        return Review.objects.select_related("product")


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """One review, with the two decisions about it."""

    template_name = "reviews/admin/review.html"
    header_icon = "openquote"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Everybody who may see reviews may read it; deciding takes more."""
        if not any(request.user.has_perm(name) for name in (PERMISSION, "reviews.view_review")):
            raise PermissionDenied
        self.review = get_object_or_404(
            Review.objects.select_related("product", "moderated_by"), pk=kwargs["pk"]
        )
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Approve or reject, then show the next one that waits."""
        status = DECISIONS.get(request.POST.get("decision", ""))
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        if status is None:
            messages.error(request, "Choose to approve or to reject the review.")
            return redirect(REVIEW_URL_NAME, self.review.pk)
        moderate_reviews(
            review_ids=[self.review.pk], status=status, actor=require_user(request.user), at=clock.now()
        )
        waiting = Review.objects.filter(status=Review.Status.PENDING).order_by("created_at", "pk").first()
        done = f"The review by {self.review.author_name} is {status.label.lower()}."
        if waiting is None:
            messages.success(request, f"{done} No other review is waiting.")
            return redirect(INDEX_URL_NAME)
        messages.success(request, f"{done} Here is the next one.")
        return redirect(REVIEW_URL_NAME, waiting.pk)

    def get_page_title(self) -> str:
        """Return whose review it is."""
        return f"Review by {self.review.author_name}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the way here."""
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(INDEX_URL_NAME), "label": "Reviews"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template draws."""
        return super().get_context_data(
            **kwargs,
            review=self.review,
            stars=stars(self.review),
            product_url=reverse("wagtailadmin_pages:edit", args=[self.review.product_id]),
            can_moderate=self.request.user.has_perm(PERMISSION),
        )


class ReviewMenuItem(MenuItem):
    """Shown to whoever may see reviews."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow the permission of the list."""
        return any(request.user.has_perm(name) for name in (PERMISSION, "reviews.view_review"))


class ReviewViewSet(ViewSet):
    """Reviews are written by buyers: there is nothing to add, and deleting is what rejecting is for."""

    name = "reviews_admin"
    url_prefix = "reviews"
    icon = "openquote"
    menu_label = "Reviews"
    menu_name = "reviews"
    menu_order = 240
    add_to_admin_menu = True
    model = Review

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        """Hide the entry from whoever would be refused."""
        return ReviewMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        """List and one review."""
        names = {"index_url_name": INDEX_URL_NAME, "index_results_url_name": "reviews_admin:index_results"}
        return [
            path("", ReviewIndexView.as_view(**names), name="index"),
            path("results/", ReviewIndexView.as_view(**names, results_only=True), name="index_results"),
            path("<int:pk>/", ReviewView.as_view(), name="review"),
        ]
