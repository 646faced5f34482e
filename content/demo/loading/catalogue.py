"""Brands, attributes, categories, products with prices and stock, collections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from content.demo.loading.commerce import BASE_LIST, SALE_LIST
from content.demo.loading.media import MediaLibrary
from content.demo.loading.source import days_ago, read, read_all
from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    ProductCollection,
    ProductCollectionItem,
    ProductIndexPage,
    ProductPage,
    ProductType,
    ProductTypeAttribute,
    ProductVariant,
)
from shop.catalogue.services import MediaDraft, ProductDraft, VariantDraft, bulk_create_products
from shop.catalogue.services.bulk import CreatedChunk
from shop.inventory.models import Warehouse
from shop.inventory.services import StockCount, bulk_load_stock
from shop.pricing.services import PriceChange, bulk_load_prices

LOW_FROM = 4
OPENED_DAYS_AGO = 63


def load_vocabulary() -> None:
    """Make brands and attributes with their values."""
    data = read_all("brands", "attributes")
    for row in data["brands"]:
        Brand.objects.get_or_create(
            slug=row["slug"], defaults={"name": row["name"], "description": row["description"]}
        )
    for position, row in enumerate(data["attributes"]):
        attribute, _ = Attribute.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"],
                "kind": row["kind"],
                "unit": row["unit"],
                "is_filterable": row["filterable"],
                "is_searchable": row["searchable"],
                "in_grid": row["in_grid"],
                "makes_variants": row["makes_variants"],
                "sort_order": position,
            },
        )
        for place, value in enumerate(row["values"]):
            AttributeValue.objects.get_or_create(
                attribute=attribute,
                slug=value["slug"],
                defaults={"label": value["label"], "swatch": value.get("swatch", ""), "sort_order": place},
            )


def load_types() -> dict[str, ProductType]:
    """Make the product types with their attributes; returns them by slug."""
    attributes = {attribute.slug: attribute for attribute in Attribute.objects.all()}
    for row in read_all("product_types")["product_types"]:
        made, is_new = ProductType.objects.get_or_create(
            slug=row["slug"],
            defaults={"name": row["name"], "kind": row.get("kind", ProductType.Kind.PHYSICAL)},
        )
        scopes = ProductTypeAttribute.Scope
        carried = [(slug, scopes.PRODUCT) for slug in row["attributes"]]
        carried += [(slug, scopes.VARIANT) for slug in row["variant_attributes"]]
        ProductTypeAttribute.objects.bulk_create(
            ProductTypeAttribute(
                product_type=made,
                attribute=attributes[slug],
                scope=scope,
                is_required=slug in row["required"],
                sort_order=position,
            )
            for position, (slug, scope) in enumerate(carried if is_new else ())
        )
    return {made.slug: made for made in ProductType.objects.all()}


def load_categories(media: MediaLibrary) -> dict[str, Category]:
    """Make the tree, parents first; returns it by slug."""
    categories = {category.slug: category for category in Category.objects.all()}
    for position, row in enumerate(read_all("categories")["categories"]):
        if row["slug"] in categories:
            continue
        category = Category(
            slug=row["slug"],
            name=row["name"],
            parent=categories[row["parent"]] if row["parent"] else None,
            sort_order=position,
            description=row["description"],
            image=media.get(row["image"], row["image_alt"]),
            image_alt=row["image_alt"],
            live=False,
        )
        category.save()
        category.save_revision().publish()
        category.refresh_from_db()
        categories[row["slug"]] = category
    return categories


class ProductLoader:
    """Makes the products that are missing, with prices and stock, in one go."""

    def __init__(
        self,
        *,
        folder: ProductIndexPage,
        warehouse: Warehouse,
        categories: Mapping[str, Category],
        media: MediaLibrary,
        sold: Mapping[str, int],
        source: str = "catalogue",
    ) -> None:
        self.folder = folder
        self.warehouse = warehouse
        self.categories = categories
        self.media = media
        self.sold = sold
        self.brands = {brand.slug: brand.pk for brand in Brand.objects.all()}
        self.types = {made.slug: made.pk for made in load_types().values()}
        self.kinds = dict(Attribute.objects.values_list("slug", "kind"))
        have = set(ProductPage.objects.values_list("slug", flat=True))
        # Oldest first, so that "newest" is the order in which they came.
        rows = sorted(read(source)["products"], key=lambda row: -row["days_old"])
        self.rows = [row for row in rows if row["slug"] not in have]
        self.offers = {variant["sku"]: variant for row in self.rows for variant in row["variants"]}

    def load(self) -> int:
        """
        Return how many products were made.

        In small chunks, because the pictures of each are drawn in one go of the relay later.
        """
        return bulk_create_products(
            parent=self.folder, drafts=self._drafts(), in_chunk=self._price_and_stock, chunk_size=10
        )

    def _drafts(self) -> Iterator[ProductDraft]:
        for row in self.rows:
            yield ProductDraft(
                title=row["title"],
                slug=row["slug"],
                summary=row["summary"],
                body=[_body_block(block) for block in row["body"]],
                brand_id=self.brands[row["brand"]],
                product_type_id=self.types[row["type"]],
                category_ids=[self.categories[slug].pk for slug in row["categories"]],
                media=[
                    MediaDraft(
                        image_id=self.media.get(image["file"], image["alt"]).pk, alt_text=image["alt"][:200]
                    )
                    for image in row["images"]
                ],
                attributes={slug: self._attribute(slug, value) for slug, value in row["attributes"].items()},
                seo_title=row["seo_title"],
                search_description=row["seo_description"],
                variants=[self._variant(variant) for variant in row["variants"]],
                first_published_at=days_ago(row["days_old"] + 0.3),
            )

    def _attribute(self, slug: str, value: Any) -> str | list[str]:
        kind = self.kinds[slug]
        if kind == Attribute.Kind.FILE:
            return str(self.media.get_document(value).pk)
        if kind == Attribute.Kind.REFERENCE:
            return str(ProductPage.objects.get(slug_key=value).pk)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value if isinstance(value, list) else str(value)

    def _variant(self, row: Mapping[str, Any]) -> VariantDraft:
        return VariantDraft(
            sku=row["sku"],
            title=row["title"],
            barcode=row["barcode"],
            weight_grams=row["weight_grams"],
            tax_class=row["tax_class"],
            image_id=self.media.get(row["image"], row["image_alt"]).pk if row["image"] else None,
            cost=Decimal(row["cost"]) if row["cost"] else None,
            attributes=row["attributes"],
        )

    def _price_and_stock(self, chunk: CreatedChunk) -> None:
        variants = [variant for variants in chunk.variants for variant in variants]
        opened, reduced = days_ago(OPENED_DAYS_AGO), days_ago(14)
        bulk_load_prices(
            # What costs as much as its parts has no price of its own.
            changes=[self._base_price(variant) for variant in variants if self._offer(variant)["price"]],
            reason="opening",
            at=opened,
            announce=False,
        )
        bulk_load_prices(
            changes=[
                PriceChange(
                    variant_id=variant.pk,
                    price_list_code=SALE_LIST,
                    amount=Decimal(self.offers[variant.sku]["price"]),
                )
                for variant in variants
                if self.offers[variant.sku]["compare_at"]
            ],
            reason="reduction",
            at=reduced,
            announce=False,
        )
        bulk_load_stock(
            warehouse=self.warehouse,
            # What is there today, and what the shop's eight weeks of orders have taken since.
            counts=[
                StockCount(
                    variant_id=variant.pk,
                    on_hand=self.offers[variant.sku]["stock"] + self.sold.get(variant.sku, 0),
                    low_stock_threshold=LOW_FROM,
                )
                for variant in variants
                # There is as much of a bundle as of its parts.
                if self._offer(variant)["stock"] is not None
            ],
            reference="OPENING",
            at=opened,
            announce=False,
        )

    def _offer(self, variant: ProductVariant) -> Mapping[str, Any]:
        return self.offers[variant.sku]

    def _base_price(self, variant: ProductVariant) -> PriceChange:
        offer = self.offers[variant.sku]
        return PriceChange(
            variant_id=variant.pk,
            price_list_code=BASE_LIST,
            amount=Decimal(offer["compare_at"] or offer["price"]),
        )


def _body_block(block: Mapping[str, str]) -> dict[str, str]:
    if block["type"] == "quote":
        return {"type": "paragraph", "value": f"<p><i>{block['text']}</i></p>"}
    return {"type": block["type"], "value": block.get("html") or block["text"]}


def load_collections(media: MediaLibrary) -> None:
    """Make the collections, by hand and in order."""
    products = {page.slug: page for page in ProductPage.objects.all()}
    for row in read("catalogue")["collections"]:
        if ProductCollection.objects.filter(slug=row["slug"]).exists():
            continue
        collection = ProductCollection(
            slug=row["slug"],
            name=row["name"],
            description=row["description"],
            image=media.get(row["image"], row["image_alt"]),
            image_alt=row["image_alt"],
            live=False,
        )
        collection.items.set(
            ProductCollectionItem(product=products[slug], sort_order=position)
            for position, slug in enumerate(row["products"])
        )
        collection.save()
        collection.save_revision().publish()
