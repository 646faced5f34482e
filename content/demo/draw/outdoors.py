# ruff: noqa: E501 (a path is easier to read on one line)
"""Tents, lanterns, bags, baskets and cans: what goes outdoors."""

from .forms import Drawing, face_fill, fold, stitches, tube, turned, twill
from .palette import ASH, BRASS, CHALK, IRON, LEATHER, Tones
from .svg import Sheet, ellipse, group, path, place, polygon, stroke

ROPE = Tones("#c9b48c")


def tent(sheet: Sheet, tones: Tones) -> Drawing:
    """A ridge tent with an open flap, guy lines and a pole."""
    side = path(
        "M0 -440C150 -436 260 -420 330 -410L470 0H250Z",
        sheet.linear([(0, tones.base, 1), (1, tones.deep, 1)], x2=0.7, y2=1),
    )
    seam = stroke("M110 -436L356 0M220 -424L420 0", tones.deep, 3, opacity=0.4)
    front = path("M0 -440C-70 -280 -160 -120 -270 0H250C150 -130 70 -280 0 -440Z", face_fill(sheet, tones))
    dark = path(
        "M0 -400C-40 -270 -70 -130 -96 0H92C64 -130 36 -270 0 -400Z",
        sheet.linear([(0, "#2a1d18", 1), (0.7, "#4a3428", 1), (1, "#7a5638", 1)], x2=0, y2=1),
    )
    bed = path("M-90 -6C-60 -40 40 -46 86 -6Z", "#d8c9ae") + path(
        "M-60 -20C-30 -60 20 -56 40 -24Z", "#a4502f"
    )
    flap = path(
        "M0 -400C-40 -270 -70 -130 -96 0C-150 -40 -168 -70 -178 -96C-110 -180 -50 -290 0 -400Z",
        sheet.linear([(0, tones.pale, 1), (0.6, tones.light, 1), (1, tones.dark, 1)]),
    )
    tie = stroke("M-150 -128L-176 -104", LEATHER.base, 8)
    pole = tube("M0 -462V-4", ASH, 11)
    lines = stroke("M0 -450L-400 0M330 -410L560 0M-150 -160L-330 4", ROPE.dark, 4) + "".join(
        stroke(f"M{x} -22L{x - 8} 8", IRON.base, 7) for x in (-398, 560, -330)
    )
    creases = fold(sheet, "M-40 -330C-100 -200 -160 -90 -220 -10", tones, 14, 0.3) + fold(
        sheet, "M40 -330C90 -200 150 -100 210 -10", tones, 14, 0.3
    )
    edge = stitches("M-8 -420C-70 -280 -150 -130 -246 -10M8 -420C70 -280 140 -140 226 -10", tones)
    canvas = group(path("M0 -440L330 -410L470 0H-270Z", twill(sheet, tones)))
    return Drawing(
        lines + side + seam + front + canvas + creases + edge + dark + bed + pole + flap + tie,
        980,
        480,
        focus=(-70, -170),
        foot=380,
        middle=80,
        cm=150,
        depth=0.05,
    )


