"""
What the index listens to. What shoppers must see in the very next answer is written in the transaction of
the fact.
"""

from __future__ import annotations

from datetime import timedelta

from search.membership import refresh_categories, refresh_collections, refresh_related_rule
from search.selectors.images import draw_ahead, find_undrawn
from search.selectors.popularity import list_ordered_products
from search.services import (
    index_products,
    refresh_popularity,
    refresh_ratings,
    refresh_stock,
    remove_products,
)
from shop.catalogue.bundles import list_bundles_of, with_their_bundles
from shop.catalogue.models import ProductMedia, ProductPage, ProductVariant, VariantImage
from shop.core.models import OutboxEvent
from shop.core.outbox import TryLater, consumer, same_transaction

# Two cost some six seconds of a worker, most of it for AVIF.
PICTURES_AT_A_TIME = 2


@same_transaction("product.published")
def index_published_product(event: OutboxEvent) -> None:
    """A product went live, or a live one changed: its title, and that of what it is part of."""
    index_products([event.payload["product_id"]], with_bundles=True)


@same_transaction("products.changed")
def index_changed_products(event: OutboxEvent) -> None:
    """Many products changed at once; those that may not be seen any more leave the index."""
    index_products(event.payload["product_ids"])


@same_transaction("product.unpublished")
@same_transaction("product.deleted")
def remove_product(event: OutboxEvent) -> None:
    """A product is gone from the shop."""
    remove_products([event.payload["product_id"]])


@same_transaction("variant.changed")
def index_changed_variants(event: OutboxEvent) -> None:
    """Variants were added, changed or archived; bundles name their parts."""
    bundles = list_bundles_of(event.payload["variant_ids"])
    index_products([*event.payload["product_ids"], *bundles.values_list("product_id", flat=True)])


@same_transaction("price.changed")
def index_changed_prices(event: OutboxEvent) -> None:
    """Prices were set or removed, or a price list began or ended; bundles may cost what their parts do."""
    variants = with_their_bundles(event.payload["variant_ids"]).filter(product__isnull=False)
    index_products(variants.values_list("product_id", flat=True))


@same_transaction("stock.status_changed")
def refresh_stock_status(event: OutboxEvent) -> None:
    """Variants ran out, came back, or became few."""
    refresh_stock(event.payload["variant_ids"])


@same_transaction("review.changed")
def refresh_rating(event: OutboxEvent) -> None:
    """A review was approved, rejected or withdrawn."""
    refresh_ratings([event.payload["product_id"]])


@same_transaction("collection.changed")
def apply_collection_rules(event: OutboxEvent) -> None:
    """Collections went live or offline, or live ones changed: their rules count from now on."""
    refresh_collections(event.payload["collection_ids"])


@same_transaction("related_rule.changed")
def apply_related_rule(event: OutboxEvent) -> None:
    """A rule for related products changed."""
    refresh_related_rule(event.payload["rule_id"])


@same_transaction("category.changed")
def apply_new_tree(event: OutboxEvent) -> None:
    """Rules that name a category mean all that lies below it."""
    refresh_categories()


@consumer("search.labels_changed", name="search.labels")
def index_renamed(event: OutboxEvent) -> None:
    """A brand, type or attribute was renamed; there may be thousands of products, so the relay does it."""
    payload = event.payload
    products = ProductPage.objects.none()
    if brand_id := payload.get("brand_id"):
        products = ProductPage.objects.filter(brand_id=brand_id)
    if type_id := payload.get("product_type_id"):
        products = ProductPage.objects.filter(product_type_id=type_id)
    if attribute_id := payload.get("attribute_id"):
        by_variant = ProductVariant.objects.filter(variant_attributes__attribute_id=attribute_id)
        products = ProductPage.objects.filter(
            product_attributes__attribute_id=attribute_id
        ) | ProductPage.objects.filter(pk__in=by_variant.values("product_id"))
    index_products(products.values_list("pk", flat=True))


@consumer("order.placed", name="search.popularity")
@consumer("order.cancelled", name="search.popularity")
def count_order(event: OutboxEvent) -> None:
    """Best-sellers come first by what was really sold."""
    refresh_popularity(list_ordered_products(event.payload["order_id"]))


@consumer("product.published", name="search.renditions", external=True)
@consumer("products.changed", name="search.renditions", external=True)
@consumer("variant.changed", name="search.renditions", external=True)
def make_pictures(event: OutboxEvent) -> None:
    """
    Make the sizes of the storefront, in both formats, before the first shopper asks for them: a few
    pictures at a time.

    :raises TryLater: while pictures are left, so that an import's thousands keep no e-mail waiting
    """
    payload = event.payload
    product_ids = payload["product_ids"] if "product_ids" in payload else [payload["product_id"]]
    media = ProductMedia.objects.filter(page_id__in=product_ids).values_list("image_id", flat=True)
    variants = ProductVariant.objects.filter(product_id__in=product_ids, image__isnull=False)
    further = VariantImage.objects.filter(variant__product_id__in=product_ids)
    missing = find_undrawn(
        {*media, *variants.values_list("image_id", flat=True), *further.values_list("image_id", flat=True)}
    )
    drawn = draw_ahead(missing[:PICTURES_AT_A_TIME])
    # Where nothing could be drawn, files are broken; they would come first for ever.
    if len(missing) > PICTURES_AT_A_TIME and any(drawn.values()):
        raise TryLater(f"{len(missing) - PICTURES_AT_A_TIME} pictures left", delay=timedelta(seconds=1))
