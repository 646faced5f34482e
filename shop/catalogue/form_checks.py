"""The publish checks of what stands in the editor's form, before any of it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shop.catalogue.readiness import ProductFacts, Readiness, check_facts, going_live_at, load_variants

if TYPE_CHECKING:
    from shop.catalogue.forms import ProductPageForm


def check_form(form: ProductPageForm) -> Readiness:
    """Ask every publish check about the product as it is typed."""
    page = form.instance
    product_id = page.pk or 0
    source_id = page.variants_source.pk if page.pk else 0
    cleaned = form.cleaned_data
    product_type = cleaned.get("product_type", page.product_type)
    facts = ProductFacts(
        product_id=product_id,
        title=cleaned.get("title") or "",
        summary=cleaned.get("summary") or "",
        has_body=bool(cleaned.get("body")),
        product_type_id=product_type.pk if product_type else None,
        category_ids=tuple(row["category"].pk for row in _rows(form, "product_categories", "category")),
        alt_texts=tuple(row.get("alt_text") or "" for row in _rows(form, "media", "image")),
        attribute_ids=form.typed_attribute_ids,
        translation_key=str(page.translation_key),
        at=going_live_at(cleaned.get("go_live_at")),
        variants=load_variants([source_id])[source_id],
    )
    return check_facts([facts])[product_id]


def _rows(form: ProductPageForm, name: str, needed: str) -> Iterator[dict[str, Any]]:
    """What the rows of a list will hold, wrong ones included: these have errors of their own."""
    formset = form.formsets.get(name)
    for row in formset.forms if formset is not None else ():
        row.is_valid()
        cleaned: dict[str, Any] = getattr(row, "cleaned_data", {})
        if cleaned.get(needed) and not cleaned.get("DELETE"):
            yield cleaned
