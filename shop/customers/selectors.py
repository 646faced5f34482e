"""Reads of people."""

from __future__ import annotations

from shop.customers.models import User


def require_user(user: object) -> User:
    """
    The person behind a request that was let through for being signed in.

    :raises TypeError: if it is nobody: the door forgot to ask
    """
    if not isinstance(user, User):
        raise TypeError("Nobody is signed in; a permission class or decorator is missing.")
    return user
