"""Checks and impact of a product, for screens of Wagtail's own that show any page."""

from __future__ import annotations

from typing import Any

from django import template

from shop.catalogue.editor_links import link_findings
from shop.catalogue.impact import count_impact
from shop.catalogue.models import ProductPage
from shop.catalogue.readiness import check_product

register = template.Library()


@register.inclusion_tag("catalogue/admin/_publish_checks.html", takes_context=True)
def publish_checks(context: dict[str, Any], thing: Any) -> dict[str, Any]:
    """The score of a saved product, what it lacks, and who notices a publish; nothing for other things."""
    if not isinstance(thing, ProductPage) or not thing.pk or thing.alias_of_id:
        return {}
    readiness = check_product(thing)
    return {
        "product": thing,
        "readiness": readiness,
        "findings": link_findings(thing, readiness.findings),
        "impacts": count_impact(thing, context["request"].user) if thing.live else [],
    }


@register.inclusion_tag("catalogue/admin/_publish_impact.html", takes_context=True)
def publish_impact(context: dict[str, Any], thing: Any) -> dict[str, Any]:
    """Who notices when a product is published, in a few lines; nothing for other things."""
    if not isinstance(thing, ProductPage):
        return {}
    return {"product": thing, "impacts": count_impact(thing, context["request"].user)}
