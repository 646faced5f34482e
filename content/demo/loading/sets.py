"""What is sold in sets, as a card or as a file, and what goes well with what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from content.demo.loading.catalogue import ProductLoader
from content.demo.loading.source import days_ago, read
from shop.catalogue.models import ProductPage, ProductRelation, ProductVariant
from shop.catalogue.services.bundles import PartDraft, set_components

OPENED_DAYS_AGO = 24


def load_parts() -> int:
    """Make bundles of the variants that have parts; returns how many were made."""
    offers = [variant for row in read("sets")["products"] for variant in row["variants"] if variant["parts"]]
    skus = {sku for offer in offers for sku, _ in offer["parts"]}
    variants = _by_sku(skus | {offer["sku"] for offer in offers})
    made = 0
    for offer in offers:
        bundle = variants[offer["sku"]]
        if bundle.components.exists():
            continue
        set_components(
            variant=bundle,
            parts=[PartDraft(variants[sku].pk, quantity) for sku, quantity in offer["parts"]],
            priced_by_parts=offer["priced_by_parts"],
            actor=None,
            at=days_ago(OPENED_DAYS_AGO),
        )
        made += 1
    return made


def load_relations() -> None:
    """Say by hand what goes well with some goods: it is offered in the cart."""
    rows: dict[str, list[str]] = read("sets")["goes_with"]
    pages = {page.slug: page for page in ProductPage.objects.filter(slug_key__in=_named(rows))}
    for slug, others in rows.items():
        page = pages[slug].get_latest_revision_as_object()
        if page.relations.exists():
            continue
        page.relations = [
            ProductRelation(product=pages[other], kind=ProductRelation.Kind.CROSS_SELL) for other in others
        ]
        page.save_revision().publish()


def load_sets(loader: ProductLoader) -> None:
    """Make the goods with ``loader``, then their parts and what goes well with what."""
    loader.load()
    load_parts()
    load_relations()


def _named(rows: dict[str, list[str]]) -> set[str]:
    return {*rows, *(slug for others in rows.values() for slug in others)}


def _by_sku(skus: Iterable[str]) -> dict[str, Any]:
    return {variant.sku: variant for variant in ProductVariant.objects.filter(sku__in=skus)}
