"""What the admin's "Copy" does with goods: a copy has variants of its own, an alias has none."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.models import Page

from shop.catalogue.forms import ProductCopyForm
from shop.catalogue.jobs import COPY_VARIANTS
from shop.catalogue.models import ProductIndexPage, ProductPage
from shop.catalogue.services import InvalidVariants
from shop.catalogue.services.copy import copy_product, copy_variants_of_many, pair_products
from shop.core import clock
from shop.core.job_views import tell_started
from shop.core.jobs import start_job
from shop.customers.actors import actor_of

# Products of a folder up to which the person waits for their variants.
INLINE: Final = 50


def copy_whole_product(request: HttpRequest, page: Page) -> HttpResponse | None:
    """
    Copy page and variants of one product in one transaction.

    Forms with errors, aliases and everything that is no product are left to Wagtail's own view.
    """
    product = page.specific
    if request.method != "POST" or not isinstance(product, ProductPage):
        return None
    actor = actor_of(request)
    form = ProductCopyForm(request.POST, page=product, user=actor)
    if not form.is_valid() or form.cleaned_data.get("alias"):
        return None
    parent = form.cleaned_data["new_parent_page"]
    if not product.permissions_for_user(actor).can_copy_to(parent):
        return None
    try:
        copied = copy_product(
            product=product,
            parent=parent,
            title=form.cleaned_data["new_title"],
            slug=form.cleaned_data["new_slug"],
            with_variants=form.cleaned_data["copy_variants"],
            actor=actor,
            at=clock.now(),
        )
    except InvalidVariants as refused:
        reasons = " ".join(error.detail for error in refused.errors)
        messages.error(request, f"Nothing has been copied. {reasons}")
        return redirect("wagtailadmin_pages:copy", product.pk)
    number = copied.variants.count()
    variants = f" Variants copied with new SKUs and without stock: {number}." if number else ""
    messages.success(
        request,
        f"“{product.get_admin_display_title()}” copied.{variants}",
        buttons=[messages.button(reverse("wagtailadmin_pages:edit", args=[copied.pk]), "Edit")],
    )
    next_url = get_valid_next_url_from_request(request)
    return redirect(next_url) if next_url else redirect("wagtailadmin_explore", parent.pk)


def copy_variants_of_folder(request: HttpRequest, page: Page, new_page: Page) -> None:
    """Give the products of a copied folder variants of their own: at once, or in the background for many."""
    folder = new_page.specific
    if not isinstance(folder, ProductIndexPage) or folder.alias_of_id:
        return
    if new_page.get_descendant_count() == 0:
        return
    pairs = pair_products(page, new_page)
    actor = actor_of(request)
    if len(pairs) > INLINE:
        job = start_job(
            kind=COPY_VARIANTS,
            label=f"Variants for {len(pairs):,} copied products",
            params={"pairs": pairs},
            total=len(pairs),
            actor=actor,
        )
        tell_started(request, job)
        return
    try:
        made = copy_variants_of_many(pairs, actor=actor, at=clock.now())
    except InvalidVariants as refused:
        reasons = " ".join(error.detail for error in refused.errors)
        messages.warning(request, f"The pages have been copied without their variants. {reasons}")
        return
    if made:
        messages.success(request, f"Variants copied with new SKUs and without stock: {made}.")
