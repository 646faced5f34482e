# ruff: noqa: E501 (a path is easier to read on one line)
"""Beanies, scarves, socks and mittens."""

from .forms import Drawing, face_fill, fold, knit, stitches, weave
from .palette import CHALK, LEATHER, Tones
from .svg import Sheet, box, group, path, place, stroke
from .wear import ribs, shaded


def beanie(sheet: Sheet, tones: Tones) -> Drawing:
    """A ribbed beanie with a turned-up brim."""
    dome = "M-250 400C-262 180 -150 10 0 6C150 10 262 180 250 400Z"
    curves = "".join(
        f"M{x * 1.0:.0f} 420C{x * 1.04:.0f} 220 {x * 0.6:.0f} 60 {x * 0.08:.0f} 8"
        for x in range(-250, 260, 25)
    )
    lines = stroke(curves, tones.deep, 7, opacity=0.34) + stroke(
        curves, tones.pale, 5, opacity=0.4, transform="translate(9 0)"
    )
    brim = "M-262 376C-140 350 140 350 262 376C276 440 276 520 264 570C140 598 -140 598 -264 570C-276 520 -276 440 -262 376Z"
    cuff = "".join(
        f"M{x} 340C{x * 1.05:.0f} 420 {x * 1.05:.0f} 520 {x * 1.02:.0f} 600" for x in range(-258, 270, 23)
    )
    rib = stroke(cuff, tones.deep, 8, opacity=0.38) + stroke(
        cuff, tones.pale, 6, opacity=0.45, transform="translate(9 0)"
    )
    shade = stroke("M-262 372C-140 346 140 346 262 372", "#2a1710", 22, opacity=0.3, filter=sheet.blur(9))
    label = path(box(150, 470, 62, 44, 4), LEATHER.base) + stitches(
        "M156 476H206V508H156Z", LEATHER, 2, "6 5"
    )
    return Drawing(
        shaded(sheet, dome, tones, knit(sheet, tones, size=12), lines + shade)
        + shaded(sheet, brim, tones, "none", rib)
        + label,
        560,
        600,
        pose="flat",
        focus=(120, 460),
        zoom=2.4,
        cm=24,
    )


def scarf(sheet: Sheet, tones: Tones) -> Drawing:
    """A looped scarf with striped ends."""
    texture = weave(sheet, tones, size=9)
    accent = CHALK if tones.is_dark else Tones("#5f4a3e")

    def tail(x: float, length: float, turn: float) -> str:
        d = f"M-66 0C-74 {length * 0.4:.0f} -66 {length * 0.7:.0f} -72 {length}H72C66 {length * 0.7:.0f} 74 {length * 0.4:.0f} 66 0Z"
        bands = "".join(
            path(f"M-90 {length - y}H90V{length - y + h}H-90Z", accent.base, opacity=0.85)
            for y, h in ((110, 26), (72, 10), (150, 8))
        )
        fringe = "".join(
            stroke(f"M{at} {length - 2}q{at % 5 - 2} 26 {at % 7 - 3} 58", tones.dark, 8)
            + stroke(f"M{at} {length - 2}q{at % 5 - 2} 26 {at % 7 - 3} 56", tones.light, 3.6)
            for at in range(-66, 70, 15)
        )
        return place(
            fringe
            + shaded(
                sheet,
                d,
                tones,
                texture,
                bands
                + fold(
                    sheet,
                    f"M-18 0C-26 {length * 0.4:.0f} -10 {length * 0.6:.0f} -20 {length}",
                    tones,
                    16,
                    0.32,
                )
                + fold(
                    sheet, f"M30 0C36 {length * 0.4:.0f} 24 {length * 0.7:.0f} 34 {length}", tones, 14, 0.28
                ),
            ),
            x,
            250,
            1,
            turn,
        )

    loop = "M0 0C150 0 232 90 214 210C196 320 90 352 0 352S-196 320 -214 210C-232 90 -150 0 0 0ZM0 92C-70 92 -110 130 -104 186C-96 234 -50 250 0 250S96 234 104 186C110 130 70 92 0 92Z"
    creases = "".join(
        fold(sheet, c, tones, 14, 0.36)
        for c in (
            "M-190 130C-170 260 -80 310 20 316",
            "M-160 110C-140 220 -60 280 60 280",
            "M180 110C170 60 90 30 0 34",
            "M-150 90C-110 50 -50 40 0 60",
        )
    )
    knot = (
        "M-80 236C-40 216 50 216 86 240C100 290 90 330 70 356C30 370 -40 370 -72 350C-92 320 -94 270 -80 236Z"
    )
    ring = (
        path(loop, face_fill(sheet, tones), fill_rule="evenodd")
        + path(loop, texture, fill_rule="evenodd")
        + group(creases, clip_path=sheet.clip(loop))
        + stroke(loop, tones.deep, 3, opacity=0.3)
    )
    return Drawing(
        ring
        + tail(-50, 520, 5)
        + tail(60, 440, -8)
        + shaded(
            sheet,
            knot,
            tones,
            texture,
            fold(sheet, "M-50 250C-30 290 -40 320 -50 350", tones, 12, 0.4)
            + fold(sheet, "M20 236C36 280 30 320 16 360", tones, 12, 0.4),
        ),
        470,
        850,
        pose="flat",
        focus=(-70, 690),
        zoom=2.4,
        cm=75,
    )


