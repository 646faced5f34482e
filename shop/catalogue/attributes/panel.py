"""The attributes in the product's editor, and what of them differs between two revisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.forms import Media
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin.compare import diff_text
from wagtail.admin.panels import Panel

from shop.catalogue.attributes.fields import all_media

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from shop.catalogue.models import ProductPage

RELATION = "product_attributes"


class AttributesPanel(Panel):
    """A field for each attribute of the product's type. The form must be one with ``AttributeFields``."""

    # What it edits, for links that lead to it.
    relation_name = RELATION

    class BoundPanel(Panel.BoundPanel):
        """Draws the fields that the form has made."""

        template_name = "catalogue/admin/attributes_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Add the form, and where its fields are drawn anew."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"form": self.form, "fields_url": reverse("catalogue_attribute_fields")}

        def get_comparison(self) -> list[Callable[[Any, Any], AttributesComparison]]:
            """Compare all attributes in one row of the list of differences."""
            return [AttributesComparison]

        @property
        def media(self) -> Media:
            """The script that follows the product's type, and what any field may need."""
            own = Media(js=["catalogue/js/attributes.js"], css={"all": ["catalogue/css/attributes.css"]})
            return all_media() + own


class TypeEffectsPanel(Panel):
    """What a change of a product type does to its products, with the box that agrees to it."""

    class BoundPanel(Panel.BoundPanel):
        """Shown once the form has found products that are touched."""

        template_name = "catalogue/admin/type_effects_panel.html"

        def is_shown(self) -> bool:
            """Only when there is something to agree to."""
            return bool(self.form is not None and self.form.effects)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Add the effects and the box."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"effects": self.form.effects, "box": self.form["confirm_effects"]}


class AttributesComparison:
    """What differs in the attributes of two drafts of a product, attribute by attribute."""

    is_field = True
    is_child_relation = False

    def __init__(self, before: ProductPage, after: ProductPage) -> None:
        self.before, self.after = _texts(before), _texts(after)

    def field_label(self) -> str:
        """What the row is called."""
        return "Attributes"

    def has_changed(self) -> bool:
        """Whether any attribute has another value."""
        return self.before != self.after

    def htmldiff(self) -> SafeString:
        """The attributes that differ, each with what was taken out and what was put in."""
        names = [name for name in {**self.before, **self.after} if self._differs(name)]
        return format_html(
            '<dl class="comparison__list">{}</dl>',
            format_html_join(
                "",
                "<dt>{}</dt><dd>{}</dd>",
                (
                    (name, diff_text(self.before.get(name, ""), self.after.get(name, "")).to_html())
                    for name in names
                ),
            ),
        )

    def _differs(self, name: str) -> bool:
        return self.before.get(name) != self.after.get(name)


def _texts(page: ProductPage) -> dict[str, str]:
    texts: dict[str, list[str]] = {}
    for row in page.product_attributes.all():
        texts.setdefault(str(row.attribute), []).append(row.display_value)
    return {name: ", ".join(held) for name, held in texts.items()}
