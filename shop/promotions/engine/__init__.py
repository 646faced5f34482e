"""Promotions as arithmetic: values in, values out; see ``apply`` for the rules."""

from shop.promotions.engine.apply import apply_promotions
from shop.promotions.engine.rewards import InvalidReward, Reward, RewardKind, read_reward
from shop.promotions.engine.values import (
    Applied,
    Basket,
    CartPromotion,
    Gift,
    Item,
    Outcome,
    Step,
    Verdict,
)

__all__ = [
    "Applied",
    "Basket",
    "CartPromotion",
    "Gift",
    "InvalidReward",
    "Item",
    "Outcome",
    "Reward",
    "RewardKind",
    "Step",
    "Verdict",
    "apply_promotions",
    "read_reward",
]
