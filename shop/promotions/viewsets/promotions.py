"""Promotions: the list, the editor, and putting them to use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import BaseButton, HeaderButton
from wagtail.log_actions import log

from shop.core import clock
from shop.core.money import Money, format_money
from shop.customers.actors import actor_of
from shop.promotions.admin_views import ActivationView, CopyPromotionView
from shop.promotions.advice import list_advice
from shop.promotions.forms import PromotionForm
from shop.promotions.models import Promotion
from shop.promotions.services import PromotionInUse, delete_promotion, save_promotion
from shop.promotions.states import State, in_state, state_of, with_figures
from shop.promotions.words import describe_promotion

ACTIVATE = "promotions.activate_promotion"
FORM_TEMPLATE = "promotions/admin/form.html"


def show_given(promotion: Any) -> str:
    """What it has given so far, of its budget where it has one."""
    if not promotion.currency:
        return f"{promotion.given.normalize():f}" if promotion.given else ""
    given = format_money(Money.rounded(promotion.given or Decimal(0), promotion.currency))
    if promotion.budget is None:
        return given if promotion.given else ""
    return f"{given} of {format_money(Money(promotion.budget, promotion.currency))}"


def show_orders(promotion: Any) -> str:
    """How many orders have it, of how many may."""
    limit = f" of {promotion.max_uses}" if promotion.max_uses is not None else ""
    return f"{promotion.order_count}{limit}"


class PromotionFilters(WagtailFilterSet):
    """By state, kind and whether a voucher is needed."""

    state = django_filters.ChoiceFilter(label="State", choices=State.choices, method="filter_state")

    class Meta:
        model = Promotion
        fields = ["kind", "lane", "needs_voucher"]

    def filter_state(self, promotions: Any, name: str, value: str) -> Any:
        return in_state(promotions, value, at=clock.now())


class PromotionIndexView(generic.IndexView):
    """Every promotion with its state and what it has given."""

    columns = [
        TitleColumn(
            "name",
            label="Name",
            sort_key="name",
            get_url=lambda promotion: reverse("promotions:edit", args=[promotion.pk]),
        ),
        StatusTagColumn(
            "state",
            label="State",
            accessor=lambda promotion: state_of(promotion, at=clock.now()).label,
            primary=lambda promotion: state_of(promotion, at=clock.now()) == State.RUNNING,
        ),
        Column("kind", label="Where", accessor="get_kind_display"),
        Column("lane", label="Lane", accessor="get_lane_display", sort_key="lane"),
        Column("needs_voucher", label="Voucher", accessor=lambda one: "Yes" if one.needs_voucher else ""),
        NumberColumn("orders", label="Orders", accessor=show_orders),
        NumberColumn("given", label="Given", accessor=show_given),
        Column("valid_until", label="Ends", sort_key="valid_until"),
    ]

    def get_base_queryset(self) -> QuerySet[Promotion]:
        """Count uses in the same query."""
        return with_figures(Promotion.objects.all())


class PromotionSaving:
    """Saves through the service and says what is odd."""

    form: PromotionForm
    produced_error_message: str | None = None
    request: HttpRequest

    def save_instance(self) -> Promotion:
        """Save; Wagtail's own history hears of it as well."""
        is_new = self.form.instance.pk is None
        promotion = save_promotion(
            promotion=self.form.save(commit=False), actor=actor_of(self.request), at=clock.now()
        )
        log(instance=promotion, action="wagtail.create" if is_new else "wagtail.edit")
        return promotion

    def form_valid(self, form: PromotionForm) -> HttpResponse:
        """Show what the service refuses beside its fields."""
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except ValidationError as invalid:
            form.add_service_errors(invalid)
            return self.form_invalid(form)  # type: ignore[attr-defined]
        for sentence in list_advice(form.instance):
            messages.warning(self.request, sentence)
        return response


