# ruff: noqa: E501, PLR0917 (a path is easier to read on one line)
"""Clothes, laid flat or hung from a peg at (0, 0)."""

from .forms import Drawing, face_fill, fold, knit, stitches, twill, weave
from .palette import LEATHER, OAK, Tones, mix
from .svg import Sheet, box, ellipse, group, path, place, stroke

TORSO = "M-92 40C-150 52 -200 70 -232 96L-246 820C-120 838 120 838 246 820L232 96C200 70 150 52 92 40C60 74 -60 74 -92 40Z"


def sleeve(side: int, *, cuff: float = 800) -> str:
    """A sleeve that hangs beside the body."""
    s = side
    return f"M{s * 222} 88C{s * 270} 112 {s * 300} 160 {s * 312} 230L{s * 392} {cuff - 10}C{s * 370} {cuff + 6} {s * 320} {cuff + 10} {s * 296} {cuff}L{s * 238} 330Z"


def ribs(
    x: float, y: float, width: float, height: float, tones: Tones, step: float = 13, lean: float = 0
) -> str:
    """Upright ribs of a cuff or a hem."""
    count = int(width / step)
    lines = "".join(
        f"M{x + at * step:.0f} {y}L{x + at * step + lean:.0f} {y + height}" for at in range(count + 1)
    )
    return stroke(lines, tones.deep, 4.4, opacity=0.34) + stroke(
        lines, tones.pale, 2.6, opacity=0.4, transform="translate(5 0)"
    )


def cable(x: float, y: float, length: float, tones: Tones, width: float = 30) -> str:
    """A twisted cable."""
    parts, step = [], width * 1.5
    at = y
    while at < y + length - step:
        one = f"M{x - width / 2} {at}C{x - width / 2} {at + step * 0.55} {x + width / 2} {at + step * 0.45} {x + width / 2} {at + step}"
        parts.append(
            stroke(one, tones.deep, width * 0.6, opacity=0.5)
            + stroke(one, tones.base, width * 0.46)
            + stroke(one, tones.pale, width * 0.2, opacity=0.75)
        )
        at += step * 0.62
    sides = f"M{x - width * 0.95} {y}V{y + length}M{x + width * 0.95} {y}V{y + length}"
    return stroke(sides, tones.deep, 4, opacity=0.28) + "".join(parts)


def shaded(sheet: Sheet, d: str, tones: Tones, texture: str, decor: str = "") -> str:
    """A piece of a garment: its texture, its decor and a soft dark edge."""
    edge = stroke(d, tones.deep, 3, opacity=0.35)
    inner = stroke(d, "#2a1710", 26, opacity=0.16, filter=sheet.blur(10))
    return (
        path(d, face_fill(sheet, tones))
        + group(path(d, texture), decor, inner, clip_path=sheet.clip(d))
        + edge
    )


def jumper(sheet: Sheet, tones: Tones) -> Drawing:
    """A cable-knit jumper with a roll neck."""
    texture = knit(sheet, tones, size=13)
    body = TORSO
    cables = "".join(cable(x, 90, 660, tones) for x in (-120, 0, 120)) + ribs(-250, 764, 500, 80, tones)
    cables += fold(sheet, "M-214 130C-226 300 -230 500 -236 740", tones, 18, 0.3)
    sleeves = []
    for side in (-1, 1):
        d = sleeve(side)
        line = place(cable(0, -320, 600, tones, 24), side * 308, 440, 1, -side * 8)
        cuff = place(ribs(-56, 0, 112, 90, tones), side * 336, 716, 1, -side * 8)
        sleeves.append(shaded(sheet, d, tones, texture, line + cuff))
    neck = "M-98 62C-106 20 -104 -30 -92 -44C-40 -60 40 -60 92 -44C104 -30 106 20 98 62C50 94 -50 94 -98 62Z"
    inside = path("M-88 -40C-40 -56 40 -56 88 -40C50 -24 -50 -24 -88 -40Z", tones.deep)
    collar = shaded(sheet, neck, tones, texture, ribs(-104, -60, 210, 150, tones, 12)) + inside
    return Drawing(
        place("".join(sleeves) + shaded(sheet, body, tones, texture, cables) + collar, 0, 56),
        800,
        890,
        pose="flat",
        focus=(-60, 420),
        zoom=2.5,
        cm=72,
    )


