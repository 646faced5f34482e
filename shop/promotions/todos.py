"""Promotions on the home page: those in use that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from shop.core.dashboard import NAMED, Todo, TodoList, bounded
from shop.promotions.models import Promotion
from shop.promotions.states import list_broken


def list_broken_promotions(request: HttpRequest) -> Iterator[TodoList]:
    """Promotions in use that carts leave out; nothing for those who may not change them."""
    if not request.user.has_perm("promotions.change_promotion"):
        return
    broken = list_broken(Promotion.objects.filter(is_active=True).order_by("pk"))[: NAMED + 1]
    todos = [
        Todo(
            title=promotion.name,
            url=reverse("promotions:edit", args=[promotion.pk]),
            detail="It cannot be read, so no cart gets it. Open it and mend what is marked.",
        )
        for promotion in broken
    ]
    yield bounded("broken-promotions", "Promotions that are broken", todos, order=20, is_problem=True)
