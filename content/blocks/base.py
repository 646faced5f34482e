"""What every block of an editorial page is made of: links, and being a section."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

RICH_TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]
TONES = [("accent", "Accent colour"), ("ink", "Dark"), ("paper", "Light")]
LAYOUTS = [("grid", "Grid"), ("rail", "One row that scrolls sideways")]


class LinkBlock(blocks.StructBlock):
    """A link with a text: to a page, to a category, or to any address."""

    text = blocks.CharBlock(
        max_length=60, required=False, help_text="What the link says. Example: “Shop lamps”."
    )
    page = blocks.PageChooserBlock(required=False, help_text="A page of this shop.")
    category = SnippetChooserBlock("catalogue.Category", required=False, help_text="Or a category.")
    url = blocks.CharBlock(
        max_length=500,
        required=False,
        help_text="Or an address. Example: /search/?q=gift or https://example.org/.",
    )

    class Meta:
        icon = "link"
        label = "Link"

    def clean(self, value: Any) -> Any:
        """Ask for a text and one target, or neither."""
        cleaned = super().clean(value)
        targets = [name for name in ("page", "category", "url") if cleaned.get(name)]
        errors = {}
        if len(targets) > 1:
            errors[targets[1]] = ValidationError("Choose one target only: a page, a category or an address.")
        if targets and not cleaned.get("text"):
            errors["text"] = ValidationError("Write what the link says, for example “Shop lamps”.")
        if cleaned.get("text") and not targets:
            errors["page"] = ValidationError("Choose where the link leads: a page, a category or an address.")
        url = cleaned.get("url")
        if url and not is_safe_link(url):
            errors["url"] = ValidationError("Start the address with “/”, “https://”, “mailto:” or “tel:”.")
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


def is_safe_link(url: str) -> bool:
    """Whether an address that somebody typed may become a link: never ``javascript:`` or ``//host``."""
    if url.startswith(("//", "/\\")):
        return False
    return url.startswith(("/", "#", "?", "https://", "http://", "mailto:", "tel:"))


class SectionBlock(blocks.StructBlock):
    """A block that is a whole section of a page; in the admin it is seen in the storefront's own clothes."""

    def get_preview_template(self, value: Any, context: dict[str, Any] | None = None) -> str:
        """The storefront's own type and colours around the block."""
        return "content/block_preview.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Wagtail's context and the section to draw."""
        # Pages hand over all their sections at once; this serves a block that stands alone, as in
        # the preview of the admin's block chooser.
        from content.sections import build_section

        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["section"] = build_section(self.meta.section, self.get_prep_value(value))
        return context
