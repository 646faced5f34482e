"""The wide pictures: categories, collections and the scenes of the editorial pages."""

from .nature import camp, camp_with_fire, garden
from .rooms import bath, bed, desk, hook, shelf, sideboard, sofa, stove, table

Cast = tuple[tuple[str, str | None], ...]


def _cast(line: str) -> Cast:
    """Read `slug:look slug …`."""
    pairs = (word.partition(":") for word in line.split())
    return tuple((slug, look or None) for slug, _, look in pairs)


ON_LOG = {"category-camp-kitchen"}

PICTURES = {
    "category-kitchen": (stove, "jug-brook:sky pot-ember:rust bin-crumb:oat"),
    "category-coffee-tea": (table, "mug-luna:sand teapot-wren:moss dripper-halo:chalk mug-luna:ink"),
    "category-mugs": (shelf, "mug-luna:moss cup-aster:clay cup-pico:rose mug-fell:sky"),
    "category-brewing": (table, "dripper-halo:sand kettle-heron:matt-black grinder-burl:oak"),
    "category-cooking": (stove, "pot-ember:pine saucepan-copse:raw-brass"),
    "category-pots-pans": (stove, "saucepan-copse:brushed-steel pot-ember:charcoal"),
    "category-boards-knives": (hook, "board-plank:oak spoons-carve:cherry board-plank:walnut"),
    "category-plates-bowls": (shelf, "bowl-tide:fog plate-tide:chalk bowl-tide:moss"),
    "category-jugs-glasses": (table, "jug-brook:clay carafe-still:clear glass-reed:amber glass-reed:smoke"),
    "category-table-linen": (table, "napkin-mill:rust cloth-mill:sage napkin-mill:ochre"),
    "category-table": (table, "plate-tide:chalk jug-brook:chalk napkin-mill:sage"),
    "category-pantry": (shelf, "jar-cellar:moss bin-crumb:sage coffee-first-light jar-cellar:chalk"),
    "category-storage": (shelf, "jar-cellar:chalk bin-crumb:charcoal jar-cellar:moss"),
    "category-provisions": (shelf, "coffee-first-light tea-dusk honey-linden"),
    "category-home": (sideboard, "vase-alba:chalk lamp-pebble:clay holder-anvil:raw-brass"),
    "category-living": (sofa, "cushion-loom:ochre throw-tarn:moss cushion-loom:chalk"),
    "category-throws-cushions": (sofa, "cushion-loom:sage throw-tarn:rust cushion-loom:plum"),
    "category-lamps": (sideboard, "lamp-stalk:raw-brass lamp-pebble:pine"),
    "category-vases-candles": (sideboard, "vase-stem:sage vase-alba:slate holder-anvil:matt-black"),
    "category-bed-bath": (bed, "pillow-dune:sky quilt-drift:oat pillow-dune:chalk"),
    "category-bed-linen": (bed, "pillow-dune:plum duvet-dune:sand pillow-dune:sand"),
    "category-towels-bath": (bath, "towel-rill:sage towel-rill:clay towel-rill:slate"),
    "category-study": (desk, "lamp-stalk:matt-black book-plain"),
    "category-desk": (desk, "book-plain lamp-stalk:brushed-steel"),
    "category-outdoors": (camp, "chair-dell:rust tent-larch:oat lantern-glow:pine"),
    "category-camp": (camp, "tent-larch:moss chair-dell:oat"),
    "category-shelter": (camp, "tent-larch:oat tarp-lee:moss"),
    "category-camp-kitchen": (camp, "mug-fell:rust flask-cairn:pine bowl-fell:chalk mug-fell:sky"),
    "category-light-fire": (camp_with_fire, "lantern-glow:rust chair-dell:moss"),
    "category-garden": (garden, "planter-terra:terracotta can-rain:sage trug-willow"),
    "category-garden-tools": (garden, "can-rain:rust trug-willow"),
    "category-planters": (garden, "planter-terra:terracotta planter-sill:ink planter-terra:chalk"),
    "category-wear": (hook, "jumper-moor:oat pack-way:moss scarf-lane:rust"),
    "category-clothing": (hook, "jacket-barn:slate shirt-field:chalk jumper-moor:ink"),
    "category-knitwear": (hook, "jumper-moor:oat cardigan-croft:plum"),
    "category-shirts-jackets": (hook, "shirt-field:sky jacket-barn:rust"),
    "category-aprons": (hook, "apron-bench:ink apron-loft:oat"),
    "category-accessories": (hook, "scarf-lane:pine beanie-cove:ochre tote-market:rust"),
    "category-hats-scarves": (hook, "scarf-lane:rust beanie-cove:moss scarf-lane:fog"),
    "category-socks-gloves": (hook, "socks-trail:oat mittens-frost:ink socks-trail:pine"),
    "category-bags": (hook, "tote-market:ink pack-way:charcoal tote-market:natural"),
    "collection-new-in": (shelf, "vase-stem:rose kettle-heron:raw-brass jar-cellar:moss"),
    "collection-gifts-under-50": (sideboard, "holder-anvil:raw-brass vase-stem:ink tea-dusk"),
    "collection-slow-breakfast": (table, "mug-luna:sand teapot-wren:ink honey-linden"),
    "collection-night-outside": (camp, "lantern-glow:rust tent-larch:rust"),
    "collection-made-to-be-mended": (hook, "jacket-barn:slate pack-way:ochre apron-bench:moss"),
    "collection-last-call": (stove, "bowl-harbour:ink teapot-wren:sand bin-crumb:sage"),
    "scene-hero": (table, "jug-brook:chalk teapot-wren:moss mug-luna:sand mug-luna:chalk"),
    "scene-kiln": (shelf, "mug-luna:moss bowl-tide:chalk vase-alba:clay cup-aster:slate mug-luna:sand"),
    "scene-loom": (sideboard, "throw-tarn:oat lamp-pebble:chalk napkin-mill:rust"),
    "scene-camp": (camp_with_fire, "lantern-glow:pine tent-larch:oat chair-dell:moss"),
    "scene-table": (table, "plate-tide:fog carafe-still:clear glass-reed:clear napkin-mill:rust"),
    "scene-bench": (hook, "apron-bench:ink board-plank:oak pan-forge pack-way:moss"),
    "scene-pan": (hook, "spoons-carve:beech pan-forge towel-hearth:rust"),
    "scene-linen": (bed, "pillow-dune:chalk duvet-dune:sky quilt-drift:sage"),
    "scene-brew": (table, "dripper-halo:chalk kettle-heron:brushed-steel grinder-burl:walnut"),
}

WIDE_PICTURES = {name: (kind, _cast(line)) for name, (kind, line) in PICTURES.items()}
