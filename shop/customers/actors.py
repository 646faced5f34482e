"""Who acts, as one type: what Django calls a user or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from shop.customers.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest


def actor_of(request: HttpRequest) -> User:
    """
    The person who is logged in, for services that write down who did it.

    :raises PermissionDenied: for a visitor; views of the admin have sent them to the log-in before
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
