"""Colours: the tones of a material, the papers behind the goods, the light from the upper left."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
LIGHT, SHADOW = "#fff6e6", "#2a1a16"
PAPERS = {"kitchen": "#ecdfcb", "home": "#e9d8cb", "outdoors": "#e0ddc8", "wear": "#dfdbd2"}


def mix(one: str, other: str, share: float) -> str:
    """Blend two colours; `share` is that of the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


@dataclass(frozen=True)
class Tones:
    """One colour in the light: from the brightest to the deepest."""

    base: str

    @property
    def pale(self) -> str:
        return mix(self.base, LIGHT, 0.55)

    @property
    def light(self) -> str:
        return mix(self.base, LIGHT, 0.28)

    @property
    def dark(self) -> str:
        return mix(self.base, SHADOW, 0.24)

    @property
    def deep(self) -> str:
        return mix(self.base, SHADOW, 0.46)

    @property
    def is_dark(self) -> bool:
        return sum(_channels(self.base)) < 300


CLAY = Tones("#b98a63")
OAK = Tones("#c9a26b")
ASH = Tones("#dfc59a")
BEECH = Tones("#d6b083")
WALNUT = Tones("#7a5439")
STEEL = Tones("#b4b8ba")
IRON = Tones("#3c3a3a")
BRASS = Tones("#c2994f")
LEATHER = Tones("#9a6238")
LINEN = Tones("#e6dac4")
CHALK = Tones("#efeae0")
LEAF = Tones("#6d7f56")
WICK = Tones("#f2c469")


@cache
def swatches() -> dict[str, str]:
    """Every colour, wood and finish of the catalogue by its slug."""
    attributes = json.loads((DATA / "catalogue.json").read_text(encoding="utf-8"))["attributes"]
    return {
        value["slug"]: value["swatch"] for row in attributes for value in row["values"] if "swatch" in value
    }


def tones(name: str | None) -> Tones:
    """The tones of a catalogue value; without one, of oat."""
    return Tones(swatches().get(name or "oat", swatches()["oat"]).lower())