class PromotionCreateView(PromotionSaving, generic.CreateView):
    """A new draft; it does nothing until it is put to use."""

    success_message = "“%(object)s” is saved as a draft. Try it in the simulator, then put it to use."
    submit_button_label = "Save draft"

    def get_success_url(self) -> str:
        """Stay: trying it and putting it to use come next."""
        return reverse("promotions:edit", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, sentences=[])


class PromotionEditView(PromotionSaving, generic.EditView):
    """A promotion; one in use is changed only by those who may put it to use."""

    success_message = "“%(object)s” is saved."

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """
        Save.

        :raises PermissionDenied: for a promotion in use, without the right to activate
        """
        if not request.user.has_perm(ACTIVATE) and self.get_object().is_active:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Stay."""
        return reverse("promotions:edit", args=[self.object.pk])

    @cached_property
    def header_more_buttons(self) -> list[BaseButton]:
        """Putting to use, pausing and copying."""
        buttons = list(super().header_more_buttons)
        pk, user = self.object.pk, self.request.user
        if user.has_perm(ACTIVATE):
            label = "Pause" if self.object.is_active else "Put to use"
            url = reverse("promotions:activation", args=[pk])
            buttons.append(HeaderButton(label, url=url, icon_name="circle-check"))
        if self.object.kind == Promotion.Kind.CART:
            # The screen of an app above: the name of its address is all that is known of it.
            url = reverse("promotions_replay", args=[pk])
            buttons.append(HeaderButton("Dry run on the past", url=url, icon_name="history"))
        if user.has_perm("promotions.add_promotion"):
            url = reverse("promotions:duplicate", args=[pk])
            buttons.append(HeaderButton("Copy", url=url, icon_name="copy"))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        figured = with_figures(Promotion.objects.filter(pk=self.object.pk)).get()
        return super().get_context_data(
            **kwargs,
            sentences=describe_promotion(figured),
            state=state_of(figured, at=clock.now()),
            orders=show_orders(figured),
            given=show_given(figured),
            is_locked=self.object.is_active and not self.request.user.has_perm(ACTIVATE),
        )


class PromotionDeleteView(generic.DeleteView):
    """Deletes what nobody has had yet."""

    def delete_action(self) -> None:
        """Delete through the service."""
        delete_promotion(promotion=self.object, actor=actor_of(self.request), at=clock.now())

    def form_valid(self, form: Any) -> HttpResponse:
        """Say why it has to stay, and what to do instead."""
        try:
            return super().form_valid(form)
        except PromotionInUse as refused:
            messages.error(self.request, refused.title)
            return self.refuse()

    def refuse(self) -> HttpResponse:
        """Back to the promotion, where it can be paused."""
        from django.shortcuts import redirect

        return redirect("promotions:edit", self.object.pk)


class PromotionViewSet(ModelViewSet):
    """What makes goods, carts and shipping cheaper."""

    model = Promotion
    name = "promotions"
    url_prefix = "promotions/list"
    icon = "tag"
    menu_label = "Promotions"
    index_view_class = PromotionIndexView
    add_view_class = PromotionCreateView
    edit_view_class = PromotionEditView
    delete_view_class = PromotionDeleteView
    copy_view_enabled = False
    filterset_class = PromotionFilters
    search_fields = ["name", "label"]
    search_backend_name = None
    form_fields = PromotionForm.Meta.fields
    create_template_name = FORM_TEMPLATE
    edit_template_name = FORM_TEMPLATE
    index_results_template_name = "promotions/admin/promotions_results.html"

    def get_form_class(self, for_update: bool = False) -> type[PromotionForm]:
        """The form in plain words, both for new ones and others."""
        return PromotionForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Putting to use, pausing and copying beside the usual."""
        return [
            *super().get_urlpatterns(),
            path("activation/<int:pk>/", ActivationView.as_view(), name="activation"),
            path("duplicate/<int:pk>/", CopyPromotionView.as_view(), name="duplicate"),
        ]