def cardigan(sheet: Sheet, tones: Tones) -> Drawing:
    """A cardigan with a shawl collar and two pockets."""
    texture = knit(sheet, tones, size=15)
    hem = ribs(-250, 764, 500, 80, tones) + fold(
        sheet, "M-200 130C-214 300 -216 500 -224 740", tones, 18, 0.3
    )
    sleeves = "".join(
        shaded(
            sheet,
            sleeve(side),
            tones,
            texture,
            place(ribs(-56, 0, 112, 90, tones), side * 336, 716, 1, -side * 8),
        )
        for side in (-1, 1)
    )
    pockets = "".join(
        shaded(sheet, box(x, 560, 140, 170, 8), tones, texture, ribs(x, 560, 140, 34, tones))
        for x in (-206, 66)
    )
    inside = path("M-96 36C-60 -8 60 -8 96 36L30 330L0 372L-30 330Z", tones.deep) + path(
        "M-40 20C-20 30 20 30 40 20L30 60H-30Z", mix(tones.deep, "#000000", 0.2), opacity=0.5
    )
    collar = "M-116 30C-120 -10 -80 -40 -60 -40C-70 60 -50 200 6 360L34 420L34 838H-30V430C-90 330 -132 180 -116 30Z"
    right = "M116 30C120 -10 80 -40 60 -40C70 60 60 190 14 330L34 420C94 320 132 180 116 30Z"
    back = "M-90 -36C-40 -60 40 -60 90 -36C80 30 -80 30 -90 -36Z"
    bands = (
        path(back, tones.dark)
        + shaded(sheet, right, tones, "none", place(ribs(-150, -60, 330, 520, tones, 11), 30, 0, 1, 14))
        + shaded(sheet, collar, tones, "none", ribs(-140, -60, 190, 900, tones, 11))
    )
    buttons = "".join(
        ellipse(4, y + 4, 17, 17, "#2a1710", opacity=0.35)
        + ellipse(2, y, 17, 17, OAK.deep)
        + ellipse(0, y - 2, 13, 13, OAK.base)
        + ellipse(-4, y - 2, 2.4, 2.4, OAK.deep)
        + ellipse(4, y - 2, 2.4, 2.4, OAK.deep)
        for y in (456, 540, 624, 708, 790)
    )
    return Drawing(
        place(
            sleeves + shaded(sheet, TORSO, tones, texture, hem) + pockets + inside + bands + buttons, 0, 56
        ),
        800,
        890,
        pose="flat",
        focus=(20, 590),
        zoom=2.5,
        cm=74,
    )


