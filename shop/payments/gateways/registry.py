"""Which gateways the shop takes money by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shop.core.errors import ErrorItem, ShopError
from shop.payments.gateways.base import Gateway
from shop.payments.gateways.manual import ManualGateway


class UnknownGateway(ShopError):
    """The shop does not take money this way."""

    code = "unknown_gateway"
    status = 400
    title = "The shop does not take payments this way."

    def __init__(self) -> None:
        known = ", ".join(sorted(_gateways))
        detail = f"{self.title} Choose one of: {known}."
        super().__init__(detail, errors=[ErrorItem(self.code, detail, "payment.gateway")])


_gateways: dict[str, Gateway] = {gateway.code: gateway for gateway in [ManualGateway()]}


def get_gateway(code: str) -> Gateway:
    """
    Return the gateway with this code.

    :raises UnknownGateway: if the shop has no such gateway
    """
    try:
        return _gateways[code]
    except KeyError:
        raise UnknownGateway from None


def list_gateways() -> list[Gateway]:
    """Return every gateway, in the order in which shoppers are offered them."""
    return list(_gateways.values())


@contextmanager
def use_gateway(gateway: Gateway) -> Iterator[Gateway]:
    """Have one more gateway inside the ``with`` block: for tests and drills."""
    before = _gateways.get(gateway.code)
    _gateways[gateway.code] = gateway
    try:
        yield gateway
    finally:
        _gateways.pop(gateway.code)
        if before is not None:
            _gateways[gateway.code] = before
