"""Content in GraphQL: menus. Pages come from Grapple, by the `graphql_fields` of their models."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from content.models import Menu as MenuModel
from content.shell import list_menu

COSTS = {"Query.menu": 150}
MAX_HANDLE = 50


class MenuItem(graphene.ObjectType):
    """A link of a menu; a heading has links below it and no address."""

    title = graphene.String(required=True)
    url = graphene.String(required=True)
    children = graphene.List(graphene.NonNull(lambda: MenuItem), required=True)


class Menu(graphene.ObjectType):
    """A menu's links whose targets are live and public."""

    handle = graphene.String(required=True)
    name = graphene.String(required=True)
    items = graphene.List(graphene.NonNull(MenuItem), required=True)

    def resolve_items(root: MenuModel, info: GraphQLResolveInfo) -> Any:  # noqa: N805  graphene's way
        return list_menu(handle=root.handle)


class ContentQuery(graphene.ObjectType):
    """Content's own root fields."""

    menu = graphene.Field(
        Menu,
        handle=graphene.String(required=True),
        description="“main” is the bar at the top, “footer” the bottom.",
    )

    def resolve_menu(root: Any, info: GraphQLResolveInfo, handle: str) -> MenuModel | None:  # noqa: N805
        if len(handle) > MAX_HANDLE or "\x00" in handle:
            return None
        return MenuModel.objects.filter(handle=handle).first()