def shirt(sheet: Sheet, tones: Tones) -> Drawing:
    """A linen shirt with a small collar and a chest pocket."""
    texture = weave(sheet, tones, size=7)
    creases = "".join(
        fold(sheet, d, tones, 20, 0.24)
        for d in (
            "M-190 150C-150 330 -190 520 -170 820",
            "M150 330C190 480 150 640 186 830",
            "M-60 300C-90 480 -60 600 -90 820",
        )
    )
    sleeves = "".join(
        shaded(
            sheet,
            sleeve(side),
            tones,
            texture,
            fold(
                sheet,
                f"M{side * 270} 180C{side * 300} 360 {side * 300} 520 {side * 330} 700",
                tones,
                18,
                0.28,
            )
            + stroke(f"M{side * 284} 706L{side * 386} 690", tones.deep, 4, opacity=0.5),
        )
        for side in (-1, 1)
    )
    placket = path("M-24 60H24V836H-24Z", tones.light, opacity=0.7) + stroke(
        "M-24 60V836M24 60V836", tones.deep, 2.6, opacity=0.4
    )
    buttons = "".join(
        ellipse(2, y + 2, 10, 10, "#2a1710", opacity=0.3)
        + ellipse(0, y, 10, 10, "#d8cbb4")
        + ellipse(-3, y, 2, 2, "#8a795f")
        + ellipse(3, y, 2, 2, "#8a795f")
        for y in (120, 240, 360, 480, 600, 720)
    )
    pocket_d = "M70 250H190V370L130 400L70 370Z"
    pocket = shaded(sheet, pocket_d, tones, texture) + stitches(
        "M76 272H184M78 366L130 392L182 366", tones, 2.4
    )
    collar = path("M-94 40C-60 0 60 0 94 40L0 92Z", tones.deep) + "".join(
        shaded(
            sheet,
            f"M{s * 96} 36C{s * 90} 6 {s * 60} -10 {s * 52} -8C{s * 40} 30 {s * 20} 60 0 88L{s * 70} 132Z",
            tones,
            texture,
        )
        for s in (-1, 1)
    )
    band = path("M-54 -8C-30 -22 30 -22 54 -8C40 10 -40 10 -54 -8Z", tones.dark)
    return Drawing(
        place(
            sleeves
            + shaded(sheet, TORSO, tones, texture, creases + placket)
            + buttons
            + pocket
            + band
            + collar,
            0,
            36,
        ),
        800,
        870,
        pose="flat",
        focus=(50, 230),
        zoom=2.3,
        cm=74,
    )


def jacket(sheet: Sheet, tones: Tones) -> Drawing:
    """A chore jacket with three patch pockets."""
    texture = twill(sheet, tones)
    sleeves = "".join(
        shaded(
            sheet,
            sleeve(side),
            tones,
            texture,
            fold(
                sheet, f"M{side * 276} 200C{side * 306} 380 {side * 296} 520 {side * 336} 720", tones, 20, 0.3
            )
            + stitches(f"M{side * 290} 726L{side * 390} 708", tones),
        )
        for side in (-1, 1)
    )
    seams = stitches("M26 80V830M-232 796C-100 812 100 812 232 796", tones) + stroke(
        "M14 90V836", tones.deep, 4, opacity=0.6
    )
    wear_ = "".join(
        stroke(d, tones.pale, 16, opacity=0.16, filter=sheet.blur(7))
        for d in ("M-238 300V800", "M238 300V800", "M-240 816H240")
    )
    pockets = []
    for x, y, w, h in ((-202, 530, 168, 200), (48, 530, 168, 200), (66, 230, 128, 150)):
        d = f"M{x} {y}H{x + w}V{y + h - 26}L{x + w - 26} {y + h}H{x + 26}L{x} {y + h - 26}Z"
        pockets.append(
            shaded(sheet, d, tones, texture)
            + stitches(
                f"M{x + 9} {y + 26}H{x + w - 9}M{x + 9} {y + 10}V{y + h - 30}L{x + 30} {y + h - 9}H{x + w - 30}L{x + w - 9} {y + h - 30}V{y + 10}",
                tones,
            )
        )
    buttons = "".join(
        ellipse(4, y + 3, 15, 15, "#2a1710", opacity=0.4)
        + ellipse(2, y, 15, 15, "#5a4534")
        + ellipse(-1, y - 2, 11, 11, "#7d6149")
        for y in (150, 300, 450, 600, 750)
    )
    collar = path("M-94 40C-60 4 60 4 94 40L0 84Z", tones.deep) + "".join(
        shaded(
            sheet,
            f"M{s * 104} 40C{s * 100} 4 {s * 66} -14 {s * 56} -12C{s * 44} 30 {s * 24} 56 {s * 4} 82L{s * 60} 150L{s * 134} 104Z",
            tones,
            texture,
            stitches(f"M{s * 12} 92L{s * 60} 138L{s * 124} 100", tones),
        )
        for s in (-1, 1)
    )
    band = path("M-58 -12C-30 -28 30 -28 58 -12C40 10 -40 10 -58 -12Z", tones.dark)
    return Drawing(
        place(
            sleeves
            + shaded(sheet, TORSO, tones, texture, seams + wear_)
            + "".join(pockets)
            + buttons
            + band
            + collar,
            0,
            40,
        ),
        800,
        875,
        pose="flat",
        focus=(130, 620),
        zoom=2.5,
        cm=74,
    )


