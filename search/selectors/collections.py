"""Public collections: products put together by hand."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from search.errors import CollectionNotFound
from search.models import ProductIndex
from search.selectors.images import load_images
from search.selectors.lists import check_currency
from search.values import CollectionData, SeoData
from shop.catalogue.models import ProductCollection, ProductCollectionItem


def list_collections(*, currency: str | None = None) -> list[CollectionData]:
    """Public collections by name."""
    return _build(list(ProductCollection.objects.live().order_by("name", "pk")), currency=currency)


def get_collection(*, slug: str, currency: str | None = None) -> CollectionData:
    """
    One public collection; its products are `list_products(filters=ProductFilter(collection=slug))`.

    :raises CollectionNotFound: if none is public under this slug
    """
    collection = ProductCollection.objects.live().filter(slug=slug).first()
    if collection is None:
        raise CollectionNotFound
    return build_collection(collection, currency=currency)


def build_collection(collection: ProductCollection, *, currency: str | None = None) -> CollectionData:
    """A collection object in memory, public or not: for `get_collection` and the admin's preview."""
    return _build([collection], currency=currency)[0]


def _build(collections: list[ProductCollection], *, currency: str | None) -> list[CollectionData]:
    if not collections:
        return []
    images = load_images(
        {held.image_id: held.image_alt or held.name for held in collections if held.image_id}
    )
    counts = _counts([held.pk for held in collections if held.pk], check_currency(currency))
    return [
        CollectionData(
            id=held.pk or 0,
            slug=held.slug,
            name=held.name,
            url=held.get_url(),
            description=held.description,
            image=images.get(held.image_id or 0),
            product_count=counts.get(held.pk, 0),
            seo=SeoData(held.seo_title or held.name, held.seo_description or held.description),
        )
        for held in collections
    ]


def _counts(collection_ids: Collection[int], currency: str) -> dict[int, int]:
    public = ProductIndex.objects.filter(currency=currency).values("product_id")
    items = ProductCollectionItem.objects.filter(collection_id__in=collection_ids, product_id__in=public)
    return dict(
        items.order_by().values_list("collection_id").annotate(count=Count("product_id", distinct=True))
    )
