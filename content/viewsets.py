from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from content.models import Author, Menu


class MenuViewSet(SnippetViewSet):
    """Menus in the admin: few, edited as a whole."""

    model = Menu
    icon = "list-ul"
    menu_label = "Menus"
    menu_order = 250
    add_to_settings_menu = True
    list_display = ["name", "handle"]
    search_fields = ["name", "handle"]


class AuthorViewSet(SnippetViewSet):
    """Who writes for the journal."""

    model = Author
    icon = "user"
    menu_label = "Authors"
    menu_order = 260
    add_to_settings_menu = True
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    search_backend_name = None
