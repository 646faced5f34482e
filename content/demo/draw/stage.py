# ruff: noqa: PLR0917 (a path is easier to read on one line)
"""What every room is built of: walls, windows, tiles and table tops."""

import random
from dataclasses import dataclass

from .forms import (
    wooden,
)
from .palette import Tones, mix
from .plants import hills
from .svg import Sheet, box, group, path, place, polygon, rect, stroke


@dataclass(frozen=True)
class Stage:
    """A setting: what lies behind and before the goods, and where they stand, lie or hang."""

    back: str
    ground: float
    lay: float = 0
    hang: float = 0
    front: str = ""
    tall: float = 0.5  # how much of the height the goods may take


def wall(sheet: Sheet, w: float, h: float, colour: str, *, evening: bool = False) -> str:
    """A limewashed wall with light from the upper left."""
    glow = 0.3 if evening else 0.6
    base = rect(0, 0, w, h, colour)
    light = rect(0, 0, w, h, sheet.radial([(0, "#fff6e2", glow), (1, "#fff6e2", 0)], cx=0.25, cy=0.15, r=0.9))
    dusk = rect(
        0,
        0,
        w,
        h,
        sheet.radial(
            [(0, "#4a2f22", 0), (0.6, "#4a2f22", 0), (1, "#4a2f22", 0.3 if evening else 0.16)],
            cx=0.4,
            cy=0.4,
            r=0.85,
        ),
    )
    return base + light + dusk


def window_light(sheet: Sheet, w: float, h: float) -> str:
    """The slanted light of a window on a wall."""
    panes = "".join(
        path(
            polygon(
                (x, y),
                (x + w * 0.14, y - h * 0.03),
                (x + w * 0.17, y + h * 0.2),
                (x + w * 0.03, y + h * 0.23),
            ),
            "#fff4d6",
        )
        for x, y in ((w * 0.36, h * 0.14), (w * 0.53, h * 0.105), (w * 0.40, h * 0.40), (w * 0.57, h * 0.365))
    )
    return group(panes, opacity=0.5, filter=sheet.blur(10))


def window(sheet: Sheet, x: float, y: float, width: float, height: float) -> str:
    """A window with a view of hills."""
    view = rect(
        x,
        y,
        width,
        height,
        sheet.linear([(0, "#dfeaec", 1), (0.6, "#f6ecd6", 1), (1, "#f3e2c2", 1)], x2=0, y2=1),
    )
    land = group(
        place(
            hills(width, height * 0.62, 70, "#b9c4ad", seed=3, bottom=height + 50)
            + hills(width, height * 0.76, 60, "#93a283", seed=5, bottom=height + 50),
            x,
            y,
        ),
        clip_path=sheet.clip(box(x, y, width, height)),
    )
    bars = "".join(
        rect(left, top, across, down, "#f4ecdf")
        for left, top, across, down in ((x + width / 2 - 8, y, 16, height), (x, y + height * 0.42, width, 12))
    )
    frame = stroke(box(x, y, width, height), "#efe5d4", 26) + stroke(
        box(x - 13, y - 13, width + 26, height + 26), "#b9a58a", 3, opacity=0.6
    )
    sill = rect(x - 40, y + height + 12, width + 80, 26, "#efe5d4") + rect(
        x - 40, y + height + 38, width + 80, 12, "#a58d70", opacity=0.35
    )
    return view + land + bars + frame + sill


def wooden_top(sheet: Sheet, w: float, h: float, y: float, tones: Tones, seed: int = 3) -> str:
    """A table top that fills the lower part of the picture, its boards running across."""
    d = box(-20, y, w + 40, h - y + 20)
    top = wooden(sheet, d, (-20, y, w + 40, h - y + 20), tones, seed=seed, step=20)
    depth = sheet.linear([(0, "#fff3da", 0.35), (0.25, "#fff3da", 0.1), (1, "#3a2217", 0.25)], x2=0, y2=1)
    boards = "".join(
        stroke(f"M0 {y + (h - y) * at:.0f}H{w}", tones.deep, 3, opacity=0.35) for at in (0.2, 0.52)
    )
    return top + boards + path(d, depth) + stroke(f"M0 {y}H{w}", tones.pale, 5, opacity=0.8)


def tiles(sheet: Sheet, w: float, h: float, colour: str, size: float = 110) -> str:
    """A wall of handmade tiles."""
    dice, tone, parts = random.Random(9), Tones(colour), []
    for row in range(int(h / size) + 1):
        for column in range(int(w / size) + 1):
            shade = mix(colour, dice.choice((tone.light, tone.dark, tone.pale)), dice.uniform(0.02, 0.2))
            parts.append(path(box(column * size + 3, row * size + 3, size - 6, size - 6, 5), shade))
    sheen = rect(0, 0, w, h, sheet.radial([(0, "#fff9ec", 0.55), (1, "#fff9ec", 0)], cx=0.25, cy=0.15, r=0.8))
    return rect(0, 0, w, h, mix(colour, "#8a7a66", 0.35)) + "".join(parts) + sheen
