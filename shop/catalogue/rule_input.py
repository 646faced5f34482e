"""
Writing rules in the admin: a builder over a field of JSON, the check of what was written, and its words.

Imports no model: the models name what stands here.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.compare import FieldComparison, TextDiff
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.widgets import AdminAutoHeightTextInput

from shop.catalogue.predicates import PRODUCTS, InvalidRule, parse, to_json


class RuleInput(AdminAutoHeightTextInput):
    """A field of JSON that a script turns into rows of conditions, with what they match beside them."""

    def format_value(self, value: Any) -> Any:
        """Indent the JSON for those who write it themselves; nothing for no rule."""
        text = super().format_value(value)
        if text in (None, "", "null"):
            return ""
        try:
            return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        except ValueError:
            return text

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Put what the builder can offer beside the field."""
        return render_to_string(
            "catalogue/admin/rule_input.html",
            {
                "textarea": super().render(name, value, attrs, renderer),
                "config": self._config(self.format_value(value)),
                "config_id": f"{(attrs or {}).get('id', name)}-config",
            },
        )

    def _config(self, text: str) -> dict[str, Any]:
        from shop.catalogue.rule_words import list_attributes, name_words

        try:
            names = name_words(parse(json.loads(text or "null")))
        except (InvalidRule, ValueError, RecursionError):
            names = {}
        return {
            "fields": [
                {"name": field.name, "label": field.label, "operators": field.operators, "unit": field.unit}
                for field in PRODUCTS.fields
            ],
            "attributes": list_attributes(),
            "names": names,
            "preview": reverse("search_rule_preview"),
            "words": reverse("search_rule_words"),
        }

    @property
    def media(self) -> forms.Media:
        """The builder's script and style."""
        return forms.Media(
            js=[versioned_static("catalogue/js/rule-builder.js")],
            css={"all": [versioned_static("catalogue/css/rule-builder.css")]},
        )


def clean_rule(rule: Any) -> dict[str, Any]:
    """
    The rule as it is kept.

    :raises ValidationError: with one message per error, each with its place
    """
    from shop.catalogue.rule_words import check_words

    try:
        node = parse(rule)
    except InvalidRule as refused:
        raise ValidationError([_message(error.attr, error.detail) for error in refused.errors]) from refused
    if errors := check_words(node):
        raise ValidationError([_message(error.attr, error.detail) for error in errors])
    return to_json(node)


def _message(path: str | None, detail: str) -> str:
    places = [str(int(step) + 1) for step in (path or "").split(".") if step.isdigit()]
    return f"Condition {'.'.join(places)}: {detail}" if places else detail


class CollectionForm(WagtailAdminModelForm):
    """Keeps only rules that can be read and that stand for something in this shop."""

    def clean(self) -> dict[str, Any] | None:
        """Check the rule; a draft may still be without one."""
        cleaned = super().clean() or {}
        rule = cleaned.get("rule")
        if rule:
            try:
                cleaned["rule"] = clean_rule(rule)
            except ValidationError as refused:
                self.add_error("rule", refused)
        elif cleaned.get("kind") == "by_rule" and not (self.is_deferred_validation or "rule" in self.errors):
            self.add_error("rule", "Add at least one condition, or choose the products by hand.")
        return cleaned


class RuleComparison(FieldComparison):
    """Two versions of a rule, in words."""

    def htmldiff(self) -> Any:
        """Mark what went and what came."""
        from shop.catalogue.rule_words import describe_rule

        before, after = describe_rule(self.val_a), describe_rule(self.val_b)
        if before == after:
            return format_html("{}", after)
        return TextDiff([("deletion", before), ("addition", after)]).to_html()


class RulePanel(FieldPanel):
    """A rule in an editor."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", RuleInput)
        super().__init__(field_name, **kwargs)

    def get_comparison_class(self) -> type[FieldComparison]:
        """Compare words, not JSON."""
        return RuleComparison
