"""The builder of rules with the words of promotions: of goods, and of whole carts."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse

from shop.catalogue.predicates import InvalidRule, Vocabulary, parse
from shop.catalogue.rule_input import RuleInput
from shop.promotions.rule_words import list_goods_attributes, name_words
from shop.promotions.vocabularies import CARTS, GOODS

VOCABULARIES = {vocabulary.name: vocabulary for vocabulary in (GOODS, CARTS)}
EMPTY = {
    GOODS.name: "No condition: all goods. Add one to choose some, for example: category is Lamps.",
    CARTS.name: "No condition: every cart. Add one, for example: total of the goods at least 50.",
}


class PromotionRuleInput(RuleInput):
    """A field of JSON that a script turns into rows of conditions, with the rule in words beside them."""

    def __init__(self, vocabulary: Vocabulary, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.vocabulary = vocabulary

    def format_value(self, value: Any) -> Any:
        """Nothing for no rule, so that the builder begins empty."""
        text = super().format_value(value)
        return "" if text == "{}" else text

    def _config(self, text: str) -> dict[str, Any]:
        try:
            names = name_words(parse(json.loads(text or "null"), self.vocabulary))
        except (InvalidRule, ValueError, RecursionError):
            names = {}
        return {
            "fields": [
                {
                    "name": field.name,
                    "label": field.label,
                    "operators": field.operators,
                    "unit": "" if field.is_time else field.unit,
                    "choices": field.choices,
                    "time": field.is_time,
                }
                for field in self.vocabulary.fields
            ],
            "attributes": list_goods_attributes() if self.vocabulary is GOODS else [],
            "names": names,
            "preview": reverse("promotions_rule", args=[self.vocabulary.name]),
            "words": reverse("promotions_words"),
            "heading": "In words",
            "empty": EMPTY[self.vocabulary.name],
            "nothing": EMPTY[self.vocabulary.name].split(". ")[0] + ".",
        }
