"""Permissions that several apps' endpoints share."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class IsStaffWithPermission(BasePermission):
    """
    Staff who hold the view's permission: ``read_permission`` for GET, ``write_permission`` for the rest.

    A view that names none for a method is closed to everybody.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        wanted = view_permission(view, request.method or "")
        user = request.user
        return bool(wanted and user and user.is_authenticated and user.is_staff and user.has_perm(wanted))


def view_permission(view: Any, method: str) -> str | None:
    """Return the permission, such as ``orders.view_order``, that a view asks for a method."""
    name = "read_permission" if method in SAFE_METHODS else "write_permission"
    permission: str | None = getattr(view, name, None)
    return permission
