"""The screen on which products are put in an order within a category."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.db.models.functions import Upper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.images import get_image_model
from wagtail.images.shortcuts import get_rendition_or_not_found

from shop.catalogue.models import Category, ProductMedia, ProductPage, ProductVariant
from shop.catalogue.services.placements import (
    MOST_PLACED,
    ProductsNotPlaceable,
    list_in_category,
    list_placed,
    place_products,
)
from shop.core import clock
from shop.customers.actors import actor_of

if TYPE_CHECKING:
    pass

OFFERED = 24
MOST_SKUS = 500
LONGEST_TYPED = 100
NAMED = 10
THUMBNAIL = "max-96x96"


@dataclass(frozen=True, slots=True)
class Row:
    """A product as the screen shows it."""

    id: int
    title: str
    is_live: bool
    skus: str
    thumbnail: Any


class CategoryOrderView(WagtailAdminTemplateMixin, View):
    """
    Puts products first in a category's list. Every button works as a plain form that shows the order again
    without saving it; the script does the same at once, and lets rows be dragged.
    """

    template_name = "catalogue/admin/category_order.html"
    page_title = "Order of products"
    header_icon = "folder-open-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Let in who may change categories."""
        if not request.user.has_perm("catalogue.change_category"):
            raise PermissionDenied
        self.category = get_object_or_404(Category, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the order that stands."""
        placed = list_placed(self.category)
        return self._show(placed, expected=placed, typed=request.GET.get("q", ""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save the order, or show it again with what one button changes in it."""
        order = _read_ids(request.POST.getlist("product"))
        expected = _read_ids(request.POST.get("expected", "").split(","))
        action, _, argument = request.POST.get("action", "save").partition(":")
        if action == "save":
            return self._save(order, expected)
        if action == "skus":
            order = self._add_skus(order, request.POST.get("skus", ""))
        elif argument.isdecimal():
            order = _moved(order, action, int(argument))
        return self._show(order, expected=expected, typed=request.POST.get("q", ""), is_unsaved=True)

    def _save(self, order: list[int], expected: list[int]) -> HttpResponse:
        user = actor_of(self.request)
        try:
            place_products(
                category=self.category, product_ids=order, expected=expected, actor=user, at=clock.now()
            )
        except ProductsNotPlaceable as refused:
            messages.error(self.request, f"{refused.detail} Look at the order below, and save it again.")
            # What stands by now is what the next attempt replaces, knowingly.
            there = set(list_in_category(self.category).filter(pk__in=order).values_list("pk", flat=True))
            order = [pk for pk in order if pk in there][:MOST_PLACED]
            return self._show(order, expected=list_placed(self.category), is_unsaved=True, status=409)
        messages.success(self.request, format_html("The order of “{}” has been saved.", self.category.name))
        return redirect("catalogue_category_order", self.category.pk)

    def _add_skus(self, order: list[int], text: str) -> list[int]:
        """Put the products of these SKUs at the end, and say which are not here."""
        typed = list(dict.fromkeys(sku.upper() for sku in re.split(r"[\s,;\x00]+", text) if sku))[:MOST_SKUS]
        found = dict(
            ProductVariant.objects.annotate(sku_upper=Upper("sku"))
            .filter(sku_upper__in=typed, product__in=list_in_category(self.category).values("pk"))
            .values_list("sku_upper", "product_id")
        )
        missing = [sku for sku in typed if sku not in found]
        if missing:
            more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
            messages.warning(
                self.request,
                f"Not in this category: {', '.join(missing[:NAMED])}{more}. The others are added.",
            )
        return list(dict.fromkeys([*order, *(found[sku] for sku in typed if sku in found)]))

    def _show(
        self,
        order: Sequence[int],
        *,
        expected: Sequence[int],
        typed: str = "",
        is_unsaved: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        typed = typed.replace("\x00", "").strip()[:LONGEST_TYPED]
        order = list(order)[: MOST_PLACED + 1]
        rows = load_rows([*order, *self._offer(order, typed)], category=self.category)
        placed = set(order)
        context = self.get_context_data(
            category=self.category,
            placed=[row for row in rows if row.id in placed],
            offered=[row for row in rows if row.id not in placed],
            expected=",".join(map(str, expected)),
            typed=typed,
            is_unsaved=is_unsaved,
            most=MOST_PLACED,
        )
        return self.render_to_response(context, status=status)

    def _offer(self, order: Sequence[int], typed: str) -> list[int]:
        """The newest of the products without a place, or those that were searched for."""
        products = list_in_category(self.category).exclude(pk__in=order)
        if typed:
            by_sku = ProductVariant.objects.filter(sku__icontains=typed)
            products = products.filter(Q(title__icontains=typed) | Q(pk__in=by_sku.values("product_id")))
        return list(products.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[:OFFERED])

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
            {"url": "", "label": "Order of products"},
        ]


def load_rows(product_ids: Sequence[int], *, category: Category) -> list[Row]:
    """These products, as far as they lie in the category, in this order: five SQL statements."""
    pages = {
        page.pk: page
        for page in list_in_category(category)
        .filter(pk__in=product_ids)
        .only("pk", "title", "live", "draft_title")
    }
    pictures: dict[int, int] = {}
    media = ProductMedia.objects.filter(page_id__in=pages).order_by("page_id", "sort_order")
    for page_id, image_id in media.values_list("page_id", "image_id"):
        pictures.setdefault(page_id, image_id)
    images = get_image_model().objects.prefetch_renditions(THUMBNAIL).in_bulk(set(pictures.values()))
    skus: dict[int, list[str]] = {}
    variants = ProductVariant.objects.active().filter(product_id__in=pages)
    for page_id, sku in variants.values_list("product_id", "sku"):
        skus.setdefault(page_id, []).append(sku)
    return [
        _row(pages[pk], skus.get(pk, []), images.get(pictures.get(pk, 0)))
        for pk in dict.fromkeys(product_ids)
        if pk in pages
    ]


def _row(page: ProductPage, skus: list[str], image: Any) -> Row:
    more = f" and {len(skus) - 1} more" if len(skus) > 1 else ""
    return Row(
        id=page.pk,
        title=page.title,
        is_live=page.live,
        skus=f"{skus[0]}{more}" if skus else "no SKU yet",
        thumbnail=get_rendition_or_not_found(image, THUMBNAIL) if image else None,
    )


def _read_ids(texts: Sequence[str]) -> list[int]:
    ids = [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]  # noqa: PLR2004
    return list(dict.fromkeys(ids))


def _moved(order: list[int], action: str, product_id: int) -> list[int]:
    """The order after one press of a button."""
    rest = [pk for pk in order if pk != product_id]
    if action == "remove":
        return rest
    place = order.index(product_id) if product_id in order else len(order)
    target = {"first": 0, "up": max(0, place - 1), "down": place + 1, "last": len(rest)}.get(
        action, len(rest)
    )
    rest.insert(target, product_id)
    return rest
