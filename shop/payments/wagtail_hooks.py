from wagtail import hooks

from shop.orders.admin_extensions import ACTIONS_HOOK, PANELS_HOOK, OrderActionView
from shop.payments.admin import MarkPaidView, payments_panel

hooks.register(PANELS_HOOK, payments_panel, order=10)


@hooks.register(ACTIONS_HOOK)
def register_actions() -> list[type[OrderActionView]]:
    """What can be done to the payments of an order."""
    return [MarkPaidView]
