"""When goods cannot be had, though the shop sells them: before or after their sale, or too many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone

from shop.catalogue.models import ProductVariant
from shop.core.errors import ErrorItem, ShopError

LINE_UNAVAILABLE: Final = "line_unavailable"
NOT_AVAILABLE_YET: Final = "not_available_yet"
NO_LONGER_AVAILABLE: Final = "no_longer_available"
MAX_PER_ORDER_EXCEEDED: Final = "max_per_order_exceeded"


class NotAvailableYet(ShopError):
    """The sale of these goods begins later; ``available_from`` says when, in UTC."""

    code = NOT_AVAILABLE_YET
    status = 409
    title = "This is not on sale yet."


class NoLongerAvailable(ShopError):
    """The sale of these goods has ended."""

    code = NO_LONGER_AVAILABLE
    status = 409
    title = "This is no longer on sale."


class MaxPerOrderExceeded(ShopError):
    """More of one thing than the shop sells in one order; ``max_per_order`` says how many it does."""

    code = MAX_PER_ORDER_EXCEEDED
    status = 422
    title = "This is more than the shop sells of it in one order."


def refuse_unavailable(variant: ProductVariant, *, at: datetime) -> None:
    """
    Let pass what is inside of its window.

    :raises NotAvailableYet: before it
    :raises NoLongerAvailable: after it
    """
    if variant.is_too_early(at) and variant.available_from is not None:
        detail = describe_unavailable(NOT_AVAILABLE_YET, variant.sku, variant.available_from)
        raise NotAvailableYet(
            detail,
            errors=[ErrorItem(NOT_AVAILABLE_YET, detail, "sku")],
            available_from=as_utc(variant.available_from),
        )
    if variant.is_too_late(at):
        detail = describe_unavailable(NO_LONGER_AVAILABLE, variant.sku, None)
        raise NoLongerAvailable(detail, errors=[ErrorItem(NO_LONGER_AVAILABLE, detail, "sku")])


def refuse_too_many(variant: ProductVariant, quantity: int) -> None:
    """
    Let pass what one order may hold.

    :raises MaxPerOrderExceeded: for more
    """
    most = variant.max_per_order
    if most is not None and quantity > most:
        detail = describe_limit(variant.sku, most)
        error = ErrorItem(MAX_PER_ORDER_EXCEEDED, detail, "quantity")
        raise MaxPerOrderExceeded(detail, errors=[error], max_per_order=most)


def refuse_lines(lines: Sequence[Any]) -> None:
    """
    Let pass the priced lines of a cart that one order may hold at this moment; each error names its line.

    :raises NotAvailableYet: for a line before its window
    :raises NoLongerAvailable: for one after it
    :raises MaxPerOrderExceeded: for one of more than its limit
    """
    refusals: tuple[type[ShopError], ...] = (NotAvailableYet, NoLongerAvailable, MaxPerOrderExceeded)
    for refusal in refusals:
        found = [line for line in lines if line.refusal == refusal.code]
        if found:
            errors = [ErrorItem(refusal.code, describe_line(line), f"lines.{line.id}") for line in found]
            raise refusal(
                errors[0].detail,
                errors=errors,
                lines=[
                    {
                        "line": str(line.id),
                        "sku": line.sku,
                        "max_per_order": line.max_per_order,
                        "available_from": as_utc(line.available_from),
                    }
                    for line in found
                ],
            )


def describe_line(line: Any) -> str:
    """Why a priced line cannot be ordered as it stands."""
    name = f"{line.title} ({line.sku})"
    if line.refusal == MAX_PER_ORDER_EXCEEDED:
        return describe_limit(name, line.max_per_order)
    return describe_unavailable(line.refusal, name, line.available_from)


def describe_limit(name: str, most: int) -> str:
    """How many of it one order may hold."""
    return f"One order holds at most {most} of {name}."


def describe_unavailable(reason: str, name: str, available_from: datetime | None) -> str:
    """When it can be had, or that it cannot any more."""
    if reason == NOT_AVAILABLE_YET and available_from is not None:
        return f"{name} is on sale from {describe_moment(available_from)} on."
    return f"{name} is no longer on sale."


def describe_moment(moment: datetime) -> str:
    """A moment as shoppers read it, in the time zone of the shop."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return f"{local.day} {local:%B %Y, %H:%M}"


def as_utc(moment: datetime | None) -> str | None:
    """A moment as the API writes it."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
