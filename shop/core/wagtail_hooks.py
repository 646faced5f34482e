from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from shop.core import job_views, views
from shop.core.dashboard import TODOS_HOOK, TodoPanel
from shop.core.job_todos import list_failed_jobs


class PermittedMenuItem(MenuItem):
    """Shown to those who may open it."""

    def __init__(self, label: str, url: str, *, permission: str, icon_name: str, order: int) -> None:
        super().__init__(label, url, icon_name=icon_name, order=order)
        self.permission = permission

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.permission))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Give the reports and the jobs their addresses."""
    audit, outbox, jobs = views.AuditReport, views.OutboxReport, job_views.JobReport
    return [
        path("audit/", audit.as_view(), name="core_audit"),
        path("audit/results/", audit.as_view(results_only=True), name="core_audit_results"),
        path("deliveries/", outbox.as_view(), name="core_outbox"),
        path("deliveries/results/", outbox.as_view(results_only=True), name="core_outbox_results"),
        path("deliveries/<int:pk>/replay/", views.replay, name="core_outbox_replay"),
        path("jobs/", jobs.as_view(), name="core_jobs"),
        path("jobs/results/", jobs.as_view(results_only=True), name="core_jobs_results"),
        path("jobs/<uuid:public_id>/", job_views.JobView.as_view(), name="core_job"),
        path("jobs/<uuid:public_id>/progress/", job_views.job_progress, name="core_job_progress"),
        path("jobs/<uuid:public_id>/report.csv", job_views.job_csv, name="core_job_csv"),
        re_path(
            r"^jobs/(?P<public_id>[0-9a-f-]{36})/(?P<action>cancel|resume)/$",
            job_views.steer_job,
            name="core_job_steer",
        ),
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


@hooks.register("register_reports_menu_item")
def register_jobs_menu_item() -> MenuItem:
    """List the jobs among the reports: everybody has their own."""
    return MenuItem("Background jobs", reverse("core_jobs"), icon_name="tasks", order=920)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let groups be given the reports."""
    codenames = ["view_auditentry", "view_outboxevent", "change_outboxevent"]
    codenames += ["view_backgroundjob", "change_backgroundjob"]
    return Permission.objects.filter(content_type__app_label="core", codename__in=codenames)


# Wagtail's own lists of reviews cost queries for each of their rows; "What needs me today" has both.
REPLACED_PANELS = ("user_objects_in_workflow_moderation", "workflow_objects_to_moderate")

hooks.register(TODOS_HOOK, list_failed_jobs)


@hooks.register("construct_homepage_panels")
def show_todos(request: HttpRequest, panels: list[Component]) -> None:
    """Open the home page with what needs its reader."""
    panels[:] = [panel for panel in panels if getattr(panel, "name", "") not in REPLACED_PANELS]
    panels.append(TodoPanel())
