"""Changing a column of a sheet by percent or by an amount before it is saved, with and without scripts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.datastructures import MultiValueDict
from wagtail.admin import messages

from shop.catalogue.grid import Adjustment, Column, parse_decimal
from shop.catalogue.grid_cells import CellGrid

ADJUST = "adjust"
PERCENT, AMOUNT = "percent", "amount"
LOWEST_PERCENT, HIGHEST_PERCENT = Decimal(-99), Decimal(1000)
JSON = "application/json"


class AdjustForm(forms.Form):
    """Which column, by how much, and how the result is rounded."""

    column = forms.ChoiceField(label="Change")
    by = forms.ChoiceField(choices=((PERCENT, "by percent"), (AMOUNT, "by an amount")), label="How")
    value = forms.CharField(
        label="By",
        max_length=20,
        help_text="“-10” for ten less, “2.5” for more.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    rounding = forms.ChoiceField(label="Rounding")

    prefix = ADJUST
    use_required_attribute = False

    def __init__(self, data: Any = None, *, columns: list[Column]) -> None:
        super().__init__(data, auto_id="%s")
        self.columns = {column.name: column for column in columns}
        cast(forms.ChoiceField, self.fields["column"]).choices = [
            (column.name, _name_column(column)) for column in columns
        ]
        # A column that rounds otherwise than the first would need a form of its own.
        cast(forms.ChoiceField, self.fields["rounding"]).choices = columns[0].roundings if columns else ()

    def clean_value(self) -> Decimal:
        """Read the number as people type it; a percentage beyond all sense is a slip of the pen."""
        try:
            # As people write changes: “+10 %”, or with a minus of typesetters.
            plain = self.cleaned_data["value"].replace("\u2212", "-").removesuffix("%").removeprefix("+")
            value = parse_decimal(plain)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        if not value:
            raise forms.ValidationError("0 changes nothing. Example: “-10”.")
        if self.cleaned_data.get("by") == PERCENT and not LOWEST_PERCENT <= value <= HIGHEST_PERCENT:
            raise forms.ValidationError("Write a percentage from -99 to 1000.")
        return value

    @property
    def adjustment(self) -> Adjustment:
        """What was asked for."""
        given = self.cleaned_data
        by = {"percent" if given["by"] == PERCENT else "plus": given["value"]}
        return Adjustment(rounding=given["rounding"], **by)


def _name_column(column: Column) -> str:
    return f"{column.part_label}: {column.heading}" if column.part_label else column.heading


def make_adjust_form(sheet: CellGrid, data: MultiValueDict[str, Any] | None = None) -> AdjustForm | None:
    """Return the form; ``None`` where the sheet has no column that can be changed so."""
    columns = sheet.adjustable_columns
    return AdjustForm(data, columns=columns) if columns and sheet.rows else None


class SheetView(Protocol):
    """A view that draws a sheet."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]: ...

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse: ...


def answer_adjustment(view: SheetView, sheet: CellGrid) -> HttpResponse:
    """Change the column and show the sheet, unsaved; a script gets only the cells that differ."""
    form = make_adjust_form(sheet, view.request.POST)
    if form is None:
        raise PermissionDenied
    is_valid = form.is_valid()
    changed = sheet.adjust(form.columns[form.cleaned_data["column"]], form.adjustment) if is_valid else {}
    sheet.show_errors()
    refused = {cell["id"]: cell["error"] for cell in sheet.list_errors()[1]}
    status = 200 if is_valid and not refused else 422
    if JSON in view.request.headers.get("Accept", ""):
        wrong = {f"{ADJUST}-{name}": " ".join(map(str, texts)) for name, texts in form.errors.items()}
        return JsonResponse({"cells": changed, "refused": refused, "errors": wrong})
    if changed:
        messages.warning(view.request, f"{count_cells(len(changed))} changed, and not saved yet.")
    elif is_valid and not refused:
        messages.info(view.request, "Nothing changed: the cells are empty, or hold this already.")
    context = view.get_context_data(sheet=sheet, adjust_form=form)
    return view.render_to_response(context, status=status)


def count_cells(number: int) -> str:
    """Return ``1 cell`` or ``24 cells``."""
    return "1 cell" if number == 1 else f"{number} cells"
