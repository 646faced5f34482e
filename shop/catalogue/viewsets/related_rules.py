"""Rules for related products."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import SnippetViewSet

from shop.catalogue.models import RelatedRule
from shop.catalogue.rule_input import RulePanel, clean_rule


class RelatedRuleForm(WagtailAdminModelForm):
    """Keeps only rules that can be read, and that say something of what they show."""

    def clean(self) -> dict[str, Any] | None:
        """Check both rules."""
        cleaned = super().clean() or {}
        for name in ("for_products", "show"):
            if cleaned.get(name):
                try:
                    cleaned[name] = clean_rule(cleaned[name])
                except ValidationError as refused:
                    self.add_error(name, refused)
            elif name not in self.errors:
                cleaned[name] = None
        narrowing = ("show", "same_category", "same_brand", "same_type")
        if not any(cleaned.get(name) for name in narrowing) and not self.errors:
            self.add_error("show", "Say what to show: add a condition, or tick one of the boxes below.")
        return cleaned


class RelatedRuleViewSet(SnippetViewSet):
    """What is shown beside products, after what was chosen by hand."""

    model = RelatedRule
    icon = "link"
    menu_label = "Related products"
    list_display = [
        "name",
        Column("kind", label="Shown as", accessor="get_kind_display"),
        BooleanColumn("is_active", label="In use"),
    ]
    list_filter = ["kind", "is_active"]
    search_fields = ["name"]
    search_backend_name = None
    ordering = ["sort_order", "pk"]
    sort_order_field = None
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("kind"), FieldPanel("is_active")]),
            RulePanel("for_products"),
            RulePanel("show"),
            MultiFieldPanel(
                [FieldPanel("same_category"), FieldPanel("same_brand"), FieldPanel("same_type")],
                heading="What they share with the product",
            ),
            FieldRowPanel([FieldPanel("limit"), FieldPanel("sort"), FieldPanel("sort_order")]),
        ],
        base_form_class=RelatedRuleForm,
    )
