"""The prices of one list, setting one, and the history of a variant's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.generic import FormView, TemplateView
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from shop.catalogue.models import ProductVariant
from shop.core import clock
from shop.core.money import Money, format_money
from shop.core.selectors import get_shop_settings
from shop.pricing.admin_forms import PriceForm
from shop.pricing.models import Price, PriceList
from shop.pricing.selectors import (
    PricingContext,
    list_conflicts,
    list_price_history,
    list_prices,
    quote_prices,
)
from shop.pricing.services import PlanRefused, PriceChange, PricesRefused, plan_price, set_prices

if TYPE_CHECKING:
    from shop.customers.models import User

MAY_SEE = ("pricing.view_pricelist", "pricing.change_pricelist", "pricing.change_price")
MAY_SET = "pricing.change_price"
HISTORY_SHOWN = 200


def show_amount(amount: Any, currency: str) -> str:
    """Write an amount for a table; nothing at all for none."""
    return "" if amount is None else format_money(Money.rounded(amount, currency))


class OfAList(WagtailAdminTemplateMixin):
    """Pages about the prices of one list."""

    header_icon = "tag"
    price_list: PriceList
    may_do: tuple[str, ...] = (MAY_SET,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything is read."""
        if not any(request.user.has_perm(permission) for permission in self.may_do):
            raise PermissionDenied
        self.price_list = get_object_or_404(PriceList, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_trail(self) -> list[dict[str, Any]]:
        """Home, Price lists, this list."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("price_lists:index"), "label": "Price lists"},
            {"url": reverse("price_lists:prices", args=[self.price_list.pk]), "label": self.price_list.name},
        ]


class PricesView(OfAList, generic.IndexView):
    """The prices of one list; found by SKU, barcode or the product's title."""

    model = Price
    may_do = MAY_SEE
    any_permission_required = None
    is_searchable = True
    paginate_by = 50
    index_url_name = "price_lists:prices"
    index_results_url_name = "price_lists:prices_results"
    results_template_name = "pricing/admin/prices_results.html"

    def get_base_queryset(self) -> QuerySet[Price]:
        """Ask the selector."""
        return list_prices(price_list=self.price_list, search=self.search_query)

    def search_queryset(self, queryset: QuerySet[Price]) -> QuerySet[Price]:
        """Nothing more to do: the selector has searched."""
        return queryset

    def order_queryset(self, queryset: QuerySet[Price]) -> QuerySet[Price]:
        """By SKU, then by quantity."""
        return queryset

    @cached_property
    def index_url(self) -> str:
        """This list's own address."""
        return reverse(self.index_url_name, args=[self.price_list.pk])

    @cached_property
    def index_results_url(self) -> str:
        """This list's own address for searching as one types."""
        return reverse(self.index_results_url_name, args=[self.price_list.pk])

    @cached_property
    def columns(self) -> list[Column]:
        """A recommended price stands in base lists only."""
        currency = self.price_list.currency
        edit = reverse("price_lists:set_price", args=[self.price_list.pk])
        may_set = self.request.user.has_perm(MAY_SET)
        columns: list[Column] = [
            TitleColumn(
                "sku",
                label="SKU",
                accessor="variant.sku",
                get_url=lambda price: f"{edit}?price={price.pk}" if may_set else None,
            ),
            Column("product", label="Product", accessor=_describe),
            Column("amount", label="Price", accessor=lambda price: _show_price(price, currency)),
        ]
        if self.price_list.kind == PriceList.Kind.BASE:
            columns.append(
                Column(
                    "compare_at",
                    label="Recommended",
                    accessor=lambda price: show_amount(price.compare_at, currency),
                )
            )
        columns += [
            NumberColumn("min_quantity", label="From quantity"),
            Column("history", label="History", accessor=_link_to_history),
        ]
        return columns

    def get_page_title(self) -> str:
        return f"{self.price_list.name}, {self.price_list.currency}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.get_trail()[:-1], {"url": "", "label": self.price_list.name}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Set a price; change the list itself."""
        url = reverse("price_lists:planned", args=[self.price_list.pk])
        buttons = [HeaderButton("Planned prices", url=url, icon_name="calendar")]
        if self.request.user.has_perm(MAY_SET):
            url = reverse("price_lists:set_price", args=[self.price_list.pk])
            buttons.append(HeaderButton("Set or plan a price", url=url, icon_name="plus"))
        if self.request.user.has_perm("pricing.change_pricelist"):
            url = reverse("price_lists:edit", args=[self.price_list.pk])
            buttons.append(HeaderButton("Settings", url=url, icon_name="cog"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The empty state leads to the first price."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"price_list": self.price_list, "conflicts": list_conflicts(self.price_list)}


def _show_price(price: Price, currency: str) -> str:
    return show_amount(price.amount, currency) + (", converted" if price.is_converted else "")


def _link_to_history(price: Price) -> SafeString:
    return format_html(
        '<a href="{}">History<span class="w-sr-only"> of {}</span></a>',
        reverse("price_lists:history_of", args=[price.variant_id]),
        price.variant.sku,
    )


def _describe(price: Price) -> str:
    product = price.variant.product
    parts = [product.title if product else "Deleted product", price.variant.title]
    return ", ".join(part for part in parts if part)


class SetPriceView(OfAList, FormView):
    """Set one price, or take it away."""

    template_name = "pricing/admin/price_form.html"
    form_class = PriceForm

    @cached_property
    def price(self) -> Price | None:
        """The price that is being changed, if it is an existing one."""
        pk = self.request.GET.get("price", "")
        prices = Price.objects.filter(price_list=self.price_list).select_related("variant")
        return prices.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None  # noqa: PLR2004

    def get_form_kwargs(self) -> dict[str, Any]:
        is_change = self.price is not None
        return {**super().get_form_kwargs(), "price_list": self.price_list, "is_change": is_change}

    def get_initial(self) -> dict[str, Any]:
        if self.price is None:
            return {}
        currency = self.price_list.currency
        recommended = self.price.compare_at
        return {
            "sku": self.price.variant.sku,
            "amount": Money.rounded(self.price.amount, currency).amount,
            "compare_at": None if recommended is None else Money.rounded(recommended, currency).amount,
            "min_quantity": self.price.min_quantity,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the price away, or set it."""
        if "remove" in request.POST and self.price is not None:
            set_prices(
                changes=[self._change(self.price.variant, {})],
                actor=cast("User", request.user),
                reason="taken away",
            )
            messages.success(
                request, f"{self.price.variant.sku} has no price in {self.price_list.name} any more."
            )
            return redirect("price_lists:prices", self.price_list.pk)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PriceForm) -> HttpResponse:
        """Do it, or show beside the fields why not."""
        variant: ProductVariant = form.cleaned_data["sku"]
        if form.cleaned_data["starts_at"]:
            return self._plan(variant, form)
        try:
            changed = set_prices(
                changes=[self._change(variant, form.cleaned_data)],
                actor=cast("User", self.request.user),
                reason=form.cleaned_data["reason"],
            )
        except PricesRefused as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        amount = show_amount(form.cleaned_data["amount"], self.price_list.currency)
        told = "costs {} now." if changed else "costs {} already; nothing was changed."
        messages.success(self.request, f"{variant.sku} {told.format(amount)}")
        return redirect("price_lists:prices", self.price_list.pk)

    def _plan(self, variant: ProductVariant, form: PriceForm) -> HttpResponse:
        starts_at = form.cleaned_data["starts_at"]
        try:
            plan_price(
                change=self._change(variant, form.cleaned_data),
                starts_at=starts_at,
                actor=cast("User", self.request.user),
                reason=form.cleaned_data["reason"],
            )
        except (PricesRefused, PlanRefused) as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        amount = show_amount(form.cleaned_data["amount"], self.price_list.currency)
        when = date_format(localtime(starts_at), "j M Y, H:i")
        messages.success(self.request, f"{variant.sku} will cost {amount} from {when} on.")
        return redirect("price_lists:planned", self.price_list.pk)

    def _change(self, variant: ProductVariant, data: dict[str, Any]) -> PriceChange:
        held = self.price.min_quantity if self.price else 1
        return PriceChange(
            variant_id=variant.pk,
            price_list_code=self.price_list.code,
            amount=data.get("amount"),
            compare_at=data.get("compare_at"),
            min_quantity=data.get("min_quantity", held),
        )

    def get_page_title(self) -> str:
        return "Change a price" if self.price else "Set a price"

    def get_page_subtitle(self) -> str:
        return self.price_list.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.get_trail(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what Wagtail's form template asks for."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "action_url": self.request.get_full_path(),
            "submit_button_label": "Save price",
            "submit_button_active_label": "Saving…",
            "media": context["form"].media,
            "price": self.price,
        }


class PriceHistoryView(WagtailAdminTemplateMixin, TemplateView):
    """What a variant costs now and why, and every change of its prices."""

    template_name = "pricing/admin/price_history.html"
    header_icon = "history"
    page_title = "Price history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before anything is read."""
        if not any(request.user.has_perm(permission) for permission in MAY_SEE):
            raise PermissionDenied
        self.variant = get_object_or_404(
            ProductVariant.objects.select_related("product"), pk=kwargs["variant_id"]
        )
        self.page_subtitle = self.variant.sku
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load the quote of the shop's currency and the history, in a fixed number of queries."""
        currency = get_shop_settings().default_currency
        quotes = quote_prices(
            variant_ids=[self.variant.pk], context=PricingContext(currency=currency, at=clock.now())
        )
        quote = quotes.get(self.variant.pk)
        changes = [
            {"row": row, "amount": show_amount(row.amount, row.currency)}
            for row in list_price_history(variant_id=self.variant.pk)[:HISTORY_SHOWN]
        ]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "variant": self.variant,
            "why_url": f"{reverse('price_lists:why')}?{urlencode({'sku': self.variant.sku})}",
            "quote": quote,
            "amount": format_money(quote.amount) if quote else "",
            "steps": [{"step": step, "amount": format_money(step.amount)} for step in quote.trace]
            if quote
            else [],
            "changes": changes,
        }

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("price_lists:index"), "label": "Price lists"},
            {"url": "", "label": self.page_title, "sublabel": self.page_subtitle},
        ]
