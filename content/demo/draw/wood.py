# ruff: noqa: E501 (a path is easier to read on one line)
"""What is sawn, turned and carved: boards, knives, spoons, grinder, tray, nest box, garden tools, axe."""

from .forms import Drawing, grain, hoop, outline, round_fill, tube, turned, wooden
from .palette import ASH, BRASS, LEATHER, OAK, STEEL, WALNUT, Tones
from .svg import Sheet, box, ellipse, group, path, place, polygon, stroke


def grinder(sheet: Sheet, tones: Tones) -> Drawing:
    """A cylindrical hand grinder with a crank."""
    profile = [
        (-420, 112),
        (-414, 114),
        (-414, 114),
        (-250, 106),
        (-40, 116),
        (-40, 116),
        (-20, 122),
        (0, 118),
    ]
    d = outline(profile)
    barrel = wooden(sheet, d, (-125, -440, 250, 470), tones, seed=9, upright=True, round_=True, step=11)
    rings = hoop(profile, -190, tones.deep, 4, opacity=0.5) + hoop(profile, -186, tones.pale, 3, opacity=0.5)
    shine = stroke("M-66 -390V-40", "#fffaf0", 18, opacity=0.3, filter=sheet.blur(8))
    cap = turned(
        sheet, [(-452, 96), (-446, 104), (-446, 104), (-420, 116), (-410, 114)], STEEL, gloss=0.9
    ) + ellipse(0, -452, 96, 15, STEEL.light)
    crank = tube("M0 -454V-510C0 -540 20 -548 60 -548H250", STEEL, 16)
    knob = turned(sheet, [(-644, 18), (-636, 38), (-606, 46), (-576, 30), (-556, 14)], tones, gloss=0.4)
    return Drawing(
        barrel + rings + shine + cap + crank + place(knob, 256, 0),
        540,
        650,
        focus=(-10, -300),
        foot=118,
        middle=90,
        cm=22,
    )


def board(sheet: Sheet, tones: Tones) -> Drawing:
    """A cutting board with rounded corners and a hanging hole."""
    d = "M-210 210C-210 150 -120 150 -92 110C-76 84 -84 20 -60 6C-30 -10 30 -10 60 6C84 20 76 84 92 110C120 150 210 150 210 210V790C210 830 190 850 150 850H-150C-190 850 -210 830 -210 790Z"
    edge = group(path(d, tones.deep), transform="translate(7 9)")
    face = wooden(sheet, d, (-215, -10, 430, 870), tones, seed=21, upright=True, step=19)
    hole = (
        ellipse(0, 52, 24, 24, "#e3d5c2")
        + ellipse(2, 54, 24, 24, "none", stroke=tones.deep, stroke_width=5)
        + stroke("M-20 66A24 24 0 0 0 22 62", tones.pale, 3)
    )
    loop = stroke("M0 62C-16 30 -30 -36 0 -58C30 -36 16 30 0 62", LEATHER.dark, 8)
    rim = path(d, stroke=tones.pale, stroke_width=4, opacity=0.4)
    return Drawing(
        place(edge + face + rim + hole + loop, 0, 62), 430, 930, pose="flat", focus=(0, 170), zoom=2.4, cm=42
    )


def knife(sheet: Sheet, _tones: Tones) -> Drawing:
    """A kitchen knife lying across the paper."""
    steel = Tones("#a9adb0")
    blade = "M-60 -34L-470 -40C-520 -38 -560 -20 -600 16C-540 40 -440 54 -320 56L-60 52Z"
    body = path(
        blade,
        sheet.linear(
            [(0, "#70757a", 1), (0.3, "#9aa0a4", 1), (0.62, "#c9cdce", 1), (1, "#e9ebea", 1)], x2=0, y2=1
        ),
    )
    patina = ellipse(-340, -6, 150, 24, "#6f6a86", opacity=0.34, filter=sheet.blur(16)) + ellipse(
        -170, 4, 90, 18, "#7d8a96", opacity=0.4, filter=sheet.blur(12)
    )
    edge = path("M-600 16C-540 40 -440 54 -320 56L-60 52V42L-320 45C-430 44 -530 34 -600 16Z", "#f6f6f3")
    bolster = path(
        "M-62 -36H-28C-22 -10 -22 30 -28 52H-62Z",
        sheet.linear([(0, steel.pale, 1), (0.5, steel.base, 1), (1, steel.deep, 1)], x2=0, y2=1),
    )
    grip_d = "M-30 -36C60 -44 160 -30 250 -36C300 -40 340 -30 346 -4C352 34 330 60 296 54C240 40 170 34 100 44C50 50 0 54 -30 52Z"
    grip = wooden(sheet, grip_d, (-40, -50, 400, 120), WALNUT, seed=6, step=9)
    lit = stroke("M-20 -22C80 -30 200 -18 310 -22", "#fffaf0", 9, opacity=0.25, filter=sheet.blur(4))
    rivets = "".join(
        ellipse(
            x,
            6,
            12,
            12,
            sheet.radial(
                [(0, "#f3e2b4", 1), (0.6, BRASS.base, 1), (1, BRASS.deep, 1)], cx=0.35, cy=0.3, r=0.75
            ),
        )
        for x in (40, 140, 240)
    )
    turned_ = place(
        body + group(patina, clip_path=sheet.clip(blade)) + edge + grip + lit + bolster + rivets,
        120,
        330,
        1,
        -32,
    )
    return Drawing(turned_, 860, 640, pose="flat", focus=(170, 300), zoom=2.6, cm=26)


