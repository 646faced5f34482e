"""What was agreed on, turned from a priced cart into the draft of an order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shop.cart.priced import PricedCart, PricedLine
from shop.core.models import ShopSettings
from shop.customers.addresses import PostalAddress
from shop.orders.drafts import DraftDiscount, DraftLine, DraftTaxLine, OrderDraft
from shop.shipping.selectors import ShippingOption


def draft_order(
    priced: PricedCart,
    *,
    shop: ShopSettings,
    shipping: ShippingOption | None,
    shipping_address: PostalAddress | None,
    attributes: Mapping[int, Sequence[Mapping[str, str]]],
    checkout_key: str,
    locale: str,
) -> OrderDraft:
    """
    Copy everything that the order must keep, whatever becomes of cart and catalogue.

    :param shipping: none where nothing travels; then there is no shipping address either
    :param attributes: what makes each variant differ, by the variant's key
    """
    cart, totals = priced.cart, priced.totals
    return OrderDraft(
        cart_id=cart.pk,
        number_prefix=shop.order_prefix,
        checkout_key=checkout_key,
        user_id=cart.user_id,
        email=cart.email,
        currency=cart.currency,
        locale=locale,
        note=cart.note,
        prices_include_tax=priced.prices_include_tax,
        shipping_method_code=shipping.code if shipping else "",
        shipping_method_name=shipping.name if shipping else "",
        subtotal=totals.subtotal,
        discount=totals.discount,
        shipping=totals.shipping,
        shipping_gross=totals.shipping_gross,
        tax=totals.tax,
        total=totals.total,
        lines=[_draft_line(line, attributes.get(line.variant_id, ())) for line in priced.lines],
        tax_lines=[
            DraftTaxLine(name=line.name, rate=line.rate, base=line.base, amount=line.amount)
            for line in totals.tax_lines
        ],
        shipping_address=shipping_address,
        billing_address=priced.billing_address or priced.shipping_address,
        discounts=[
            DraftDiscount(
                promotion_id=one.promotion_id,
                name=one.name,
                label=one.label,
                code=one.code,
                amount=one.amount,
                shipping=one.shipping,
            )
            for one in priced.discounts
        ],
        promotion_trace=priced.promotion_trace,
    )


def _draft_line(line: PricedLine, attributes: Sequence[Mapping[str, str]]) -> DraftLine:
    if line.unit_price is None:
        raise ValueError(f"{line.sku} is not on sale and cannot be ordered.")
    return DraftLine(
        variant_id=line.variant_id,
        revision_id=line.revision_id,
        sku=line.sku,
        title=line.title,
        variant_title=line.variant_title,
        attributes=attributes,
        url=line.url,
        image_url=line.image.url if line.image else "",
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        total=line.total,
        net=line.net,
        tax=line.tax,
        gross=line.gross,
        tax_rate=line.tax_rate,
        tax_name=line.tax_name,
        price_trace=line.price_trace,
        requires_shipping=line.requires_shipping,
        components=[
            {
                "variant_id": part.variant_id,
                "sku": part.sku,
                "title": part.title,
                "quantity": part.quantity,
                "requires_shipping": part.requires_shipping,
            }
            for part in line.components
        ],
        is_gift=line.is_gift,
    )
