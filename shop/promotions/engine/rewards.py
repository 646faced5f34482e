"""What a promotion gives, as values, and reading it from the JSON in which it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from shop.core.errors import ErrorItem, ShopError
from shop.core.money import InexactAmount, Money, UnknownCurrency

HUNDRED: Final = Decimal(100)
MOST_PIECES: Final = 999
MOST_STEPS: Final = 20
LARGEST: Final = Decimal(10) ** 12
PERCENT_PLACES: Final = 4


class InvalidReward(ShopError):
    """A reward cannot be read; ``errors`` say where and why."""

    code = "invalid_reward"
    title = "What the promotion gives cannot be read."


class RewardKind(StrEnum):
    """The kinds there are, by the word in which they are kept."""

    PERCENT = "percent"
    AMOUNT = "amount"
    FIXED_PRICE = "fixed_price"
    CHEAPEST_FREE = "cheapest_free"
    BUY_X_GET_Y = "buy_x_get_y"
    SET_PRICE = "set_price"
    TIERS = "tiers"
    GIFT = "gift"
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True)
class PercentOff:
    """So much percent off each target line."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class AmountOff:
    """An amount off every target piece (``each``), or off the target lines together, in proportion."""

    amount: Money
    each: bool = False


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """Every target piece that costs more costs this."""

    amount: Money


@dataclass(frozen=True, slots=True)
class CheapestFree:
    """Of every ``of`` target pieces the ``free`` cheapest are given at ``percent`` off: take 3, pay 2."""

    of: int
    free: int = 1
    percent: Decimal = HUNDRED


@dataclass(frozen=True, slots=True)
class BuyXGetY:
    """With every ``buy`` qualifying pieces come ``get`` target pieces, the cheapest, at ``percent`` off."""

    buy: int
    get: int
    percent: Decimal = HUNDRED


@dataclass(frozen=True, slots=True)
class SetPrice:
    """Every ``pieces`` target pieces cost ``amount`` together; the dearest are taken first."""

    pieces: int
    amount: Money


@dataclass(frozen=True, slots=True)
class TierStep:
    """From so many pieces, or such a total, on."""

    start: Decimal
    percent: Decimal | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Tiers:
    """The highest step that the target lines reach counts, by their pieces or by their total."""

    by: str
    steps: tuple[TierStep, ...]


@dataclass(frozen=True, slots=True)
class FreeGift:
    """Pieces of a SKU for nothing, once per application."""

    sku: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class ShippingOff:
    """Cheaper shipping: a percent of its price, or an amount."""

    percent: Decimal | None = None
    amount: Money | None = None


Reward = (
    PercentOff | AmountOff | FixedPrice | CheapestFree | BuyXGetY | SetPrice | Tiers | FreeGift | ShippingOff
)


def read_reward(data: Any, *, currency: str) -> Reward:
    """
    Read a reward from its JSON.

    :param currency: of its amounts; a reward with an amount cannot do without
    :raises InvalidReward: with every error that there is, ``attr`` naming the key
    """
    reader = _Reader(data if isinstance(data, Mapping) else {}, currency)
    kind = reader.data.get("kind")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise InvalidReward(errors=[ErrorItem("invalid", "Choose what the promotion gives.", "kind")])
    reward = read(reader)
    reader.refuse_unknown()
    if reader.errors or reward is None:
        raise InvalidReward(reader.errors[0].detail, errors=reader.errors)
    return reward


