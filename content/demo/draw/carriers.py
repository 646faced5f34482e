# ruff: noqa: E501 (a path is easier to read on one line)
"""What carries things: totes, rucksacks, watering cans, baskets."""

import random

from .forms import (
    Drawing,
    face_fill,
    fold,
    hoop,
    mouth,
    outline,
    round_fill,
    stitches,
    tube,
    turned,
    twill,
)
from .palette import BRASS, LEATHER, Tones
from .svg import Sheet, box, ellipse, group, path, place, stroke


def tote(sheet: Sheet, tones: Tones) -> Drawing:
    """A canvas tote with leather handles and a contrasting base."""
    cloth_ = Tones("#e6dac2") if tones.base != "#e6dac2" else Tones("#ded0b4")
    main = tones if tones.base != "#e6dac2" else Tones("#8d7350")
    back = stroke("M-130 -520C-120 -760 120 -760 130 -520", LEATHER.deep, 24)
    d = "M-286 -540C-290 -400 -300 -160 -270 -14C-260 0 -240 4 -220 4H220C240 4 260 0 270 -14C300 -160 290 -400 286 -540C100 -520 -100 -520 -286 -540Z"
    inside = path("M-286 -540C-100 -570 100 -570 286 -540C100 -516 -100 -516 -286 -540Z", cloth_.deep)
    creases = "".join(
        fold(sheet, c, cloth_, 20, 0.26)
        for c in (
            "M-230 -500C-200 -380 -250 -300 -220 -200",
            "M200 -510C170 -400 230 -330 210 -220",
            "M-20 -510C-40 -420 10 -360 -10 -260",
        )
    )
    base = (
        path("M-320 -190C-100 -176 100 -176 320 -190V20H-320Z", face_fill(sheet, main))
        + path("M-320 -190C-100 -176 100 -176 320 -190V20H-320Z", twill(sheet, main))
        + stitches("M-310 -176C-100 -162 100 -162 310 -176", main)
        + stroke("M-310 -190C-100 -176 100 -176 310 -190", main.deep, 4, opacity=0.6)
    )
    body = (
        path(d, face_fill(sheet, cloth_))
        + group(
            path(d, twill(sheet, cloth_)),
            creases,
            base,
            path(d, sheet.linear([(0, "#2a1710", 0), (0.75, "#2a1710", 0), (1, "#2a1710", 0.2)])),
            clip_path=sheet.clip(d),
        )
        + stitches("M-276 -516C-100 -496 100 -496 276 -516", cloth_)
    )
    front = tube("M-130 -400C-130 -560 -120 -700 0 -704S130 -560 130 -400", LEATHER, 26)
    tabs = "".join(
        path(box(x - 22, -430, 44, 90, 10), LEATHER.base)
        + "".join(
            ellipse(x, y, 8, 8, "#b3704a") + ellipse(x - 2, y - 2, 3, 3, "#f0c9a6") for y in (-410, -362)
        )
        for x in (-130, 130)
    )
    return Drawing(
        place(back + inside + body + front + tabs, 0, 730),
        610,
        740,
        pose="flat",
        focus=(-120, 330),
        zoom=2.4,
        cm=60,
    )


