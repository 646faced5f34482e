"""What a promotion gives, as fields of a form: the JSON of a reward to fields, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from shop.promotions.engine.rewards import RewardKind
from shop.promotions.models.promotions import CATALOGUE_REWARDS

KINDS = (
    (RewardKind.PERCENT, "A percentage off"),
    (RewardKind.AMOUNT, "An amount off"),
    (RewardKind.FIXED_PRICE, "A fixed price for each piece"),
    (RewardKind.CHEAPEST_FREE, "The cheapest free: take 3, pay 2"),
    (RewardKind.BUY_X_GET_Y, "Buy some, get some"),
    (RewardKind.SET_PRICE, "A price for a set: 3 together for 50.00"),
    (RewardKind.TIERS, "The more, the cheaper: steps"),
    (RewardKind.GIFT, "A gift"),
    (RewardKind.SHIPPING, "Free or cheaper shipping"),
)
# Which kinds each field belongs to, by the field's name.
FIELDS: dict[str, tuple[str, ...]] = {
    "reward_percent": ("percent", "cheapest_free", "buy_x_get_y", "shipping"),
    "reward_amount": ("amount", "fixed_price", "set_price", "shipping"),
    "reward_each": ("amount",),
    "reward_of": ("cheapest_free",),
    "reward_free": ("cheapest_free",),
    "reward_buy": ("buy_x_get_y",),
    "reward_get": ("buy_x_get_y",),
    "reward_pieces": ("set_price",),
    "reward_by": ("tiers",),
    "reward_steps": ("tiers",),
    "reward_sku": ("gift",),
    "reward_quantity": ("gift",),
}
PREFIX = "reward_"
STEP = re.compile(r"\s*([^=]+?)\s*=\s*([^%]+?)\s*(%?)\s*\Z")


class RewardFields(forms.Form):
    """One field for each thing that some kind of reward asks for; the form shows those of one kind."""

    reward_kind = forms.ChoiceField(label="Kind", choices=KINDS)
    reward_percent = forms.CharField(
        label="Percent",
        required=False,
        help_text="e.g. 20. For free pieces and free shipping leave it empty, or enter 100.",
    )
    reward_amount = forms.CharField(
        label="Amount",
        required=False,
        help_text="In the currency of the promotion, e.g. 5.00. For a fixed price: what it then costs.",
    )
    reward_each = forms.BooleanField(
        label="Off each piece",
        required=False,
        help_text="Unticked, the amount is taken off once and shared out over the goods.",
    )
    reward_of = forms.CharField(label="Of every … pieces", required=False, help_text="e.g. 3.")
    reward_free = forms.CharField(label="so many are free", required=False, help_text="e.g. 1. Empty: 1.")
    reward_buy = forms.CharField(
        label="Buy", required=False, help_text="Pieces of the goods under “which must be bought”, e.g. 2."
    )
    reward_get = forms.CharField(
        label="Get", required=False, help_text="Pieces of the goods under “what gets cheaper”, e.g. 1."
    )
    reward_pieces = forms.CharField(label="Pieces of a set", required=False, help_text="e.g. 3.")
    reward_by = forms.ChoiceField(
        label="Steps go by",
        required=False,
        choices=(("quantity", "pieces of the goods"), ("subtotal", "the total of the goods")),
    )
    reward_steps = forms.CharField(
        label="Steps",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One on each line, from lowest to highest, such as 3 = 10 % or 100 = 15.00.",
    )
    reward_sku = forms.CharField(label="SKU of the gift", required=False, max_length=64)
    reward_quantity = forms.CharField(label="Pieces of the gift", required=False, help_text="Empty: 1.")


def initial_of(reward: Any) -> dict[str, Any]:
    """The fields of a reward as it is kept; what cannot be read is left out."""
    if not isinstance(reward, Mapping):
        return {}
    found: dict[str, Any] = {
        f"{PREFIX}{key}": value
        for key, value in reward.items()
        if key != "steps" and not isinstance(value, list)
    }
    steps = reward.get("steps")
    if isinstance(steps, list):
        found["reward_steps"] = "\n".join(_step_text(step) for step in steps if isinstance(step, Mapping))
    return found


def _step_text(step: Mapping[str, Any]) -> str:
    off = f"{step['percent']} %" if step.get("percent") not in (None, "") else str(step.get("amount", ""))
    return f"{step.get('from', '')} = {off}"


def reward_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The reward as it is kept, of the fields of its kind alone; nothing is checked yet."""
    kind = cleaned.get("reward_kind", "")
    reward: dict[str, Any] = {"kind": kind}
    for name, kinds in FIELDS.items():
        value = cleaned.get(name)
        if kind not in kinds or value in (None, "", False):
            continue
        key = name.removeprefix(PREFIX)
        reward[key] = _read_steps(value) if key == "steps" else _decimal_point(value)
    return reward


def _decimal_point(value: Any) -> Any:
    return value.strip().replace(",", ".") if isinstance(value, str) else value


def _read_steps(text: str) -> list[dict[str, str]]:
    steps = []
    for line in filter(str.strip, text.splitlines()):
        found = STEP.match(line)
        if found is None:
            # Refused by its own name, with the line's number.
            steps.append({"from": line.strip()[:40]})
            continue
        start, off, sign = found.groups()
        steps.append(
            {"from": start.replace(",", "."), "percent" if sign else "amount": off.replace(",", ".")}
        )
    return steps


def field_of(attr: str | None) -> str:
    """The field of the form that an error of a reward is about."""
    first = (attr or "kind").split(".")[0]
    name = f"{PREFIX}{first}"
    return name if name in FIELDS else "reward_kind"


def place_of(attr: str | None) -> str:
    """Where within the field, in words: the number of a step."""
    parts = (attr or "").split(".")
    return (
        f"Line {int(parts[1]) + 1}: " if parts[0] == "steps" and len(parts) > 1 and parts[1].isdigit() else ""
    )


__all__ = ["CATALOGUE_REWARDS", "FIELDS", "RewardFields", "field_of", "initial_of", "place_of", "reward_of"]
