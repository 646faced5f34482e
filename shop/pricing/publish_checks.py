"""What pricing asks of a product before it is published: a price, and none below what the goods cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shop.catalogue.publish_checks import name_some
from shop.catalogue.readiness import ERROR, WARNING, Finding, ProductFacts, register_publish_check
from shop.core import clock
from shop.core.selectors import get_shop_settings
from shop.pricing.models import Price
from shop.pricing.selectors import PricingContext, quote_prices


def find_missing_prices(products: Sequence[ProductFacts]) -> Iterator[Finding]:
    """
    Ask for a price in the shop's currency, at the moment when the product goes live, in three queries.

    Prices below cost are warned about: they may be meant.
    """
    currency = get_shop_settings().default_currency
    variant_ids = [pk for product in products for pk in product.variant_ids]
    if not variant_ids:
        return
    quotes = quote_prices(variant_ids=variant_ids, context=PricingContext(currency=currency, at=clock.now()))
    later = _Later(products, currency, priced=set(quotes))
    for product in products:
        if not product.variants:
            continue
        if not any(pk in quotes or later.has_price(product, pk) for pk in product.variant_ids):
            message = f"Give at least one variant a price in {currency}."
            yield Finding(product.product_id, "no_price", ERROR, message, "variants")
        below = [
            variant.sku
            for variant in product.variants
            if variant.cost is not None
            and variant.id in quotes
            and quotes[variant.id].amount.amount < variant.cost
        ]
        if below:
            message = f"The price of {name_some(below)} is below what the goods cost."
            yield Finding(product.product_id, "below_cost", WARNING, message, "variants")


class _Later:
    """Prices that are not in force yet, for products that go live later; one query, only if there are any."""

    def __init__(self, products: Sequence[ProductFacts], currency: str, *, priced: set[int]) -> None:
        now = clock.now()
        waiting = [
            pk for product in products if product.at > now for pk in product.variant_ids if pk not in priced
        ]
        self.lists: dict[int, list[Price]] = {}
        if not waiting:
            return
        prices = Price.objects.filter(
            variant_id__in=waiting,
            price_list__is_active=True,
            price_list__currency=currency,
            price_list__customer_group__isnull=True,
            price_list__site__isnull=True,
        ).select_related("price_list")
        for price in prices:
            self.lists.setdefault(price.variant_id, []).append(price)

    def has_price(self, product: ProductFacts, variant_id: int) -> bool:
        return any(price.price_list.is_valid_at(product.at) for price in self.lists.get(variant_id, ()))


def register() -> None:
    """Register them; called once when the app is ready."""
    register_publish_check(
        find_missing_prices,
        codes={"no_price": "a price", "below_cost": "a price above its cost"},
        topics=["price.changed"],
    )
