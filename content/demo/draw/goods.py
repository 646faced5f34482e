"""Which drawing and which setting belongs to which product."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from . import (
    accessories,
    bedbath,
    carriers,
    ceramics,
    glass,
    light,
    metal,
    nature,
    outdoors,
    planters,
    rooms,
    textiles,
    wear,
    wood,
)
from .forms import Drawing
from .palette import DATA, PAPERS, Tones, tones
from .stage import Stage
from .svg import Sheet

Draw = Callable[[Sheet, Tones], Drawing]
SHOWN_IN_VARIANTS = ("colour", "wood", "finish", "piece")

GOODS: dict[str, tuple[Draw, Callable[..., Stage]]] = {
    "mug-luna": (ceramics.mug, rooms.shelf),
    "cup-pico": (ceramics.espresso, rooms.table),
    "cup-aster": (ceramics.handleless, rooms.shelf),
    "dripper-halo": (ceramics.dripper, rooms.table),
    "teapot-wren": (ceramics.teapot, rooms.table),
    "grinder-burl": (wood.grinder, rooms.table),
    "kettle-heron": (metal.kettle, rooms.table),
    "pot-ember": (metal.casserole, rooms.stove),
    "pan-forge": (metal.frying_pan, rooms.hook),
    "saucepan-copse": (metal.saucepan, rooms.stove),
    "board-plank": (wood.board, rooms.hook),
    "knife-sparrow": (wood.knife, rooms.table),
    "spoons-carve": (wood.spoons, rooms.table),
    "pin-barrel": (wood.rolling_pin, rooms.table),
    "plate-tide": (ceramics.plate, rooms.table),
    "bowl-tide": (ceramics.bowl, rooms.shelf),
    "bowl-harbour": (ceramics.serving_bowl, rooms.table),
    "jug-brook": (ceramics.jug, rooms.shelf),
    "glass-reed": (glass.tumbler, rooms.table),
    "carafe-still": (glass.carafe, rooms.table),
    "napkin-mill": (textiles.napkins, rooms.table),
    "cloth-mill": (textiles.tablecloth, rooms.table),
    "towel-hearth": (textiles.tea_towel, rooms.hook),
    "jar-cellar": (ceramics.jar, rooms.shelf),
    "bin-crumb": (metal.bread_bin, rooms.shelf),
    "coffee-first-light": (light.coffee_bag, rooms.shelf),
    "tea-dusk": (glass.tin, rooms.shelf),
    "honey-linden": (glass.honey_jar, rooms.table),
    "throw-tarn": (textiles.throw, rooms.sofa),
    "cushion-loom": (textiles.cushion, rooms.sofa),
    "rug-heath": (textiles.rug, rooms.floor),
    "lamp-pebble": (light.table_lamp, rooms.sideboard),
    "pendant-bell": (light.pendant, rooms.pendant_room),
    "lamp-stalk": (light.reading_lamp, rooms.desk),
    "vase-alba": (planters.vase, rooms.shelf),
    "vase-stem": (planters.bud_vases, rooms.shelf),
    "candle-vesper": (light.candles, rooms.table),
    "holder-anvil": (metal.candle_holder, rooms.sideboard),
    "duvet-dune": (bedbath.duvet, rooms.bed),
    "pillow-dune": (bedbath.pillow, rooms.bed),
    "quilt-drift": (bedbath.quilt, rooms.bed),
    "towel-rill": (bedbath.towel, rooms.bath),
    "soap-block": (bedbath.soap, rooms.bath),
    "mat-rill": (bedbath.bath_mat, rooms.bath),
    "notebook-ledger": (light.notebook, rooms.desk),
    "book-plain": (light.cookbook, rooms.shelf),
    "tray-tidy": (wood.tray, rooms.desk),
    "tent-larch": (outdoors.tent, nature.camp),
    "tarp-lee": (outdoors.tarp, nature.camp),
    "hammock-sway": (outdoors.hammock, nature.garden),
    "mug-fell": (metal.enamel_mug, nature.camp),
    "bowl-fell": (metal.enamel_bowl, nature.camp),
    "flask-cairn": (metal.flask, nature.camp),
    "lantern-glow": (outdoors.lantern, nature.camp),
    "axe-birch": (wood.axe, nature.camp),
    "chair-dell": (outdoors.chair, nature.camp),
    "trowel-robin": (wood.garden_tool("trowel"), nature.garden),
    "can-rain": (carriers.watering_can, nature.garden),
    "trug-willow": (carriers.trug, nature.garden),
    "planter-terra": (planters.planter, nature.garden),
    "planter-sill": (planters.herb_pot, rooms.shelf),
    "house-linnet": (wood.nest_box, nature.garden),
    "jumper-moor": (wear.jumper, rooms.hook),
    "cardigan-croft": (wear.cardigan, rooms.hook),
    "shirt-field": (wear.shirt, rooms.hook),
    "jacket-barn": (wear.jacket, rooms.hook),
    "apron-bench": (wear.apron, rooms.hook),
    "apron-loft": (wear.pinafore, rooms.hook),
    "beanie-cove": (accessories.beanie, rooms.hook),
    "scarf-lane": (accessories.scarf, rooms.hook),
    "socks-trail": (accessories.socks, rooms.hook),
    "mittens-frost": (accessories.mittens, rooms.hook),
    "tote-market": (carriers.tote, rooms.hook),
    "pack-way": (carriers.rucksack, rooms.hook),
}


@cache
def catalogue() -> dict[str, Any]:
    """The catalogue of the shop."""
    return json.loads((DATA / "catalogue.json").read_text(encoding="utf-8"))


@cache
def products() -> dict[str, dict[str, Any]]:
    """The products by slug."""
    return {product["slug"]: product for product in catalogue()["products"]}


@cache
def paper_of(slug: str) -> str:
    """The colour of the paper: that of the top category to which a product belongs."""
    parents = {category["slug"]: category["parent"] for category in catalogue()["categories"]}
    category = products()[slug]["categories"][0]
    while parents[category]:
        category = parents[category]
    return PAPERS[category]


@cache
def looks(slug: str) -> tuple[str, ...]:
    """The values in which a product looks different, in the order of its variants."""
    variants = products()[slug]["variants"]
    axis = next((name for name in variants[0]["attributes"] if name in SHOWN_IN_VARIANTS), None)
    return tuple(dict.fromkeys(variant["attributes"][axis] for variant in variants)) if axis else ()


def draw(sheet: Sheet, slug: str, look: str | None = None) -> Drawing:
    """Draw a product in one of its looks; without one, in the first."""
    chosen = look or next(iter(looks(slug)), None)
    if slug == "trowel-robin" and chosen:
        return wood.garden_tool(chosen)(sheet, tones(None))
    return GOODS[slug][0](sheet, tones(chosen))
