# ruff: noqa: E501 (a path is easier to read on one line)
"""Lamps, candles, books, notebooks and the paper bag of coffee."""

from .forms import Drawing, cloth, face_fill, hoop, round_fill, speckles, tube, turned, weave
from .palette import BRASS, CHALK, IRON, Tones
from .plants import twig
from .svg import Sheet, box, ellipse, group, path, place, polygon, stroke

LINEN = Tones("#e9dcc3")


def table_lamp(sheet: Sheet, tones: Tones) -> Drawing:
    """A ceramic lamp with a linen shade, lit."""
    profile = [(-270, 34), (-262, 40), (-236, 96), (-150, 150), (-70, 140), (-14, 96), (0, 90)]
    base = turned(
        sheet,
        profile,
        tones,
        gloss=0.14,
        decor=speckles((-150, -270, 300, 270), tones.deep, 60)
        + "".join(hoop(profile, y, tones.deep, 2, opacity=0.14) for y in range(-230, -20, 22)),
    )
    stem = turned(sheet, [(-330, 14), (-266, 16)], BRASS, gloss=0.9)
    shade_d = "M-150 -620L-262 -320A262 40 0 0 0 262 -320L150 -620A150 20 0 0 0 -150 -620Z"
    lit = path(
        shade_d,
        sheet.linear([(0, "#d9c39a", 1), (0.3, "#f7e6bd", 1), (0.55, "#fdf0cf", 1), (1, "#bfa477", 1)]),
    )
    warm = ellipse(0, -430, 220, 150, "#fff0bf", opacity=0.75, filter=sheet.blur(44))
    texture = group(warm, path(shade_d, weave(sheet, LINEN, size=7)), clip_path=sheet.clip(shade_d))
    trims = stroke(
        "M-150 -616A150 20 0 0 0 150 -616M-260 -324A262 40 0 0 0 260 -324", "#a98c5f", 6, opacity=0.6
    )
    top = ellipse(0, -620, 150, 20, "#fff3cf") + ellipse(0, -619, 138, 15, "#f8d98f")
    glow = ellipse(0, -450, 520, 430, sheet.radial([(0, "#ffdf9a", 0.5), (1, "#ffdf9a", 0)]))
    return Drawing(
        glow + stem + base + lit + texture + trims + top,
        560,
        650,
        focus=(-60, -250),
        zoom=2.2,
        foot=100,
        cm=46,
    )


def pendant(sheet: Sheet, tones: Tones) -> Drawing:
    """An enamel bell lamp that hangs from the top of the picture."""
    cord = stroke("M0 -200V420", "#5b4a3e", 9) + stroke(
        "M-1.5 -200V420", "#8d7561", 3, stroke_dasharray="7 5"
    )
    canopy = turned(sheet, [(396, 26), (402, 36), (450, 46), (470, 52)], BRASS, gloss=0.8)
    profile = [(460, 60), (466, 74), (520, 110), (600, 190), (690, 280), (730, 330), (744, 336)]
    bell = turned(sheet, profile, tones, gloss=0.75, tilt=0.18)
    rim = ellipse(0, 744, 338, 62, IRON.base) + ellipse(0, 745, 330, 57, CHALK.base)
    inside = ellipse(
        0,
        747,
        322,
        52,
        sheet.radial([(0, "#fffdf2", 1), (0.3, "#ffeebf", 1), (0.8, "#f1d39a", 1), (1, "#d9b67a", 1)]),
    )
    bulb = ellipse(0, 752, 74, 34, "#fffef6") + ellipse(
        0, 752, 130, 48, "#fff4cc", opacity=0.6, filter=sheet.blur(14)
    )
    glow = path(
        polygon((-320, 750), (320, 750), (620, 1300), (-620, 1300)),
        sheet.linear([(0, "#ffe2a0", 0.6), (0.8, "#ffe2a0", 0)], x2=0, y2=1),
        filter=sheet.blur(26),
    )
    return Drawing(
        cord + canopy + glow + bell + rim + inside + bulb,
        700,
        1000,
        pose="hang",
        focus=(-150, 690),
        zoom=2.1,
        cm=30,
    )


