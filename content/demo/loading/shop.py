"""The steps that make the demo shop, in their order."""

from __future__ import annotations

from collections.abc import Callable

from content.demo.loading import (
    catalogue,
    commerce,
    editorial,
    history,
    people,
    pictures,
    plan,
    promotions,
    scale,
    sets,
)
from content.demo.loading.media import MediaLibrary


def load_demo_shop(*, products: int | None, say: Callable[[str], None]) -> None:
    """Make what is missing of the demo shop, and fill up to ``products`` products with generated goods."""
    say("people, settings, taxes and shipping")
    people.load_users()
    site, home, folder = editorial.load_site()
    commerce.load_settings(site)
    commerce.load_tax()
    commerce.load_shipping()
    commerce.load_price_lists()
    promotions.load_promotions()
    warehouse = commerce.load_warehouse()

    say("categories and attributes")
    media = MediaLibrary()
    catalogue.load_vocabulary()
    categories = catalogue.load_categories(media)

    trade = plan.plan_orders()
    loader = catalogue.ProductLoader(
        folder=folder, warehouse=warehouse, categories=categories, media=media, sold=trade.sold
    )
    say(f"{len(loader.rows)} products with pictures, variants, prices and stock")
    loader.load()
    say("sets, gift cards and files")
    sets.load_sets(
        catalogue.ProductLoader(
            folder=folder,
            warehouse=warehouse,
            categories=categories,
            media=media,
            sold=trade.sold,
            source="sets",
        )
    )
    catalogue.load_collections(media)

    say("pages and menus")
    editor = editorial.load_pages(home, media)
    editorial.load_menus(editor)

    say("eight weeks of orders, carts and reviews")
    history.load_history(trade)

    if products is not None:
        say(f"generated goods, up to {products} products")
        scale.load_generated(
            home=home,
            warehouse=warehouse,
            products=products,
            progress=lambda done: say(f"  {done} made"),
        )
    say("pictures in the sizes of the storefront")
    pictures.render_list_pictures()
