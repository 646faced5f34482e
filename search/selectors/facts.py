"""
What is known of products, and the row of the index that it makes.

Everything that is looked up by products alone comes with one SQL statement; prices and stock have questions
of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from wagtail.models import PageViewRestriction
from wagtail.utils.text import text_from_html

from search.models import ProductGroupPrice, ProductIndexCategory, ProductIndexFacet
from search.selectors.offers import (
    Goods,
    Offer,
    ask_for_goods,
    counted_offers,
    in_order,
    is_in_window,
    list_figures,
    price_goods,
    prices_hold_until,
    read_goods,
)
from search.selectors.popularity import ask_for_sold
from search.text import fold, search_text
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    ProductAttribute,
    ProductCategory,
    ProductMedia,
    ProductPage,
)
from shop.core.together import Row, read_together
from shop.inventory.selectors import Stock, get_stock
from shop.reviews.selectors import RatingSummary, ask_for_ratings, read_ratings

# Best first: what a list says of a product is the best that one of its variants can say.
STOCK_ORDER = ("in_stock", "low", "backorder", "out_of_stock")
FACET_KINDS = (*Attribute.LIST_KINDS, Attribute.Kind.BOOLEAN)
# The value that stands for what is written as "yes" or "no".
ANSWER = AttributeValue.objects.filter(attribute_id=OuterRef("attribute_id"), slug=OuterRef("text"))
ATTRIBUTE = (
    "page_id",
    "sort_order",
    "pk",
    "attribute_id",
    "facet_value",
    "value__label",
    "text",
    "attribute__kind",
    "attribute__name",
    "attribute__unit",
    "attribute__is_searchable",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of some products beside their pages."""

    at: datetime
    offers: Mapping[str, Mapping[int, list[Offer]]]
    stock: Mapping[int, Stock]
    ratings: Mapping[int, RatingSummary]
    sold: Mapping[int, int]
    categories: Mapping[int, list[Row]]
    pictures: Mapping[int, list[Row]]
    attributes: Mapping[int, list[Row]]
    chosen: Mapping[int, set[tuple[int, int]]]
    """Per product, what its variants can be chosen by: attribute and value."""
    placed: Sequence[Row]
    """The links of the rows to categories as they are: key, row, category, position."""
    facets: Sequence[Row]
    """The same to values: key, row, value."""
    groups: Mapping[str, Collection[int]]
    """Per currency, the customer groups that have price lists of their own."""
    group_prices: Sequence[Row]
    """What the rows have of prices for groups: keys only."""
    site_id: int | None

    def values(self, product_id: int) -> set[tuple[int, int]]:
        """What the product can be filtered by: (attribute, value) of itself and of its variants."""
        own = {
            (attribute_id, value_id)
            for attribute_id, value_id, _, _, kind, *_ in self.attributes.get(product_id, [])
            if value_id and kind in FACET_KINDS
        }
        return own | self.chosen.get(product_id, set())


def list_visible_pages(concerned: Q) -> QuerySet[ProductPage]:
    """The products among these that everybody may see."""
    restricted = PageViewRestriction.objects.annotate(
        page_path=ExpressionWrapper(OuterRef("path"), CharField())
    )
    return (
        ProductPage.objects.live()
        .filter(concerned)
        .exclude(Exists(restricted.filter(page_path__startswith=F("page__path"))))
        .select_related("brand")
    )


def load_facts(product_ids: Sequence[int], *, at: datetime) -> Facts:
    """What is known of these products: three SQL statements, and one more for each further currency."""
    ratings, sold, categories, pictures, attributes, placed, facets, group_prices, *of_goods = read_together(
        ask_for_ratings(product_ids),
        ask_for_sold(product_ids),
        *_ask_for_words(product_ids),
        ProductIndexCategory.objects.filter(entry__product_id__in=product_ids)
        .order_by()
        .values_list("pk", "entry_id", "category_id", "position"),
        ProductIndexFacet.objects.filter(entry__product_id__in=product_ids)
        .order_by()
        .values_list("pk", "entry_id", "value_id"),
        ProductGroupPrice.objects.filter(entry__product_id__in=product_ids).order_by().values_list("pk"),
        *ask_for_goods(product_ids, at=at),
    )
    goods = read_goods(of_goods)
    offers = {currency: price_goods(goods, currency=currency, at=at) for currency in goods.groups}
    priced = {offer["id"] for held in offers.values() for of_one in held.values() for offer in of_one}
    return Facts(
        at=at,
        offers=offers,
        stock=get_stock(priced),
        ratings=read_ratings(ratings, product_ids),
        sold=dict.fromkeys(product_ids, 0) | dict(sold),
        categories=_grouped(categories),
        pictures=_grouped(pictures),
        attributes=_grouped(attributes),
        chosen=_chosen(goods, offers, at=at),
        placed=placed,
        facets=facets,
        groups=goods.groups,
        group_prices=group_prices,
        site_id=goods.site_id,
    )


