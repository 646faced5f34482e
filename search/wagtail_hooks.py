from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from search.admin_views import list_rule_words, preview_rule
from search.page_context import category_context, collection_context, product_context, product_index_context

hooks.register("nexus_product_context", product_context)
hooks.register("nexus_product_index_context", product_index_context)
hooks.register("nexus_category_context", category_context)
hooks.register("nexus_collection_context", collection_context)


@hooks.register("register_admin_urls")
def register_rule_urls() -> list[URLPattern]:
    """What the builder of rules asks for."""
    return [
        path("catalogue/rules/preview/", preview_rule, name="search_rule_preview"),
        path("catalogue/rules/words/", list_rule_words, name="search_rule_words"),
    ]