def _spoon(sheet: Sheet, tones: Tones, kind: int) -> str:
    handle = "M-13 0C-16 200 -20 380 -18 500H18C20 380 16 200 13 0C10 -16 -10 -16 -13 0Z"
    heads = (
        "M0 480C60 480 84 560 78 640C72 720 36 760 0 760S-72 720 -78 640C-84 560 -60 480 0 480Z",
        "M-18 470C-30 520 -74 560 -76 620V744C-40 762 60 758 84 728C80 640 70 570 18 470Z",
        "M0 480C62 480 90 560 84 640C78 720 40 756 0 756S-78 720 -84 640C-90 560 -62 480 0 480Z",
    )
    parts = [
        wooden(sheet, handle, (-24, -10, 48, 520), tones, seed=3 + kind, upright=True, step=7),
        wooden(sheet, heads[kind], (-90, 470, 180, 300), tones, seed=11 + kind, upright=True, step=11),
    ]
    if kind == 0:
        parts.append(
            path(
                "M0 512C44 512 60 570 56 640C52 700 28 730 0 730S-52 700 -56 640C-60 570 -44 512 0 512Z",
                sheet.linear([(0, tones.deep, 1), (0.5, tones.dark, 1), (1, tones.light, 1)], x2=0.7, y2=1),
                opacity=0.75,
            )
        )
    if kind == 2:
        parts += [
            ellipse(x, y, 12, 16, tones.deep) + ellipse(x + 2, y + 3, 10, 13, "#e6d8c4")
            for x, y in ((-32, 590), (32, 590), (0, 640), (-34, 690), (34, 690), (0, 560))
        ]
    parts += [stroke(f"M-8 {y}L4 {y + 34}", tones.pale, 4, opacity=0.4) for y in (60, 130, 190, 260, 330)]
    return "".join(parts)


def spoons(sheet: Sheet, tones: Tones) -> Drawing:
    """A spoon, a spatula and a slotted spoon."""
    parts = (
        place(_spoon(sheet, tones, kind), x, y, 1, turn)
        for kind, x, y, turn in ((0, -190, 20, 3), (1, 0, 0, 0), (2, 190, 24, -3))
    )
    return Drawing("".join(parts), 600, 790, pose="flat", focus=(-210, 610), zoom=2.5, cm=31)


def rolling_pin(sheet: Sheet, tones: Tones) -> Drawing:
    """A tapered rolling pin lying at an angle."""
    d = "M-440 -30C-450 -30 -456 -14 -456 0S-450 30 -440 30C-300 46 -150 54 0 54S300 46 440 30C450 30 456 14 456 0S450 -30 440 -30C300 -46 150 -54 0 -54S-300 -46 -440 -30Z"
    fill = path(
        d,
        sheet.linear(
            [
                (0, tones.light, 1),
                (0.25, tones.pale, 1),
                (0.55, tones.base, 1),
                (0.9, tones.deep, 1),
                (1, tones.dark, 1),
            ],
            x2=0,
            y2=1,
        ),
    )
    lines = group(grain((-460, -56, 920, 112), tones, seed=14, step=13), clip_path=sheet.clip(d))
    return Drawing(
        place(fill + lines, 0, 330, 1, -30), 860, 660, pose="flat", focus=(-60, 350), zoom=2.6, cm=30
    )