def rucksack(sheet: Sheet, tones: Tones) -> Drawing:
    """A roll-top rucksack with leather straps and a front pocket."""
    texture = twill(sheet, tones)
    loop = stroke("M-46 20C-46 -24 46 -24 46 20", LEATHER.deep, 16) + stroke(
        "M-46 20C-46 -24 46 -24 46 20", LEATHER.light, 5
    )
    straps = "".join(
        stroke(f"M{s * 180} 110C{s * 300} 220 {s * 316} 560 {s * 236} 800", tones.deep, 40) for s in (-1, 1)
    )
    d = "M-230 150C-262 320 -270 640 -240 800C-230 832 -200 842 -160 842H160C200 842 230 832 240 800C270 640 262 320 230 150Z"
    body = path(d, round_fill(sheet, tones, gloss=0.15)) + path(d, texture)
    roll = "M-250 60C-262 20 -240 8 -210 8H210C240 8 262 20 250 60C258 110 250 160 236 176H-236C-250 160 -258 110 -250 60Z"
    top = (
        path(roll, sheet.linear([(0, tones.pale, 1), (0.35, tones.base, 1), (1, tones.deep, 1)], x2=0, y2=1))
        + path(roll, texture)
        + stroke("M-244 92H244", tones.deep, 5, opacity=0.5)
        + stroke("M-240 172H240", "#2a1710", 16, opacity=0.3, filter=sheet.blur(7))
    )
    pocket_d = "M-170 470H170V770C170 792 156 800 140 800H-140C-156 800 -170 792 -170 770Z"
    shade = path(pocket_d, "#2a1710", opacity=0.3, filter=sheet.blur(9), transform="translate(6 8)")
    pocket = (
        path(pocket_d, face_fill(sheet, tones))
        + path(pocket_d, texture)
        + path("M-176 462H176V540C60 566 -60 566 -176 540Z", tones.light)
        + path("M-176 462H176V540C60 566 -60 566 -176 540Z", texture)
        + stitches("M-166 530C-60 554 60 554 166 530M-158 566V784H158V566", tones)
    )
    strap = path(
        box(-25, -6, 50, 420, 8),
        sheet.linear([(0, LEATHER.light, 1), (0.5, LEATHER.base, 1), (1, LEATHER.deep, 1)]),
    ) + stitches("M-17 0V404M17 0V404", LEATHER, 2.2)
    buckle = (
        stroke(box(-40, 236, 80, 66, 8), BRASS.dark, 11)
        + stroke(box(-40, 236, 80, 66, 8), BRASS.light, 5)
        + stroke("M0 240V296", BRASS.base, 8)
    )
    tab = (
        path(box(-16, 520, 32, 86, 8), LEATHER.base)
        + ellipse(0, 588, 10, 10, BRASS.base)
        + ellipse(-3, 585, 4, 4, BRASS.pale)
    )
    side = "".join(path(box(s * 226 - 20, 560, 40, 60, 5), LEATHER.base) for s in (-1, 1))
    return Drawing(
        place(loop + straps + body + side + shade + pocket + tab + top + strap + buckle, 0, 20),
        640,
        880,
        pose="flat",
        focus=(0, 280),
        zoom=2.4,
        cm=50,
    )


def watering_can(sheet: Sheet, tones: Tones) -> Drawing:
    """A long-necked watering can with a brass rose."""
    profile = [(-300, 150), (-294, 156), (-294, 156), (-24, 180), (-24, 180), (0, 176)]
    spout = "M-150 -90C-220 -110 -290 -220 -400 -420L-376 -436C-280 -290 -230 -210 -152 -170Z"
    neck = path(
        spout, sheet.linear([(0, tones.pale, 1), (0.5, tones.base, 1), (1, tones.deep, 1)], x2=0.7, y2=0.6)
    ) + stroke("M-130 -286L-316 -320", tones.deep, 7)
    rose = place(
        path("M-20 0L-62 -74H62L20 0Z", round_fill(sheet, BRASS, gloss=0.8))
        + ellipse(0, -76, 64, 17, BRASS.light)
        + "".join(
            ellipse(x, -76 + y, 4, 2.4, BRASS.deep)
            for x, y in ((-40, 0), (-20, -6), (0, -8), (20, -6), (40, 0), (-22, 6), (0, 3), (22, 6))
        ),
        -392,
        -420,
        1,
        -38,
    )
    handle = tube("M-110 -330C-60 -520 260 -470 200 -250C190 -190 180 -140 166 -100", tones, 24)
    rings = hoop(profile, -40, tones.deep, 5, opacity=0.5) + hoop(profile, -270, tones.deep, 4, opacity=0.4)
    hood = path(
        "M-150 -300A150 24 0 0 1 150 -300L146 -312C80 -362 -60 -366 -146 -312Z",
        round_fill(sheet, tones, gloss=0.4),
    )
    return Drawing(
        neck
        + rose
        + mouth(sheet, -300, 150, tones, wall=8)
        + turned(sheet, profile, tones, gloss=0.55, decor=rings)
        + path("M-150 -300A150 24 0 0 0 150 -300A150 24 0 0 0 -150 -300Z", tones.deep)
        + group(hood, transform="translate(0 0)")
        + handle,
        760,
        520,
        focus=(-390, -430),
        zoom=2.5,
        foot=178,
        middle=-125,
        cm=34,
    )


