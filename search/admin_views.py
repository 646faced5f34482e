"""What the builder of rules asks for while somebody writes one: what it matches now, and words to choose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from search.selectors.images import load_images
from search.selectors.rules import find_categories, list_matching
from shop.catalogue.predicates import InvalidRule, parse
from shop.catalogue.rule_words import check_words, describe_rule, find_words
from shop.core import clock
from shop.core.errors import ErrorItem
from shop.core.money import Money, format_money
from shop.core.selectors import get_shop_settings

SHOWN = 12
LONGEST_RULE = 100_000
LONGEST_TYPED = 100
WRITERS = ("productcollection", "relatedrule")


def _check_may_write_rules(request: HttpRequest) -> None:
    allowed = any(
        request.user.has_perm(f"catalogue.{action}_{model}")
        for model in WRITERS
        for action in ("add", "change", "publish")
    )
    if not allowed:
        raise PermissionDenied


@require_POST
def preview_rule(request: HttpRequest) -> JsonResponse:
    """
    What the rule in the body matches at this moment, whether or not it was ever saved: how many, the twelve
    newest, the rule in words; or the errors with their paths.
    """
    _check_may_write_rules(request)
    try:
        rule = json.loads(request.body[:LONGEST_RULE])
        node = parse(rule)
    except (ValueError, RecursionError):
        return _refuse([ErrorItem(code="invalid_rule", detail="This is no JSON.")])
    except InvalidRule as refused:
        return _refuse(refused.errors)
    if errors := check_words(node):
        return _refuse(errors)
    currency = get_shop_settings().default_currency
    entries = list_matching(node, categories=find_categories(node), currency=currency, at=clock.now())
    rows = list(
        entries.order_by("-published_at", "-product_id").values(
            "product_id", "title", "image_id", "image_alt", "price_from", "stock_status"
        )[:SHOWN]
    )
    images = load_images({row["image_id"]: row["image_alt"] for row in rows if row["image_id"]})
    return JsonResponse(
        {
            "errors": [],
            "words": describe_rule(rule),
            "count": entries.count(),
            "products": [_product(row, images, currency) for row in rows],
        }
    )


@require_GET
def list_rule_words(request: HttpRequest) -> JsonResponse:
    """At most thirty words of ``field`` that have ``q`` in their name."""
    _check_may_write_rules(request)
    field = request.GET.get("field", "")[:LONGEST_TYPED]
    typed = request.GET.get("q", "")[:LONGEST_TYPED].replace("\x00", "").strip()
    return JsonResponse({"words": [{"word": word, "name": name} for word, name in find_words(field, typed)]})


def _refuse(errors: Any) -> JsonResponse:
    return JsonResponse({"errors": [{"path": error.attr or "", "detail": error.detail} for error in errors]})


def _product(row: Mapping[str, Any], images: Any, currency: str) -> dict[str, Any]:
    image = images.get(row["image_id"])
    smallest = (image.sources[0] if image.sources else image) if image else None
    return {
        "title": row["title"],
        "price": format_money(Money(row["price_from"], currency)),
        "stock": row["stock_status"],
        "image": smallest.url if smallest else "",
        "url": reverse("wagtailadmin_pages:edit", args=[row["product_id"]]),
    }
