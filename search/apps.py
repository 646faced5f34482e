from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The read side of the shop."""

    name = "search"
    label = "search"
    verbose_name = "Search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what the shop changes."""
        from search import consumers, drawing, impact, signals  # noqa: F401  # registering is their purpose
        from search.selectors.members import list_collections_by_rule, list_member_ids
        from shop.catalogue.listing import register_rule_members
        from shop.promotions.facts import register_membership

        impact.register()
        register_rule_members(list_member_ids)
        register_membership(list_collections_by_rule)
