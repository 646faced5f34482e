"""The form of a promotion: plain fields for the merchandiser, JSON for the engine."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from shop.catalogue.predicates import InvalidRule, to_json
from shop.promotions.engine.rewards import InvalidReward, read_reward
from shop.promotions.models import Promotion
from shop.promotions.models.promotions import CATALOGUE_REWARDS
from shop.promotions.reward_fields import (
    FIELDS,
    RewardFields,
    field_of,
    initial_of,
    place_of,
    reward_of,
)
from shop.promotions.rule_input import PromotionRuleInput
from shop.promotions.rule_words import read_rule
from shop.promotions.vocabularies import CARTS, GOODS

# What a promotion of the catalogue does not ask for: its prices hold for everybody and every cart.
ONLY_IN_CARTS = (
    "conditions",
    "qualifiers",
    "min_quantity",
    "min_subtotal",
    "max_applications",
    "max_discount",
    "max_uses",
    "budget",
    "needs_voucher",
    "is_last",
)


def message_of(path: str | None, detail: str) -> str:
    """An error of a rule with the number of its condition."""
    places = [str(int(step) + 1) for step in (path or "").split(".") if step.isdigit()]
    return f"Condition {'.'.join(places)}: {detail}" if places else detail


class PromotionForm(RewardFields, WagtailAdminModelForm):
    """Every error stands beside its field, those of rule and reward too."""

    class Meta:
        model = Promotion
        fields = [
            "name",
            "label",
            "kind",
            "valid_from",
            "valid_until",
            "lane",
            "priority",
            "currency",
            "site",
            "conditions",
            "qualifiers",
            "targets",
            "min_quantity",
            "min_subtotal",
            "max_applications",
            "max_discount",
            "max_uses",
            "budget",
            "needs_voucher",
            "is_last",
        ]
        labels = {"qualifiers": "Which goods must be bought"}
        help_texts = {
            "conditions": "What the cart must be. Empty: every cart.",
            "qualifiers": "Goods that have to lie in the cart. Empty: any.",
            "targets": "Goods that it makes cheaper. Empty: all; gift cards never are.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None:
            kwargs["initial"] = {**initial_of(instance.reward), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["conditions"].widget = PromotionRuleInput(CARTS)
        self.fields["qualifiers"].widget = PromotionRuleInput(GOODS)
        self.fields["targets"].widget = PromotionRuleInput(GOODS)
        for name in ("conditions", "qualifiers", "targets"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Check rules and reward, and take from the form what its kind asks for."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_catalogue = cleaned.get("kind") == Promotion.Kind.CATALOGUE
        if is_catalogue:
            for name in ONLY_IN_CARTS:
                self.errors.pop(name, None)
                cleaned[name] = self._empty(name)
        for name, vocabulary in Promotion.rule_fields().items():
            self._clean_rule(cleaned, name, vocabulary)
        self._clean_reward(cleaned, is_catalogue=is_catalogue)
        return cleaned

    def _empty(self, name: str) -> Any:
        field: Any = Promotion._meta.get_field(name)
        return field.get_default() if field.has_default() else None

    def _clean_rule(self, cleaned: dict[str, Any], name: str, vocabulary: Any) -> None:
        rule = cleaned.get(name)
        if name in self.errors:
            return
        # The builder leaves an empty group behind when its last condition is taken out.
        if not rule or rule in ({"all": []}, {"any": []}):
            cleaned[name] = {}
            return
        try:
            cleaned[name] = to_json(read_rule(rule, vocabulary))
        except InvalidRule as invalid:
            messages = [message_of(error.attr, error.detail) for error in invalid.errors[:5]]
            self.add_error(name, ValidationError(messages))

    def _clean_reward(self, cleaned: dict[str, Any], *, is_catalogue: bool) -> None:
        reward = reward_of(cleaned)
        self.instance.reward = reward
        if is_catalogue and reward["kind"] not in CATALOGUE_REWARDS:
            self.add_error(
                "reward_kind", "In the catalogue a promotion gives a percentage, an amount or a fixed price."
            )
            return
        try:
            read_reward(reward, currency=cleaned.get("currency") or "")
        except InvalidReward as invalid:
            for error in invalid.errors[:5]:
                self.add_error(field_of(error.attr), place_of(error.attr) + error.detail)

    def _update_errors(self, errors: ValidationError) -> None:
        """Leave out what the form has said already, and what names a field that it does not have."""
        if hasattr(errors, "error_dict"):
            held = dict(errors.error_dict)
            for name in [*held]:
                if name in self.errors or name == "reward":
                    held.pop(name)
                elif name not in self.fields and name != NON_FIELD_ERRORS:
                    held.setdefault(NON_FIELD_ERRORS, []).extend(held.pop(name))
            if not held:
                return
            errors = ValidationError(held)
        super()._update_errors(errors)

    def add_service_errors(self, errors: ValidationError) -> None:
        """Show what the service refused, each beside its field."""
        self._update_errors(errors)

    @property
    def reward_rows(self) -> list[tuple[str, forms.BoundField]]:
        """The fields of rewards, each with the kinds that it belongs to."""
        return [(" ".join(kinds), self[name]) for name, kinds in FIELDS.items()]