def tray(sheet: Sheet, tones: Tones) -> Drawing:
    """A desk tray with three compartments, seen from above."""
    outer = box(-400, 0, 800, 540, 16)
    frame = wooden(sheet, outer, (-400, 0, 800, 540), tones, seed=2, step=16)
    floors = []
    for at, (x, y, w, h) in enumerate(((-368, 32, 470, 476), (134, 32, 234, 222), (134, 286, 234, 222))):
        floor = box(x, y, w, h, 6)
        inner = wooden(sheet, floor, (x, y, w, h), Tones(tones.dark), seed=30 + at, step=18)
        shade = path(
            f"M{x} {y}h{w}v34h-{w - 34}v{h - 34}h-34Z", "#2a1710", opacity=0.42, filter=sheet.blur(10)
        )
        floors.append(inner + group(shade, clip_path=sheet.clip(floor)))
    joints = "".join(
        path(box(x, y, 32, 40), tones.deep, opacity=0.4)
        for x in (-400, 368)
        for y in (60, 160, 260, 360, 460)
    )
    things = _pencils(sheet) + _clips()
    return Drawing(
        frame
        + joints
        + "".join(floors)
        + things
        + path(outer, stroke=tones.pale, stroke_width=4, opacity=0.5),
        800,
        540,
        pose="flat",
        focus=(-300, 110),
        zoom=2.4,
        cm=20,
    )


def _pencils(sheet: Sheet) -> str:
    parts = []
    for x, turn, colour in ((-300, 4, "#b8643f"), (-240, -3, "#2f4a3e"), (-176, 2, "#c8933b")):
        tone = Tones(colour)
        shaft = path(
            box(-12, 60, 24, 330), sheet.linear([(0, tone.light, 1), (0.4, tone.base, 1), (1, tone.deep, 1)])
        )
        tip = path(polygon((-12, 60), (12, 60), (0, 14)), ASH.base) + path(
            polygon((-4, 29), (4, 29), (0, 14)), "#3a3a3a"
        )
        shade = path(box(-4, 66, 26, 330), "#2a1710", opacity=0.35, filter=sheet.blur(6))
        parts.append(place(shade + shaft + tip + path(box(-12, 384, 24, 20), BRASS.base), x, 66, 1, turn))
    return "".join(parts)


def _clips() -> str:
    clip = "M0 0V52C0 66 22 66 22 52V-6C22 -26 -8 -26 -8 -6V44"
    rings = "".join(
        place(stroke(clip, BRASS.base, 5), x, y, 1, turn)
        for x, y, turn in ((190, 120, 30), (250, 150, -50), (300, 110, 80))
    )
    stone = (
        ellipse(250, 400, 62, 48, "#2a1710", opacity=0.3, transform="translate(8 12)")
        + ellipse(250, 400, 62, 48, "#a7a49c")
        + ellipse(236, 386, 30, 18, "#c9c6bd", opacity=0.8)
    )
    return rings + stone


def nest_box(sheet: Sheet, tones: Tones) -> Drawing:
    """A nest box with a pitched roof."""
    front = polygon((-190, 0), (190, 0), (190, -380), (0, -520), (-190, -380))
    side = path(polygon((190, 0), (250, -30), (250, -400), (190, -380)), tones.deep)
    face = wooden(sheet, front, (-190, -520, 380, 520), tones, seed=18, upright=True, step=22)
    boards = "".join(
        stroke(f"M{x} -6V{-500 + abs(x) * 0.7:.0f}", tones.deep, 4, opacity=0.5) for x in (-95, 0, 95)
    )
    roof = path(polygon((-244, -366), (0, -566), (0, -528), (-232, -338)), OAK.light) + path(
        polygon((0, -566), (300, -388), (290, -346), (0, -528)), OAK.dark
    )
    cover = path(polygon((0, -566), (60, -590), (350, -410), (300, -388)), OAK.deep)
    shade = path(
        polygon((-190, -372), (0, -520), (190, -372), (190, -330), (0, -474), (-190, -330)),
        "#2a1710",
        opacity=0.35,
        filter=sheet.blur(8),
    )
    hole = (
        ellipse(0, -290, 58, 58, tones.pale)
        + ellipse(0, -290, 52, 52, "#2a1c16")
        + stroke("M-44 -264A52 52 0 0 0 46 -266", tones.base, 6, opacity=0.8)
    )
    perch = tube("M0 -190V-186", OAK, 22) + ellipse(14, -176, 16, 8, "#2a1710", opacity=0.3)
    nails = "".join(
        ellipse(x, y, 5, 5, "#5a5048") for x, y in ((-160, -40), (160, -40), (-160, -330), (160, -330))
    )
    return Drawing(
        side
        + face
        + boards
        + group(shade, clip_path=sheet.clip(front))
        + cover
        + roof
        + hole
        + perch
        + nails,
        600,
        600,
        focus=(10, -300),
        foot=220,
        middle=40,
        cm=30,
        depth=0.06,
    )


