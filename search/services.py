"""
Writing the index. Callers are inside the transaction of what changed, so that the index is never older than
the shop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Case, OuterRef, Subquery, When
from wagtail.utils.text import text_from_html

from search.membership import forget_members, refresh_members
from search.models import ProductIndex, ProductIndexCategory, ProductIndexFacet
from search.selectors.offers import Offer, counted_offers, is_in_window, list_currencies, load_offers
from search.selectors.popularity import count_sold
from search.text import fold, search_text
from shop.catalogue.bundles import with_their_bundles
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    ProductAttribute,
    ProductCategory,
    ProductMedia,
    ProductPage,
    VariantAttribute,
)
from shop.core import clock
from shop.inventory.selectors import Stock, get_stock
from shop.reviews.selectors import get_ratings

BATCH = 500
# Best first: what a list says of a product is the best that one of its variants can say.
STOCK_ORDER = ("in_stock", "low", "backorder", "out_of_stock")
LIST_KINDS = Attribute.LIST_KINDS
FACET_KINDS = (*LIST_KINDS, Attribute.Kind.BOOLEAN)
# The value that stands for what is written as "yes" or "no".
ANSWER = AttributeValue.objects.filter(attribute_id=OuterRef("attribute_id"), slug=OuterRef("text"))


def index_products(product_ids: Iterable[int]) -> int:
    """
    Bring the rows of these products up to date, and remove those of products that may not be seen or cannot
    be bought.

    The number of SQL statements depends on the number of batches and currencies, not on the number of
    products.

    :return: how many rows there are now for these products
    """
    written = 0
    for batch in _batches(sorted(set(product_ids))):
        with transaction.atomic():
            written += _index_batch(batch)
            refresh_members(batch)
    return written


def remove_products(product_ids: Collection[int]) -> None:
    """Take these products out of every list at once."""
    ProductIndex.objects.filter(product_id__in=product_ids).delete()
    forget_members(product_ids)


def refresh_stock(variant_ids: Collection[int]) -> None:
    """
    Bring `in_stock` and `stock_status` up to date where these variants, or bundles of them, are sold:
    three SQL statements, and those of `refresh_members` when something changed.
    """
    sold_as = with_their_bundles(variant_ids).filter(product__isnull=False)
    # Locked before the stock is read: two variants of one product may run out at the same time.
    entries = list(
        ProductIndex.objects.select_for_update()
        .filter(product__in=sold_as.values("product_id"))
        .order_by("pk")
        .only("pk", "product_id", "variants", "in_stock", "stock_status")
    )
    stock = get_stock({offer["id"] for entry in entries for offer in entry.variants})
    changed = []
    for entry in entries:
        status = _stock_status(entry.variants, stock)
        if status != entry.stock_status:
            entry.stock_status, entry.in_stock = status, status != "out_of_stock"
            changed.append(entry)
    ProductIndex.objects.bulk_update(changed, ["stock_status", "in_stock"], batch_size=BATCH)
    refresh_members({entry.product_id for entry in changed})


def refresh_ratings(product_ids: Collection[int]) -> None:
    """Bring rating and number of reviews up to date."""
    ratings = get_ratings(product_ids)
    for product_id, rating in ratings.items():
        ProductIndex.objects.filter(product_id=product_id).update(
            rating=rating.average, review_count=rating.count
        )


def refresh_popularity(product_ids: Collection[int]) -> None:
    """Bring the number of units sold lately up to date."""
    for product_id, sold in count_sold(product_ids).items():
        ProductIndex.objects.filter(product_id=product_id).update(popularity=sold)


def rebuild_index() -> Iterator[int]:
    """
    Write the whole index anew, batch by batch, while the shop runs; what was indexed and may not be is
    removed.

    :yield: how many products were looked at so far
    """
    done, last = 0, 0
    while batch := list(
        ProductPage.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        index_products(batch)
        done, last = done + len(batch), batch[-1]
        yield done


def _stock_status(offers: Iterable[Offer], stock: Mapping[int, Stock]) -> str:
    """What a list says of the stock of what is on sale at this moment."""
    now = clock.now()
    return best_status(stock[offer["id"]].status for offer in offers if is_in_window(offer, now))


def best_status(statuses: Iterable[str]) -> str:
    """What a list says of a product whose variants have these stock statuses."""
    found = {str(status) for status in statuses}
    return next((status for status in STOCK_ORDER if status in found), "out_of_stock")


def _index_batch(product_ids: Sequence[int]) -> int:
    # Locked in one order before anything is read: of two who change one product, the second sees the first's.
    rows = ProductIndex.objects.select_for_update().filter(product_id__in=product_ids).order_by("pk")
    existing = {(entry.product_id, entry.currency): entry for entry in rows}
    pages = {page.pk: page for page in _visible_pages(product_ids)}
    currencies = list_currencies() if pages else []
    offers = load_offers(list(pages), currencies=currencies, at=clock.now()) if pages else {}
    facts = _Facts(list(pages), offers) if any(offers.values()) else None
    entries = []
    for currency, by_product in offers.items():
        for product_id, variants in by_product.items():
            if facts is not None:
                fields = facts.fields(pages[product_id], variants)
                entry = existing.pop((product_id, currency), None) or ProductIndex(
                    product_id=product_id, currency=currency
                )
                for name, value in fields.items():
                    setattr(entry, name, value)
                entries.append(entry)
    if existing:
        ProductIndex.objects.filter(pk__in=[entry.pk for entry in existing.values()]).delete()
    _write(entries)
    if facts is not None:
        _write_links(entries, facts)
    return len(entries)


def _visible_pages(product_ids: Sequence[int]) -> Iterable[ProductPage]:
    return ProductPage.objects.filter(pk__in=product_ids).live().public().select_related("brand")


def _write(entries: Sequence[ProductIndex]) -> None:
    new = [entry for entry in entries if entry.pk is None]
    old = [entry for entry in entries if entry.pk is not None]
    columns = [
        field.name
        for field in ProductIndex._meta.concrete_fields
        if field.name not in ("id", "product", "currency")
    ]
    if old:
        # An upsert by key is one statement; bulk_update's CASE grows with rows times columns.
        ProductIndex.objects.bulk_create(
            old, update_conflicts=True, unique_fields=["id"], update_fields=columns
        )
    ProductIndex.objects.bulk_create(new)


def _write_links(entries: Sequence[ProductIndex], facts: _Facts) -> None:
    """Rewrite only the links that differ, so that a change of price touches none."""
    held = {entry.pk: entry for entry in entries}
    wanted = {
        (entry.pk, category_id): position
        for entry in entries
        for position, category_id in enumerate(entry.category_ids)
    }
    links = {
        (row.entry_id, row.category_id): row for row in ProductIndexCategory.objects.filter(entry_id__in=held)
    }
    stale = [row.pk for key, row in links.items() if wanted.get(key) != row.position]
    fresh = [key for key, position in wanted.items() if key not in links or links[key].position != position]
    if stale:
        ProductIndexCategory.objects.filter(pk__in=stale).delete()
    ProductIndexCategory.objects.bulk_create(
        ProductIndexCategory(
            entry_id=entry_id, category_id=category_id, position=wanted[entry_id, category_id]
        )
        for entry_id, category_id in fresh
    )
    values = {
        (entry.pk, value_id): attribute_id
        for entry in entries
        for attribute_id, value_id in facts.values(entry.product_id)
    }
    facets = {
        (row.entry_id, row.value_id): row for row in ProductIndexFacet.objects.filter(entry_id__in=held)
    }
    stale = [row.pk for key, row in facets.items() if key not in values]
    if stale:
        ProductIndexFacet.objects.filter(pk__in=stale).delete()
    ProductIndexFacet.objects.bulk_create(
        ProductIndexFacet(entry_id=entry_id, value_id=value_id, attribute_id=attribute_id)
        for (entry_id, value_id), attribute_id in values.items()
        if (entry_id, value_id) not in facets
    )


class _Facts:
    """All that is known of a batch of products beside their pages and prices."""

    def __init__(self, product_ids: list[int], offers: dict[str, dict[int, list[Offer]]]) -> None:
        variant_ids = {
            offer["id"] for by_product in offers.values() for held in by_product.values() for offer in held
        }
        self.stock = get_stock(variant_ids)
        self.ratings = get_ratings(product_ids)
        self.sold = count_sold(product_ids)
        self.categories = _grouped(
            ProductCategory.objects.filter(page_id__in=product_ids)
            .order_by("page_id", "sort_order", "pk")
            .values_list("page_id", "category_id")
        )
        self.pictures = _grouped(
            ProductMedia.objects.filter(page_id__in=product_ids)
            .order_by("page_id", "-sort_order", "-pk")
            .values_list("page_id", "image_id", "alt_text")
        )
        self.attributes = _grouped(
            ProductAttribute.objects.filter(page_id__in=product_ids)
            .annotate(
                facet_value=Case(
                    When(attribute__kind=Attribute.Kind.BOOLEAN, then=Subquery(ANSWER.values("pk")[:1])),
                    default="value_id",
                )
            )
            .order_by("page_id", "sort_order", "pk")
            .values_list(
                "page_id",
                "attribute_id",
                "facet_value",
                "value__label",
                "text",
                "attribute__kind",
                "attribute__name",
                "attribute__unit",
                "attribute__is_searchable",
            )
        )
        self.variant_values = self._load_variant_values(offers)

    def _load_variant_values(
        self, offers: dict[str, dict[int, list[Offer]]]
    ) -> dict[int, set[tuple[int, int]]]:
        product_of = {
            offer["id"]: product_id
            for by_product in offers.values()
            for product_id, held in by_product.items()
            for offer in counted_offers(held, clock.now())
        }
        values: dict[int, set[tuple[int, int]]] = {}
        rows = VariantAttribute.objects.filter(variant_id__in=product_of, attribute__kind__in=LIST_KINDS)
        for variant_id, attribute_id, value_id in rows.order_by().values_list(
            "variant_id", "attribute_id", "value_id"
        ):
            values.setdefault(product_of[variant_id], set()).add((attribute_id, value_id))
        return values

    def values(self, product_id: int) -> set[tuple[int, int]]:
        """What the product can be filtered by: (attribute, value) of itself and of its variants."""
        own = {
            (attribute_id, value_id)
            for attribute_id, value_id, _, _, kind, *_ in self.attributes.get(product_id, [])
            if value_id and kind in FACET_KINDS
        }
        return own | self.variant_values.get(product_id, set())

    def fields(self, page: ProductPage, offers: list[Offer]) -> dict[str, Any]:
        """The columns of the product's row."""
        counted = counted_offers(offers, clock.now())
        prices = [Decimal(offer["price"]) for offer in counted]
        cheapest = min(counted, key=lambda offer: Decimal(offer["price"]))
        status = _stock_status(offers, self.stock)
        picture = (self.pictures.get(page.pk) or [(None, "")])[-1]
        rating = self.ratings[page.pk]
        brand = page.brand
        return {
            "slug": page.slug,
            "title": page.title,
            "summary": page.summary,
            "url": page.get_url() or "",
            "brand": brand,
            "brand_slug": brand.slug if brand else "",
            "brand_name": brand.name if brand else "",
            "image_id": picture[0],
            "image_alt": picture[1],
            "price_from": min(prices),
            "price_to": max(prices),
            "compare_at_from": Decimal(cheapest["compare_at"]) if cheapest["compare_at"] else None,
            "on_sale": any(offer["compare_at"] for offer in counted),
            "in_stock": status != "out_of_stock",
            "stock_status": status,
            "rating": rating.average,
            "review_count": rating.count,
            "popularity": self.sold.get(page.pk, 0),
            "published_at": page.first_published_at or page.last_published_at or clock.now(),
            "sort_title": fold(page.title)[:255],
            "search_text": self._search_text(page, offers),
            "category_ids": list(dict.fromkeys(row[0] for row in self.categories.get(page.pk, []))),
            "variants": offers,
        }

    def _search_text(self, page: ProductPage, offers: list[Offer]) -> str:
        texts = [page.title, page.brand.name if page.brand else "", page.summary]
        texts += [_words(*row[2:7]) for row in self.attributes.get(page.pk, []) if row[7]]
        for offer in offers:
            texts += [offer["title"], offer["sku"], *(attribute[2] for attribute in offer["attributes"])]
        texts += page.body.stream_block.get_searchable_content(page.body)
        codes = [code for offer in offers for code in (offer["sku"], offer["barcode"])]
        return search_text(texts, codes)


def _words(label: str | None, text: str, kind: str, name: str, unit: str) -> str:
    """What the search finds a product by, of one of its attributes."""
    if kind == Attribute.Kind.BOOLEAN:
        return name if text == "yes" else ""
    if kind == Attribute.Kind.RICH_TEXT:
        return text_from_html(text)
    return label or f"{text} {unit}".strip()


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    groups: dict[int, list[tuple[Any, ...]]] = {}
    for key, *rest in rows:
        groups.setdefault(key, []).append(tuple(rest))
    return groups


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, BATCH)):
        yield batch
