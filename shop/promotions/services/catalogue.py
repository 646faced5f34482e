"""
Promotions of the catalogue, written as price lists of reduced prices: one for each base list.

Lists, sorting, the 30-day price and carts then know them like any other price. A change of goods or base
prices rewrites what it touches in its own transaction; a change of the promotion rewrites everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from shop.catalogue.models import ProductVariant
from shop.catalogue.predicates import conditions_of, matches
from shop.core.errors import ShopError
from shop.core.jobs import start_job
from shop.core.money import Money, percent_of
from shop.pricing.models import Price, PriceList
from shop.pricing.services import PriceChange, save_price_list, set_prices
from shop.promotions.engine import CartPromotion
from shop.promotions.engine.rewards import AmountOff, FixedPrice, PercentOff, Reward
from shop.promotions.facts import Goods, load_goods_facts
from shop.promotions.models import Promotion, PromotionPriceList
from shop.promotions.snapshot import read_promotion

if TYPE_CHECKING:
    from shop.customers.models import User

WRITE_PRICES: Final = "promotions.write_prices"
# So many variants are written at once; a shop with more has it done in the background.
VARIANTS_AT_ONCE: Final = 250
REASON: Final = "promotion"


@transaction.atomic
def apply_to_catalogue(*, promotion: Promotion, actor: User | None, at: datetime) -> None:
    """
    Bring the price lists of a promotion to what it says now: at once in a small shop, else by a job.

    One that is not in use, or is of the cart, has its lists taken out of use at once.
    """
    is_wanted = promotion.is_active and promotion.kind == Promotion.Kind.CATALOGUE
    links = PromotionPriceList.objects.filter(promotion=promotion).select_related("price_list")
    if not is_wanted:
        for link in links.filter(price_list__is_active=True).order_by("price_list"):
            link.price_list.is_active = False
            save_price_list(price_list=link.price_list, actor=actor, at=at)
        return
    bases = _list_bases(promotion)
    for base in bases:
        _save_list(promotion, base, actor=actor, at=at)
    for link in links.exclude(base_list__in=bases).filter(price_list__is_active=True):
        link.price_list.is_active = False
        save_price_list(price_list=link.price_list, actor=actor, at=at)
    if ProductVariant.objects.count() <= VARIANTS_AT_ONCE:
        write_prices(promotion=promotion, variant_ids=_next_variants(0), at=at)
        return
    start_job(
        kind=WRITE_PRICES,
        label=f"Write the prices of {promotion.name}",
        params={"promotion": promotion.pk},
        total=ProductVariant.objects.count(),
        actor=actor,
    )


def _next_variants(after: int) -> list[int]:
    ids = ProductVariant.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return list(ids[:VARIANTS_AT_ONCE])


def write_next_prices(*, promotion: Promotion, after: int, at: datetime) -> tuple[int, int]:
    """Write the next variants after a key; returns the last key, 0 at the end, and how many they were."""
    ids = _next_variants(after)
    write_prices(promotion=promotion, variant_ids=ids, at=at)
    return (ids[-1] if len(ids) == VARIANTS_AT_ONCE else 0), len(ids)


def _list_bases(promotion: Promotion) -> list[PriceList]:
    bases = PriceList.objects.filter(kind=PriceList.Kind.BASE, is_active=True)
    if promotion.currency:
        bases = bases.filter(currency=promotion.currency)
    if promotion.site_id is not None:
        bases = bases.filter(Q(site__isnull=True) | Q(site_id=promotion.site_id))
    return list(bases.order_by("pk"))


def _save_list(promotion: Promotion, base: PriceList, *, actor: User | None, at: datetime) -> None:
    link = PromotionPriceList.objects.filter(promotion=promotion, base_list=base).first()
    price_list = link.price_list if link else PriceList(code=f"promotion-{promotion.pk}-{base.pk}")
    price_list.name = promotion.name
    price_list.kind = PriceList.Kind.SALE
    price_list.currency, price_list.includes_tax = base.currency, base.includes_tax
    price_list.priority = promotion.priority
    price_list.customer_group_id = base.customer_group_id
    price_list.site_id = promotion.site_id or base.site_id
    price_list.valid_from, price_list.valid_until = promotion.valid_from, promotion.valid_until
    price_list.is_active = True
    save_price_list(price_list=price_list, actor=actor, at=at)
    if link is None:
        PromotionPriceList.objects.create(promotion=promotion, price_list=price_list, base_list=base)


def write_prices(*, promotion: Promotion, variant_ids: Collection[int], at: datetime) -> None:
    """
    Write the reduced prices of some variants into every list of a promotion, and take away those that no
    longer match. A promotion that cannot be read leaves its prices as they are.
    """
    try:
        read = read_promotion(promotion)
    except (ShopError, ValueError):
        return
    links = PromotionPriceList.objects.filter(promotion=promotion).select_related("price_list")
    changes: list[PriceChange] = []
    for link in links.order_by("price_list"):
        changes += _changes_of(link, read, variant_ids)
    if changes:
        set_prices(changes=changes, actor=None, reason=f"{REASON}: {promotion.name}"[:255], at=at)


def _changes_of(
    link: PromotionPriceList, promotion: CartPromotion, variant_ids: Collection[int]
) -> Iterable[PriceChange]:
    rows = Price.objects.filter(
        variant__in=variant_ids, price_list_id__in=(link.base_list_id, link.price_list_id)
    )
    base: dict[tuple[int, int], Decimal] = {}
    held: set[tuple[int, int]] = set()
    variants: dict[int, ProductVariant] = {}
    for price in rows.select_related("variant"):
        key = (price.variant_id, price.min_quantity)
        variants[price.variant_id] = price.variant
        if price.price_list_id == link.base_list_id:
            base[key] = price.amount
        else:
            held.add(key)
    matching = _find_matching(promotion, variants, base)
    for key in sorted(base.keys() | held):
        reduced = None
        if key in base and key[0] in matching:
            reduced = reduce_price(Money(base[key], link.price_list.currency), promotion.reward)
        if reduced is not None or key in held:
            yield PriceChange(
                variant_id=key[0],
                price_list_code=link.price_list.code,
                amount=None if reduced is None else reduced.amount,
                min_quantity=key[1],
            )


def _find_matching(
    promotion: CartPromotion, variants: dict[int, ProductVariant], base: dict[tuple[int, int], Decimal]
) -> set[int]:
    sold = {pk: one for pk, one in variants.items() if one.archived_at is None and one.product_id}
    rule = promotion.targets
    if rule is None:
        return set(sold)
    lowest: dict[int, Decimal] = {}
    for (pk, _), amount in sorted(base.items()):
        lowest.setdefault(pk, amount)
    goods = [
        Goods(
            variant_id=pk,
            product_id=one.product_id,
            sku=one.sku,
            price=lowest.get(pk, Decimal(0)),
            quantity=1,
            is_reduced=False,
        )
        for pk, one in sold.items()
    ]
    facts = load_goods_facts(goods, {condition.field for condition in conditions_of(rule)})
    return {pk for pk in sold if matches(rule, facts[pk])}


def reduce_price(price: Money, reward: Reward) -> Money | None:
    """The reduced price; ``None`` where it would not be lower, or where an amount eats the whole of it."""
    match reward:
        case PercentOff(percent):
            reduced = price - percent_of(price, percent)
        case AmountOff(amount):
            if amount.currency != price.currency or amount >= price:
                return None
            reduced = price - amount
        case FixedPrice(amount):
            if amount.currency != price.currency:
                return None
            reduced = amount
        case _:
            return None
    return reduced if reduced < price else None


def refresh_variants(variant_ids: Collection[int], *, at: datetime) -> None:
    """Write some variants anew in every promotion of the catalogue that is in use and not over."""
    ids = sorted(set(variant_ids))
    for promotion in _list_running(at):
        write_prices(promotion=promotion, variant_ids=ids, at=at)


def refresh_products(product_ids: Collection[int], *, at: datetime) -> None:
    """The same for all variants of some products; one statement while no such promotion is in use."""
    running = list(_list_running(at))
    if running:
        variants = ProductVariant.objects.filter(product__in=product_ids).order_by("pk")
        ids = list(variants.values_list("pk", flat=True))
        for promotion in running:
            write_prices(promotion=promotion, variant_ids=ids, at=at)


def _list_running(at: datetime) -> QuerySet[Promotion]:
    return Promotion.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at), kind=Promotion.Kind.CATALOGUE, is_active=True
    ).order_by("pk")


def is_written_by_a_promotion(price_list_code: str) -> bool:
    """Whether a list is kept by a promotion."""
    return PromotionPriceList.objects.filter(price_list__code=price_list_code).exists()


__all__ = [
    "WRITE_PRICES",
    "apply_to_catalogue",
    "is_written_by_a_promotion",
    "reduce_price",
    "refresh_products",
    "refresh_variants",
    "write_next_prices",
    "write_prices",
]