def axe(sheet: Sheet, _tones: Tones) -> Drawing:
    """A hatchet with a forged head and a curved handle."""
    steel = Tones("#6d7175")
    handle_d = "M-30 60C-24 240 -40 420 -24 560C-10 680 30 740 24 800C20 832 70 838 84 806C92 760 60 690 50 560C40 420 46 240 36 60Z"
    handle = wooden(sheet, handle_d, (-60, 50, 160, 790), ASH, seed=13, upright=True, round_=True, step=9)
    head = "M-44 -10C20 -20 70 -14 84 0V130C60 140 40 136 24 140C-40 150 -110 190 -190 226C-230 160 -240 20 -214 -60C-140 -30 -90 -14 -44 -10Z"
    forged = path(
        head, sheet.linear([(0, steel.pale, 1), (0.35, steel.base, 1), (1, steel.deep, 1)], x2=0.8, y2=1)
    )
    edge = path("M-190 226C-230 160 -240 20 -214 -60L-186 -50C-208 30 -200 140 -162 212Z", "#dfe2e2")
    dents = "".join(
        ellipse(x, y, 22, 15, "#2a2a2c", opacity=0.18, filter=sheet.blur(5))
        for x, y in ((-90, 40), (-40, 90), (-120, 110), (20, 40), (-30, 20))
    )
    eye = path(box(-32, -22, 68, 16, 6), ASH.light) + path(
        polygon((-8, -22), (12, -22), (6, -8), (-2, -8)), WALNUT.base
    )
    cord = tube("M58 800C110 830 120 880 70 880C40 876 44 840 58 806", LEATHER, 9)
    return Drawing(
        place(cord + handle + forged + group(dents, clip_path=sheet.clip(head)) + edge + eye, 40, 70, 1, 8),
        500,
        960,
        pose="flat",
        focus=(0, 130),
        zoom=2.5,
        cm=38,
    )


def garden_tool(kind: str):
    """A trowel, a fork or a weeder with a turned handle, lying upright."""

    def draw(sheet: Sheet, _tones: Tones) -> Drawing:
        return Drawing(
            place(_hand_tool(sheet, kind), 0, 40), 260, 960, pose="flat", focus=(0, 400), zoom=2.6, cm=31
        )

    return draw


def _hand_tool(sheet: Sheet, kind: str) -> str:
    steel = Tones("#8b8f90")
    shade = sheet.linear(
        [(0, steel.pale, 1), (0.45, steel.base, 1), (0.55, steel.dark, 1), (1, steel.base, 1)]
    )
    handle_d = "M-34 20C-44 100 -30 220 -24 340H24C30 220 44 100 34 20C28 -10 -28 -10 -34 20Z"
    handle = wooden(sheet, handle_d, (-46, -10, 92, 360), ASH, seed=4, upright=True, round_=True, step=9)
    loop = stroke("M-16 14C-50 -60 50 -60 16 14", LEATHER.base, 9)
    ferrule = path(box(-27, 328, 54, 52, 6), round_fill(sheet, BRASS, gloss=0.9))
    neck = path("M-15 378C-14 430 -22 470 -14 520H14C22 470 14 430 15 378Z", shade)
    heads = {
        "trowel": path(
            "M-14 500C-70 520 -86 560 -86 640C-86 760 -40 850 0 906C40 850 86 760 86 640C86 560 70 520 14 500Z",
            shade,
        )
        + stroke("M-60 640H-34M-60 720H-36", steel.deep, 5, opacity=0.6)
        + stroke("M0 520V880", steel.dark, 5, opacity=0.5),
        "fork": path(
            "M-14 500C-80 510 -96 540 -94 620L-84 880L-70 880L-58 640C-56 600 -18 600 -14 640L-8 900H8L14 640C18 600 56 600 58 640L70 880L84 880L94 620C96 540 80 510 14 500Z",
            shade,
        ),
        "weeder": path(
            "M-14 500C-34 600 -40 760 -52 880L-34 910L0 850L34 910L52 880C40 760 34 600 14 500Z", shade
        )
        + stroke("M0 530V820", steel.dark, 5, opacity=0.5),
    }
    return (
        loop + heads[kind] + neck + handle + ferrule + hoop([(340, 27), (372, 27)], 352, BRASS.deep, 3, 0.1)
    )


def tool_trio(sheet: Sheet, _tones: Tones) -> Drawing:
    """All three garden tools side by side."""
    parts = (
        place(_hand_tool(sheet, kind), x, 40) for kind, x in (("trowel", -250), ("fork", 0), ("weeder", 250))
    )
    return Drawing("".join(parts), 760, 960, pose="flat", cm=31)
