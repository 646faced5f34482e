"""Forms of editorial pages."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

RAW_HTML = "raw_html"
RAW_HTML_PERMISSION = "content.write_raw_html"


class EditorialPageForm(WagtailAdminPageForm):
    """Lets only those with the right to it write HTML by hand."""

    def clean(self) -> dict[str, Any]:
        """Refuse HTML that is new or changed; what somebody else has written may stay where it is."""
        cleaned: dict[str, Any] = super().clean()
        body = cleaned.get("body")
        if body is None or self.for_user is None or self.for_user.has_perm(RAW_HTML_PERMISSION):
            return cleaned
        if not _html_of(body) <= self._held_html():
            self.add_error(
                "body",
                "You may not write HTML by hand: remove that section, or ask somebody who may.",
            )
        return cleaned

    def _held_html(self) -> set[str]:
        """What the page held before, live or in its latest draft."""
        if not self.instance.pk:
            return set()
        held = type(self.instance)._default_manager.get(pk=self.instance.pk)
        latest = held.get_latest_revision_as_object()
        return _html_of(held.body) | _html_of(latest.body)


def _html_of(body: Any) -> set[str]:
    return {child.value["html"] for child in body if child.block_type == RAW_HTML}
