"""
Building a product from a revision, with one look into the database.

A revision names pictures, categories and values by their keys, and any of them may be gone. modelcluster asks
for each key by itself and raises for what was protected: a page with such a draft could not be opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME, Page, Site

from shop.core.together import read_together

# Keys that are Wagtail's own to write; a draft always takes them from the page that is stored.
BOOKKEEPING_KEYS = frozenset(
    {"alias_of", "content_type", "latest_revision", "live_revision", "locale", "locked_by", "owner"}
)
Targets = Mapping[type[models.Model], Collection[Any]]


class CheckedContent(dict[str, Any]):
    """The content of a revision in which every key leads somewhere."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database said of a product when its draft was built."""

    slug_key: str | None
    external_id: str | None
    has_comments: bool
    targets: Mapping[str, Any]
    """The keys of the draft's own fields that were found to lead somewhere, such as of its brand."""


def check_content(page: Page, content: Mapping[str, Any]) -> tuple[CheckedContent, Stored]:
    """
    Leave out of a revision's content what names something that is gone, by one SQL statement: a row that
    cannot be without it, else only the key.
    """
    model = type(page)
    wanted: dict[type[models.Model], set[Any]] = {}
    for field, key in _keys_of(model, content):
        wanted.setdefault(field.related_model, set()).add(key)
    asked = list(wanted)
    comments, stored, *found = read_together(
        _ask_for_comments(page),
        model._default_manager.filter(pk=page.pk).order_by().values_list("slug_key", "external_id"),
        *(held._default_manager.filter(pk__in=wanted[held]).order_by().values_list("pk") for held in asked),
    )
    targets = {held: {key for (key,) in rows} for held, rows in zip(asked, found, strict=True)}
    checked = _without_dangling(model, content, targets)
    slug_key, external_id = stored[0] if stored else (None, None)
    return checked, Stored(
        slug_key=slug_key,
        external_id=external_id,
        has_comments=bool(comments),
        targets={field.name: checked.get(field.name) for field in _own_keys(model)},
    )


def _ask_for_comments(page: Page) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = page.wagtail_admin_comments.get_live_queryset().order_by().values_list("pk")
    return rows


def _keys_of(
    model: type[models.Model], content: Mapping[str, Any]
) -> Iterator[tuple[models.ForeignKey[Any, Any], Any]]:
    """Every key that the content names, with the field that it stands in."""
    for field in _own_keys(model):
        yield from _key_of(field, content)
    for relation in get_all_child_relations(model):
        fields = _keys_in_rows(relation)
        for row in content.get(relation.get_accessor_name()) or ():
            for field in fields:
                yield from _key_of(field, row)


def _key_of(
    field: models.ForeignKey[Any, Any], content: Mapping[str, Any]
) -> Iterator[tuple[models.ForeignKey[Any, Any], Any]]:
    key = content.get(field.name)
    if key is not None:
        yield field, field.target_field.to_python(key)


def _own_keys(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and not field.remote_field.parent_link
        and field.name not in BOOKKEEPING_KEYS
    ]


def _keys_in_rows(relation: Any) -> list[models.ForeignKey[Any, Any]]:
    """The keys of inline rows, but for the one of the page that is being built."""
    return [
        field
        for field in relation.related_model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field is not relation.field
    ]


def _without_dangling(
    model: type[models.Model], content: Mapping[str, Any], targets: Targets
) -> CheckedContent:
    checked = CheckedContent(content)
    for field in _own_keys(model):
        if _is_dangling(field, content, targets) and field.null:
            checked[field.name] = None
    for relation in get_all_child_relations(model):
        name, fields = relation.get_accessor_name(), _keys_in_rows(relation)
        if content.get(name):
            rows = (_checked_row(row, fields, targets) for row in content[name])
            checked[name] = [row for row in rows if row is not None]
    return checked


def _checked_row(
    row: Mapping[str, Any], fields: Collection[models.ForeignKey[Any, Any]], targets: Targets
) -> dict[str, Any] | None:
    """The row as it can be built; ``None`` when something that it must have is gone."""
    kept = dict(row)
    for field in fields:
        on_delete = field.remote_field.on_delete
        if not _is_dangling(field, row, targets) or on_delete is models.DO_NOTHING:
            continue
        if not field.null or on_delete is not models.SET_NULL:
            return None
        kept[field.name] = None
    return kept


def _is_dangling(field: models.ForeignKey[Any, Any], content: Mapping[str, Any], targets: Targets) -> bool:
    return any(key not in targets.get(field.related_model, ()) for _, key in _key_of(field, content))


class ChecksItsDrafts(Page):
    """
    A page whose drafts are built with one look into the database, and know what it said.

    What a draft has just been built from, Wagtail looks up again field by field when the draft is validated,
    although nobody can have changed it: those look-ups are left out, the database's constraints stay.
    """

    class Meta:
        abstract = True

    # Set on drafts only; a page that was loaded is validated as Wagtail does.
    stored: Stored | None = None

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """The draft in ``content``, with what other systems and Wagtail itself know of the page by now."""
        checked, stored = check_content(self, content)
        held = self.__dict__.setdefault("_cluster_related_objects", {})
        without_comments = not stored.has_comments and COMMENTS_RELATION_NAME not in held
        if without_comments:
            held[COMMENTS_RELATION_NAME] = []
        try:
            draft = super().with_content_json(checked)
        finally:
            if without_comments:
                del held[COMMENTS_RELATION_NAME]
        draft.stored = stored
        draft.live_revision_id = self.live_revision_id
        if hasattr(self, "_cached_parent_obj"):
            draft._cached_parent_obj = self._cached_parent_obj
        return draft

    @classmethod
    def from_serializable_data(
        cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False
    ) -> Any:
        """Build a page from a revision's content; what was checked already is not checked again."""
        unchecked = check_fks and not isinstance(data, CheckedContent)
        return super().from_serializable_data(data, check_fks=unchecked, strict_fks=strict_fks)

    def has_stored_slug(self) -> bool:
        """Whether this is a draft whose slug is the one that the live page has."""
        return self.stored is not None and self.slug == self.stored.slug_key

    def has_no_comments(self) -> bool:
        """Whether this is a draft of a page that nobody has commented on."""
        held = self.__dict__.get("_cluster_related_objects", {})
        return (
            self.stored is not None
            and not self.stored.has_comments
            and not held.get(COMMENTS_RELATION_NAME, [None])
        )

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Validate what may be wrong: of a draft, no key that was found when it was built."""
        known: set[str] = set()
        if self.stored is not None:
            targets = self.stored.targets.items()
            same = {name for name, key in targets if getattr(self, f"{name}_id") == key}
            known = {*BOOKKEEPING_KEYS, *same}
        super().clean_fields(exclude={*(exclude or ()), *known})

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Look for pages of the same keys: of a draft, only for keys that the page does not have already."""
        known: set[str] = set()
        if self.stored is not None:
            # The tree's and the translations' keys are the stored page's; the slug has a check of its own.
            known = {"path", "translation_key", "slug_key"}
            if self.external_id == self.stored.external_id:
                known.add("external_id")
        super().validate_unique(exclude={*(exclude or ()), *known})

    def is_site_root(self) -> bool:
        """Whether a site begins here, which of a page at a known address is asked of the cache."""
        if not self.has_stored_slug():
            return bool(super().is_site_root())
        return any(root.root_path == self.url_path for root in Site.get_site_root_paths())
