from __future__ import annotations

from wagtail import hooks

from search.page_context import category_context, collection_context, product_context, product_index_context

hooks.register("nexus_product_context", product_context)
hooks.register("nexus_product_index_context", product_index_context)
hooks.register("nexus_category_context", category_context)
hooks.register("nexus_collection_context", collection_context)
