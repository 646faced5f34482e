from .attributes import Attribute, AttributeValue, Brand, TaxClass
from .categories import Category
from .collections import ProductCollection, ProductCollectionItem
from .placements import CategoryPlacement
from .products import (
    ProductAttribute,
    ProductCategory,
    ProductIndexPage,
    ProductMedia,
    ProductPage,
    ProductRelation,
    ProductTag,
)
from .readiness import ProductReadiness, ReadinessFinding
from .related import RelatedRule
from .saved_views import SavedView
from .types import ProductType, ProductTypeAttribute
from .variants import (
    BundleComponent,
    ProductVariant,
    VariantAttribute,
    VariantImage,
    validate_gtin,
    validate_sku,
)

__all__ = [
    "Attribute",
    "AttributeValue",
    "Brand",
    "BundleComponent",
    "Category",
    "CategoryPlacement",
    "ProductAttribute",
    "ProductCategory",
    "ProductCollection",
    "ProductCollectionItem",
    "ProductIndexPage",
    "ProductMedia",
    "ProductPage",
    "ProductReadiness",
    "ProductRelation",
    "ProductTag",
    "ProductType",
    "ProductTypeAttribute",
    "ProductVariant",
    "ReadinessFinding",
    "RelatedRule",
    "SavedView",
    "TaxClass",
    "VariantAttribute",
    "VariantImage",
    "validate_gtin",
    "validate_sku",
]
