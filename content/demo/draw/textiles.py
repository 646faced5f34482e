# ruff: noqa: E501, PLR0917 (a path is easier to read on one line)
"""Linen, wool and cotton for the house: stacks, throws, cushions, rugs, bedding, towels."""

import math

from .forms import Drawing, cloth, face_fill, fold, stitches, weave
from .palette import CHALK, Tones, mix
from .svg import Sheet, box, ellipse, group, path, place, stroke


def layer(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    tones: Tones,
    *,
    texture: str | None = None,
    open_left: bool = False,
) -> str:
    """One folded piece of cloth in a stack, seen from the front: a fat fold on one side, edges on the other."""
    d = box(x, y, width, height, height * 0.48)
    fill = sheet.linear(
        [(0, tones.pale, 1), (0.25, tones.light, 1), (0.6, tones.base, 1), (1, tones.deep, 1)], x2=0.06, y2=1
    )
    edge = x + width - height * 0.2 if not open_left else x + height * 0.2
    inner = f"M{x + (0 if open_left else height * 0.6)} {y + height * 0.5}H{x + width - (height * 0.6 if open_left else 0)}"
    lines = stroke(inner, tones.deep, 3.5, opacity=0.55) + stroke(
        inner, tones.pale, 2.5, opacity=0.6, transform="translate(0 4)"
    )
    return (
        path(d, fill)
        + path(d, texture or weave(sheet, tones, size=6))
        + lines
        + stroke(f"M{edge} {y + height * 0.2}V{y + height * 0.8}", tones.deep, 2, opacity=0.2)
    )


def stack(
    sheet: Sheet, tones: Tones, count: int, width: float, height: float, *, texture: str | None = None
) -> str:
    """Several folded pieces on top of one another, standing on y = 0, with the top face visible."""
    parts = []
    for at in range(count):
        nudge = (at * 37 % 11) - 5
        parts.append(
            layer(
                sheet,
                -width / 2 + nudge,
                -height * (at + 1),
                width - abs(nudge),
                height + 2,
                tones,
                texture=texture,
                open_left=at % 2 == 1,
            )
        )
    top = -height * count
    crown = f"M{-width / 2 + height * 0.3} {top + height * 0.35}C{-width * 0.46} {top - 40} {-width * 0.4} {top - 62} {-width * 0.34} {top - 66}H{width * 0.36}C{width * 0.42} {top - 60} {width * 0.47} {top - 30} {width / 2 - height * 0.3} {top + height * 0.35}Z"
    face = path(
        crown, sheet.linear([(0, tones.pale, 1), (0.6, tones.light, 1), (1, tones.base, 1)], x2=0.8, y2=0.7)
    ) + path(crown, texture or weave(sheet, tones, size=6))
    return face + "".join(parts)


def napkins(sheet: Sheet, tones: Tones) -> Drawing:
    """A pile of folded napkins tied with string."""
    pile = stack(sheet, tones, 4, 620, 62)
    hem = stitches("M-214 -300H226M-240 -268H248", tones, 2.4, "7 6")
    band = stroke("M-6 4V-250L4 -312", "#a8814f", 7) + stroke("M-6 -250L4 -312", "#c79d68", 3)
    bow = stroke(
        "M2 -272C-90 -330 -120 -250 0 -268C110 -330 130 -250 4 -270M0 -268C-30 -230 -50 -226 -66 -206M4 -268C30 -236 50 -232 70 -214",
        "#a8814f",
        7,
    )
    return Drawing(pile + hem + band + bow, 650, 330, focus=(-190, -250), foot=310, cm=9, depth=0.035)


def tablecloth(sheet: Sheet, tones: Tones) -> Drawing:
    """A folded tablecloth with a drawn-thread border."""
    pile = stack(sheet, tones, 3, 720, 84)
    drape = "M-300 -306C-304 -220 -310 -120 -300 -14H-120C-112 -120 -118 -220 -108 -312Z"
    flap = cloth(sheet, drape, tones) + path(
        drape, sheet.linear([(0, "#fffaf0", 0.3), (0.5, "#fffaf0", 0), (1, "#2a1710", 0.16)])
    )
    border = "".join(
        stroke(f"M{x} -70V-46", tones.pale if tones.is_dark else tones.deep, 3, opacity=0.6)
        for x in range(-292, -120, 11)
    )
    rules = stroke(
        "M-302 -74H-116M-302 -42H-118", tones.pale if tones.is_dark else tones.deep, 3, opacity=0.55
    )
    shade = path(drape, "#2a1710", opacity=0.3, filter=sheet.blur(10), transform="translate(14 8)")
    return Drawing(
        pile + shade + flap + border + rules, 750, 330, focus=(-210, -90), foot=360, cm=11, depth=0.035
    )


