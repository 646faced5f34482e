"""The demo shop's promotions: a voucher that works, and two drafts to try in the simulator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shop.core import clock
from shop.promotions.models import Promotion, Voucher
from shop.promotions.services import save_promotion, set_promotion_active
from shop.promotions.services.codes import save_voucher

WELCOME = "WELCOME10"
DRAFTS: tuple[dict[str, Any], ...] = (
    {
        "name": "Take three, pay two",
        "label": "The cheapest of three is free",
        "lane": Promotion.Lane.SETS,
        "reward": {"kind": "cheapest_free", "of": "3"},
        "max_applications": 1,
    },
    {
        "name": "Free shipping from 100",
        "label": "Free shipping",
        "lane": Promotion.Lane.SHIPPING,
        "currency": "EUR",
        "min_subtotal": Decimal(100),
        "reward": {"kind": "shipping"},
    },
)


def load_promotions() -> None:
    """Make what is missing; a promotion that somebody has changed stays as it is."""
    now = clock.now()
    for values in DRAFTS:
        if not Promotion.objects.filter(name=values["name"]).exists():
            save_promotion(promotion=Promotion(**values), actor=None, at=now)
    if Voucher.objects.filter(code=WELCOME).exists():
        return
    welcome = save_promotion(
        promotion=Promotion(
            name="Welcome",
            label="10 % off for a welcome",
            lane=Promotion.Lane.VOUCHERS,
            reward={"kind": "percent", "percent": "10"},
            needs_voucher=True,
        ),
        actor=None,
        at=now,
    )
    set_promotion_active(promotion=welcome, is_active=True, actor=None, at=now)
    save_voucher(
        voucher=Voucher(promotion=welcome, code=WELCOME, max_uses_per_customer=1), actor=None, at=now
    )
