"""Model fields for money and rates, so that every table holds them alike."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from shop.core.money import UnknownCurrency, minor_digits


def validate_currency(value: str) -> None:
    """
    Accept an ISO 4217 code in capitals.

    :raises ValidationError: for anything else
    """
    try:
        minor_digits(value)
    except UnknownCurrency:
        raise ValidationError(
            "Enter the three capital letters of a currency, such as EUR.", code="unknown_currency"
        ) from None


class AmountField(models.DecimalField):
    """An amount of money: 14 digits and the four that the most divided currency of ISO 4217 has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)


class CurrencyField(models.CharField):
    """An ISO 4217 code in capitals."""

    default_validators = [validate_currency]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(*args, **kwargs)


class RateField(models.DecimalField):
    """A rate in percent with three decimal places: 19.000, 8.875."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 6)
        kwargs.setdefault("decimal_places", 3)
        super().__init__(*args, **kwargs)
