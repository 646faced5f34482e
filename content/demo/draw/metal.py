"""Iron, steel and enamel of the kitchen: pots, pans, kettles, bins, holders."""

from .forms import Drawing, band, hoop, mouth, outline, round_fill, speckles, tube, turned, wooden
from .palette import BEECH, CHALK, IRON, STEEL, WALNUT, Tones
from .svg import Sheet, box, ellipse, group, path, place, stroke


def casserole(sheet: Sheet, tones: Tones) -> Drawing:
    """An enamelled casserole with a domed lid."""
    profile = [(-270, 300), (-264, 302), (-264, 302), (-120, 298), (-40, 276), (-8, 240), (0, 234)]
    ears = "".join(
        tube(f"M{side * 292} -236C{side * 390} -250 {side * 390} -176 {side * 292} -186", tones, 34)
        for side in (-1, 1)
    )
    rim = path(
        outline([(-290, 306), (-282, 310), (-268, 308), (-262, 300)]), round_fill(sheet, IRON, gloss=0.3)
    )
    lid_profile = [(-404, 40), (-400, 60), (-372, 172), (-330, 258), (-298, 304), (-288, 308)]
    lid = turned(
        sheet,
        lid_profile,
        tones,
        gloss=0.75,
        decor=hoop(lid_profile, -318, tones.deep, 4, opacity=0.4)
        + hoop(lid_profile, -312, tones.pale, 3, opacity=0.4),
    )
    knob = turned(
        sheet, [(-462, 46), (-456, 56), (-436, 52), (-416, 26), (-398, 30)], STEEL, gloss=0.9
    ) + ellipse(0, -462, 46, 8, STEEL.pale)
    return Drawing(
        ears + turned(sheet, profile, tones, gloss=0.75) + rim + lid + knob,
        790,
        480,
        focus=(-60, -380),
        foot=250,
        cm=19,
    )


def frying_pan(sheet: Sheet, _tones: Tones) -> Drawing:
    """A carbon-steel pan that hangs by its handle, seen from above."""
    steel = Tones("#5a5c5f")
    handle = path(
        "M-17 20C-22 120 -26 250 -34 340L-46 420H46L34 340C26 250 22 120 17 20C14 -6 -14 -6 -17 20Z",
        sheet.linear([(0, steel.light, 1), (0.4, steel.base, 1), (1, steel.deep, 1)]),
    )
    hole = ellipse(0, 34, 9, 16, "#d8cbb8") + ellipse(0, 34, 9, 16, "none", stroke=steel.deep, stroke_width=3)
    outer = ellipse(
        0,
        640,
        270,
        270,
        sheet.linear([(0, steel.pale, 1), (0.4, steel.base, 1), (1, steel.deep, 1)], x2=0.8, y2=1),
    )
    wall = ellipse(
        0,
        640,
        258,
        258,
        sheet.linear([(0, steel.deep, 1), (0.5, steel.dark, 1), (1, steel.light, 1)], x2=0.8, y2=1),
    )
    floor = ellipse(
        4,
        644,
        206,
        206,
        sheet.radial(
            [(0, "#5f5a58", 1), (0.55, "#4a484a", 1), (0.85, "#3f4148", 1), (1, "#34353a", 1)],
            cx=0.42,
            cy=0.4,
            r=0.62,
        ),
    )
    patina = ellipse(-30, 610, 130, 120, "#8a6a4a", opacity=0.3, filter=sheet.blur(36)) + ellipse(
        60, 700, 90, 80, "#5a6680", opacity=0.32, filter=sheet.blur(30)
    )
    turning = "".join(
        ellipse(4, 644, r, r, "none", stroke="#ffffff", stroke_width=1.4, opacity=0.06)
        for r in range(30, 204, 14)
    )
    root = path(
        "M-60 372C-40 400 40 400 60 372L70 426C40 452 -40 452 -70 426Z",
        sheet.linear([(0, steel.light, 1), (1, steel.dark, 1)], y2=0.6),
    )
    rivets = "".join(
        ellipse(
            x,
            y,
            11,
            11,
            sheet.radial([(0, "#e2e2e0", 1), (0.6, "#9a9b9c", 1), (1, "#505254", 1)], cx=0.35, cy=0.3, r=0.7),
        )
        for x, y in ((-34, 410), (0, 420), (34, 410))
    )
    return Drawing(
        outer + wall + floor + patina + turning + handle + root + hole + rivets,
        560,
        912,
        pose="flat",
        focus=(0, 420),
        zoom=2.6,
        cm=46,
    )


