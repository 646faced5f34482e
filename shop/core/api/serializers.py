"""Serializers and fields that the whole API shares: strict about what they accept, exact about money."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from shop.core.money import Money, UnknownCurrency, minor_digits

# Control characters other than tab and line breaks, and halves of surrogate pairs: no keyboard makes
# them, and databases, mails and spreadsheets choke on them.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_BREAKS = re.compile("[\t\n\r\u2028\u2029]")

# What fits into AmountField: 18 digits, 4 of them decimals.
MAX_AMOUNT = Decimal(10) ** 14
_AMOUNT = re.compile(r"-?(?:0|[1-9][0-9]{0,13})(?:\.[0-9]{1,4})?", re.ASCII)


class TextField(serializers.CharField):
    """
    A string without control characters; ``multiline=True`` allows tabs and line breaks.

    Numbers and booleans are refused, where DRF would turn them into text.
    """

    default_error_messages = {"control_characters": "Remove the control characters from this text."}
    default_max_length = 255

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        kwargs.setdefault("max_length", 5000 if multiline else self.default_max_length)
        super().__init__(**kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # Before DRF's own blank check, which strips what is not a string.
        if data is not serializers.empty and data is not None and not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if _UNWANTED.search(text) or (not self.multiline and _LINE_BREAKS.search(text)):
            self.fail("control_characters")
        return unicodedata.normalize("NFC", text)


class QuantityField(serializers.IntegerField):
    """A JSON integer, 1 to 999 unless told otherwise; ``true``, ``1.0`` and ``"1"`` are refused."""

    default_error_messages = {"not_an_integer": "Give a whole number, without quotes."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 1)
        kwargs.setdefault("max_value", 999)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("not_an_integer")
        return data


class MoneyField(serializers.Field):
    """
    ``{"amount": "12.50", "currency": "EUR"}`` on the wire, :class:`shop.core.money.Money` inside.

    The amount is a decimal string with exactly the currency's digits; numbers, NaN, exponents, other
    numbers of digits and unknown currencies are refused. Negative amounts only with ``allow_negative=True``.
    """

    default_error_messages = {
        "not_an_object": 'Give an object such as {{"amount": "12.50", "currency": "EUR"}}.',
        "unknown_field": "There is no field {name} in an amount of money.",
        "required": "Give both amount and currency.",
        "invalid_amount": 'Give the amount as a string such as "12.50".',
        "wrong_digits": "Amounts in {currency} have {digits} digits after the point.",
        "unknown_currency": "Give the three capital letters of a currency, such as EUR.",
        "negative": "The amount cannot be negative.",
    }

    def __init__(self, *, allow_negative: bool = False, **kwargs: Any) -> None:
        self.allow_negative = allow_negative
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, dict):
            self.fail("not_an_object")
        for name in data:
            if name not in {"amount", "currency"}:
                self.fail("unknown_field", name=str(name)[:50])
        if set(data) != {"amount", "currency"}:
            self.fail("required")
        amount, currency = data["amount"], data["currency"]
        try:
            digits = minor_digits(currency)
        except UnknownCurrency:
            self.fail("unknown_currency")
        if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
            self.fail("invalid_amount")
        value = Decimal(amount)
        if -int(value.as_tuple().exponent) != digits:
            self.fail("wrong_digits", currency=currency, digits=digits)
        if value < 0 and not self.allow_negative:
            self.fail("negative")
        return Money(value, currency)

    def to_representation(self, value: Money) -> dict[str, str]:
        return value.as_json()


class StrictSerializer(serializers.Serializer):
    """
    An input serializer that refuses what it does not know, with code ``unknown_field``.

    A misspelt optional field would otherwise be dropped without a word. Control characters (other than
    tab and line breaks) are refused in every string, whatever the field.
    """

    # Required fields are required by PATCH too, and the OpenAPI document says so.
    sent_whole = False

    default_error_messages = {
        "unknown_field": "There is no such field here.",
        "control_characters": "Remove the control characters from this text.",
    }

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refuse(data) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as invalid:
            if refused and isinstance(invalid.detail, dict):
                raise serializers.ValidationError({**invalid.detail, **refused}) from None
            raise
        if refused:
            raise serializers.ValidationError(refused)
        return value

    def _refuse(self, data: dict[str, Any]) -> dict[str, list[ErrorDetail]]:
        known = {name for name, field in self.fields.items() if not field.read_only}
        refused: dict[str, list[ErrorDetail]] = {}
        for name, value in data.items():
            if name not in known:
                refused[_UNWANTED.sub("", str(name))[:100]] = [self._error("unknown_field")]
            elif isinstance(value, str) and _UNWANTED.search(value):
                refused[name] = [self._error("control_characters")]
        return refused

    def _error(self, code: str) -> ErrorDetail:
        return ErrorDetail(str(self.error_messages[code]), code=code)
