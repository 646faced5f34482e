"""The simulator in the menu of promotions; the hook's name is all that is shared."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.checkout.admin_views import SimulatorView


class SimulatorMenuItem(MenuItem):
    """Shown to whoever may see promotions."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(request.user.has_perm(f"promotions.{one}_promotion") for one in ("add", "change", "view"))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """The simulator."""
    return [path("promotions/simulator/", SimulatorView.as_view(), name="promotions_simulator")]


@hooks.register("register_promotions_menu_item")
def add_simulator() -> MenuItem:
    """The simulator in the menu."""
    return SimulatorMenuItem("Simulator", reverse("promotions_simulator"), icon_name="view", order=150)