def apron(sheet: Sheet, tones: Tones) -> Drawing:
    """A canvas apron with crossed straps and a divided pocket."""
    texture = twill(sheet, tones)
    strap = "".join(
        stroke(d, tones.deep, 26) + stroke(d, tones.base, 20)
        for d in ("M-116 190C-110 80 60 60 0 6", "M116 190C110 80 -60 60 0 6")
    )
    d = "M-140 176H140C150 300 190 360 260 392V900H-260V392C-190 360 -150 300 -140 176Z"
    creases = fold(sheet, "M-100 420C-120 560 -90 720 -110 900", tones, 22, 0.26) + fold(
        sheet, "M150 420C170 560 140 740 160 900", tones, 22, 0.26
    )
    body = shaded(sheet, d, tones, texture, creases + stitches("M-130 192H130M-246 400V886H246V400", tones))
    pocket_d = "M-186 520H186V730H-186Z"
    pocket = shaded(sheet, pocket_d, tones, texture) + stitches(
        "M-178 546H178M-60 530V722M40 530V722M-178 528V722H178V528", tones
    )
    rivets = "".join(
        ellipse(x, y, 8, 8, "#c2994f") + ellipse(x - 2, y - 2, 3, 3, "#f3e2b4")
        for x, y in ((-176, 534), (176, 534), (-60, 534), (40, 534))
    )
    rings = "".join(
        stroke(f"M{x - 14} 196A14 14 0 1 0 {x + 14} 196A14 14 0 1 0 {x - 14} 196", "#c2994f", 6)
        for x in (-112, 112)
    )
    tab = path(box(-22, 250, 44, 56, 5), LEATHER.base) + stitches("M-16 256H16V300H-16Z", LEATHER, 2)
    return Drawing(
        strap + body + pocket + rivets + rings + tab, 540, 910, pose="flat", focus=(-60, 560), zoom=2.4, cm=90
    )


def pinafore(sheet: Sheet, tones: Tones) -> Drawing:
    """A linen pinafore with wide straps and round pockets."""
    texture = weave(sheet, tones, size=7)
    back = path("M-110 10C-60 40 60 40 110 10L150 260H-150Z", tones.deep)
    d = "M-176 0C-140 -14 -110 -10 -96 6C-80 90 -60 150 0 156C60 150 80 90 96 6C110 -10 140 -14 176 0C180 130 200 240 250 330C290 520 300 700 310 900C120 920 -120 920 -310 900C-300 700 -290 520 -250 330C-200 240 -180 130 -176 0Z"
    creases = "".join(
        fold(sheet, c, tones, 24, 0.28)
        for c in (
            "M-120 240C-170 460 -150 700 -190 910",
            "M0 180C-20 440 20 660 0 910",
            "M130 240C180 460 150 700 200 910",
        )
    )
    body = shaded(sheet, d, tones, texture, creases + stitches("M-298 880C-120 898 120 898 298 880", tones))
    pockets = "".join(
        shaded(sheet, f"M{x} 520H{x + 150}V620C{x + 150} 700 {x} 700 {x} 620Z", tones, texture)
        + stitches(
            f"M{x + 8} 542H{x + 142}M{x + 8} 528V620C{x + 8} 690 {x + 142} 690 {x + 142} 620V528", tones
        )
        for x in (-224, 74)
    )
    return Drawing(
        place(back + body + pockets, 0, 16), 640, 930, pose="flat", focus=(-140, 620), zoom=2.4, cm=98
    )