def tea_towel(sheet: Sheet, tones: Tones) -> Drawing:
    """A striped tea towel that hangs from its loop."""
    ground = Tones("#e9dfcb") if tones.base != "#e6dac2" else Tones("#e6dac2")
    d = "M-12 66C-36 170 -120 250 -166 380C-196 520 -196 680 -204 860C-150 876 -90 858 -40 872C20 884 90 858 200 872C196 680 196 520 166 380C120 250 36 170 12 66Z"
    stripe = tones if tones.base != "#e6dac2" else Tones("#b99a6a")
    stripes = "".join(
        stroke(
            f"M{x * 0.06:.0f} 60C{x * 0.22:.0f} 190 {x * 0.75:.0f} 270 {x * 0.92:.0f} 420C{x} 540 {x} 700 {x} 900",
            stripe.base,
            w,
            opacity=0.9,
        )
        for x, w in ((-166, 14), (-142, 5), (150, 14), (126, 5))
    )
    bands = "".join(
        stroke(f"M-220 {y}C-100 {y + 14} 80 {y - 10} 220 {y + 6}", stripe.base, w, opacity=0.9)
        for y, w in ((760, 26), (800, 8), (724, 8))
    )
    folds = fold(sheet, "M-6 90C-20 260 -70 420 -74 870", ground, 20, 0.35) + fold(
        sheet, "M6 90C20 260 66 420 66 870", ground, 22, 0.35
    )
    side = fold(sheet, "M-2 90C-10 260 0 420 -4 620", ground, 16, 0.25)
    loop = stroke("M-10 76C-34 20 -14 -2 0 -2S34 20 10 76", stripe.dark, 9)
    body = cloth(sheet, d, ground, weave(sheet, ground, size=8)) + group(
        stripes, bands, folds, side, clip_path=sheet.clip(d)
    )
    return Drawing(
        loop + body + stitches("M-198 850C-100 864 80 844 194 858", ground),
        430,
        890,
        pose="flat",
        focus=(-120, 740),
        zoom=2.4,
        cm=62,
    )


def _fringe(
    sheet: Sheet, x: float, y: float, width: float, length: float, tones: Tones, step: float = 17
) -> str:
    strands = []
    for at in range(int(width / step) + 1):
        sway = math.sin(at * 1.9) * 4
        d = f"M{x + at * step:.0f} {y}q{sway:.0f} {length * 0.5:.0f} {sway * 1.4:.0f} {length:.0f}"
        strands.append(
            stroke(d, tones.dark, 9)
            + stroke(d, tones.light, 4)
            + ellipse(x + at * step, y + 12, 6, 7, tones.base)
        )
    return "".join(strands)


def herringbone(sheet: Sheet, tones: Tones, size: float = 26) -> str:
    """The zigzag of the throw."""
    half = size / 2
    tile = f'<path d="M0 0L{half} {half}L{size} 0M0 {half}L{half} {size}L{size} {half}" stroke="{tones.deep}" stroke-width="3" fill="none" opacity=".3"/>'
    tile += f'<path d="M0 5L{half} {half + 5}L{size} 5" stroke="{tones.pale}" stroke-width="2.4" fill="none" opacity=".4"/>'
    return sheet.pattern(size, size, tile)


def throw(sheet: Sheet, tones: Tones) -> Drawing:
    """A thick folded throw with its fringe."""
    texture = herringbone(sheet, tones)
    pile = stack(sheet, tones, 3, 700, 96, texture=texture)
    drape = "M-70 -354C-74 -260 -78 -160 -70 -96H230C238 -170 230 -270 236 -354Z"
    shade = path(drape, "#2a1710", opacity=0.34, filter=sheet.blur(12), transform="translate(14 10)")
    flap = (
        path(drape, face_fill(sheet, tones))
        + path(drape, texture)
        + path(drape, sheet.linear([(0, "#fffaf0", 0.25), (0.5, "#fffaf0", 0), (1, "#2a1710", 0.14)]))
    )
    return Drawing(
        pile + shade + flap + _fringe(sheet, -64, -98, 290, 78, tones),
        730,
        380,
        focus=(110, -160),
        foot=350,
        cm=22,
        depth=0.035,
    )


