# ruff: noqa: E501 (a path is easier to read on one line)
"""Check the demo shop's data for broken references: `python -m content.demo.validate` (exit 1 on findings)."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
Json = dict[str, Any]
KINDS: dict[str, tuple[type, ...]] = {
    "number": (int, float),
    "boolean": (bool,),
    "text": (str,),
    "rich_text": (str,),
    "date": (str,),
    "file": (str,),
    "reference": (str,),
}
# As many products are made in one go; a product can lead to those of an earlier go only.
CHUNK = 10


def load(name: str) -> Any:
    """Read one of the data files."""
    return json.loads((ROOT / "data" / name).read_text(encoding="utf-8"))


def ean_is_valid(code: str) -> bool:
    """Tell whether a code is an EAN-13 of the internal-use range with a correct check digit."""
    if len(code) != 13 or not code.isdigit() or not 20 <= int(code[:2]) <= 29:
        return False
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code[:12]))
    return (10 - weighted % 10) % 10 == int(code[12])


def duplicates(what: str, values: list[str]) -> Iterator[str]:
    """Report every value that occurs more than once."""
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{what}: {value!r} occurs {times} times"


def missing_files(node: Any) -> Iterator[str]:
    """Walk any JSON and report each path of artwork or a document behind which there is no file."""
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from missing_files(child)
    elif (
        isinstance(node, str) and node.startswith(("artwork/", "documents/")) and not (ROOT / node).is_file()
    ):
        yield f"file is missing: {node}"


def check_categories(categories: list[Json]) -> Iterator[str]:
    """Parents come before their children."""
    seen: set[str] = set()
    for category in categories:
        if category["parent"] and category["parent"] not in seen:
            yield f"category {category['slug']}: parent {category['parent']!r} is unknown or comes later"
        seen.add(category["slug"])


def check_attribute(owner: str, attribute: Json | None, value: Any) -> Iterator[str]:
    """A value fits the kind of its attribute."""
    if attribute is None:
        yield f"{owner}: unknown attribute"
        return
    kind = attribute["kind"]
    if kind in ("choice", "multichoice", "swatch"):
        if isinstance(value, list) and kind != "multichoice":
            yield f"{owner}: {attribute['slug']} takes one value"
        known = {choice["slug"] for choice in attribute["values"]}
        for slug in value if isinstance(value, list) else [value]:
            if slug not in known:
                yield f"{owner}: {attribute['slug']} has no value {slug!r}"
    elif not isinstance(value, KINDS[kind]):
        yield f"{owner}: {attribute['slug']} is no {kind}: {value!r}"


def check_type(product: Json, types: dict[str, Json]) -> Iterator[str]:
    """A product has a type, and nothing that this does not list."""
    known = types.get(product["type"])
    if known is None:
        yield f"{product['slug']}: unknown type {product['type']!r}"
        return
    own = set(product["attributes"])
    for name in sorted(own - set(known["attributes"])):
        yield f"{product['slug']}: {name} is no attribute of {known['slug']}"
    for name in sorted(set(known["required"]) - own):
        yield f"{product['slug']}: lacks {name}"
    for name in sorted(set(product["variants"][0]["attributes"]) - set(known["variant_attributes"])):
        yield f"{product['slug']}: {name} is no attribute of the variants of {known['slug']}"


def check_references(products: list[Json], attributes: list[Json]) -> Iterator[str]:
    """Products lead to others that are made before them."""
    ages = sorted(products, key=lambda row: -row["days_old"])
    order = {product["slug"]: number for number, product in enumerate(ages)}
    leading = {attribute["slug"] for attribute in attributes if attribute["kind"] == "reference"}
    for product in products:
        for name in leading & set(product["attributes"]):
            target = product["attributes"][name]
            if target not in order or order[product["slug"]] - order[target] < CHUNK:
                yield f"{product['slug']}: {name} leads to {target!r}, which is unknown or made too late"


def check_variant(variant: Json, tax_codes: set[str]) -> Iterator[str]:
    """Barcode, prices, stock and tax class of one variant."""
    sku = variant["sku"]
    if not ean_is_valid(variant["barcode"]):
        yield f"{sku}: bad barcode {variant['barcode']}"
    price, cost = Decimal(variant["price"]), Decimal(variant["cost"])
    if not 0 < cost < price:
        yield f"{sku}: cost {cost} is not between nought and the price {price}"
    if variant["compare_at"] and Decimal(variant["compare_at"]) <= price:
        yield f"{sku}: compare-at is not above the price"
    if variant["stock"] < 0 or variant["weight_grams"] <= 0:
        yield f"{sku}: stock or weight out of range"
    if variant["tax_class"] not in tax_codes:
        yield f"{sku}: unknown tax class {variant['tax_class']!r}"


def check_product(product: Json, catalogue: Json) -> Iterator[str]:
    """References, images and variants of one product."""
    slug = product["slug"]
    attributes = {attribute["slug"]: attribute for attribute in catalogue["attributes"]}
    parents = {category["parent"] for category in catalogue["categories"]}
    known = {category["slug"] for category in catalogue["categories"]}
    if product["brand"] not in {brand["slug"] for brand in catalogue["brands"]}:
        yield f"{slug}: unknown brand {product['brand']!r}"
    for category in product["categories"]:
        if category not in known or category in parents:
            yield f"{slug}: {category!r} is no leaf category"
    for name, value in product["attributes"].items():
        yield from check_attribute(slug, attributes.get(name), value)
        if name in attributes and attributes[name]["makes_variants"]:
            yield f"{slug}: {name} makes variants, so it belongs on the variants"
    if not 2 <= len(product["images"]) <= 4:
        yield f"{slug}: {len(product['images'])} images"
    yield from check_variants(product, attributes, {tax["code"] for tax in catalogue["tax_classes"]})


def check_variants(product: Json, attributes: dict[str, Json], tax_codes: set[str]) -> Iterator[str]:
    """The variants of a product share their axes and differ in their values."""
    variants = product["variants"]
    if not 3 <= len(variants) <= 8:
        yield f"{product['slug']}: {len(variants)} variants"
    axes = set(variants[0]["attributes"])
    for variant in variants:
        if set(variant["attributes"]) != axes:
            yield f"{variant['sku']}: has {sorted(variant['attributes'])}, its siblings {sorted(axes)}"
        for name, value in variant["attributes"].items():
            yield from check_attribute(variant["sku"], attributes.get(name), value)
            if name in attributes and not attributes[name]["makes_variants"]:
                yield f"{variant['sku']}: {name} does not make variants"
        yield from check_variant(variant, tax_codes)
    combinations = [json.dumps(variant["attributes"], sort_keys=True) for variant in variants]
    yield from duplicates(f"{product['slug']}: combination", combinations)


def check_sets(sets: Json, catalogue: Json) -> Iterator[str]:
    """Sets are made of variants of the catalogue, and everything named there is in one of the two files."""
    both = {
        kind: {row["slug"]: row for file in (catalogue, sets) for row in file.get(kind, [])}
        for kind in ("categories", "attributes", "product_types", "products", "brands")
    }
    single = {variant["sku"] for product in catalogue["products"] for variant in product["variants"]}
    for product in sets["products"]:
        for kind, slugs in (("categories", product["categories"]), ("brands", [product["brand"]])):
            yield from (f"{product['slug']}: unknown {slug!r}" for slug in slugs if slug not in both[kind])
        yield from check_type(product, both["product_types"])
        for variant in product["variants"]:
            for name, value in variant["attributes"].items():
                yield from check_attribute(variant["sku"], both["attributes"].get(name), value)
            for sku, quantity in variant["parts"]:
                if sku not in single or quantity < 1:
                    yield f"{variant['sku']}: {quantity} of {sku!r} cannot be a part"
            if not variant["price"] and not variant["priced_by_parts"]:
                yield f"{variant['sku']}: has no price"
    for slug, others in sets["goes_with"].items():
        unknown = [one for one in (slug, *others) if one not in both["products"]]
        yield from (f"goes with: unknown product {one!r}" for one in unknown)


def references(node: Any) -> Iterator[tuple[str, str]]:
    """Yield (kind, slug) for every reference inside the editorial content."""
    if isinstance(node, list):
        for child in node:
            yield from references(child)
    elif isinstance(node, dict):
        for key, value in node.items():
            kind = key.removeprefix("link_")
            if kind in ("category", "page") and isinstance(value, str):
                yield kind, value
            elif key == "products":
                yield from (("product", slug) for slug in value)
            elif key == "categories":
                yield from (("category", slug) for slug in value)
            else:
                yield from references(value)


def check_content(content: Json, known: dict[str, set[str]]) -> Iterator[str]:
    """Every link of the pages and menus leads somewhere."""
    for kind, slug in references(content):
        if slug not in known[kind]:
            yield f"content: unknown {kind} {slug!r}"


def check_reviews(reviews: list[Json], products: set[str]) -> Iterator[str]:
    """Reviews belong to a product and keep to the scale and the eight weeks."""
    for review in reviews:
        if review["product"] not in products:
            yield f"review: unknown product {review['product']!r}"
        if not 1 <= review["rating"] <= 5 or not 0 <= review["days_ago"] <= 56 or not review["text"]:
            yield f"review of {review['product']}: rating, age or text out of range"


def findings() -> Iterator[str]:
    """Every finding in all files, one line each."""
    catalogue, content = load("catalogue.json"), load("content.json")
    people, reviews, sets = load("people.json"), load("reviews.json"), load("sets.json")
    products = {product["slug"] for product in catalogue["products"]}
    pages = {page["slug"] for page in content["landing_pages"] + content["articles"]}
    known = {"product": products, "category": {row["slug"] for row in catalogue["categories"]}, "page": pages}

    for group in ("brands", "categories", "attributes", "product_types", "products", "collections"):
        yield from duplicates(f"{group} slug", [row["slug"] for row in catalogue[group]])
    yield from check_categories(catalogue["categories"])
    types = {row["slug"]: row for row in catalogue["product_types"]}
    for product in catalogue["products"]:
        yield from check_product(product, catalogue)
        yield from check_type(product, types)
    yield from check_references(catalogue["products"], catalogue["attributes"])
    yield from check_sets(sets, catalogue)
    sold = catalogue["products"] + sets["products"]
    variants = [variant for product in sold for variant in product["variants"]]
    yield from duplicates("SKU", [variant["sku"].casefold() for variant in variants])
    yield from duplicates("barcode", [variant["barcode"] for variant in variants if variant["barcode"]])
    for collection in catalogue["collections"]:
        for slug in collection["products"]:
            if slug not in products:
                yield f"collection {collection['slug']}: unknown product {slug!r}"
    yield from check_content(content, known)
    yield from check_reviews(reviews, products)
    yield from duplicates("e-mail", [person["email"] for person in people])
    yield from sorted(set(missing_files([catalogue, content, sets])))


def main() -> int:
    """Print the findings and return the exit status."""
    lines = list(findings())
    for line in lines:
        print(line)
    print(f"{len(lines)} findings")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