def saucepan(sheet: Sheet, tones: Tones) -> Drawing:
    """A straight saucepan with a long wooden handle."""
    profile = [(-300, 230), (-294, 232), (-294, 232), (-26, 230), (-26, 230), (-6, 216), (0, 210)]
    brushed = "".join(
        hoop(profile, y, tones.pale if at % 2 else tones.deep, 1.6, opacity=0.16)
        for at, y in enumerate(range(-280, -14, 9))
    )
    lip = path(
        "M-190 -336C-236 -346 -262 -330 -252 -312C-242 -300 -214 -300 -196 -300Z", tones.light
    ) + ellipse(-226, -318, 22, 8, tones.dark)
    shank = tube("M222 -236L318 -262", STEEL, 24)
    wood = path(
        "M306 -280C380 -304 470 -330 560 -346C590 -350 596 -312 566 -302C480 -280 390 -254 314 -238Z",
        sheet.linear([(0, BEECH.pale, 1), (0.4, BEECH.base, 1), (1, BEECH.deep, 1)], x2=0.2, y2=1),
    )
    lines = stroke(
        "M330 -270C420 -298 500 -318 570 -330M326 -254C420 -280 500 -300 560 -314", BEECH.dark, 2, opacity=0.5
    )
    rivets = ellipse(212, -234, 9, 10, STEEL.pale) + ellipse(214, -204, 9, 10, STEEL.pale)
    body = turned(sheet, profile, tones, gloss=0.9, decor=brushed)
    return Drawing(
        shank + wood + lines + body + rivets + mouth(sheet, -300, 230, tones, wall=7, inside=STEEL) + lip,
        840,
        370,
        focus=(220, -230),
        foot=220,
        middle=160,
        cm=12,
    )


def kettle(sheet: Sheet, tones: Tones) -> Drawing:
    """A gooseneck kettle with a wooden handle."""
    profile = [
        (-300, 112),
        (-296, 118),
        (-220, 160),
        (-120, 196),
        (-40, 214),
        (-14, 212),
        (-14, 212),
        (0, 204),
    ]
    neck = tube("M-176 -70C-290 -60 -236 -260 -300 -336C-320 -360 -346 -366 -366 -360", tones, 30) + ellipse(
        -368, -360, 8, 14, tones.deep, transform="rotate(14 -368 -360)"
    )
    lid = turned(sheet, [(-348, 40), (-344, 60), (-326, 100), (-302, 114), (-298, 114)], tones, gloss=0.9)
    knob = turned(sheet, [(-392, 20), (-386, 26), (-366, 22), (-346, 14)], WALNUT, gloss=0.3)
    stand = tube("M104 -286C180 -330 250 -330 286 -300", tones, 18)
    grip = tube("M270 -312C330 -270 320 -170 262 -92", WALNUT, 42)
    return Drawing(
        neck + stand + grip + turned(sheet, profile, tones, gloss=0.95) + lid + knob,
        720,
        410,
        focus=(-190, -180),
        foot=208,
        middle=-25,
        cm=19,
    )


