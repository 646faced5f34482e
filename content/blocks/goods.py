"""Blocks that lead into the catalogue."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from content.blocks import samples
from content.blocks.base import LAYOUTS, LinkBlock, SectionBlock

SORTS = [
    ("newest", "Newest first"),
    ("popularity", "Best sellers first"),
    ("rating", "Best rated first"),
    ("price", "Cheapest first"),
    ("-price", "Dearest first"),
    ("name", "By name"),
]


class ProductGridBlock(SectionBlock):
    """Products picked by hand."""

    heading = blocks.CharBlock(max_length=90, help_text="Example: “Made to last”.")
    text = blocks.TextBlock(max_length=200, required=False)
    products = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="catalogue.ProductPage"),
        min_num=1,
        max_num=12,
        help_text="In the order in which they are shown. A product that is not live is left out by itself.",
    )
    link = LinkBlock(required=False, help_text="Example: “All lamps”.")
    layout = blocks.ChoiceBlock(choices=LAYOUTS, default="grid")

    def get_preview_value(self) -> Any:
        """The newest products of the shop."""
        return self.to_python(
            {"heading": "Made to last", "products": samples.some_products(4), "layout": "grid"}
        )

    class Meta:
        icon = "grip"
        label = "Products by hand"
        group = "Shop"
        section = "product_grid"
        template = "content/sections/product_grid.html"
        description = "Products chosen by hand, with live prices and stock."


class CategoryTileBlock(blocks.StructBlock):
    """A picture link to one category."""

    category = SnippetChooserBlock("catalogue.Category")
    image = ImageChooserBlock(required=False, help_text="Left empty, the category's own picture is shown.")
    label = blocks.CharBlock(
        max_length=60, required=False, help_text="Left empty, the category's name is shown."
    )

    class Meta:
        icon = "folder-open-inverse"
        label = "Category"


class CategoryTilesBlock(SectionBlock):
    """Picture links to parts of the catalogue."""

    heading = blocks.CharBlock(max_length=90, required=False)
    tiles = blocks.ListBlock(CategoryTileBlock(), min_num=1, max_num=8)

    def get_preview_value(self) -> Any:
        """The first shelves of the shop."""
        tiles = [{"category": key} for key in samples.some_categories(3)]
        return self.to_python({"heading": "Find your shelf", "tiles": tiles})

    class Meta:
        icon = "folder-open-inverse"
        label = "Category tiles"
        group = "Shop"
        section = "category_tiles"
        template = "content/sections/category_tiles.html"
        description = "Large picture links into parts of the catalogue."


class ProductListBlock(SectionBlock):
    """Products by what they have in common; the list keeps itself."""

    heading = blocks.CharBlock(max_length=90, help_text="Example: “New this week”.")
    text = blocks.TextBlock(max_length=200, required=False)
    collection = SnippetChooserBlock(
        "catalogue.ProductCollection", required=False, help_text="Products of this collection, in its order."
    )
    category = SnippetChooserBlock(
        "catalogue.Category", required=False, help_text="And, or only: products in this category or below it."
    )
    on_sale = blocks.BooleanBlock(required=False, label="Only reduced ones")
    in_stock = blocks.BooleanBlock(required=False, label="Only what is in stock")
    sort = blocks.ChoiceBlock(
        choices=SORTS, required=False, help_text="Left empty: the collection's own order, or newest first."
    )
    limit = blocks.IntegerBlock(default=8, min_value=1, max_value=12, label="How many at most")
    link = LinkBlock(required=False, help_text="Example: “See all”.")
    layout = blocks.ChoiceBlock(choices=LAYOUTS, default="grid")

    class Meta:
        icon = "list-ul"
        label = "Products by rule"
        group = "Shop"
        section = "product_list"
        template = "content/sections/product_list.html"
        description = "Products of a collection or category, new, reduced or popular ones: it keeps itself."
        preview_value = {"heading": "New this week", "sort": "newest", "limit": 4, "layout": "grid"}


class HotSpotBlock(blocks.StructBlock):
    """A place on a picture where a product is seen."""

    product = blocks.PageChooserBlock(page_type="catalogue.ProductPage")
    x = blocks.IntegerBlock(
        min_value=0,
        max_value=100,
        default=50,
        label="From the left, in percent",
        help_text="0 is the left edge.",
    )
    y = blocks.IntegerBlock(
        min_value=0,
        max_value=100,
        default=50,
        label="From the top, in percent",
        help_text="0 is the upper edge.",
    )

    class Meta:
        icon = "crosshairs"
        label = "Hot spot"
        form_classname = "struct-block hot-spot"


class HotSpotsBlock(SectionBlock):
    """A picture to shop from."""

    heading = blocks.CharBlock(max_length=90, required=False, help_text="Example: “Shop the room”.")
    text = blocks.TextBlock(max_length=200, required=False)
    image = ImageChooserBlock(help_text="A scene with several of your goods, 1600 pixels wide or more.")
    spots = blocks.ListBlock(
        HotSpotBlock(),
        min_num=1,
        max_num=10,
        help_text="The preview shows where each spot lies. A product that is not live is left out by itself.",
    )

    class Meta:
        icon = "crosshairs"
        label = "Picture to shop from"
        group = "Shop"
        section = "hot_spots"
        template = "content/sections/hot_spots.html"
        description = "A picture with spots that lead to the products seen on it."

    def get_preview_value(self) -> Any:
        """A picture of the shop with two of its products on it."""
        places = [(32, 40), (68, 62)]
        spots = [
            {"product": key, "x": x, "y": y}
            for key, (x, y) in zip(samples.some_products(2), places, strict=False)
        ]
        return self.to_python({"heading": "Shop the room", "image": samples.a_picture(), "spots": spots})

    def clean(self, value: Any) -> Any:
        """Refuse two spots on one place: the upper one would hide the other."""
        cleaned = super().clean(value)
        places = [(spot["x"], spot["y"]) for spot in cleaned["spots"]]
        if len(set(places)) < len(places):
            raise blocks.StructBlockValidationError(
                block_errors={"spots": ValidationError("Two spots lie on the same place: move one of them.")}
            )
        return cleaned