def tarp(sheet: Sheet, tones: Tones) -> Drawing:
    """A canvas tarp strung between two poles."""
    poles = tube("M-300 -470V0", ASH, 14) + tube("M300 -470V0", ASH, 14)
    back = path(
        "M-300 -450C-100 -420 100 -420 300 -450L410 -170C150 -140 -150 -140 -410 -170Z",
        sheet.linear([(0, tones.dark, 1), (1, tones.deep, 1)], x2=0, y2=1),
    )
    d = "M-300 -456C-100 -424 100 -424 300 -456L430 -190C280 -214 140 -150 0 -158C-140 -150 -280 -214 -430 -190Z"
    roof = path(d, face_fill(sheet, tones)) + path(d, twill(sheet, tones))
    creases = "".join(
        fold(sheet, c, tones, 16, 0.34)
        for c in (
            "M-290 -440C-200 -340 -120 -240 -10 -166",
            "M290 -440C200 -340 120 -240 10 -166",
            "M-296 -430C-320 -340 -370 -260 -410 -204",
            "M296 -430C320 -340 370 -260 410 -204",
        )
    )
    seams = stitches(
        "M-290 -436C-100 -406 100 -406 290 -436M-416 -206C-280 -228 -140 -166 0 -174C140 -166 280 -228 416 -206",
        tones,
    ) + stroke("M0 -430V-160", tones.deep, 3, opacity=0.3)
    patches = "".join(
        path(polygon((x, y), (x + dx, y + 6), (x + dx * 0.4, y + 44)), LEATHER.base)
        + ellipse(x + dx * 0.45, y + 16, 7, 7, BRASS.light)
        for x, y, dx in (
            (-426, -194, 54),
            (426, -194, -54),
            (-300, -452, 52),
            (300, -452, -52),
            (-24, -160, 50),
        )
    )
    lines = stroke(
        "M-428 -190L-520 0M428 -190L520 0M0 -158V-4M-300 -462L-430 0M300 -462L430 0", ROPE.dark, 4
    ) + "".join(stroke(f"M{x} -18L{x} 8", IRON.base, 7) for x in (-520, 520, 0, -430, 430))
    return Drawing(
        back + lines + poles + roof + creases + seams + patches,
        1070,
        490,
        focus=(-380, -240),
        zoom=2.5,
        foot=430,
        cm=190,
        depth=0.04,
    )


def hammock(sheet: Sheet, tones: Tones) -> Drawing:
    """A striped hammock strung between two ropes."""
    d = "M-330 -300C-260 -150 -140 -60 0 -56S260 -150 330 -300C300 -200 240 -60 180 -10C90 30 -90 30 -180 -10C-240 -60 -300 -200 -330 -300Z"
    inside = path(
        "M-330 -300C-250 -180 -120 -120 0 -118S250 -180 330 -300C260 -150 140 -60 0 -56S-260 -150 -330 -300Z",
        tones.deep,
    )
    stripes = "".join(
        stroke(
            f"M-330 -300C{-280 + at * 5} {-160 + at * 9} {-150} {-50 + at * 11} 0 {-46 + at * 11}S{280 - at * 5} {-160 + at * 9} 330 -300",
            CHALK.base if at % 2 else tones.deep,
            6 if at % 2 else 3,
            opacity=0.75,
        )
        for at in range(7)
    )
    cords = "".join(
        stroke(f"M{s * 330} -300L{s * 470} -440", ROPE.dark, 3)
        + stroke(
            f"M{s * (300 - at * 7)} {-262 + at * 12}Q{s * 380} {-330 + at * 2} {s * 446} -418", ROPE.dark, 3
        )
        for s in (-1, 1)
        for at in range(5)
    )
    ropes = "".join(
        tube(f"M{s * 440} -412L{s * 540} -520", ROPE, 12)
        + stroke(f"M{s * 440} -414a12 12 0 1 0 {s * 3} 3", BRASS.base, 7)
        for s in (-1, 1)
    )
    fringe = "".join(
        stroke(f"M{x} {18 - abs(x) * 0.14:.0f}v34", CHALK.dark, 5)
        + stroke(f"M{x} {18 - abs(x) * 0.14:.0f}v32", CHALK.base, 2.4)
        for x in range(-170, 180, 14)
    )
    body = (
        inside
        + fringe
        + path(d, face_fill(sheet, tones))
        + group(
            stripes,
            path(
                "M-340 -310H340V40H-340Z",
                sheet.linear([(0, "#fffaf0", 0.2), (0.5, "#fffaf0", 0), (1, "#2a1710", 0.25)]),
            ),
            clip_path=sheet.clip(d),
        )
    )
    return Drawing(
        place(cords + ropes + body, 0, -110),
        1090,
        640,
        focus=(-250, -370),
        zoom=2.4,
        foot=170,
        cm=150,
        depth=0.06,
    )


