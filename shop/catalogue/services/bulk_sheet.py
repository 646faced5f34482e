"""Variants of many products at once: new ones of new products, and changes to those that stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.services.sheet import Sheet
from shop.catalogue.services.variant_drafts import VariantDraft


class BulkSheet:
    """Variants of many new products, written together."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at
        self.sheet = Sheet(product=None, held={}, at=at)

    def write(
        self, drafts: Sequence[tuple[ProductPage, Sequence[VariantDraft]]]
    ) -> list[list[ProductVariant]]:
        """
        Insert the variants of each product, which must be saved already.

        :raises InvalidVariants: with every error of every row, named ``create.<n>`` by position in the chunk
        """
        created: list[list[ProductVariant]] = []
        position = 0
        for product, wanted in drafts:
            self.sheet.start(product)
            for draft in wanted:
                self.sheet.add(f"create.{position}", draft)
                position += 1
            created.append(self.sheet.created[position - len(wanted) : position])
        self.sheet.check()
        self.sheet.write()
        return created
