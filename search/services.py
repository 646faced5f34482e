"""
Writing the index. Callers are inside the transaction of what changed, so that the index is never older than
the shop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import Q

from search.group_prices import write_group_prices
from search.membership import forget_members, refresh_members
from search.models import ProductIndex, ProductIndexCategory, ProductIndexFacet
from search.selectors.facts import Facts, list_visible_pages, load_facts, row_of, stock_status
from search.selectors.popularity import count_sold
from shop.catalogue.bundles import with_their_bundles
from shop.catalogue.models import BundleComponent, ProductPage, ProductVariant
from shop.core import clock
from shop.inventory.selectors import get_stock
from shop.reviews.selectors import get_ratings

BATCH = 500


def index_products(product_ids: Iterable[int], *, with_bundles: bool = False) -> int:
    """
    Bring the rows of these products up to date, and remove those of products that may not be seen or cannot
    be bought.

    The number of SQL statements depends on the number of batches and currencies, not on the number of
    products.

    :param with_bundles: also the rows of the bundles that hold any of their variants
    :return: how many rows there are now for these products
    """
    written = 0
    for batch in _batches(sorted(set(product_ids))):
        with transaction.atomic():
            count, looked_at = _index_batch(batch, with_bundles=with_bundles)
            written += count
            refresh_members(looked_at)
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
        status = stock_status(entry.variants, stock, at=clock.now())
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


def _index_batch(product_ids: Sequence[int], *, with_bundles: bool) -> tuple[int, set[int]]:
    """Write the rows of these products; return how many there are now, and which products were looked at."""
    concerned = _concerned(product_ids, with_bundles=with_bundles)
    # Locked in one order before anything is read: of two who change one product, the second sees the first's.
    rows = ProductIndex.objects.select_for_update().filter(concerned("product_id")).order_by("pk")
    existing = {(entry.product_id, entry.currency): entry for entry in rows}
    pages = {page.pk: page for page in list_visible_pages(concerned("pk"))}
    looked_at = {*product_ids, *pages, *(product_id for product_id, _ in existing)}
    facts = load_facts(list(pages), at=clock.now()) if pages else None
    entries: list[ProductIndex] = []
    if facts is not None:
        entries = list(_fill(existing, pages, facts))
    if existing:
        ProductIndex.objects.filter(pk__in=[entry.pk for entry in existing.values()]).delete()
    _write(entries)
    if facts is not None and entries:
        _write_links(entries, facts)
        write_group_prices(entries, facts)
    return len(entries), looked_at


def _concerned(product_ids: Sequence[int], *, with_bundles: bool) -> Callable[[str], Q]:
    """A condition on the column that holds the key of a product."""
    parts = BundleComponent.objects.filter(component__product_id__in=product_ids).order_by()
    bundles = ProductVariant.objects.filter(pk__in=parts.values("bundle_id"), product__isnull=False)

    def condition(column: str) -> Q:
        named = Q(**{f"{column}__in": product_ids})
        return named | Q(**{f"{column}__in": bundles.values("product_id")}) if with_bundles else named

    return condition


def _fill(
    existing: dict[tuple[int, str], ProductIndex], pages: Mapping[int, ProductPage], facts: Facts
) -> Iterator[ProductIndex]:
    """The rows as they ought to be; those that are there already are taken out of ``existing``."""
    for currency, by_product in facts.offers.items():
        for product_id, variants in by_product.items():
            entry = existing.pop((product_id, currency), None) or ProductIndex(
                product_id=product_id, currency=currency
            )
            for name, value in row_of(pages[product_id], variants, facts).items():
                setattr(entry, name, value)
            yield entry


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


def _write_links(entries: Sequence[ProductIndex], facts: Facts) -> None:
    """Rewrite only the links that differ, so that a change of price touches none."""
    categories = {
        (entry.pk, category_id): position
        for entry in entries
        for position, category_id in enumerate(entry.category_ids)
    }
    held = {(entry_id, category_id): (pk, position) for pk, entry_id, category_id, position in facts.placed}
    _delete(
        ProductIndexCategory, (pk for key, (pk, position) in held.items() if categories.get(key) != position)
    )
    ProductIndexCategory.objects.bulk_create(
        ProductIndexCategory(entry_id=key[0], category_id=key[1], position=position)
        for key, position in categories.items()
        if key not in held or held[key][1] != position
    )
    values = {
        (entry.pk, value_id): attribute_id
        for entry in entries
        for attribute_id, value_id in facts.values(entry.product_id)
    }
    facets = {(entry_id, value_id): pk for pk, entry_id, value_id in facts.facets}
    _delete(ProductIndexFacet, (pk for key, pk in facets.items() if key not in values))
    ProductIndexFacet.objects.bulk_create(
        ProductIndexFacet(entry_id=key[0], value_id=key[1], attribute_id=attribute_id)
        for key, attribute_id in values.items()
        if key not in facets
    )


def _delete(links: type[ProductIndexCategory | ProductIndexFacet], stale: Iterable[int]) -> None:
    keys = list(stale)
    if keys:
        links._default_manager.filter(pk__in=keys).delete()


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, BATCH)):
        yield batch
