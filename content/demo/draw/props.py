# ruff: noqa: E501 (a path is easier to read on one line)
"""Small things that keep the goods company in a setting."""

from .forms import face_fill, ground_shadow, mouth, round_fill, turned, wooden
from .glass import glassy, rim
from .palette import BEECH, CHALK, OAK, WALNUT, Tones
from .plants import OLIVE, grass_plume, twig
from .svg import Sheet, box, ellipse, group, path, place, stroke


def books(sheet: Sheet) -> str:
    """A short stack of books."""
    parts, y = [ground_shadow(sheet, 150, 0.05)], 0
    for width, height, colour, nudge in (
        (300, 46, "#5c6770", 0),
        (270, 38, "#b8643f", 10),
        (280, 42, "#d8c2a0", -8),
        (230, 34, "#6f7b55", 4),
    ):
        y -= height
        tone = Tones(colour)
        parts.append(
            path(
                box(nudge - width / 2, y, width, height, 5),
                sheet.linear([(0, tone.light, 1), (0.5, tone.base, 1), (1, tone.deep, 1)], x2=0.2, y2=1),
            )
        )
        parts.append(path(box(nudge + width / 2 - 22, y + 5, 18, height - 10, 2), "#eee4d0"))
        parts.append(stroke(f"M{nudge - width / 2 + 34} {y + 2}V{y + height - 2}", tone.pale, 3, opacity=0.5))
    return "".join(parts)


def sprig_bottle(sheet: Sheet) -> str:
    """A glass bottle with an olive sprig."""
    profile = [(-200, 22), (-192, 22), (-140, 24), (-100, 56), (-30, 62), (-6, 50), (0, 46)]
    green = Tones("#b9c8b8")
    stems = place(twig(300, -60, OLIVE, leaves=9, size=0.72), 0, -170) + place(
        twig(230, 70, OLIVE, leaves=7, size=0.64), 0, -170
    )
    return ground_shadow(sheet, 56) + stems + glassy(sheet, profile, green) + rim(-200, 22, green)


def pears(sheet: Sheet) -> str:
    """A bowl of pears."""
    bowl = Tones("#8c9aa0")
    profile = [(-120, 180), (-114, 180), (-60, 150), (-16, 84), (0, 76)]
    fruit = []
    for x, y, turn, colour in (
        (-80, -116, -14, "#b9a94f"),
        (84, -112, 20, "#c4a24a"),
        (0, -128, 3, "#a9a552"),
    ):
        tone = Tones(colour)
        shape = (
            "M0 -150C26 -150 28 -110 42 -76C64 -40 70 6 0 10C-70 6 -64 -40 -42 -76C-28 -110 -26 -150 0 -150Z"
        )
        fill = sheet.radial(
            [(0, tone.pale, 1), (0.5, tone.base, 1), (1, tone.deep, 1)], cx=0.35, cy=0.5, r=0.75
        )
        fruit.append(
            place(path(shape, fill) + stroke("M0 -148q2 -22 12 -34", "#5a4230", 6), x, y + 20, 1, turn)
        )
    back = ellipse(0, -120, 180, 30, bowl.deep)
    return (
        ground_shadow(sheet, 90)
        + back
        + "".join(fruit)
        + turned(sheet, profile, bowl, gloss=0.5)
        + stroke("M-180 -120A180 29 0 0 0 180 -120", bowl.pale, 7)
    )


def cloth_on_table(sheet: Sheet) -> str:
    """A crumpled linen cloth lying on a table."""
    linen = Tones("#e4d8c2")
    d = "M-260 -40C-200 -90 -120 -70 -40 -84C60 -100 180 -80 250 -44C290 -10 240 30 150 34C60 60 -60 40 -150 48C-230 46 -290 0 -260 -40Z"
    creases = stroke(
        "M-220 -30C-120 -50 -60 10 40 -10S180 -40 230 -20M-160 30C-80 0 20 40 120 10",
        linen.deep,
        8,
        opacity=0.35,
        filter=sheet.blur(4),
    )
    shade = path(d, "#2a1710", opacity=0.3, filter=sheet.blur(12), transform="translate(14 10)")
    return (
        shade
        + path(d, face_fill(sheet, linen))
        + creases
        + stroke("M-236 10C-150 34 -60 26 60 42", "#a4502f", 5, opacity=0.6)
    )


def spoon_jar(sheet: Sheet) -> str:
    """A crock with wooden spoons."""
    crock = Tones("#e0d2ba")
    handles = ""
    for x, turn, tone in ((-30, -12, BEECH), (6, 3, WALNUT), (40, 14, OAK)):
        handle = (
            path(box(-9, -420, 18, 300, 9), round_fill(sheet, tone))
            + ellipse(0, -440, 38, 56, round_fill(sheet, tone))
            + ellipse(2, -440, 24, 40, tone.dark, opacity=0.6)
        )
        handles += place(handle, x, 0, 1, turn)
    profile = [(-210, 96), (-204, 98), (-100, 104), (-10, 92), (0, 88)]
    return (
        ground_shadow(sheet, 90)
        + mouth(sheet, -210, 96, crock)
        + handles
        + turned(sheet, profile, crock, gloss=0.4)
        + stroke("M-96 -210A96 15 0 0 0 96 -210", crock.pale, 6)
    )


