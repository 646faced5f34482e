"""Public collections: products put together by hand, or by a rule."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q

from search.errors import CollectionNotFound
from search.models import ProductIndex, RuleMember
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
    counts = _counts(collections, check_currency(currency))
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


def list_collections_of(product_ids: Collection[int]) -> list[ProductCollection]:
    """The live collections, of both kinds, that any of these products is in now: one SQL statement."""
    by_hand = ProductCollectionItem.objects.filter(product_id__in=product_ids)
    by_rule = RuleMember.objects.filter(product_id__in=product_ids, rule__collection__isnull=False)
    is_in = Q(kind=ProductCollection.Kind.BY_HAND, pk__in=by_hand.values("collection_id")) | Q(
        kind=ProductCollection.Kind.BY_RULE, pk__in=by_rule.values("rule__collection_id")
    )
    return list(ProductCollection.objects.live().filter(is_in).order_by("name", "pk"))


def _counts(collections: Collection[ProductCollection], currency: str) -> dict[int, int]:
    """One SQL statement for each kind that there is."""
    public = ProductIndex.objects.filter(currency=currency).values("product_id")
    ids: dict[str, list[int]] = {}
    for held in collections:
        if held.pk:
            ids.setdefault(held.kind, []).append(held.pk)
    counts: dict[int, int] = {}
    if by_hand := ids.get(ProductCollection.Kind.BY_HAND):
        items = ProductCollectionItem.objects.filter(collection_id__in=by_hand, product_id__in=public)
        in_each = items.order_by().values_list("collection_id")
        counts |= dict(in_each.annotate(count=Count("product_id", distinct=True)))
    if by_rule := ids.get(ProductCollection.Kind.BY_RULE):
        members = RuleMember.objects.filter(rule__collection_id__in=by_rule, product_id__in=public)
        counts |= dict(members.order_by().values_list("rule__collection_id").annotate(count=Count("pk")))
    return counts
