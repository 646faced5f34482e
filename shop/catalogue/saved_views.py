"""Saved views of the list of products: saving, renaming, sharing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q
from django.http import QueryDict

from shop.catalogue.models import SavedView
from shop.core.errors import ShopError

if TYPE_CHECKING:
    from shop.customers.models import User

MOST_VIEWS = 50
# What belongs to one look at the list and not to a view of it.
PASSING = ("p", "next", "id", "childOf", "_w_filter_fragment", "results")


class ViewNotSaved(ShopError):
    """The view has no name, or one that is taken, or there are too many."""

    code = "view_not_saved"
    status = 409
    title = "The view cannot be saved like this."


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab above the list."""

    label: str
    query: str
    is_current: bool
    view: SavedView | None = None
    is_mine: bool = False


def clean_query(query: str | QueryDict) -> str:
    """Return search, filters and columns in a fixed order, without empty ones and the page's number."""
    given = QueryDict(query) if isinstance(query, str) else query
    kept = sorted(
        (name, value)
        for name, values in given.lists()
        if name not in PASSING
        for value in values
        if value != ""
    )
    cleaned = QueryDict(mutable=True)
    for name, value in kept:
        cleaned.appendlist(name, value)
    return cleaned.urlencode()


def list_tabs(*, user: User, query: Mapping[str, Any] | QueryDict) -> list[Tab]:
    """Return "All products", the person's own views and those that others share (1 query)."""
    now = clean_query(query)  # type: ignore[arg-type]
    views = SavedView.objects.filter(Q(user=user) | Q(is_shared=True)).order_by("position", "pk")
    return [
        Tab("All products", "", not now),
        *(
            Tab(view.name, view.query, view.query == now, view, view.user_id == user.pk)
            for view in views[: 2 * MOST_VIEWS]
        ),
    ]


@transaction.atomic
def save_view(*, user: User, name: str, query: str, is_shared: bool = False) -> SavedView:
    """
    Keep search and filters under a name, as the last tab; under a name of one's own again, instead of it.

    :raises ViewNotSaved: without a name, and when there are too many
    """
    name = " ".join(name.split())
    if not name or len(name) > 60:  # noqa: PLR2004 - what the column holds
        raise ViewNotSaved("Give the view a name of up to 60 characters.")
    cleaned = clean_query(query)
    if len(cleaned) > 2000:  # noqa: PLR2004 - what the column holds
        raise ViewNotSaved("This view has too many filters to be kept.")
    mine = SavedView.objects.filter(user=user)
    if not mine.filter(name=name).exists() and mine.count() >= MOST_VIEWS:
        raise ViewNotSaved(f"You have {MOST_VIEWS} views. Delete one first.")
    last = mine.aggregate(last=Max("position"))["last"] or 0
    view, _ = SavedView.objects.update_or_create(
        user=user,
        name=name,
        defaults={"query": cleaned, "is_shared": is_shared},
        create_defaults={"query": cleaned, "is_shared": is_shared, "position": last + 1},
    )
    return view


@transaction.atomic
def update_view(*, view: SavedView, user: User, name: str, is_shared: bool) -> SavedView:
    """
    Rename a view and show it to everybody, or no longer.

    :raises ViewNotSaved: when the name is empty or taken
    :raises PermissionDenied: for the view of somebody else
    """
    _require_own(view, user)
    name = " ".join(name.split())
    if not name or len(name) > 60:  # noqa: PLR2004 - what the column holds
        raise ViewNotSaved("Give the view a name of up to 60 characters.")
    if SavedView.objects.filter(user=user, name=name).exclude(pk=view.pk).exists():
        raise ViewNotSaved("You have a view of this name already.")
    view.name, view.is_shared = name, is_shared
    view.save(update_fields=["name", "is_shared"])
    return view


def delete_view(*, view: SavedView, user: User) -> None:
    """
    Take a tab away; products stay as they are.

    :raises PermissionDenied: for the view of somebody else
    """
    _require_own(view, user)
    view.delete()


def _require_own(view: SavedView, user: User) -> None:
    if view.user_id != user.pk and not user.is_superuser:
        raise PermissionDenied