def socks(sheet: Sheet, tones: Tones) -> Drawing:
    """A pair of ribbed socks with contrasting heel and toe."""
    accent = Tones("#7a5439") if not tones.is_dark else Tones("#c8933b")

    def one(x: float, y: float, turn: float) -> str:
        d = "M-84 0H84C90 160 84 300 92 420C100 500 190 540 270 590C330 630 330 730 250 744C150 756 20 720 -50 640C-110 570 -84 420 -90 300C-94 200 -90 100 -84 0Z"
        heel = path("M-120 470C-40 470 0 520 10 600C0 660 -40 700 -90 700Z", accent.base) + stroke(
            "M-100 470C-30 476 4 530 8 600C2 650 -30 680 -60 694", accent.deep, 4, opacity=0.5
        )
        toe = path("M236 540C190 600 180 690 210 770H380V540Z", accent.base) + stroke(
            "M236 560C190 610 184 690 208 750", accent.deep, 4, opacity=0.5
        )
        cuff = path("M-100 0H100V34H-100Z", accent.base)
        return place(
            shaded(
                sheet,
                d,
                tones,
                knit(sheet, tones, size=11),
                ribs(-92, 40, 190, 380, tones, 16) + heel + toe + cuff + ribs(-92, 0, 190, 40, accent, 16),
            ),
            x,
            y,
            1,
            turn,
        )

    return Drawing(
        one(-190, 20, 4) + one(70, 66, -3),
        700,
        830,
        pose="flat",
        focus=(-190, 560),
        zoom=2.3,
        middle=20,
        cm=42,
    )


def mittens(sheet: Sheet, tones: Tones) -> Drawing:
    """A pair of mittens with a star on the back."""
    motif = CHALK

    def one(x: float, side: int) -> str:
        d = "M-110 300C-130 180 -120 40 -30 6C60 -16 120 70 124 190L120 470H-112Z"
        thumb = "M-104 340C-150 330 -180 270 -206 230C-240 190 -280 220 -262 280C-240 350 -180 430 -110 452Z"
        cuff = "M-116 460C-40 446 50 446 124 460L132 640C40 656 -40 656 -126 640Z"
        spikes = "".join(
            path("M0 0L13 -26L0 -74L-13 -26Z", motif.base, transform=f"translate(2 230) rotate({45 * at})")
            for at in range(8)
        )
        dots = "".join(
            path(f"M{px} {py - 7}L{px + 7} {py}L{px} {py + 7}L{px - 7} {py}Z", motif.base)
            for px in range(-90, 120, 30)
            for py in (370, 400, 100 if abs(px) < 60 else 430)
        )
        band = path("M-130 520H140V536H-130ZM-130 560H140V568H-130Z", motif.base, opacity=0.9)
        texture = knit(sheet, tones, size=12)
        hand = (
            shaded(sheet, thumb, tones, texture)
            + shaded(sheet, d, tones, texture, spikes + dots)
            + shaded(sheet, cuff, tones, "none", ribs(-124, 448, 260, 206, tones, 14) + band)
        )
        return group(hand, transform=f"translate({x} 20) scale({side} 1)")

    cord = stroke("M-270 660C-240 760 -60 780 0 720S240 760 270 660", tones.deep, 9) + stroke(
        "M-270 660C-240 760 -60 780 0 720S240 760 270 660", tones.light, 3, stroke_dasharray="8 8"
    )
    return Drawing(
        cord + one(-190, 1) + one(190, -1), 920, 780, pose="flat", focus=(-190, 250), zoom=2.5, cm=28
    )
