"""Two reports of the admin: the audit trail, and the effects that wait or failed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.views.decorators.http import require_POST
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from shop.core.models import AuditEntry, OutboxEvent
from shop.core.services import replay_events


class AuditFilterSet(WagtailFilterSet):
    """Find who did something to a thing."""

    action = django_filters.CharFilter(lookup_expr="icontains", label="Action, e.g. price.set")
    object_label = django_filters.CharFilter(lookup_expr="icontains", label="Thing, e.g. a SKU")
    at = django_filters.DateFromToRangeFilter(label="When", widget=DateRangePickerWidget)

    class Meta:
        model = AuditEntry
        fields: list[str] = []


class AuditReport(ReportView):
    """The audit trail, newest first; it can be read and nothing else."""

    page_title = "Audit trail"
    verbose_name = "entry"
    verbose_name_plural = "entries"
    header_icon = "history"
    index_url_name = "core_audit"
    index_results_url_name = "core_audit_results"
    permission_required = None
    any_permission_required = ["view"]
    filterset_class = AuditFilterSet
    columns = [
        DateColumn("at", label="When", width="15%"),
        Column("who", label="Who", accessor=lambda entry: entry.actor or "the system", width="20%"),
        Column("action", label="Did what", width="15%"),
        Column("what", label="To what", accessor=lambda entry: entry.object_label or entry.object_id),
        Column("changes", label="Changes", accessor=lambda entry: describe_changes(entry.changes)),
    ]
    no_results_message = "Nothing is recorded yet. Changes of prices, stock and orders will appear here."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return permission_required("core.view_auditentry", raise_exception=True)(super().dispatch)(
            request, *args, **kwargs
        )

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.select_related("actor").order_by("-at", "-pk")


def describe_changes(changes: dict[str, Any]) -> str:
    """Return one line: ``amount: 10.00 → 9.00; reason: sale``."""
    parts = []
    for name, value in changes.items():
        is_pair = isinstance(value, list) and len(value) == 2  # noqa: PLR2004 - before and after
        parts.append(f"{name}: {value[0]} → {value[1]}" if is_pair else f"{name}: {value}")
    return "; ".join(parts)


class OutboxFilterSet(WagtailFilterSet):
    """Find an event by its topic, what it is about, or how it stands."""

    state = django_filters.ChoiceFilter(
        label="State", method="filter_state", choices=OutboxEvent.State.choices, empty_label="Not done"
    )
    topic = django_filters.CharFilter(lookup_expr="icontains", label="Event, e.g. order.placed")
    key = django_filters.CharFilter(lookup_expr="icontains", label="About, e.g. an order number")

    class Meta:
        model = OutboxEvent
        fields: list[str] = []

    def filter_state(self, queryset: QuerySet[OutboxEvent], name: str, value: str) -> QuerySet[OutboxEvent]:
        return queryset.filter(
            done_at__isnull=value != OutboxEvent.State.DONE,
            parked_at__isnull=value != OutboxEvent.State.PARKED,
        )

    def filter_queryset(self, queryset: QuerySet[OutboxEvent]) -> QuerySet[OutboxEvent]:
        filtered = super().filter_queryset(queryset)
        return filtered if self.form.cleaned_data.get("state") else filtered.filter(done_at__isnull=True)


class ReplayColumn(Column):
    """A button for events that are parked."""

    cell_template_name = "core/admin/replay_cell.html"

    def get_cell_context_data(self, instance: OutboxEvent, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        user = parent_context["request"].user
        context["can_replay"] = instance.parked_at is not None and user.has_perm("core.change_outboxevent")
        return context


class OutboxReport(ReportView):
    """What waits for its effects, and what was given up after five tries."""

    page_title = "Deliveries"
    verbose_name = "delivery"
    verbose_name_plural = "deliveries"
    header_icon = "mail"
    index_url_name = "core_outbox"
    index_results_url_name = "core_outbox_results"
    filterset_class = OutboxFilterSet
    columns = [
        DateColumn("created_at", label="Recorded", width="15%"),
        Column("topic", label="Event", width="15%"),
        Column("key", label="About", width="15%"),
        Column("state", label="State", accessor=lambda event: capfirst(event.state.label), width="10%"),
        Column("attempts", label="Tries", width="5%"),
        Column("last_error", label="Last error", accessor=lambda event: event.last_error[:300]),
        ReplayColumn("replay", label="Mend", width="10%"),
    ]
    no_results_message = "Nothing waits: every e-mail and other effect of what happened is delivered."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return permission_required("core.view_outboxevent", raise_exception=True)(super().dispatch)(
            request, *args, **kwargs
        )

    def get_queryset(self) -> QuerySet[OutboxEvent]:
        return OutboxEvent.objects.order_by(F("parked_at").desc(nulls_last=True), "-pk")


@require_POST
@permission_required("core.change_outboxevent", raise_exception=True)
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a parked event again and lead back to the report."""
    if replay_events(event_ids=[pk]).replayed:
        messages.success(request, "It will be tried again within seconds, up to five times.")
    else:
        messages.warning(request, "It is not parked any more: somebody else has started it again.")
    return redirect("core_outbox")
