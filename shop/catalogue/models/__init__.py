from .attributes import Attribute, AttributeValue, Brand, TaxClass
from .categories import Category
from .collections import ProductCollection, ProductCollectionItem
from .products import ProductAttribute, ProductCategory, ProductIndexPage, ProductMedia, ProductPage
from .variants import ProductVariant, VariantAttribute, validate_gtin, validate_sku

__all__ = [
    "Attribute",
    "AttributeValue",
    "Brand",
    "Category",
    "ProductAttribute",
    "ProductCategory",
    "ProductCollection",
    "ProductCollectionItem",
    "ProductIndexPage",
    "ProductMedia",
    "ProductPage",
    "ProductVariant",
    "TaxClass",
    "VariantAttribute",
    "validate_gtin",
    "validate_sku",
]
