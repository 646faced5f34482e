"""The doors to saved views: forms above the list of products."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from shop.catalogue.models import SavedView
from shop.catalogue.saved_views import clean_query, delete_view, save_view, update_view
from shop.core.errors import ShopError
from shop.customers.actors import actor_of


def _back(query: str) -> HttpResponse:
    return redirect(reverse("products:index") + (f"?{query}" if query else ""))


@require_POST
def add_saved_view(request: HttpRequest) -> HttpResponse:
    """Save the search and filters of the list under a name."""
    query = clean_query(request.POST.get("query", "").removeprefix("?"))
    try:
        view = save_view(
            user=actor_of(request),
            name=request.POST.get("name", ""),
            query=query,
            is_shared=bool(request.POST.get("is_shared")),
        )
    except ShopError as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, f"“{view.name}” is a tab above the list now.")
    return _back(query)


@require_POST
def change_saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, share or delete one's own view."""
    view = get_object_or_404(SavedView, pk=pk)
    user = actor_of(request)
    if request.POST.get("action") == "delete":
        delete_view(view=view, user=user)
        messages.success(request, f"“{view.name}” is gone from the tabs. The products are as they were.")
        return _back("")
    try:
        update_view(
            view=view,
            user=user,
            name=request.POST.get("name", ""),
            is_shared=bool(request.POST.get("is_shared")),
        )
    except ShopError as refused:
        messages.error(request, refused.detail)
    else:
        messages.success(request, f"“{view.name}” is saved.")
    return _back(view.query)
