from .bulk import bulk_create_products
from .categories import move_category
from .products import MediaDraft, ProductDraft, RelationDraft, SlugTaken, UnknownAttribute, create_product
from .publishing import publish_product
from .variant_drafts import InvalidVariants, VariantChange, VariantDraft
from .variants import (
    archive_variant,
    change_variants,
    create_variant,
    restore_variant,
    save_variants,
    update_variant,
)

__all__ = [
    "InvalidVariants",
    "MediaDraft",
    "ProductDraft",
    "RelationDraft",
    "SlugTaken",
    "UnknownAttribute",
    "VariantChange",
    "VariantDraft",
    "archive_variant",
    "bulk_create_products",
    "change_variants",
    "create_product",
    "create_variant",
    "move_category",
    "publish_product",
    "restore_variant",
    "save_variants",
    "update_variant",
]
