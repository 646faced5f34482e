"""Where in the product editor a finding is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse

from shop.catalogue.models import ProductPage
from shop.catalogue.readiness import Finding

ON_THE_SHEET = "variants"


@dataclass(frozen=True, slots=True)
class LinkedFinding:
    """A finding with the address of the panel that mends it."""

    finding: Finding
    url: str


def link_findings(product: ProductPage, findings: Iterable[Finding]) -> list[LinkedFinding]:
    """Lead from each finding to its panel of the editor, or to the sheet of variants."""
    editor = reverse("wagtailadmin_pages:edit", args=[product.pk])
    sheet = reverse("catalogue_variants", args=[product.pk])
    return [
        LinkedFinding(
            finding,
            sheet if finding.panel == ON_THE_SHEET else f"{editor}{_anchors().get(finding.panel, '')}",
        )
        for finding in findings
    ]


@lru_cache(maxsize=1)
def _anchors() -> dict[str, str]:
    """The fragment of every field's panel, such as ``#panel-child-content-media-section``."""
    anchors: dict[str, str] = {}
    root = ProductPage.get_edit_handler()
    for tab, tab_name in zip(root.children, root.child_identifiers, strict=True):
        for panel, name in zip(tab.children, tab.child_identifiers, strict=True):
            for field in _fields_of(panel):
                anchors.setdefault(field, f"#panel-child-{tab_name}-{name}-section")
    return anchors


def _fields_of(panel: Any) -> Iterator[str]:
    own = getattr(panel, "relation_name", None) or getattr(panel, "field_name", None)
    if own:
        yield own
    for child in () if hasattr(panel, "relation_name") else getattr(panel, "children", ()):
        yield from _fields_of(child)