def cushion(sheet: Sheet, tones: Tones) -> Drawing:
    """A square cushion with a woven grid and piping."""
    d = "M-300 -590C-180 -566 180 -566 300 -590C320 -594 334 -578 328 -560C304 -420 304 -160 330 -36C334 -14 318 -2 300 -6C180 -30 -180 -30 -300 -6C-318 -2 -334 -14 -330 -36C-304 -160 -304 -420 -328 -560C-334 -578 -320 -594 -300 -590Z"
    puff = sheet.radial(
        [(0, tones.pale, 1), (0.45, tones.light, 1), (0.8, tones.base, 1), (1, tones.dark, 1)],
        cx=0.38,
        cy=0.34,
        r=0.75,
    )
    rows = []
    for at in range(-4, 5):
        bow = at * 74
        curve = at * 6
        rows.append(f"M{bow + curve} -600C{bow - curve} -400 {bow - curve} -200 {bow + curve} 0")
        rows.append(
            f"M-340 {-298 + bow + curve}C-120 {-298 + bow - curve} 120 {-298 + bow - curve} 340 {-298 + bow + curve}"
        )
    grid = stroke("".join(rows), tones.deep, 6, opacity=0.28) + stroke(
        "".join(rows), tones.pale, 4, opacity=0.55, transform="translate(-3 -3)"
    )
    creases = (
        fold(sheet, "M-310 -570C-250 -500 -220 -470 -190 -420", tones, 18, 0.3)
        + fold(sheet, "M310 -30C250 -90 230 -120 200 -170", tones, 18, 0.3)
        + fold(sheet, "M306 -570C260 -520 240 -480 226 -450", tones, 14, 0.3)
    )
    body = path(d, puff) + group(path(d, weave(sheet, tones, size=8)), grid, creases, clip_path=sheet.clip(d))
    piping = stroke(d, tones.deep, 11) + stroke(d, tones.light, 5, transform="translate(-1.5 -1.5)")
    return Drawing(body + piping, 680, 600, focus=(-210, -470), foot=300, cm=45, depth=0.035)


def rug(sheet: Sheet, tones: Tones) -> Drawing:
    """A rug with quiet bands and tasselled ends, seen from above."""
    area = "M-300 50C-100 44 100 54 300 48C306 300 294 620 302 860C100 866 -100 856 -300 862C-294 620 -306 300 -300 50Z"
    accents = (Tones("#7a5a48"), Tones(mix(tones.base, "#fff6e6", 0.6)), Tones(tones.deep), Tones("#b98a5a"))
    bands = "".join(
        path(
            f"M-320 {y}C-100 {y - 5} 100 {y + 6} 320 {y}V{y + h}C100 {y + h + 5} -100 {y + h - 5} -320 {y + h}Z",
            accents[c].base,
            opacity=0.85,
        )
        for y, h, c in (
            (100, 34, 0),
            (150, 12, 1),
            (236, 60, 3),
            (312, 10, 2),
            (424, 14, 1),
            (450, 50, 0),
            (512, 14, 1),
            (610, 70, 2),
            (694, 10, 1),
            (770, 32, 3),
            (814, 10, 0),
        )
    )
    ribs = sheet.pattern(
        10,
        8,
        f'<path d="M0 4H10" stroke="{tones.deep}" stroke-width="1.6" opacity=".28"/><path d="M2 0V3M7 4V7" stroke="{tones.pale}" stroke-width="2" opacity=".4"/>',
    )
    light = sheet.linear([(0, "#fffaf0", 0.25), (0.5, "#fffaf0", 0), (1, "#2a1710", 0.16)], x2=0.8, y2=1)
    body = (
        path(area, tones.base)
        + group(bands, clip_path=sheet.clip(area))
        + path(area, ribs)
        + path(area, light)
    )
    return Drawing(
        place(_fringe(sheet, -292, 0, 590, 54, CHALK, 24), 0, -6)
        + place(_fringe(sheet, -292, 856, 590, 54, CHALK, 24), 0, 0)
        + body,
        620,
        915,
        pose="flat",
        focus=(-160, 760),
        zoom=2.3,
        cm=140,
    )
