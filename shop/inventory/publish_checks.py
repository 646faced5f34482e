"""What inventory says about a product before it is published: whether there is anything to sell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shop.catalogue.models import ProductType
from shop.catalogue.readiness import WARNING, Finding, ProductFacts, register_publish_check
from shop.inventory.selectors import get_stock


def find_missing_stock(products: Sequence[ProductFacts]) -> Iterator[Finding]:
    """Warn of products of which nothing can be ordered; goods that are not shipped need no stock."""
    not_shipped = set(
        ProductType.objects.exclude(kind=ProductType.Kind.PHYSICAL)
        .filter(pk__in={product.product_type_id for product in products if product.product_type_id})
        .values_list("pk", flat=True)
    )
    asked = [
        product for product in products if product.variants and product.product_type_id not in not_shipped
    ]
    stock = get_stock(pk for product in asked for pk in product.variant_ids)
    for product in asked:
        if not any(stock[pk].is_sellable for pk in product.variant_ids):
            message = "Nothing of it is in stock: shoppers see it as sold out."
            yield Finding(product.product_id, "no_stock", WARNING, message, "variants")


def register() -> None:
    """Register it; called once when the app is ready."""
    register_publish_check(find_missing_stock, codes={"no_stock": "stock"}, topics=["stock.status_changed"])
