"""What the editor of promotions asks for while somebody writes, and the pages of its actions."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from shop.catalogue.predicates import InvalidRule
from shop.core import clock
from shop.core.errors import ErrorItem, ShopError
from shop.customers.actors import actor_of
from shop.promotions.advice import list_advice
from shop.promotions.forms import PromotionForm
from shop.promotions.models import Promotion
from shop.promotions.rule_input import VOCABULARIES
from shop.promotions.rule_words import describe_rule, find_words, read_rule
from shop.promotions.services import copy_promotion, set_promotion_active
from shop.promotions.words import describe_promotion

LONGEST_RULE = 100_000
LONGEST_TYPED = 100


def _check_may_write(request: HttpRequest) -> None:
    if not any(request.user.has_perm(f"promotions.{action}_promotion") for action in ("add", "change")):
        raise PermissionDenied


@require_POST
def check_rule(request: HttpRequest, vocabulary: str) -> JsonResponse:
    """The rule of the body in words, or its errors with their paths."""
    _check_may_write(request)
    if vocabulary not in VOCABULARIES:
        raise Http404
    try:
        rule = json.loads(request.body[:LONGEST_RULE])
        read_rule(rule, VOCABULARIES[vocabulary])
    except InvalidRule as refused:
        errors = refused.errors
    except (ValueError, RecursionError):
        errors = (ErrorItem(code="invalid_rule", detail="This is no JSON."),)
    else:
        words = describe_rule(rule, VOCABULARIES[vocabulary])
        return JsonResponse({"errors": [], "words": f"{words[0].upper()}{words[1:]}."})
    return JsonResponse({"errors": [{"path": one.attr or "", "detail": one.detail} for one in errors]})


@require_GET
def list_words(request: HttpRequest) -> JsonResponse:
    """At most thirty words of ``field`` that have ``q`` in their name."""
    _check_may_write(request)
    field = request.GET.get("field", "")[:LONGEST_TYPED]
    typed = request.GET.get("q", "")[:LONGEST_TYPED].replace("\x00", "").strip()
    return JsonResponse({"words": [{"word": word, "name": name} for word, name in find_words(field, typed)]})


@require_POST
def preview_words(request: HttpRequest) -> JsonResponse:
    """The form as it stands, in sentences, with what is odd about it; nothing is saved."""
    _check_may_write(request)
    form = PromotionForm(request.POST, instance=Promotion(), for_user=request.user)
    is_valid = form.is_valid()
    missing = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    return JsonResponse(
        {
            "sentences": describe_promotion(form.instance),
            "advice": list_advice(form.instance) if is_valid else [],
            "missing": missing,
        }
    )


class _OfPromotion(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A page about one promotion."""

    model = Promotion
    header_icon = "tag"
    heading = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the promotion."""
        super().setup(request, *args, **kwargs)
        self.promotion = get_object_or_404(Promotion, pk=kwargs["pk"])

    def get_page_title(self) -> str:
        return self.heading

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("promotions:index"), "label": "Promotions"},
            {"url": self.edit_url, "label": str(self.promotion)},
            {"url": "", "label": self.heading},
        ]

    @property
    def edit_url(self) -> str:
        return reverse("promotions:edit", args=[self.promotion.pk])


class ActivationView(_OfPromotion):
    """Asks before a promotion begins to count, or stops."""

    permission_required = "activate"
    template_name = "promotions/admin/activation.html"

    @property
    def heading(self) -> str:  # type: ignore[override]
        return "Pause" if self.promotion.is_active else "Put to use"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            promotion=self.promotion,
            sentences=describe_promotion(self.promotion),
            advice=[] if self.promotion.is_active else list_advice(self.promotion),
            edit_url=self.edit_url,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do what the reader saw on the page, not the opposite of what has happened meanwhile."""
        wanted = request.POST.get("active") == "1"
        try:
            set_promotion_active(
                promotion=self.promotion, is_active=wanted, actor=actor_of(request), at=clock.now()
            )
        except ShopError as refused:
            messages.error(request, refused.detail or refused.title)
            return redirect(self.edit_url)
        what = "in use" if wanted else "paused: carts no longer get it"
        messages.success(request, f"“{self.promotion}” is {what}.")
        return redirect(self.edit_url)


class CopyPromotionView(_OfPromotion):
    """Makes a draft of another promotion."""

    permission_required = "add"
    template_name = "promotions/admin/copy.html"
    heading = "Copy"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, promotion=self.promotion, edit_url=self.edit_url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Copy, and go on with the copy."""
        copied = copy_promotion(promotion=self.promotion, actor=actor_of(request), at=clock.now())
        messages.success(request, f"“{copied}” is a draft: change what is different.")
        return redirect("promotions:edit", copied.pk)
