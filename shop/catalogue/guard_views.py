"""What uses a thing is listed before it is unpublished or deleted, and dealt with on the same screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import View
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet, UnpublishView

from shop.catalogue.admin_views import CategoryField
from shop.catalogue.models import Brand, Category, ProductCollection, TaxClass
from shop.catalogue.services.refiling import refile_products
from shop.catalogue.usage import Usage, blocks_deletion, find_usage, list_products_in
from shop.core.errors import ShopError
from shop.core.jobs import job_url, run_inline
from shop.customers.actors import actor_of

if TYPE_CHECKING:
    from shop.customers.models import User


GUARDED = (Brand, Category, ProductCollection, TaxClass)


class RefileForm(forms.Form):
    """Where the products of a category go."""

    target = CategoryField(
        label="Move the products to",
        queryset=Category.objects.none(),
        empty_label="Choose a category",
        help_text="Live products and drafts; a product that is in both already stays there once.",
    )

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = cast(CategoryField, self.fields["target"])
        target.queryset = Category.objects.exclude(pk=category.pk)


def refile_form(thing: Model, user: User) -> RefileForm | None:
    """The form for a category that holds products, for whoever may edit categories."""
    if not isinstance(thing, Category) or not user.has_perm("catalogue.change_category"):
        return None
    return RefileForm(category=thing) if list_products_in(thing).exists() else None


class GuardedDeleteView(DeleteView):
    """Deletes what nothing needs any more; says of everything else what needs it."""

    template_name = "catalogue/admin/guard/delete.html"

    def get_usage(self) -> None:
        """Leave Wagtail's own count out: :func:`find_usage` knows more."""

    def get_usage_url(self) -> str:
        """Lead to Wagtail's list of references, beside our own."""
        return reverse(self.usage_url_name, args=[quote(self.object.pk)])

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Delete it, or say again what is in the way."""
        if not blocks_deletion(find_usage(self.object, self.request.user)):
            try:
                with transaction.atomic():
                    return cast(HttpResponse, super().form_valid(form))
            except ProtectedError:
                # Somebody used it between the question and the answer.
                pass
        messages.error(
            self.request,
            format_html("“{}” has not been deleted, because it is still needed.", str(self.object)),
        )
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what uses it, instead of Wagtail's count."""
        self.usage_url = ""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        usages = find_usage(self.object, self.request.user)
        return context | {
            "usages": usages,
            "is_protected": blocks_deletion(usages),
            "references_url": self.get_usage_url(),
            "refile_form": refile_form(self.object, self.request.user),
            "refile_url": reverse(Category.snippet_viewset.get_url_name("refile"), args=[self.object.pk]),
        }


class GuardedUnpublishView(UnpublishView):
    """Unpublishes, after saying what shoppers will miss."""

    template_name = "catalogue/admin/guard/unpublish.html"

    def get_usage_url(self) -> str:
        """Leave Wagtail's own count out: :func:`find_usage` knows more."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what uses it."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        usages: list[Usage] = find_usage(self.object, self.request.user)
        return context | {
            "usages": usages,
            "references_url": super().get_usage_url(),
            "refile_form": refile_form(self.object, self.request.user),
            "refile_url": reverse(Category.snippet_viewset.get_url_name("refile"), args=[self.object.pk]),
        }


def refuse_what_is_used(request: HttpRequest, instances: Sequence[Model]) -> HttpResponse | None:
    """
    Keep the list's own "delete selected" from what is needed, and have it tell the shop what it deletes.

    The screen for one thing asks by itself; Wagtail's for several deletes in SQL, past every ``delete()``.
    """
    guarded = [held for held in instances if isinstance(held, GUARDED)]
    if request.method != "POST" or not guarded or "/bulk/" not in request.path:
        return None
    viewset: SnippetViewSet = type(guarded[0]).snippet_viewset  # type: ignore[union-attr]
    answer = redirect(viewset.get_url_name("list"))
    needed = [held for held in guarded if blocks_deletion(find_usage(held, actor_of(request)))]
    if needed:
        names = ", ".join(f"“{held}”" for held in needed[:5])
        messages.error(request, f"Nothing has been deleted. Still needed: {names}. Open each to see by what.")
        return answer
    with transaction.atomic():
        for held in guarded:
            log(instance=held, action="wagtail.delete", user=actor_of(request), deleted=True)
            held.delete()
    messages.success(request, f"{len(guarded)} deleted.")
    return answer


class RefileProductsView(View):
    """Moves the products of a category to another one, from the screen that warns of its deletion."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move few at once, many in the background, and go back to where the question was."""
        user = actor_of(request)
        if not user.has_perm("catalogue.change_category"):
            raise PermissionDenied
        category = get_object_or_404(Category, pk=pk)
        back = redirect(Category.snippet_viewset.get_url_name("delete"), category.pk)
        form = RefileForm(request.POST, category=category)
        if not form.is_valid():
            messages.error(request, "Choose the category that the products go to.")
            return back
        target = form.cleaned_data["target"]
        try:
            job = refile_products(source=category, target=target, actor=user)
        except ShopError as refused:
            messages.error(request, refused.detail)
            return back
        if job.lease_token is None:
            messages.success(request, "The products are being moved: this page shows how far it is.")
            return redirect(job_url(job))
        job = run_inline(job)
        if job.status != job.Status.DONE:
            messages.error(request, f"The products have not been moved. {job.error}")
            return back
        messages.success(request, format_html("{} products have been moved to “{}”.", job.done, target.name))
        return back