def lantern(sheet: Sheet, tones: Tones) -> Drawing:
    """A lit storm lantern."""
    bail = stroke("M-146 -310C-210 -650 210 -650 146 -310", tones.deep, 9) + stroke(
        "M-146 -310C-210 -646 210 -646 146 -310", tones.light, 3
    )
    frame = "".join(
        tube(f"M{s * 92} -40C{s * 180} -80 {s * 176} -380 {s * 70} -450", tones, 18) for s in (-1, 1)
    )
    tank = turned(sheet, [(-110, 90), (-104, 110), (-80, 150), (-20, 156), (0, 148)], tones, gloss=0.8)
    collar = turned(sheet, [(-150, 64), (-144, 70), (-112, 84), (-104, 88)], BRASS, gloss=0.9)
    glass = "M-60 -146C-120 -200 -122 -290 -58 -380H58C122 -290 120 -200 60 -146Z"
    glow = ellipse(
        0, -260, 330, 330, sheet.radial([(0, "#ffd27a", 0.75), (0.4, "#ffcf7a", 0.26), (1, "#ffcf7a", 0)])
    )
    light = path(
        glass,
        sheet.radial([(0, "#fff4cf", 1), (0.35, "#ffd884", 0.95), (1, "#d99a3e", 0.55)], cy=0.62, r=0.62),
    )
    flame = path("M0 -160C-38 -190 -24 -236 4 -290C32 -236 38 -190 0 -160Z", "#fff6d8") + path(
        "M0 -160C-22 -180 -12 -210 2 -236C18 -210 22 -180 0 -160Z", "#f4a63f", opacity=0.8
    )
    reflex = stroke("M-78 -210C-84 -260 -70 -310 -54 -350", "#ffffff", 9, opacity=0.8)
    guard = stroke(
        "M-110 -230C-60 -214 60 -214 110 -230M-106 -310C-60 -296 60 -296 106 -310M-40 -148C-64 -220 -64 -310 -40 -380M40 -148C64 -220 64 -310 40 -380",
        tones.deep,
        5,
        opacity=0.75,
    )
    hood = turned(
        sheet,
        [(-500, 24), (-494, 40), (-470, 44), (-450, 48), (-440, 70), (-400, 86), (-384, 70)],
        tones,
        gloss=0.8,
    ) + "".join(ellipse(x, -424, 6, 8, tones.deep) for x in (-44, -16, 14, 42))
    cap = turned(sheet, [(-540, 14), (-534, 34), (-506, 40), (-496, 34)], tones, gloss=0.8)
    knob = tube("M88 -124H126", BRASS, 12)
    return Drawing(
        bail + glow + frame + tank + collar + light + flame + reflex + guard + hood + cap + knob,
        440,
        600,
        focus=(0, -270),
        zoom=2.2,
        foot=150,
        cm=30,
    )


def chair(sheet: Sheet, tones: Tones) -> Drawing:
    """A low folding chair with a canvas sling, seen from the front and side."""
    far = tube("M150 -470L-130 -6", Tones(ASH.dark), 22) + tube("M-60 -200L250 -6", Tones(ASH.dark), 22)
    sling = "M-262 -440C-150 -466 60 -480 140 -470C90 -360 50 -260 60 -200C80 -150 190 -140 250 -170C280 -150 260 -110 230 -96C80 -50 -60 -70 -110 -160C-150 -250 -210 -360 -262 -440Z"
    body = path(sling, face_fill(sheet, tones)) + path(sling, twill(sheet, tones))
    seat = path(
        "M-110 -160C-60 -70 80 -50 230 -96C260 -110 280 -150 250 -170C190 -140 80 -150 60 -200C20 -200 -60 -190 -110 -160Z",
        tones.deep,
        opacity=0.32,
        filter=sheet.blur(10),
    )
    creases = fold(sheet, "M-180 -440C-110 -320 -70 -220 -20 -150", tones, 16, 0.3) + fold(
        sheet, "M60 -466C30 -340 -10 -250 20 -170", tones, 16, 0.3
    )
    hem = stitches("M-244 -428C-140 -450 60 -464 128 -456M238 -160C258 -140 240 -112 216 -104", tones)
    near = tube("M-270 -452L10 -6", ASH, 24) + tube("M-290 -6L240 -176", ASH, 24)
    bars = tube("M-274 -450L150 -478", ASH, 20)
    pivot = ellipse(-78, -78, 15, 15, BRASS.base) + ellipse(-81, -81, 7, 7, BRASS.pale)
    return Drawing(
        far + body + group(seat, creases, clip_path=sheet.clip(sling)) + hem + bars + near + pivot,
        600,
        500,
        focus=(-150, -330),
        foot=280,
        cm=72,
        depth=0.06,
    )