def _ask_for_words(product_ids: Sequence[int]) -> list[QuerySet[Any, Any]]:
    """Categories, pictures and attributes of the pages, each in the order of its second and third column."""
    written = ProductAttribute.objects.annotate(
        facet_value=Case(
            When(attribute__kind=Attribute.Kind.BOOLEAN, then=Subquery(ANSWER.values("pk")[:1])),
            default="value_id",
            output_field=BigIntegerField(),
        )
    )
    return [
        ProductCategory.objects.filter(page_id__in=product_ids)
        .order_by()
        .values_list("page_id", "sort_order", "pk", "category_id"),
        ProductMedia.objects.filter(page_id__in=product_ids)
        .order_by()
        .values_list("page_id", "sort_order", "pk", "image_id", "alt_text"),
        written.filter(page_id__in=product_ids).order_by().values_list(*ATTRIBUTE),
    ]


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for product_id, _, _, *rest in sorted(rows, key=in_order):
        groups.setdefault(product_id, []).append(tuple(rest))
    return groups


def _chosen(
    goods: Goods, offers: Mapping[str, Mapping[int, list[Offer]]], *, at: datetime
) -> dict[int, set[tuple[int, int]]]:
    chosen: dict[int, set[tuple[int, int]]] = {}
    for by_product in offers.values():
        for product_id, held in by_product.items():
            for offer in counted_offers(held, at):
                chosen.setdefault(product_id, set()).update(goods.values.get(offer["id"], ()))
    return chosen


def stock_status(offers: Iterable[Offer], stock: Mapping[int, Stock], *, at: datetime) -> str:
    """What a list says of the stock of what is on sale at this moment."""
    return best_status(stock[offer["id"]].status for offer in offers if is_in_window(offer, at))


def best_status(statuses: Iterable[str]) -> str:
    """What a list says of a product whose variants have these stock statuses."""
    found = {str(status) for status in statuses}
    return next((status for status in STOCK_ORDER if status in found), "out_of_stock")


def row_of(page: ProductPage, offers: list[Offer], facts: Facts) -> dict[str, Any]:
    """The columns of the product's row."""
    status = stock_status(offers, facts.stock, at=facts.at)
    image_id, image_alt = (facts.pictures.get(page.pk) or [(None, "")])[0]
    rating, brand = facts.ratings[page.pk], page.brand
    return {
        "slug": page.slug,
        "title": page.title,
        "summary": page.summary,
        "url": page.get_url() or "",
        "brand": brand,
        "brand_slug": brand.slug if brand else "",
        "brand_name": brand.name if brand else "",
        "image_id": image_id,
        "image_alt": image_alt,
        **list_figures(offers, facts.at),
        "prices_until": prices_hold_until(offers),
        "in_stock": status != "out_of_stock",
        "stock_status": status,
        "rating": rating.average,
        "review_count": rating.count,
        "popularity": facts.sold.get(page.pk, 0),
        "published_at": page.first_published_at or page.last_published_at or facts.at,
        "sort_title": fold(page.title)[:255],
        "search_text": _search_text(page, offers, facts),
        "category_ids": list(dict.fromkeys(row[0] for row in facts.categories.get(page.pk, []))),
        "variants": offers,
    }


def _search_text(page: ProductPage, offers: list[Offer], facts: Facts) -> str:
    texts = [page.title, page.brand.name if page.brand else "", page.summary]
    texts += [_words(*row[2:7]) for row in facts.attributes.get(page.pk, []) if row[7]]
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
