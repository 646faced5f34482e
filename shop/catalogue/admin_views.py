"""Screens of the admin that are no snippet's and no page's: the sheet of variants, and moving a category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from shop.catalogue.grid_adjust import ADJUST, answer_adjustment, make_adjust_form
from shop.catalogue.grid_sheet import GridSheet
from shop.catalogue.models import Category, ProductPage
from shop.catalogue.permissions import can_edit_product, can_reach_product
from shop.catalogue.services import move_category
from shop.catalogue.services.categories import CategoryNotMovable
from shop.catalogue.variant_views import SHEET, lead_to_sheet, lead_to_source
from shop.core import clock

if TYPE_CHECKING:
    from shop.customers.models import User

NEW_ROWS_AT_ONCE = 5


class VariantGridView(WagtailAdminTemplateMixin, View):
    """The sheet of a product's variants with prices and stock; works as a plain form, better with scripts."""

    template_name = "catalogue/admin/variant_grid.html"
    page_title = SHEET
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may edit the page, or any column of its sheet, in the folders that they work in."""
        self.product = get_object_or_404(ProductPage, pk=kwargs["page_id"])
        may_edit_page = can_edit_product(request.user, self.product)
        may_edit_cells = can_reach_product(request.user, self.product) and self._sheet(request).can_edit
        if not (may_edit_page or may_edit_cells):
            raise PermissionDenied
        elsewhere = lead_to_source(request, self.product, "catalogue_variants")
        return elsewhere or super().dispatch(request, *args, **kwargs)

    def _sheet(self, request: HttpRequest, *, new_rows: int = 0, is_typed: bool = False) -> GridSheet:
        return GridSheet(
            self.product,
            cast("User", request.user),
            chosen_attributes=(request.POST if is_typed else request.GET).getlist("attributes"),
            new_rows=new_rows,
            typed=request.POST if is_typed else None,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what stands."""
        sheet = self._sheet(request)
        if not sheet.rows:
            sheet = self._sheet(request, new_rows=1)
        return self.render_to_response(self.get_context_data(sheet=sheet))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the sheet, or show it again with more rows or other columns and what was typed."""
        action = request.POST.get("action", "save")
        if action == ADJUST:
            return answer_adjustment(self, self._sheet(request, is_typed=True))
        if action != "save":
            typed_rows = sum(key.startswith("n") for key in request.POST.getlist("row"))
            more = NEW_ROWS_AT_ONCE if action == "add-rows" else 0
            sheet = self._sheet(request, new_rows=typed_rows + more, is_typed=True)
            return self.render_to_response(self.get_context_data(sheet=sheet))
        sheet = self._sheet(request, is_typed=True)
        if not sheet.can_edit:
            raise PermissionDenied
        if sheet.save(at=clock.now()):
            messages.success(request, format_html("The sheet of “{}” has been saved.", self.product.title))
            return redirect("catalogue_variants", self.product.pk)
        messages.error(request, "Nothing has been saved yet: please mend the marked cells.")
        return self.render_to_response(self.get_context_data(sheet=sheet), status=422)

    def get_page_subtitle(self) -> str:
        """Name the product."""
        return self.product.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the page tree over the editor to the sheet."""
        return [*self.breadcrumbs_items, *lead_to_sheet(self.product)[:-1], {"url": "", "label": SHEET}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the sheet and the errors in the order of its rows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        sheet: GridSheet = context["sheet"]
        context["product"] = self.product
        context.setdefault("adjust_form", make_adjust_form(sheet))
        context["general_errors"], context["summary"] = sheet.list_errors()
        return context


class CategoryField(forms.ModelChoiceField):
    """Categories by name, set in by their depth."""

    def label_from_instance(self, obj: Category) -> str:
        """Return the name behind one dash per level."""
        indent = "\u2014 " * (obj.depth - 1)
        return f"{indent}{obj.name}"


class MoveCategoryForm(forms.Form):
    """Where a category goes."""

    parent = CategoryField(
        label="Inside",
        queryset=Category.objects.none(),
        required=False,
        empty_label="(top of the shop)",
        help_text="Everything below the category moves with it.",
    )
    after = CategoryField(
        label="After",
        queryset=Category.objects.none(),
        required=False,
        empty_label="(first place)",
        help_text="The sibling that it follows in menus and lists.",
    )

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Category.objects.exclude(path__startswith=category.path)
        for name in ("parent", "after"):
            field = cast(CategoryField, self.fields[name])
            field.queryset = places

    def clean(self) -> dict[str, Any]:
        """Refuse to follow a category that lies elsewhere."""
        cleaned: dict[str, Any] = super().clean() or {}
        after = cleaned.get("after")
        parent = cleaned.get("parent")
        if after is not None and after.parent_id != (parent.pk if parent else None):
            inside = f"“{parent}”" if parent else "the top of the shop"
            self.add_error("after", f"“{after}” is not in {inside}: choose one that is, or the first place.")
        return cleaned


class MoveCategoryView(WagtailAdminTemplateMixin, View):
    """Moves a category with all below it, at once: the tree has no drafts."""

    template_name = "catalogue/admin/move_category.html"
    page_title = "Move category"
    header_icon = "folder-open-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may publish categories, because a move is seen at once."""
        if not request.user.has_perm("catalogue.publish_category"):
            raise PermissionDenied
        self.category = get_object_or_404(Category, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask where to."""
        siblings = Category.objects.filter(
            parent=self.category.parent, sort_order__lt=self.category.sort_order
        )
        form = MoveCategoryForm(
            category=self.category,
            initial={"parent": self.category.parent_id, "after": siblings.last()},
        )
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move it."""
        form = MoveCategoryForm(request.POST, category=self.category)
        if form.is_valid():
            try:
                move_category(
                    category=self.category,
                    actor=cast("User", request.user),
                    at=clock.now(),
                    **form.cleaned_data,
                )
            except CategoryNotMovable as refused:
                form.add_error("parent", refused.detail)
            else:
                messages.success(request, format_html("“{}” has been moved.", self.category.name))
                return redirect(Category.snippet_viewset.get_url_name("list"))
        return self.render_to_response(self.get_context_data(form=form))

    def get_page_subtitle(self) -> str:
        """Name the category."""
        return self.category.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead from the list of categories over the category to here."""
        viewset = Category.snippet_viewset
        return [
            *self.breadcrumbs_items,
            {"url": reverse(viewset.get_url_name("list")), "label": "Categories"},
            {
                "url": reverse(viewset.get_url_name("edit"), args=[self.category.pk]),
                "label": self.category.name,
            },
            {"url": "", "label": "Move"},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the category."""
        return super().get_context_data(category=self.category, **kwargs)
