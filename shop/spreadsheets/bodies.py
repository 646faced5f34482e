"""Long texts in a cell: what the editor stores, as JSON, or plain HTML that becomes one paragraph."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils.html import escape, linebreaks
from wagtail.blocks import RichTextBlock, StreamBlock
from wagtail.whitelist import Whitelister, allow_without_attributes, attribute_rule, check_url

from shop.catalogue.models import ProductPage
from shop.spreadsheets.cells import CellRefused


@dataclass(frozen=True, slots=True)
class Body:
    """A body as the database holds it; two are equal when they read the same, whatever their blocks' ids."""

    raw: tuple[Mapping[str, Any], ...] = field(compare=False)
    key: str

    def __bool__(self) -> bool:
        return bool(self.raw)


def body_of(raw: Sequence[Mapping[str, Any]]) -> Body:
    """The body of raw StreamField data."""
    return Body(raw=tuple(raw), key=_dump(raw))


def read_body(stored: Any) -> Body:
    """The body as a page or a revision holds it."""
    raw = json.loads(stored) if isinstance(stored, str) and stored else stored
    return body_of(raw or ())


def _dump(raw: Sequence[Any]) -> str:
    return json.dumps(_without_ids(raw), sort_keys=True)


def render_body(body: Body) -> str:
    """The cell of a body."""
    return json.dumps(list(body.raw), ensure_ascii=False, sort_keys=True) if body else ""


def parse_body(text: str) -> Body:
    """
    Read a cell: JSON of blocks as an export writes it, or HTML, or plain text.

    Rich text is cut down to what the editor offers; scripts and styles never get in.

    :raises CellRefused: if the blocks are none of ours, or do not hold together
    """
    if not text.strip():
        return NO_BODY
    if not text.lstrip().startswith("["):
        return body_of(_paragraph(text))
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CellRefused(
            "The body begins with “[” but is no JSON of blocks: leave it as it was exported, or write HTML."
        ) from error
    if not isinstance(raw, list) or not all(isinstance(block, dict) for block in raw):
        raise CellRefused("The body must be a list of blocks, as it was exported, or HTML.")
    return body_of(_checked(raw))


def _paragraph(text: str) -> list[dict[str, Any]]:
    html = text if re.search(r"<[a-zA-Z!/]", text) else linebreaks(escape(text))
    cleaned = clean_rich_text(html)
    return (
        [{"type": "paragraph", "value": cleaned, "id": str(uuid5(NAMESPACE_URL, cleaned))}] if cleaned else []
    )


def _without_ids(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_ids(part) for name, part in value.items() if name != "id"}
    if isinstance(value, list | tuple):
        return [_without_ids(part) for part in value]
    return value


NO_BODY = body_of(())


def _stream_block() -> StreamBlock:
    return ProductPage._meta.get_field("body").stream_block


def _checked(raw: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    block = _stream_block()
    for number, child in enumerate(raw, start=1):
        if child.get("type") not in block.child_blocks:
            kinds = ", ".join(block.child_blocks)
            raise CellRefused(f"Block {number} of the body is of no kind that there is: {kinds}.")
    try:
        stream = block.to_python(_clean_texts(block, raw))
        block.clean(stream)
        return list(block.get_prep_value(stream))
    except ValidationError as error:
        raise CellRefused("The body does not hold together: open it in the editor to see why.") from error
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise CellRefused("The body is not as it was exported: a block has another form.") from error


def _clean_texts(block: StreamBlock, raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    cleaned = []
    for child in raw:
        kind = block.child_blocks[child["type"]]
        if isinstance(kind, RichTextBlock) and isinstance(child.get("value"), str):
            cleaned.append({**child, "value": clean_rich_text(child["value"])})
        else:
            cleaned.append(child)
    return cleaned


class _EditorsTexts(Whitelister):
    """What the editor of bodies offers (``RICH_TEXT_FEATURES``): bold, italic, links and lists."""

    element_rules = {
        "[document]": allow_without_attributes,
        "p": attribute_rule({"data-block-key": True}),
        "li": attribute_rule({"data-block-key": True}),
        "a": attribute_rule({"href": check_url, "linktype": True, "id": True}),
        **dict.fromkeys(("b", "strong", "i", "em", "ol", "ul", "br"), allow_without_attributes),
    }


def clean_rich_text(html: str) -> str:
    """HTML cut down to what the editor of the body offers; deterministic, and twice is as once."""
    soup = BeautifulSoup(html, "html.parser")
    for gone in soup(["script", "style", "template", "iframe", "object", "noscript"]):
        gone.decompose()
    for heading in soup(["h1", "h2", "h3", "h4", "h5", "h6", "div"]):
        heading.name = "p"
    cleaned: str = _EditorsTexts().clean(str(soup)).strip()
    return cleaned
