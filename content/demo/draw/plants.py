# ruff: noqa: E501 (a path is easier to read on one line)
"""Leaves, stems and trees: the living things in and around the goods."""

import math
import random

from .palette import LEAF, Tones
from .svg import ellipse, group, path, place, polygon, smooth, stroke

LEAF_SHAPE = "M0 0C18 -22 20 -58 0 -92C-20 -58 -18 -22 0 0Z"
DRY = Tones("#b08d5b")
OLIVE = Tones("#7d8460")


def leaf(x: float, y: float, turn: float, scale: float, tones: Tones) -> str:
    """A leaf, dark on one half, with a vein."""
    half = path("M0 0C18 -22 20 -58 0 -92Z", tones.dark, opacity=0.55)
    return place(
        path(LEAF_SHAPE, tones.base) + half + stroke("M0 0V-78", tones.light, 2, opacity=0.6),
        x,
        y,
        scale,
        turn,
    )


def twig(height: float, lean: float, tones: Tones, *, leaves: int = 9, size: float = 0.8) -> str:
    """A twig with leaves on both sides, rooted at the origin."""
    parts = [
        stroke(
            f"M0 0C{lean * 0.2:.0f} {-height * 0.4:.0f} {lean * 0.6:.0f} {-height * 0.75:.0f} {lean} {-height}",
            tones.deep,
            5,
        )
    ]
    for at in range(1, leaves + 1):
        share = at / (leaves + 0.3)
        x, y = lean * share**1.6, -height * (0.22 + 0.78 * share)
        side = 1 if at % 2 else -1
        parts.append(leaf(x, y, side * (62 - 24 * share) + lean * 0.1, size * (1.1 - 0.4 * share), tones))
    parts.append(leaf(lean, -height, lean * 0.15, size * 0.7, tones))
    return "".join(parts)


def _awn(x: float, y: float, turn: float, colour: str) -> str:
    return ellipse(0, -13, 5.5, 15, colour, transform=f"translate({x:.0f} {y:.0f}) rotate({turn:.0f})")


def grass_plume(height: float, lean: float, tones: Tones) -> str:
    """A dried grass with a soft plume."""
    parts = [stroke(f"M0 0Q{lean * 0.1:.0f} {-height * 0.6:.0f} {lean} {-height}", tones.dark, 4)]
    for at in range(16):
        share = 0.62 + 0.38 * at / 15
        x, y = lean * share**2, -height * share
        parts.extend(
            _awn(x, y, side * 34 + lean * 0.15, colour)
            for side, colour in ((-1, tones.light), (1, tones.base))
        )
    return "".join(parts)


def dried_stems(y: float) -> str:
    """Three dried stems that stand in a vase whose mouth is at y."""
    stems = (
        grass_plume(330, -110, DRY) + grass_plume(380, 26, DRY) + twig(300, 130, OLIVE, leaves=8, size=0.62)
    )
    return place(stems, 0, y + 20)


def stem(kind: int, y: float) -> str:
    """A single stem for a bud vase."""
    drawings = (grass_plume(300, -46, DRY), poppy(), twig(270, 60, OLIVE, leaves=7, size=0.55))
    return place(drawings[kind], 0, y + 14)


def poppy() -> str:
    """A round flower on a curved stem."""
    petals = group(
        *(
            ellipse(0, -26, 22, 30, "#c8744f" if at % 2 else "#d98a63", transform=f"rotate({at * 60})")
            for at in range(6)
        )
    )
    bloom = petals + ellipse(0, 0, 14, 14, "#6b3a2a") + ellipse(-4, -4, 5, 5, "#e0b46a")
    return (
        stroke("M0 0C6 -80 30 -130 24 -200", LEAF.dark, 5)
        + leaf(8, -60, 58, 0.55, LEAF)
        + place(bloom, 24, -212)
    )


def herb(y: float) -> str:
    """A bushy sage that grows out of a planter."""
    sage = Tones("#8a9a76")
    dice = random.Random(8)
    twigs = (
        (-150, 230),
        (140, 240),
        (-90, 300),
        (90, 310),
        (-30, 340),
        (40, 330),
        (-190, 150),
        (190, 160),
        (0, 250),
    )
    return group(
        *(
            place(
                twig(height, lean, sage if dice.random() < 0.6 else LEAF, leaves=8, size=0.72),
                lean * 0.35,
                y + 6,
            )
            for lean, height in twigs
        )
    )


def basil(y: float) -> str:
    """A pot of basil with round leaves."""
    fresh = Tones("#6f8f4e")
    dice = random.Random(4)
    stems = "".join(
        stroke(f"M{x * 0.3:.0f} {y}Q{x * 0.5:.0f} {y - 90} {x} {y - 170}", fresh.dark, 5)
        for x in (-110, -40, 30, 110)
    )
    tufts = []
    for x, up in (
        (-130, 120),
        (130, 130),
        (-70, 180),
        (80, 190),
        (0, 230),
        (-30, 130),
        (50, 110),
        (-150, 180),
        (150, 200),
        (0, 160),
    ):
        turns = (-100, 100, -48, 48, 0)
        tufts.append(
            place(
                "".join(
                    leaf(0, 0, turn, dice.uniform(0.75, 1), fresh if turn < 40 else LEAF) for turn in turns
                ),
                x,
                y - up,
            )
        )
    return stems + "".join(tufts)


def fir(height: float, tone: str) -> str:
    """A fir tree in silhouette, its foot at the origin."""
    dice = random.Random(int(height))
    left, right = [], []
    tiers = 9
    for at in range(tiers):
        y = -height + height * 0.92 * (at + 1) / tiers
        reach = height * 0.2 * (at + 1) / tiers * dice.uniform(0.85, 1.1)
        left += [(-reach, y), (-reach * 0.45, y - height * 0.012)]
        right += [(reach * 1.02, y), (reach * 0.48, y - height * 0.012)]
    trunk = polygon(
        (-height * 0.02, -height * 0.09),
        (height * 0.02, -height * 0.09),
        (height * 0.02, 0),
        (-height * 0.02, 0),
    )
    return path(polygon((0, -height), *right, *reversed(left)), tone) + path(trunk, tone)


def tall_grass(width: float, height: float, tones: Tones, *, seed: int = 2, step: float = 15) -> str:
    """A strip of meadow grass from the origin to the right."""
    dice = random.Random(seed)
    blades, x = [], 0.0
    while x < width:
        tall, lean = height * dice.uniform(0.45, 1), dice.uniform(-26, 34)
        colour = dice.choice((tones.base, tones.light, tones.dark))
        blades.append(
            path(
                f"M{x:.0f} 0Q{x + lean * 0.2:.0f} {-tall * 0.6:.0f} {x + lean:.0f} {-tall:.0f}Q{x + 6 + lean * 0.3:.0f} {-tall * 0.5:.0f} {x + 8:.0f} 0Z",
                colour,
            )
        )
        if dice.random() < 0.12:
            blades.append(place(grass_plume(tall * 1.15, lean, DRY), x, 0))
        x += dice.uniform(0.4, 1.2) * step
    return "".join(blades)


def hills(width: float, y: float, rise: float, colour: str, *, seed: int = 1, bottom: float = 1200) -> str:
    """A ridge of hills across the picture."""
    dice = random.Random(seed)
    count = 7
    points = [
        (width * at / count - 40, y - rise * (0.5 + 0.5 * math.sin(at * 1.7 + seed)) * dice.uniform(0.6, 1))
        for at in range(count + 2)
    ]
    return path(smooth(points) + f"L{width + 80} {bottom}L-60 {bottom}Z", colour)