def reading_lamp(sheet: Sheet, tones: Tones) -> Drawing:
    """A slim lamp with one joint and a conical shade."""
    foot = turned(sheet, [(-40, 130), (-34, 134), (-10, 138), (0, 134)], tones, gloss=0.8) + ellipse(
        0, -40, 130, 20, tones.light
    )
    arm = tube("M60 -44L120 -620", tones, 15) + tube("M122 -612L-190 -520", tones, 13)
    joint = ellipse(121, -614, 24, 24, round_fill(sheet, tones, gloss=0.9)) + ellipse(
        116, -619, 9, 9, tones.pale
    )
    weight = tube("M121 -614L196 -636", tones, 28)
    cone = place(
        path("M-26 -70C-20 -86 20 -86 26 -70L92 70C60 88 -60 88 -92 70Z", round_fill(sheet, tones, gloss=0.8))
        + ellipse(0, 70, 92, 22, tones.deep)
        + ellipse(0, 70, 84, 17, "#ffefc2")
        + ellipse(0, 72, 44, 10, "#ffffff"),
        -206,
        -470,
        1,
        14,
    )
    beam = path(
        polygon((-310, -400), (-140, -380), (40, 0), (-470, 0)),
        sheet.linear([(0, "#ffe6ac", 0.75), (1, "#ffe6ac", 0)], x2=0, y2=1),
        filter=sheet.blur(16),
    )
    return Drawing(
        beam + foot + arm + weight + joint + cone,
        620,
        680,
        focus=(-190, -490),
        zoom=2.4,
        foot=134,
        middle=-80,
        cm=50,
    )


def candles(sheet: Sheet, tones: Tones) -> Drawing:
    """A bundle of tapers tied with linen string, lying flat."""
    parts = []
    for at, x in enumerate((-120, -42, 40, 120)):
        taper = "M-13 40C-16 20 16 20 13 40L33 800C33 814 -33 814 -33 800Z"
        wax = path(taper, round_fill(sheet, tones, gloss=0.35))
        wick = stroke("M0 34C-2 10 10 0 4 -26", "#e9dfc8", 6) + stroke("M0 34C-2 10 10 0 4 -26", "#b7a98c", 2)
        drips = "".join(
            stroke(f"M{-30 + y * 0.004:.0f} {y}q30 9 60 0", tones.deep, 2, opacity=0.16)
            for y in range(160 + at * 17, 800, 97)
        )
        parts.append(
            place(
                wick + wax + group(drips, clip_path=sheet.clip(taper)),
                x,
                36 + (at % 2) * 12,
                1,
                (at - 1.5) * 1.6,
            )
        )
    string = "".join(
        stroke(f"M-150 {y}C-60 {y + 14} 70 {y + 14} 156 {y - 2}", "#9c7a4c", 9)
        + stroke(f"M-150 {y - 2}C-60 {y + 12} 70 {y + 12} 156 {y - 4}", "#cfae7c", 3)
        for y in (470, 484, 498)
    )
    bow = stroke(
        "M0 490C-110 400 -140 520 0 494C130 400 150 530 0 494M-4 496C-30 550 -60 560 -74 600M4 496C30 550 40 570 66 590",
        "#b08b59",
        9,
    )
    return Drawing("".join(parts) + string + bow, 380, 860, pose="flat", focus=(0, 480), zoom=2.5, cm=25)


def notebook(sheet: Sheet, tones: Tones) -> Drawing:
    """A clothbound notebook with a ribbon and an elastic band."""
    block = path(box(-288, 16, 590, 800, 14), "#d9cdb6") + "".join(
        stroke(f"M{294 + at} 26V806", "#b8aa8f", 1, opacity=0.6) for at in (0, 4, 8)
    )
    cover = box(-300, 0, 590, 812, 16)
    face = cloth(sheet, cover, tones, weave(sheet, tones, size=8))
    spine = (
        path("M-300 16A16 16 0 0 1 -284 0H-226V812H-284A16 16 0 0 1 -300 796Z", tones.deep, opacity=0.28)
        + stroke("M-226 2V810", tones.deep, 4, opacity=0.5)
        + stroke("M-219 2V810", tones.pale, 3, opacity=0.35)
    )
    label = (
        path(box(-110, 170, 250, 130, 5), "#f1e8d6")
        + stroke(box(-98, 182, 226, 106, 3), "#a58d68", 2.5)
        + stroke("M-70 232H100M-40 258H70", "#a58d68", 3, opacity=0.7)
    )
    elastic = stroke("M226 -2V814", tones.deep, 15) + stroke("M223 -2V814", tones.light, 4, opacity=0.6)
    ribbon = path("M60 806V880L78 862L96 880V806Z", "#b8643f" if tones.base != "#a4502f" else "#2f3e52")
    edge = stroke(cover, tones.pale, 3, opacity=0.4)
    return Drawing(
        ribbon + block + face + spine + label + elastic + edge,
        620,
        880,
        pose="flat",
        focus=(60, 740),
        zoom=2.4,
        cm=21,
    )


