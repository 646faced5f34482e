"""
Grapple's own types, made safe: nothing leads into private things, and choosers ask whether it is public.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

import wagtail.documents.blocks
import wagtail.embeds.blocks
import wagtail.images.blocks
import wagtail.snippets.blocks
from django.db.models import Model
from graphql import GraphQLResolveInfo
from grapple.registry import registry
from grapple.settings import grapple_settings
from grapple.types.documents import get_document_type
from grapple.types.images import ImageObjectType, get_image_type, get_rendition_type
from grapple.types.interfaces import StreamFieldInterface
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin
from wagtail.models import Page as WagtailPage
from wagtail.rich_text import RichText

from nexus.graphql.interfaces import PageInterface, bad_input, public_pages

IMAGE_FIELDS = frozenset(
    {
        "id",
        "title",
        "alt",
        "description",
        "width",
        "height",
        "url",
        "aspect_ratio",
        "sizes",
        "rendition",
        "src_set",
        "is_svg",
        "created_at",
    }
)
RENDITION_FIELDS = frozenset({"id", "url", "width", "height", "alt", "filter_spec"})
DOCUMENT_FIELDS = frozenset({"id", "title", "url", "file_size", "created_at"})
MAX_SIZES = 10

COSTS = {
    "PageChooserBlock.page": 100,
    "ImageChooserBlock.image": 50,
    "ImageBlock.image": 50,
    "DocumentChooserBlock.document": 50,
}


def guard_types() -> None:
    """Change Grapple's types before a schema is made of them; doing it again changes nothing."""
    _keep(get_image_type(), IMAGE_FIELDS)
    _keep(get_rendition_type(), RENDITION_FIELDS)
    _keep(get_document_type(), DOCUMENT_FIELDS)
    for model, page_type in registry.pages.items():
        own = {_field_name(field) for field in getattr(model, "graphql_fields", ())}
        _keep(page_type, frozenset(own | set(PageInterface._meta.fields)))
    get_image_type().resolve_rendition = staticmethod(resolve_rendition)
    get_image_type().resolve_src_set = staticmethod(resolve_src_set)

    found = registry.streamfield_blocks
    # It would fetch what somebody pasted from its own server, at every query.
    found.pop(wagtail.embeds.blocks.EmbedBlock, None)
    found[blocks.PageChooserBlock].resolve_page = staticmethod(resolve_page)
    found[wagtail.images.blocks.ImageChooserBlock].resolve_image = staticmethod(resolve_image)
    found[wagtail.images.blocks.ImageBlock].resolve_image = staticmethod(resolve_image)
    found[wagtail.documents.blocks.DocumentChooserBlock].resolve_document = staticmethod(resolve_document)
    found[wagtail.snippets.blocks.SnippetChooserBlock].resolve_snippet = staticmethod(resolve_snippet)
    found["generic-block"].resolve_value = staticmethod(resolve_raw_value)
    StreamFieldInterface.resolve_raw_value = staticmethod(resolve_raw_value)


def _keep(node_type: Any, names: frozenset[str]) -> None:
    for name in [name for name in node_type._meta.fields if name not in names]:
        del node_type._meta.fields[name]


def _field_name(declared: Any) -> str:
    field = declared() if callable(declared) else declared
    # Some of Grapple's fields come with a wrapper for their type.
    return str((field[0]() if isinstance(field, tuple) else field).field_name)


def resolve_rendition(root: Any, info: GraphQLResolveInfo, **spec: Any) -> Any:
    """
    A size of a picture, out of those that the shop allows: any other would fill its disk.

    :raises GraphQLError: for a size that is not in `GRAPPLE["ALLOWED_IMAGE_FILTERS"]`
    """
    asked = "|".join(f"{name}-{value}" for name, value in spec.items() if name != "preserve_svg")
    allowed = grapple_settings.ALLOWED_IMAGE_FILTERS
    if asked not in allowed:
        raise bad_input(f"Ask for one of these sizes: {', '.join(allowed)}.")
    return ImageObjectType.resolve_rendition(root, info, **spec)


def resolve_src_set(root: Any, info: GraphQLResolveInfo, sizes: list[int | None], **spec: Any) -> str:
    """
    Several widths for an `<img srcset>`.

    :raises GraphQLError: for too many, or a width that the shop does not allow
    """
    if len(sizes) > MAX_SIZES:
        raise bad_input(f"Ask for at most {MAX_SIZES} sizes.")
    renditions = [resolve_rendition(root, info, width=width, **spec) for width in sizes if width is not None]
    return ", ".join(f"{made.full_url} {made.width}w" for made in renditions)


def resolve_page(root: Any, info: GraphQLResolveInfo) -> WagtailPage | None:
    """The chosen page, while it is public."""
    page = root.value
    return page.specific if page and public_pages().filter(pk=page.pk).exists() else None


def resolve_image(root: Any, info: GraphQLResolveInfo) -> Any:
    """The chosen picture, while it is public."""
    return _if_public(root.value, get_image_model())


def resolve_document(root: Any, info: GraphQLResolveInfo) -> Any:
    """The chosen document, while it is public."""
    return _if_public(root.value, get_document_model())


def resolve_snippet(root: Any, info: GraphQLResolveInfo) -> Any:
    """The chosen snippet, while it is live and of a type that the schema knows."""
    snippet = root.value
    is_draft = isinstance(snippet, DraftStateMixin) and not snippet.live
    return snippet if snippet is not None and not is_draft and type(snippet) in registry.snippets else None


def resolve_raw_value(root: Any, info: GraphQLResolveInfo) -> str:
    """The block's value as JSON. What a chooser points at is left out: ask for it by the field of its own."""
    plain = _plain(root if isinstance(root, blocks.StructValue) else root.value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str)


def _if_public(value: Any, model: type[Model]) -> Any:
    from nexus.graphql.content import public_files

    if value is None or not public_files(model).filter(pk=value.pk).exists():
        return None
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, RichText):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool | Decimal | date | time):
        return value
    if isinstance(value, blocks.StreamValue):
        return [{"type": child.block_type, "value": _plain(child.value)} for child in value]
    if isinstance(value, Mapping):
        return {name: _plain(held) for name, held in value.items()}
    if isinstance(value, list | tuple | blocks.list_block.ListValue):
        return [_plain(held) for held in value]
    return None
