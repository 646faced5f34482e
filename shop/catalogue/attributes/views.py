"""What the script of the product's editor asks for."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from shop.catalogue.attributes.editor import AttributeForm

policy = PagePermissionPolicy(Page)


@require_POST
def draw_attribute_fields(request: HttpRequest) -> HttpResponse:
    """
    The fields of the type that is chosen in the editor, holding what was typed so far.

    Nothing is read but the shop's attributes and saved is nothing at all, so whoever may edit any page
    may ask.
    """
    if not policy.user_has_any_permission(request.user, ("add", "change", "publish")):
        raise PermissionDenied
    form = AttributeForm(request.POST)
    return render(request, "catalogue/admin/_attribute_fields.html", {"form": form})
