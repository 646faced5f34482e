"""
The admin's home page: "What needs me today", a list of lists that the apps bring.

An app answers the hook ``nexus_todos`` with a function of the request that returns :class:`TodoList`. Each
may cost a few queries, whatever the size of the shop, and names :data:`NAMED` things at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

TODOS_HOOK: Final = "nexus_todos"
NAMED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing to be done, or to be known."""

    title: str
    url: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoList:
    """Things of one kind. Lists without things are not shown."""

    name: str
    heading: str
    order: int
    todos: tuple[Todo, ...]
    more_url: str = ""
    is_problem: bool = False
    has_more: bool = False


class TodoPanel(Component):
    """What waits for the reader, from all apps."""

    name = "todos"
    order = 60
    template_name = "core/admin/todos_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Add the lists that have anything in them, problems first."""
        request: HttpRequest = (parent_context or {})["request"]
        return {"lists": list_todos(request)}


def list_todos(request: HttpRequest) -> list[TodoList]:
    """What every app has for this reader."""
    found: Iterable[TodoList] = (listed for bring in hooks.get_hooks(TODOS_HOOK) for listed in bring(request))
    shown = [listed for listed in found if listed.todos]
    return sorted(shown, key=lambda listed: (not listed.is_problem, listed.order))


def bounded(name: str, heading: str, todos: list[Todo], **kwargs: Any) -> TodoList:
    """Make a list of what was read with one more than :data:`NAMED`, to know whether there is more."""
    return TodoList(
        name=name, heading=heading, todos=tuple(todos[:NAMED]), has_more=len(todos) > NAMED, **kwargs
    )
