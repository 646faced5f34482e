"""The mailbox of the admin: every e-mail that the shop wrote, and sending one again."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from shop.core import clock
from shop.core.errors import ShopError
from shop.customers.selectors import require_user
from shop.notifications.models import SentEmail
from shop.notifications.services import resend_email
from shop.orders.models import Order

INDEX_URL_NAME = "mailbox:index"
EMAIL_URL_NAME = "mailbox:email"
RESEND_PERMISSION = "notifications.resend_email"
VIEW_PERMISSION = "notifications.view_sentemail"


class EmailFilterSet(WagtailFilterSet):
    """By what became of it, what it is about, and when it was written."""

    state = django_filters.ChoiceFilter(label="State", choices=SentEmail.State.choices, empty_label="All")
    kind = django_filters.ChoiceFilter(label="Kind", choices=SentEmail.Kind.choices, empty_label="All")
    created_at = django_filters.DateFromToRangeFilter(label="Written", widget=DateRangePickerWidget)

    class Meta:
        model = SentEmail
        fields: list[str] = []


class MailboxView(generic.IndexView):
    """Every e-mail, newest first; found by recipient, subject or order number."""

    model = SentEmail
    any_permission_required = ("view",)
    page_title = "Mailbox"
    header_icon = "mail"
    is_searchable = True
    search_fields = ("recipient", "subject", "order_number")
    filterset_class = EmailFilterSet
    default_ordering = "-created_at"
    paginate_by = 50
    results_template_name = "notifications/admin/index_results.html"
    columns = [
        TitleColumn(
            "subject",
            label="Subject",
            sort_key="subject",
            get_url=lambda email: reverse(EMAIL_URL_NAME, args=[email.pk]),
        ),
        Column("recipient", label="To", sort_key="recipient"),
        Column("kind", label="Kind", accessor="get_kind_display"),
        StatusTagColumn(
            "state",
            label="State",
            accessor="get_state_display",
            # A primary tag is drawn pale.
            primary=lambda email: email.state != SentEmail.State.FAILED,
        ),
        DateColumn("created_at", label="Written", sort_key="created_at"),
        DateColumn("sent_at", label="Sent", sort_key="sent_at"),
    ]


class EmailView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One e-mail as its recipient sees it."""

    model = SentEmail
    any_permission_required = ("view",)
    template_name = "notifications/admin/email.html"
    header_icon = "mail"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the e-mail."""
        super().setup(request, *args, **kwargs)
        self.email = get_object_or_404(SentEmail, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        """Return its subject."""
        return self.email.subject

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the way here."""
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(INDEX_URL_NAME), "label": "Mailbox"},
            {"url": "", "label": self.email.subject},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the template draws."""
        email = self.email
        waits = email.state in (SentEmail.State.QUEUED, SentEmail.State.SENDING)
        return super().get_context_data(
            **kwargs,
            email=email,
            html_url=reverse("mailbox:html", args=[email.pk]),
            resend_url=reverse("mailbox:resend", args=[email.pk]),
            can_resend=not waits and self.request.user.has_perm(RESEND_PERMISSION),
            order_url=_order_url(email.order_number),
        )


@method_decorator(xframe_options_sameorigin, name="dispatch")
class EmailHtmlView(PermissionCheckedMixin, View):
    """The HTML part alone, for a sandboxed frame: no script runs, nothing is loaded from elsewhere."""

    model = SentEmail
    any_permission_required = ("view",)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with the part as it was written."""
        response = HttpResponse(get_object_or_404(SentEmail, pk=pk).html)
        response["Content-Security-Policy"] = (
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
            "img-src 'self' data:; frame-ancestors 'self'"
        )
        response["Cache-Control"] = "private, no-store"
        return response


class ResendView(View):
    """Send an e-mail once more."""

    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever may not."""
        if not request.user.has_perm(RESEND_PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Queue it, and show the one that is waiting now."""
        email = get_object_or_404(SentEmail, pk=pk)
        try:
            email = resend_email(email=email, actor=require_user(request.user), at=clock.now())
        except ShopError as refusal:
            messages.warning(request, refusal.detail)
        else:
            messages.success(request, f"The e-mail to {email.recipient} is on its way again.")
        return redirect(EMAIL_URL_NAME, email.pk)


class MailboxMenuItem(MenuItem):
    """Shown to whoever may see e-mails."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Follow the permission of the list."""
        return request.user.has_perm(VIEW_PERMISSION)


class MailboxViewSet(ViewSet):
    """E-mails are written by events: there is nothing to add, edit or delete."""

    name = "mailbox"
    url_prefix = "mailbox"
    icon = "mail"
    menu_label = "Mailbox"
    menu_name = "mailbox"
    menu_order = 250
    add_to_admin_menu = True
    model = SentEmail

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        """Hide the entry from whoever would be refused."""
        return MailboxMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        """List, one e-mail, its HTML part, sending it again."""
        names = {"index_url_name": INDEX_URL_NAME, "index_results_url_name": "mailbox:index_results"}
        return [
            path("", MailboxView.as_view(**names), name="index"),
            path("results/", MailboxView.as_view(**names, results_only=True), name="index_results"),
            path("<int:pk>/", EmailView.as_view(), name="email"),
            path("<int:pk>/html/", EmailHtmlView.as_view(), name="html"),
            path("<int:pk>/resend/", ResendView.as_view(), name="resend"),
        ]


class EmailsPanel(Component):
    """The e-mails about one order, on its screen."""

    template_name = "notifications/admin/order_panel.html"

    def __init__(self, order: Order) -> None:
        self.order = order

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """One query."""
        emails = SentEmail.objects.filter(order_number=self.order.number).defer("text", "html")
        return {"emails": emails}


def emails_panel(request: HttpRequest, order: Order) -> EmailsPanel | None:
    """The panel, for whoever may see e-mails."""
    return EmailsPanel(order) if request.user.has_perm(VIEW_PERMISSION) else None


def _order_url(number: str) -> str:
    return reverse("orders_admin:order", args=[number]) if number else ""
