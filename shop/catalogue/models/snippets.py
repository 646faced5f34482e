"""What a category and a collection have in common: an address, a preview, and facts told when they change."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from django.http import HttpRequest
from wagtail import hooks

from shop.catalogue.models.publishing import changes_content
from shop.core.outbox import record_event


def contribute_context(hook: str, request: HttpRequest, thing: models.Model) -> dict[str, Any]:
    """What whoever registered the Wagtail hook ``hook`` adds to the template of ``thing``."""
    context: dict[str, Any] = {}
    for contribute in hooks.get_hooks(hook):
        context |= contribute(request, thing)
    return context


class StorefrontSnippet(models.Model):
    """
    A snippet with a page of its own in the storefront, at ``/<url_section>/<slug>/``.

    A save records ``<noun>.changed`` when shoppers can see a difference, and ``address.changed`` when it
    goes live under another address than before; both in the transaction of the save.
    """

    noun: ClassVar[str]
    url_section: ClassVar[str]

    slug: Any
    live: Any

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and tell what shoppers can see of it."""
        visible = changes_content(kwargs.get("update_fields"))
        before = self._stored().values("live", "slug", "first_published_at").first() if visible else None
        self._write(*args, **kwargs)
        if visible and (self.live or (before and before["live"])):
            self._record_change(self.pk)
        if visible and self.live:
            self._record_address(before)

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete it, and tell shoppers' caches when they could see it."""
        deleted_id, was_live = self.pk, self.live
        deleted = super().delete(*args, **kwargs)
        if was_live:
            self._record_change(deleted_id)
        return deleted

    def _write(self, *args: Any, **kwargs: Any) -> None:
        """Save the row; what must stand before anybody is told goes here."""
        super().save(*args, **kwargs)

    def _stored(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.filter(pk=self.pk)

    @classmethod
    def _record_change(cls, changed_id: int) -> None:
        record_event(
            f"{cls.noun}.changed", key=f"{cls.noun}:{changed_id}", payload={f"{cls.noun}_ids": [changed_id]}
        )

    def _record_address(self, before: dict[str, Any] | None) -> None:
        was_public = before is not None and (before["live"] or before["first_published_at"] is not None)
        if before is not None and before["live"] and before["slug"] == self.slug:
            return
        old_path = self.path_of(before["slug"]) if before and was_public else ""
        record_event(
            "address.changed",
            key=f"{self.noun}:{self.pk}",
            payload={"old_path": old_path, "new_path": self.get_url()},
        )

    @classmethod
    def path_of(cls, slug: str) -> str:
        """The address of a slug, from the root of the site."""
        return f"/{cls.url_section}/{slug}/"

    @property
    def url(self) -> str:
        """The same as :meth:`get_url`, for templates."""
        return self.get_url()

    def get_url(self) -> str:
        """Where shoppers find it, from the root of the site."""
        return self.path_of(self.slug)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Return the storefront's own template."""
        return f"catalogue/{self.noun}.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """What the storefront's page gets, from whoever registered ``nexus_<noun>_context``."""
        context = super().get_preview_context(request, mode_name)  # type: ignore[misc]
        return context | {self.noun: self} | contribute_context(f"nexus_{self.noun}_context", request, self)
