"""Who acts, as one type: what Django calls a user or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.customers.models import User


def actor_of(request: HttpRequest) -> User:
    """
    The person who is logged in, for services that write down who did it.

    :raises PermissionDenied: for a visitor; views of the admin have sent them to the log-in before
    """
    user = request.user
    if not user.is_authenticated:
        raise PermissionDenied
    # AUTH_USER_MODEL, which nothing below the customers can name at run time.
    return user  # type: ignore[return-value]
