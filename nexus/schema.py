"""
The GraphQL schema: the catalogue's root fields, content's, and Grapple's types of content pages.

The root is composed here and not by Grapple, whose default fields show drafts and private pages; types are
listed one by one, so that a model becomes public by a decision and not by being there.
"""

from __future__ import annotations

import graphene
from grapple.registry import registry

from content import schema as content
from nexus.graphql import content as public_content
from nexus.graphql import grapple_types
from nexus.graphql.interfaces import Page
from nexus.graphql.limits import CostTable
from search import schema as catalogue


class Query(
    catalogue.CatalogueQuery, content.ContentQuery, public_content.PublicContentQuery, graphene.ObjectType
):
    """Everything that can be read without logging in."""


grapple_types.guard_types()
schema = graphene.Schema(
    query=Query, types=[Page, *registry.pages.values(), *registry.streamfield_blocks.values()]
)
COSTS = CostTable(
    own=catalogue.COSTS | content.COSTS | public_content.COSTS | grapple_types.COSTS,
    shared=catalogue.SHARED_COSTS,
)
