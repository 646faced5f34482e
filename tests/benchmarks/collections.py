"""
What collections by rule cost in a large shop. Run by hand, against a database that may be thrown away:

    createdb nexus_bench
    DATABASE_URL=postgres://…/nexus_bench python manage.py migrate
    DATABASE_URL=postgres://…/nexus_bench python -m tests.benchmarks.collections --products 50000 --rules 200

Rows of pages and of the index are written straight away: what is measured is what reads and writes rules.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nexus.settings.dev")
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from taggit.models import Tag  # noqa: E402
from wagtail.models import Page  # noqa: E402

from search.membership import refresh_members  # noqa: E402
from search.models import LiveRule, ProductIndex, ProductIndexCategory, RuleMember  # noqa: E402
from search.selectors import list_products  # noqa: E402
from search.values import ProductFilter  # noqa: E402
from shop.catalogue.models import (  # noqa: E402
    Category,
    CategoryPlacement,
    ProductCollection,
    ProductCollectionItem,
    ProductPage,
    ProductTag,
)
from shop.core import clock  # noqa: E402

BRANDS, CATEGORIES, TAGS, BATCH = 40, 60, 100, 2000


def fill(products: int) -> None:
    """Make categories, tags, pages and index rows."""
    for number in range(CATEGORIES):
        Category.objects.get_or_create(slug=f"category-{number}", defaults={"name": f"Category {number}"})
    categories = list(Category.objects.order_by("pk").values_list("pk", flat=True))
    tags = [Tag.objects.get_or_create(name=f"tag-{n}", defaults={"slug": f"tag-{n}"})[0] for n in range(TAGS)]
    folder = Page.objects.get(depth=2)
    kind = ContentType.objects.get_for_model(ProductPage)
    start = ProductPage.objects.count()
    for first in range(start, products, BATCH):
        pages = []
        for number in range(first, min(first + BATCH, products)):
            steplen, path = Page.steplen, folder.path
            pages.append(
                ProductPage(
                    title=f"Product {number}",
                    draft_title=f"Product {number}",
                    slug=f"product-{number}",
                    slug_key=f"product-{number}",
                    path=path + Page._int2str(number + 1).rjust(steplen, "0"),
                    depth=folder.depth + 1,
                    content_type=kind,
                    locale_id=folder.locale_id,
                    url_path=f"{folder.url_path}product-{number}/",
                )
            )
        _insert_pages(pages)
        _insert_index(pages, first, categories, tags)


def _insert_pages(pages: list[ProductPage]) -> None:
    # Two tables, which bulk_create does not write: the parents first, then the children by their keys.
    parents = Page.objects.bulk_create(
        Page(
            **{
                field.attname: getattr(page, field.attname)
                for field in Page._meta.concrete_fields
                if not field.primary_key
            }
        )
        for page in pages
    )
    children = [field for field in ProductPage._meta.local_concrete_fields if not field.primary_key]
    table = connection.ops.quote_name(ProductPage._meta.db_table)
    names = ", ".join(
        connection.ops.quote_name(column) for column in ["page_ptr_id", *(f.column for f in children)]
    )
    marks = ", ".join(["%s"] * (len(children) + 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",
            [
                [parent.pk, *(f.get_db_prep_save(f.pre_save(page, add=True), connection) for f in children)]
                for parent, page in zip(parents, pages, strict=True)
            ],
        )
    for parent, page in zip(parents, pages, strict=True):
        page.pk = page.id = parent.pk


def _insert_index(pages: list[ProductPage], first: int, categories: list[int], tags: list[Tag]) -> None:
    now = clock.now()
    entries = ProductIndex.objects.bulk_create(
        ProductIndex(
            product_id=page.pk,
            currency="EUR",
            slug=page.slug,
            title=page.title,
            url=f"/products/{page.slug}/",
            brand_slug=f"brand-{number % BRANDS}",
            brand_name=f"Brand {number % BRANDS}",
            price_from=Decimal(number % 500),
            price_to=Decimal(number % 500),
            on_sale=number % 7 == 0,
            in_stock=number % 5 > 0,
            stock_status="in_stock" if number % 5 else "out_of_stock",
            published_at=now - timedelta(minutes=number),
            sort_title=page.title.lower(),
            category_ids=[categories[number % len(categories)]],
        )
        for number, page in enumerate(pages, first)
    )
    ProductIndexCategory.objects.bulk_create(
        ProductIndexCategory(entry=entry, category_id=entry.category_ids[0]) for entry in entries
    )
    ProductTag.objects.bulk_create(
        ProductTag(content_object_id=page.pk, tag=tags[number % len(tags)])
        for number, page in enumerate(pages, first)
    )


def make_rule(number: int) -> dict[str, Any]:
    """A rule of four to six conditions, another for each number."""
    return {
        "all": [
            {"field": "price", "op": "between", "value": [str(number % 90), str(number % 90 + 200)]},
            {
                "any": [
                    {"field": "category", "op": "in", "value": [f"category-{number % CATEGORIES}"]},
                    {"field": "brand", "op": "in", "value": [f"brand-{number % BRANDS}"]},
                    {"field": "tag", "op": "in", "value": [f"tag-{number % TAGS}"]},
                ]
            },
            {"not": {"field": "stock", "op": "in", "value": ["out_of_stock"]}},
        ]
    }


def measure(name: str, call: Callable[[], Any], *, times: int = 15) -> None:
    """Print the number of SQL statements and the median of the time."""
    call()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    print(f"{name:58} {len(captured):3} SQL {median(taken) * 1000:9.1f} ms")  # noqa: T201


def publish(number: int, step: int) -> None:
    """Let a collection go live with another rule than before."""
    collection, _ = ProductCollection.objects.get_or_create(
        slug=f"rule-{number}",
        defaults={"name": f"Rule {number}", "kind": ProductCollection.Kind.BY_RULE, "live": False},
    )
    collection.rule = make_rule(number + step)
    collection.live = True
    collection.save()


def main() -> None:
    """Fill the shop and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=50_000)
    parser.add_argument("--rules", type=int, default=200)
    wanted = parser.parse_args()
    fill(wanted.products)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    some = list(ProductPage.objects.order_by("pk").values_list("pk", flat=True)[:500])
    measure("one product, no rule", lambda: refresh_members(some[:1]))
    for number in range(wanted.rules):
        publish(number, 0)
    kept = f"{LiveRule.objects.count()} rules, {RuleMember.objects.count()} memberships"
    print(f"{wanted.products} products, {kept}")  # noqa: T201
    measure(f"one product, {wanted.rules} rules", lambda: refresh_members(some[:1]))
    measure(f"500 products, {wanted.rules} rules", lambda: refresh_members(some), times=3)
    steps = iter(range(1, 1000))
    measure("publishing one rule anew", lambda: publish(0, next(steps)))
    measure(
        "page of a collection by rule",
        lambda: list_products(filters=ProductFilter(collection="rule-1"), with_total=True),
    )
    picked, _ = ProductCollection.objects.get_or_create(slug="picked", defaults={"name": "Picked"})
    if not picked.items.exists():
        ProductCollectionItem.objects.bulk_create(
            ProductCollectionItem(collection=picked, product_id=pk, sort_order=n) for n, pk in enumerate(some)
        )
    measure(
        "page of a collection of 500 by hand",
        lambda: list_products(filters=ProductFilter(collection="picked")),
    )
    category = Category.objects.get(slug="category-1")
    inside = list(
        ProductIndexCategory.objects.filter(category=category).values_list("entry__product_id", flat=True)[
            :500
        ]
    )
    CategoryPlacement.objects.filter(category=category).delete()
    measure(
        "page of a category without an order",
        lambda: list_products(filters=ProductFilter(category=category.slug)),
    )
    CategoryPlacement.objects.bulk_create(
        CategoryPlacement(category=category, product_id=pk, position=n) for n, pk in enumerate(inside, 1)
    )
    measure(
        "page of a category with 500 in order",
        lambda: list_products(filters=ProductFilter(category=category.slug)),
    )


if __name__ == "__main__":
    main()
