# ruff: noqa: E501 (a path is easier to read on one line)
"""The settings outdoors: a camp at dusk and a garden."""

from . import props
from .forms import face_fill
from .palette import ASH, Tones
from .plants import fir, hills, tall_grass, twig
from .stage import Stage
from .svg import Sheet, box, ellipse, group, path, place, rect, stroke

MEADOW = Tones("#8a8f5c")


def camp(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A meadow below hills and fir trees, at dusk."""
    sky = rect(
        0,
        0,
        w,
        h,
        sheet.linear(
            [(0, "#8fa3ad", 1), (0.3, "#d7c3a8", 1), (0.52, "#f0c48d", 1), (0.62, "#eab27a", 1)], x2=0, y2=1
        ),
    )
    sun = ellipse(
        w * 0.7,
        h * 0.5,
        h * 0.34,
        h * 0.34,
        sheet.radial([(0, "#fff0c4", 0.9), (0.25, "#ffe0a0", 0.5), (1, "#ffd79a", 0)]),
    ) + ellipse(w * 0.7, h * 0.47, h * 0.055, h * 0.055, "#fff3d2")
    far = hills(w, h * 0.55, h * 0.14, "#b39a8d", seed=2, bottom=h) + hills(
        w, h * 0.6, h * 0.1, "#8c8a7b", seed=4, bottom=h
    )
    spots = (
        (0.02, 0.3),
        (0.08, 0.38),
        (0.15, 0.26),
        (0.84, 0.3),
        (0.9, 0.4),
        (0.97, 0.32),
        (0.22, 0.18),
        (0.78, 0.2),
    )
    trees = "".join(
        place(fir(h * tall, "#4d5a4b" if at % 2 else "#58665a"), w * x, h * 0.68)
        for at, (x, tall) in enumerate(spots)
    )
    mist = rect(
        0,
        h * 0.56,
        w,
        h * 0.14,
        sheet.linear([(0, "#f3d9b0", 0), (0.6, "#f3d9b0", 0.5), (1, "#f3d9b0", 0)], x2=0, y2=1),
    )
    meadow = path(
        f"M0 {h * 0.68}C{w * 0.3} {h * 0.64} {w * 0.7} {h * 0.7} {w} {h * 0.66}V{h}H0Z",
        sheet.linear([(0, "#b7ab6c", 1), (0.4, MEADOW.base, 1), (1, "#5d6644", 1)], x2=0.15, y2=1),
    )
    tufts = "".join(
        place(tall_grass(w * 0.12, 40, MEADOW, seed=at, step=13), w * x, h * y)
        for at, (x, y) in enumerate(
            ((0.05, 0.76), (0.3, 0.73), (0.66, 0.74), (0.86, 0.79), (0.12, 0.9), (0.74, 0.91))
        )
    )
    fringe = place(tall_grass(w + 40, h * 0.09, Tones("#6b7049"), seed=12, step=12), -20, h + 10)
    return Stage(
        sky + sun + far + mist + trees + meadow + tufts,
        ground=h * 0.84,
        lay=h * 0.84,
        front=fringe if props_ else "",
        tall=0.5,
    )


def garden(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A weathered fence with tall grasses behind a gravel path."""
    sky = rect(0, 0, w, h, sheet.linear([(0, "#dde6dd", 1), (0.6, "#f4ead2", 1)], x2=0, y2=1))
    bushes = hills(w, h * 0.34, h * 0.2, "#9aa984", seed=6, bottom=h) + hills(
        w, h * 0.42, h * 0.16, "#7f916c", seed=9, bottom=h
    )
    pales = []
    for at, x in enumerate(range(-10, int(w) + 90, 92)):
        tone = Tones(("#b9ab93", "#ad9f88", "#c2b59e")[at % 3])
        d = f"M{x} {h * 0.8}V{h * 0.24 + (at * 29 % 17)}L{x + 38} {h * 0.2 + (at * 29 % 17)}L{x + 76} {h * 0.24 + (at * 29 % 17)}V{h * 0.8}Z"
        pales.append(
            path(d, face_fill(sheet, tone))
            + stroke(
                f"M{x + 20} {h * 0.3}V{h * 0.78}M{x + 52} {h * 0.27}V{h * 0.74}", tone.deep, 2.4, opacity=0.3
            )
        )
    rails = "".join(
        rect(0, h * y + 26, w, 16, "#3a2217", opacity=0.15)
        + path(box(-10, h * y, w + 20, 30), ASH.dark, opacity=0.85)
        for y in (0.34, 0.66)
    )
    ground = rect(
        0,
        h * 0.78,
        w,
        h * 0.22,
        sheet.linear([(0, "#8f8a62", 1), (0.25, "#c9b793", 1), (1, "#dccaa8", 1)], x2=0, y2=1),
    )
    back_grass = place(tall_grass(w + 40, h * 0.12, Tones("#7d8f5c"), seed=5, step=10), -20, h * 0.81)
    climbing = (
        group(
            *(
                place(twig(h * 0.36, lean, Tones("#6d7f56"), leaves=11, size=0.8), w * x, h * 0.8)
                for x, lean in ((0.05, 40), (0.11, -30), (0.93, -40), (0.97, 24))
            )
        )
        if props_
        else ""
    )
    pebbles = "".join(
        ellipse(
            w * ((at * 0.137) % 1),
            h * (0.86 + (at * 0.053) % 0.13),
            9 + at % 5,
            5 + at % 3,
            "#a8977a",
            opacity=0.4,
        )
        for at in range(46)
    )
    return Stage(
        sky + bushes + "".join(pales) + rails + climbing + ground + back_grass + pebbles,
        ground=h * 0.88,
        lay=h * 0.9,
        hang=h * 0.24,
        tall=0.56,
    )


def camp_with_fire(sheet: Sheet, w: float, h: float) -> Stage:
    """The camp with a fire burning on the left."""
    stage = camp(sheet, w, h)
    glow = ellipse(w * 0.24, h * 0.82, h * 0.3, h * 0.2, "#ffb35c", opacity=0.35, filter=sheet.blur(40))
    return Stage(
        stage.back + glow + place(props.fire(), w * 0.24, h * 0.86, 0.8),
        stage.ground,
        stage.lay,
        front=stage.front,
        tall=stage.tall,
    )
