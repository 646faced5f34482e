"""Goods that can be bought and carts that can be ordered, made through the services that doors use."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from shop.cart.models import Cart
from shop.cart.priced import PricedCart
from shop.cart.selectors import price_cart
from shop.cart.services import CartChanges, add_line, create_cart, update_cart
from shop.catalogue.models import ProductPage, ProductType, ProductVariant, TaxClass
from shop.catalogue.services.bundles import PartDraft, set_components
from shop.core import clock
from shop.customers.models import User
from shop.pricing.models import PriceList
from shop.pricing.services import ensure_base_price_list
from shop.shipping.models import ShippingMethod
from shop.tax.models import TaxRate
from tests.factories.catalogue import ProductFactory, VariantFactory
from tests.factories.customers import berlin_address
from tests.factories.inventory import StockItemFactory
from tests.factories.pricing import PriceFactory
from tests.factories.shipping import ShippingMethodFactory, ShippingZoneFactory
from tests.factories.tax import TaxRateFactory

STANDARD = "standard-de"


def base_list(currency: str = "EUR") -> PriceList:
    """The base price list in a currency, made when it is missing."""
    if currency == "EUR":
        return ensure_base_price_list()
    return ensure_base_price_list(currency=currency, code=f"base-{currency.lower()}")


def goods(price: str = "10.00", *, stock: int = 10, currency: str = "EUR", **variant: Any) -> ProductVariant:
    """A variant on sale: live product, price, stock. Takes what ``VariantFactory`` takes."""
    made = VariantFactory(**variant)
    PriceFactory(variant=made, amount=price, price_list=base_list(currency))
    if stock:
        StockItemFactory(variant=made, on_hand=stock)
    return made


def several_goods(count: int, *, price: str = "10.00", stock: int = 10) -> list[ProductVariant]:
    """Variants of one product, which is quicker than a product each."""
    product = ProductFactory()
    return [goods(price, stock=stock, product=product) for _ in range(count)]


def bundle_of(
    parts: Sequence[tuple[ProductVariant, int]], *, price: str | None = "25.00", **variant: Any
) -> ProductVariant:
    """A bundle of so many of each, at a price of its own; ``price=None`` for the sum of the parts' prices."""
    made = VariantFactory(**variant)
    if price is not None:
        PriceFactory(variant=made, amount=price, price_list=base_list())
    drafts = [PartDraft(part.pk, quantity) for part, quantity in parts]
    return set_components(
        variant=made, parts=drafts, priced_by_parts=price is None, actor=None, at=clock.now()
    )


def typed_product(kind: str, **fields: Any) -> ProductPage:
    """A product of a type of this kind, such as ``gift_card``."""
    made, _ = ProductType.objects.get_or_create(
        slug=kind.replace("_", "-"), defaults={"name": kind, "kind": kind}
    )
    return ProductFactory(product_type=made, **fields)


def german_vat(rate: str = "19", tax_class: str = TaxClass.STANDARD) -> TaxRate:
    """The rate of a tax class in Germany."""
    held = TaxClass.objects.get_or_create(code=tax_class, defaults={"name": tax_class})[0]
    return TaxRateFactory(tax_class=held, rate=Decimal(rate), name=f"VAT {rate}%")


def standard_delivery(price: str = "4.90", *, currency: str = "EUR") -> ShippingMethod:
    """The method ``standard-de`` to Germany, made when it is missing."""
    held = ShippingMethod.objects.filter(code=STANDARD).first()
    if held is not None:
        return held
    zone = ShippingZoneFactory(countries=["DE"])
    return ShippingMethodFactory(zone=zone, code=STANDARD, price=Decimal(price), currency=currency)


def cart_with(
    lines: Sequence[tuple[ProductVariant, int]], *, user: User | None = None, currency: str = "EUR"
) -> Cart:
    """A cart that holds so many of each, and nothing else yet."""
    cart = create_cart(user=user, currency=currency, at=clock.now())
    for variant, quantity in lines:
        add_line(cart=cart, sku=variant.sku, quantity=quantity, at=clock.now())
    return cart


def ready_cart(
    lines: Sequence[tuple[ProductVariant, int]] = (), *, user: User | None = None, currency: str = "EUR"
) -> PricedCart:
    """A cart that can be ordered: goods, e-mail, a German address, standard delivery."""
    method = standard_delivery(currency=currency)
    cart = cart_with(lines or [(goods(currency=currency), 1)], user=user, currency=currency)
    changes = CartChanges(
        email="ada@example.com", shipping_address=berlin_address(), shipping_method=method.code
    )
    update_cart(cart=cart, changes=changes, at=clock.now())
    cart.refresh_from_db()
    return price_cart(cart, at=clock.now())