def pencil_cup(sheet: Sheet) -> str:
    """A clay cup with pencils."""
    cup = Tones("#b8643f")
    sticks = ""
    for x, turn, colour in (
        (-34, -12, "#2f4a3e"),
        (-6, -2, "#c8933b"),
        (22, 6, "#2f3e52"),
        (44, 15, "#e0d2ba"),
    ):
        tone = Tones(colour)
        sticks += place(
            path(box(-8, -320, 16, 260, 2), round_fill(sheet, tone))
            + path("M-8 -320L8 -320L0 -350Z", BEECH.light)
            + path("M-2.6 -340L2.6 -340L0 -350Z", "#333333"),
            x,
            0,
            1,
            turn,
        )
    profile = [(-170, 76), (-164, 76), (-20, 70), (0, 64)]
    return (
        ground_shadow(sheet, 68)
        + mouth(sheet, -170, 76, cup)
        + sticks
        + turned(sheet, profile, cup, gloss=0.3)
        + stroke("M-76 -170A76 12 0 0 0 76 -170", cup.pale, 5)
    )


def log(sheet: Sheet, width: float = 620) -> str:
    """A sawn log lying on the ground; its top is 150 above the origin."""
    bark, cut = Tones("#6a5240"), Tones("#d0a977")
    half = width / 2
    d = f"M{-half} -150H{half}C{half + 46} -150 {half + 46} 0 {half} 0H{-half}Z"
    body = wooden(sheet, d, (-half, -150, width + 50, 150), bark, seed=12, step=14)
    shade = path(
        d, sheet.linear([(0, "#fff2d8", 0.25), (0.35, "#2a1710", 0), (1, "#2a1710", 0.45)], x2=0, y2=1)
    )
    rings = "".join(
        ellipse(-half, -75, 36 * r, 75 * r, "none", stroke=cut.dark, stroke_width=2.4, opacity=0.7)
        for r in (0.25, 0.5, 0.75)
    )
    return (
        ground_shadow(sheet, half, 0.05)
        + body
        + shade
        + ellipse(-half, -75, 40, 78, bark.deep)
        + ellipse(-half, -75, 35, 72, cut.base)
        + rings
    )


def straw_hat(sheet: Sheet) -> str:
    """A straw hat that hangs from a peg at the origin."""
    straw = Tones("#d9b978")
    brim = ellipse(
        0,
        150,
        170,
        160,
        sheet.radial([(0, straw.light, 1), (0.7, straw.base, 1), (1, straw.dark, 1)], cx=0.4, cy=0.35, r=0.7),
    )
    rings = "".join(
        ellipse(0, 150, r, r * 0.94, "none", stroke=straw.deep, stroke_width=2, opacity=0.3)
        for r in range(24, 170, 13)
    )
    crown = ellipse(
        0,
        144,
        92,
        86,
        sheet.radial(
            [(0, straw.pale, 1), (0.8, straw.base, 1), (1, straw.deep, 1)], cx=0.38, cy=0.32, r=0.75
        ),
    )
    band = ellipse(0, 148, 98, 92, "none", stroke="#2f3e52", stroke_width=16, opacity=0.85)
    return group(brim + rings + band + crown, filter=sheet.define(DROP))


DROP = '<filter id="@" x="-20%" y="-20%" width="140%" height="140%"><feDropShadow dx="12" dy="16" stdDeviation="11" flood-color="#2a1710" flood-opacity="0.32"/></filter>'


def dried_bunch(sheet: Sheet) -> str:
    """A bunch of dried grasses, hanging upside down."""
    stems = "".join(
        place(grass_plume(300, lean, Tones("#b59662")), 0, 10, 1, 180) for lean in (-90, -45, 0, 45, 90)
    )
    return group(
        stems + stroke("M-16 40H16M-18 50H18", "#8a6a41", 7) + stroke("M0 40V-4", "#8a6a41", 4),
        filter=sheet.define(DROP),
    )


def fire() -> str:
    """A small camp fire."""
    logs = "".join(
        stroke(f"M{x1} 0L{x2} -34", "#4a382c", 30) + stroke(f"M{x1} -6L{x2} -40", "#7a5f49", 8)
        for x1, x2 in ((-100, 70), (100, -70), (-40, 40))
    )
    flames = (
        path(
            "M-70 -20C-90 -90 -40 -120 -30 -180C10 -150 10 -110 20 -90C40 -110 40 -140 34 -160C80 -120 90 -60 66 -20Z",
            "#e8883a",
        )
        + path("M-40 -20C-50 -70 -14 -90 -8 -130C24 -100 40 -60 36 -20Z", "#f8c45c")
        + path("M-18 -20C-20 -50 0 -60 2 -84C18 -60 22 -40 16 -20Z", "#fff0c0")
    )
    return flames + logs


def chalk_cup(sheet: Sheet) -> str:
    """A small plain bowl."""
    profile = [(-90, 110), (-84, 110), (-40, 92), (-8, 50), (0, 46)]
    return (
        ground_shadow(sheet, 60)
        + turned(sheet, profile, CHALK, gloss=0.4)
        + mouth(sheet, -90, 110, CHALK, wall=6)
    )
