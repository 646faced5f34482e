"""The places that goods are kept in."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from shop.inventory.models import Warehouse
from shop.inventory.services import save_warehouse


class WarehouseSaving:
    """Saves through the service, so that search and the audit hear of it."""

    def save_instance(self) -> Warehouse:
        """Save, and keep Wagtail's own history as well."""
        is_new = self.form.instance.pk is None  # type: ignore[attr-defined]
        warehouse = save_warehouse(
            warehouse=self.form.save(commit=False),  # type: ignore[attr-defined]
            actor=self.request.user,  # type: ignore[attr-defined]
        )
        log(instance=warehouse, action="wagtail.create" if is_new else "wagtail.edit")
        return warehouse


class WarehouseCreateView(WarehouseSaving, generic.CreateView):
    """A new warehouse."""


class WarehouseEditView(WarehouseSaving, generic.EditView):
    """A warehouse and whether it is in use."""


class WarehouseDeleteView(generic.DeleteView):
    """Deletes a warehouse that never held anything; any other is taken out of use."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Say the mend where deleting would take a part of the ledger away."""
        if self.object.stock_items.exists():
            messages.error(
                self.request,
                f"{self.object} has stock or a past in the ledger, so it stays. "
                "To sell nothing more from it, untick “in use”.",
            )
            return redirect("warehouses:edit", self.object.pk)
        return super().form_valid(form)


class WarehouseViewSet(ModelViewSet):
    """The places that goods are kept in."""

    model = Warehouse
    name = "warehouses"
    url_prefix = "stock/warehouses"
    icon = "home"
    menu_label = "Warehouses"
    add_view_class = WarehouseCreateView
    edit_view_class = WarehouseEditView
    delete_view_class = WarehouseDeleteView
    copy_view_enabled = False
    list_display = [
        "name",
        "code",
        Column("country", label="Country", accessor="get_country_display", sort_key="country"),
        "priority",
        BooleanColumn("is_active", label="In use", sort_key="is_active"),
    ]
    index_results_template_name = "inventory/admin/warehouse_results.html"
    panels = [
        FieldPanel("name"),
        FieldPanel("code"),
        FieldPanel("country"),
        FieldRowPanel([FieldPanel("priority"), FieldPanel("is_active")]),
    ]