def bread_bin(sheet: Sheet, tones: Tones) -> Drawing:
    """An enamelled bread bin whose wooden lid is a board."""
    d = box(-330, -330, 660, 330, 52)
    fill = sheet.linear(
        [
            (0, tones.base, 1),
            (0.1, tones.light, 1),
            (0.3, tones.base, 1),
            (0.86, tones.base, 1),
            (1, tones.dark, 1),
        ]
    )
    shade = sheet.linear(
        [(0, "#2a1a16", 0.2), (0.12, "#2a1a16", 0), (0.7, "#2a1a16", 0), (1, "#2a1a16", 0.25)], x2=0, y2=1
    )
    shine = stroke("M-284 -280V-70", "#fffaf0", 26, opacity=0.45, filter=sheet.blur(11))
    rim = path(box(-340, -344, 680, 34, 17), round_fill(sheet, IRON, gloss=0.3))
    lid = wooden(sheet, box(-336, -392, 672, 54, 20), (-336, -392, 672, 54), BEECH, seed=5, step=9)
    edge = path(box(-336, -392, 672, 14, 7), BEECH.pale, opacity=0.6)
    ears = "".join(
        tube(f"M{side * 330} -226C{side * 366} -226 {side * 366} -150 {side * 330} -150", STEEL, 14)
        for side in (-1, 1)
    )
    loaf = place(
        stroke(
            "M-46 0C-60 -34 -36 -52 0 -52S60 -34 46 0ZM-18 -44L-26 -18M6 -46L-2 -18M30 -42L22 -18",
            tones.pale if tones.is_dark else tones.deep,
            6,
            opacity=0.7,
        ),
        0,
        -120,
        1.3,
    )
    specks = group(speckles((-320, -320, 640, 310), tones.deep, 50), clip_path=sheet.clip(d))
    return Drawing(
        ears + path(d, fill) + specks + loaf + path(d, shade) + shine + rim + lid + edge,
        720,
        400,
        focus=(-250, -330),
        foot=310,
        cm=20,
        depth=0.05,
    )


def enamel_mug(sheet: Sheet, tones: Tones) -> Drawing:
    """An enamel mug with a dark rolled rim."""
    profile = [(-380, 190), (-374, 188), (-374, 188), (-26, 184), (-26, 184), (0, 164)]
    handle = tube("M186 -310C330 -330 330 -84 184 -104", tones, 26) + stroke(
        "M186 -310C250 -322 290 -286 294 -230", IRON.base, 5, opacity=0.25
    )
    body = turned(
        sheet,
        profile,
        tones,
        gloss=0.8,
        decor=speckles(
            (-190, -370, 380, 360),
            CHALK.base if tones.is_dark or tones.base < "#b" else "#4a5a66",
            130,
            size=3.4,
        ),
    )
    rim = ellipse(0, -380, 194, 32, IRON.base) + mouth(sheet, -381, 186, CHALK, wall=4)
    edge = stroke("M-194 -380A194 32 0 0 0 194 -380", IRON.dark, 9)
    return Drawing(handle + body + rim + edge, 510, 420, focus=(-50, -340), foot=172, middle=40, cm=8)


def enamel_bowl(sheet: Sheet, tones: Tones) -> Drawing:
    """An enamel bowl with a dark rolled rim."""
    profile = [(-220, 290), (-214, 286), (-100, 256), (-30, 214), (-6, 180), (0, 174)]
    body = turned(
        sheet,
        profile,
        tones,
        tilt=0.2,
        gloss=0.8,
        decor=speckles(
            (-290, -220, 580, 220),
            CHALK.base if tones.is_dark or tones.base < "#b" else "#4a5a66",
            150,
            size=3.4,
        ),
    )
    rim = ellipse(0, -220, 294, 60, IRON.base) + mouth(sheet, -221, 286, CHALK, tilt=0.2, wall=4)
    return Drawing(
        body + rim + stroke("M-294 -220A294 60 0 0 0 294 -220", IRON.dark, 9),
        600,
        290,
        focus=(-120, -210),
        foot=180,
        cm=6,
    )