def trug(sheet: Sheet, _tones: Tones) -> Drawing:
    """A willow basket with a bent handle."""
    willow = Tones("#b08a5a")
    back = tube("M-290 -250C-250 -640 250 -640 290 -250", Tones("#8a6540"), 30)
    twist = "".join(
        stroke(f"M{x} {y}l22 -14", willow.pale, 5, opacity=0.6)
        for x, y in (
            (-286, -300),
            (-268, -380),
            (-230, -460),
            (-160, -520),
            (-70, -546),
            (30, -548),
            (120, -530),
            (200, -476),
            (250, -400),
            (272, -320),
        )
    )
    profile = [(-260, 330), (-250, 332), (-130, 306), (-20, 262), (0, 252)]
    dice = random.Random(7)
    d = outline(profile, 0.2)
    rows = []
    for row in range(13):
        y = -246 + row * 20
        r = 330 - (row * 5.4)
        for at in range(-9, 10):
            odd = (at + row) % 2
            x = at * r / 9.3
            sag = 0.2 * r * max(0, 1 - (x / r) ** 2) ** 0.5
            shade = dice.choice((willow.base, willow.light, willow.dark)) if not odd else willow.deep
            rows.append(ellipse(round(x), round(y + sag - 12), r / 13, 10 if not odd else 8, shade))
            if not odd:
                rows.append(
                    stroke(f"M{x - r / 22:.0f} {y + sag - 16:.0f}h{r / 12:.0f}", willow.pale, 3, opacity=0.5)
                )
    body = path(d, round_fill(sheet, willow, gloss=0.2)) + group(
        "".join(rows),
        path(
            d,
            sheet.linear(
                [(0, "#2a1710", 0.1), (0.25, "#fffaf0", 0.12), (0.6, "#2a1710", 0), (1, "#2a1710", 0.42)]
            ),
        ),
        clip_path=sheet.clip(d),
    )
    rim = mouth(sheet, -260, 330, willow, tilt=0.2, wall=26) + "".join(
        stroke(f"M{x} {-262 + 0.2 * (330**2 - x * x) ** 0.5:.0f}l20 -12", willow.deep, 7, opacity=0.55)
        for x in range(-320, 330, 26)
    )
    apples = "".join(
        ellipse(
            x,
            y,
            62,
            58,
            sheet.radial([(0, "#e8b27a", 1), (0.5, colour, 1), (1, "#6e2f1e", 1)], cx=0.35, cy=0.3, r=0.8),
        )
        + stroke(f"M{x} {y - 50}q4 -20 14 -28", "#4a3426", 5)
        for x, y, colour in (
            (-150, -300, "#b8643f"),
            (-20, -316, "#a4502f"),
            (110, -304, "#c8933b"),
            (40, -280, "#b0563a"),
            (-90, -276, "#b98a3a"),
        )
    )
    front_rim = stroke("M-330 -260A330 66 0 0 0 330 -260", willow.dark, 26) + stroke(
        "M-330 -264A330 66 0 0 0 330 -264", willow.light, 9, stroke_dasharray="20 9"
    )
    return Drawing(
        back + twist + body + rim + apples + front_rim, 690, 580, focus=(-160, -210), foot=262, cm=40
    )
