"""Documents that anybody may download: those that stand in no private collection."""

from __future__ import annotations

from collections.abc import Collection

from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction


def list_public_documents(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Title and address of the public ones among these documents, in two queries; none for none."""
    if not ids:
        return {}
    # Wagtail's images have a queryset that knows private collections; its documents have not.
    closed = tuple(CollectionViewRestriction.objects.values_list("collection__path", flat=True))
    found = get_document_model().objects.filter(pk__in=ids).select_related("collection")
    return {
        document.pk: (document.title, document.url)
        for document in found
        if not document.collection.path.startswith(closed)
    }
