from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.core import views


class PermittedMenuItem(MenuItem):
    """Shown to those who may open it."""

    def __init__(self, label: str, url: str, *, permission: str, icon_name: str, order: int) -> None:
        super().__init__(label, url, icon_name=icon_name, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Give the two reports their addresses."""
    audit, outbox = views.AuditReport, views.OutboxReport
    return [
        path("audit/", audit.as_view(), name="core_audit"),
        path("audit/results/", audit.as_view(results_only=True), name="core_audit_results"),
        path("deliveries/", outbox.as_view(), name="core_outbox"),
        path("deliveries/results/", outbox.as_view(results_only=True), name="core_outbox_results"),
        path("deliveries/<int:pk>/replay/", views.replay, name="core_outbox_replay"),
    ]


@hooks.register("register_reports_menu_item")
def register_audit_menu_item() -> MenuItem:
    """List the audit trail among the reports."""
    url, permission = reverse("core_audit"), "core.view_auditentry"
    return PermittedMenuItem("Audit trail", url, permission=permission, icon_name="history", order=900)


@hooks.register("register_reports_menu_item")
def register_outbox_menu_item() -> MenuItem:
    """List the deliveries among the reports."""
    url, permission = reverse("core_outbox"), "core.view_outboxevent"
    return PermittedMenuItem("Deliveries", url, permission=permission, icon_name="mail", order=910)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let groups be given the reports."""
    codenames = ["view_auditentry", "view_outboxevent", "change_outboxevent"]
    return Permission.objects.filter(content_type__app_label="core", codename__in=codenames)