def flask(sheet: Sheet, tones: Tones) -> Drawing:
    """An insulated flask with a wooden-topped cap and a cord loop."""
    profile = [
        (-520, 92),
        (-512, 94),
        (-480, 96),
        (-440, 128),
        (-400, 134),
        (-20, 134),
        (-20, 134),
        (-4, 126),
        (0, 122),
    ]
    steel = path(band(profile, -520, -486), round_fill(sheet, STEEL, gloss=0.9)) + path(
        band(profile, -28, 10), round_fill(sheet, STEEL, gloss=0.9)
    )
    mark = place(
        stroke(
            "M-40 0L-14 -40L0 -22L16 -54L44 0Z",
            tones.pale if tones.is_dark or tones.base < "#b" else tones.deep,
            5,
            opacity=0.7,
        ),
        -6,
        -180,
    )
    cap_profile = [(-640, 82), (-634, 88), (-634, 88), (-526, 90), (-518, 88)]
    cap = turned(
        sheet,
        cap_profile,
        STEEL,
        gloss=0.9,
        decor="".join(hoop(cap_profile, y, STEEL.deep, 2, opacity=0.3) for y in range(-620, -530, 14)),
    )
    wood = path(outline([(-660, 82), (-654, 86), (-634, 88)]), round_fill(sheet, BEECH, gloss=0.1)) + ellipse(
        0, -660, 82, 13, BEECH.light
    )
    rings = "".join(
        ellipse(3, -660, r, r * 0.155, "none", stroke=BEECH.dark, stroke_width=2, opacity=0.5)
        for r in (18, 38, 58)
    )
    loop = tube(
        "M84 -590C170 -600 190 -500 176 -440C168 -400 146 -420 150 -450C156 -500 140 -540 86 -560",
        Tones("#8b5f3c"),
        11,
    )
    return Drawing(
        loop + turned(sheet, profile, tones, gloss=0.4, decor=steel + mark) + cap + wood + rings,
        340,
        680,
        focus=(20, -580),
        foot=128,
        middle=20,
        cm=27,
    )


def candle_holder(sheet: Sheet, tones: Tones) -> Drawing:
    """A chamberstick with a dish, a ring and a burning taper."""
    dish = (
        turned(sheet, [(-62, 226), (-56, 228), (-20, 190), (0, 170)], tones, gloss=0.9, tilt=0.2)
        + ellipse(0, -62, 226, 44, tones.light)
        + ellipse(4, -58, 210, 38, round_fill(sheet, tones, gloss=0.7))
    )
    ring = (
        stroke("M222 -54C330 -60 330 40 262 34C216 26 214 -30 252 -40", tones.deep, 24)
        + stroke("M222 -56C326 -62 326 36 262 30C220 22 218 -30 252 -42", tones.base, 18)
        + stroke("M226 -62C300 -66 316 -20 300 6", tones.pale, 5, opacity=0.7)
    )
    socket = turned(sheet, [(-160, 50), (-154, 54), (-130, 40), (-80, 36), (-56, 58)], tones, gloss=0.9)
    wax = turned(sheet, [(-560, 20), (-554, 24), (-150, 32)], Tones("#eadfc0"), gloss=0.4, tilt=0.2)
    glow = ellipse(0, -620, 150, 170, sheet.radial([(0, "#ffd98a", 0.7), (1, "#ffd98a", 0)]))
    flame = (
        stroke("M0 -560V-584", "#3a2a20", 5)
        + path("M0 -572C-30 -596 -20 -634 4 -680C26 -640 30 -598 0 -572Z", "#f6b64f")
        + path("M0 -576C-16 -594 -10 -616 2 -642C14 -616 16 -592 0 -576Z", "#fff1c2")
    )
    return Drawing(
        ring + dish + socket + glow + wax + flame, 560, 690, focus=(60, -110), foot=190, middle=40, cm=26
    )
