from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal

# What an import may make on its way, and the permissions of whoever makes it by hand; categories go live.
MAKING: Final[Mapping[str, tuple[str, ...]]] = {
    "create_brands": ("catalogue.add_brand",),
    "create_categories": ("catalogue.add_category", "catalogue.publish_category"),
    "create_values": ("catalogue.add_attributevalue",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What an import may do beside setting what the file says."""

    create_brands: bool = True
    create_categories: bool = True
    create_values: bool = True
    #: What becomes of a product that is to be live and does not pass the publish checks.
    unready: Literal["draft", "refuse"] = "draft"
    #: What an empty cell of a column means for a product that is there: take the value away, or leave it.
    blanks: Literal["clear", "keep"] = "clear"
    #: Key of the folder that new products are filed in; empty for the shop's first.
    folder_id: int | None = None
    #: Where prices and stock of files go that know one of each only (Shopify's).
    price_list: str = ""
    warehouse: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportOptions:
        """The options as they were stored; names that are no more are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})