class _Reader:
    """One reading of one reward, with what is wrong so far."""

    def __init__(self, data: Mapping[str, Any], currency: str) -> None:
        self.data = data
        self.currency = currency
        self.errors: list[ErrorItem] = []
        self.known = {"kind"}

    def refuse(self, key: str, detail: str, code: str = "invalid") -> None:
        self.errors.append(ErrorItem(code, detail, key))

    def refuse_unknown(self) -> None:
        for key in sorted(set(map(str, self.data)) - self.known)[:5]:
            self.refuse(key, "Such a reward has nothing of this name.", "unknown")

    def has(self, key: str) -> bool:
        self.known.add(key)
        return self.data.get(key) not in (None, "")

    def percent(self, key: str = "percent", *, default: Decimal | None = None) -> Decimal:
        if not self.has(key) and default is not None:
            return default
        number = self._number(key)
        if number is None or not 0 < number <= HUNDRED or -_exponent(number) > PERCENT_PLACES:
            self.refuse(key, "Enter a percentage above 0 and up to 100, such as 20.")
            return Decimal(1)
        return number

    def amount(self, key: str = "amount", *, may_be_zero: bool = False) -> Money:
        self.known.add(key)
        number = self._number(key)
        if not self.currency:
            self.refuse(key, "Choose the currency of the promotion first.", "required")
        elif number is None or number < 0 or number > LARGEST or (number == 0 and not may_be_zero):
            self.refuse(key, "Enter an amount above 0, such as 5.00.")
        else:
            try:
                return Money(number, self.currency)
            except InexactAmount:
                self.refuse(key, f"{self.currency} has fewer decimal places: round the amount.")
            except UnknownCurrency:
                self.refuse(key, f"There is no currency {self.currency}.")
        return Money.zero("EUR")

    def pieces(self, key: str, *, default: int | None = None, most: int = MOST_PIECES) -> int:
        self.known.add(key)
        if not self.has(key) and default is not None:
            return default
        value = self.data.get(key)
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= most):  # noqa: PLR2004
            self.refuse(key, f"Enter a whole number from 1 to {most}, such as 3.")
            return 1
        return int(text)

    def word(self, key: str, longest: int) -> str:
        self.known.add(key)
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            self.refuse(key, "Enter it.", "required")
            return ""
        return value.strip()

    def flag(self, key: str) -> bool:
        self.known.add(key)
        return self.data.get(key) is True

    def _number(self, key: str) -> Decimal | None:
        self.known.add(key)
        return _decimal(self.data.get(key))


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(str(value).strip()[:40])
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _cheapest_free(reader: _Reader) -> Reward:
    of = reader.pieces("of")
    free = reader.pieces("free", default=1)
    if free >= of and not reader.errors:
        reader.refuse("free", "Fewer pieces must be free than are taken, such as 1 of 3.")
    return CheapestFree(of=of, free=free, percent=reader.percent(default=HUNDRED))


def _tiers(reader: _Reader) -> Reward | None:
    reader.known |= {"by", "steps"}
    by, steps = reader.data.get("by"), reader.data.get("steps")
    if by not in ("quantity", "subtotal"):
        reader.refuse("by", "Choose whether steps go by pieces or by the total.")
        return None
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        reader.refuse("steps", f"Add at least one step, and at most {MOST_STEPS}.")
        return None
    found = [_tier_step(reader, number, step) for number, step in enumerate(steps)]
    starts = [step.start for step in found]
    if not reader.errors and starts != sorted(set(starts)):
        reader.refuse("steps", "Each step must begin higher than the one before it.")
    return Tiers(by=by, steps=tuple(found))


def _tier_step(outer: _Reader, number: int, data: Any) -> TierStep:
    reader = _Reader(data if isinstance(data, Mapping) else {}, outer.currency)
    reader.known = {"from"}
    start = _decimal(reader.data.get("from"))
    if start is None or not 0 < start <= LARGEST:
        reader.refuse("from", "Enter where the step begins, such as 3.")
    by_percent = reader.has("percent")
    step = TierStep(
        start=start or Decimal(1),
        percent=reader.percent() if by_percent else None,
        amount=None if by_percent else reader.amount(),
    )
    reader.refuse_unknown()
    outer.errors += [
        ErrorItem(item.code, item.detail, f"steps.{number}.{item.attr}") for item in reader.errors
    ]
    return step


def _shipping(reader: _Reader) -> Reward:
    reader.known |= {"percent", "amount"}
    if reader.has("amount") and not reader.has("percent"):
        return ShippingOff(amount=reader.amount())
    return ShippingOff(percent=reader.percent(default=HUNDRED))


_READERS: Final[Mapping[str, Callable[[_Reader], Reward | None]]] = {
    RewardKind.PERCENT: lambda reader: PercentOff(reader.percent()),
    RewardKind.AMOUNT: lambda reader: AmountOff(reader.amount(), each=reader.flag("each")),
    RewardKind.FIXED_PRICE: lambda reader: FixedPrice(reader.amount(may_be_zero=True)),
    RewardKind.CHEAPEST_FREE: _cheapest_free,
    RewardKind.BUY_X_GET_Y: lambda reader: BuyXGetY(
        buy=reader.pieces("buy"), get=reader.pieces("get"), percent=reader.percent(default=HUNDRED)
    ),
    RewardKind.SET_PRICE: lambda reader: SetPrice(
        pieces=reader.pieces("pieces"), amount=reader.amount(may_be_zero=True)
    ),
    RewardKind.TIERS: _tiers,
    RewardKind.GIFT: lambda reader: FreeGift(
        sku=reader.word("sku", 64), quantity=reader.pieces("quantity", default=1)
    ),
    RewardKind.SHIPPING: _shipping,
}