def cookbook(sheet: Sheet, _tones: Tones) -> Drawing:
    """A cookbook with a bowl and a sprig on its cover, standing slightly open to the right."""
    board, ink = Tones("#d8b48a"), "#2f4a3e"
    pages = path(polygon((290, -796), (330, -770), (330, -10), (290, 0)), "#efe6d2") + "".join(
        stroke(f"M{296 + at * 8} {-790 + at * 5}V{-2 - at * 2}", "#b8aa8f", 1.5) for at in range(5)
    )
    back = path(polygon((330, -776), (342, -768), (342, -6), (330, -8)), board.deep)
    cover = box(-300, -800, 592, 800, 8)
    face = (
        path(cover, face_fill(sheet, Tones("#e5d3b3")))
        + path(box(-300, -800, 74, 800, 6), ink)
        + path(cover, weave(sheet, board, size=9), opacity=0.5)
    )
    sun = ellipse(34, -470, 176, 176, "#c8743f", opacity=0.9)
    bowl = path(
        "M-140 -400H208C208 -290 130 -240 90 -230V-210H-22V-230C-62 -240 -140 -290 -140 -400Z", ink
    ) + ellipse(34, -400, 174, 26, "#46665a")
    sprig = place(twig(250, 66, Tones("#7d8b58"), leaves=9, size=0.72), 30, -404) + place(
        twig(190, -80, Tones("#7d8b58"), leaves=7, size=0.66), 10, -404
    )
    rules = (
        stroke("M-110 -124H178M-60 -92H128", ink, 7)
        + stroke("M-110 -716H178", ink, 5)
        + stroke("M-110 -704H178", ink, 2)
    )
    hinge = stroke("M-216 -798V-2", "#8a6a48", 3, opacity=0.5)
    return Drawing(
        back + pages + face + sun + sprig + bowl + rules + hinge,
        650,
        810,
        focus=(30, -440),
        zoom=2.2,
        foot=316,
        middle=20,
        cm=26,
        depth=0.04,
    )


def coffee_bag(sheet: Sheet, _tones: Tones) -> Drawing:
    """A paper coffee bag with a folded top and a printed sun."""
    kraft = Tones("#c69f6f")
    d = "M-200 -560C-196 -400 -216 -200 -206 -30C-204 -8 -190 0 -170 0H170C190 0 204 -8 206 -30C216 -200 196 -400 200 -560Z"
    body = path(d, round_fill(sheet, kraft, gloss=0.1))
    gusset = path(
        "M-200 -560C-170 -400 -176 -200 -160 -4L-206 -20C-216 -200 -196 -400 -200 -560Z",
        kraft.light,
        opacity=0.7,
    ) + path(
        "M200 -560C170 -400 176 -200 160 -4L206 -20C216 -200 196 -400 200 -560Z", kraft.deep, opacity=0.5
    )
    creases = stroke(
        "M-176 -520C-120 -490 -60 -500 -20 -470M180 -500C130 -480 100 -490 70 -450M-180 -60C-130 -40 -80 -50 -40 -20",
        kraft.deep,
        4,
        opacity=0.35,
    )
    label = path(box(-136, -420, 272, 320, 6), "#f3e9d6")
    rays = "".join(
        stroke("M0 -74V-100", "#c8743f", 8, transform=f"translate(0 -230) rotate({at * 20 - 90})")
        for at in range(10)
    )
    sun = (
        path("M-62 -230A62 62 0 0 1 62 -230Z", "#c8743f")
        + rays
        + stroke("M-110 -222H110", "#5a3d2a", 6)
        + stroke("M-70 -180H70M-46 -152H46", "#5a3d2a", 4, opacity=0.6)
    )
    top = (
        path(
            "M-206 -640H206V-548C80 -536 -80 -536 -206 -548Z",
            sheet.linear([(0, kraft.pale, 1), (0.5, kraft.base, 1), (1, kraft.dark, 1)], x2=0.2, y2=1),
        )
        + stroke("M-206 -548C-80 -536 80 -536 206 -548", "#2a1710", 10, opacity=0.3, filter=sheet.blur(5))
        + stroke("M-204 -594H204", kraft.deep, 3, opacity=0.5)
    )
    tie = path(box(-226, -616, 452, 26, 6), "#3a4a44") + stroke("M-226 -610H226", "#7d8f86", 3)
    return Drawing(
        body + group(gusset, creases, clip_path=sheet.clip(d)) + label + sun + top + tie,
        470,
        650,
        focus=(-20, -560),
        zoom=2.4,
        foot=200,
        cm=24,
        depth=0.07,
    )
