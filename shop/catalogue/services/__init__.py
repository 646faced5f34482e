from .bulk import bulk_create_products
from .categories import move_category
from .products import MediaDraft, ProductDraft, RelationDraft, SlugTaken, UnknownAttribute, create_product
from .publishing import publish_product
from .sheet import InvalidVariants, VariantChange, VariantDraft
from .variants import archive_variant, create_variant, restore_variant, save_variants, update_variant

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
    "create_product",
    "create_variant",
    "move_category",
    "publish_product",
    "restore_variant",
    "save_variants",
    "update_variant",
]
