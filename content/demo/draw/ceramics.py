# ruff: noqa: E501 (a path is easier to read on one line)
"""What is thrown, cast and glazed: cups, pots, plates, vases and planters."""

from .forms import Drawing, Profile, above, band, hoop, mouth, outline, round_fill, speckles, tube, turned
from .palette import BEECH, CLAY, Tones
from .svg import Sheet, blob, ellipse, group, path, place, stroke

UNGLAZED = CLAY


def throwing_lines(profile: Profile, tones: Tones, start: float, end: float, step: float = 17) -> str:
    """The spiral that the potter's fingers leave."""
    count = int((end - start) / step)
    rows = (start + step * at for at in range(count))
    return "".join(
        hoop(profile, y, tones.deep, 2, opacity=0.16) + hoop(profile, y + 4, tones.pale, 2.4, opacity=0.28)
        for y in rows
    )


def dipped(
    sheet: Sheet,
    profile: Profile,
    tones: Tones,
    line: float,
    *,
    decor: str = "",
    gloss: float = 0.55,
    specks: int = 50,
    tilt: float = 0.16,
) -> str:
    """A pot dipped into glaze as far as a line, above a foot of bare clay."""
    top, widest = profile[0][0], max(radius for _, radius in profile)
    colour = tones.light if tones.is_dark else tones.deep
    area = (-widest, top, widest * 2, line - top)
    glaze = path(above(profile, line, tilt), round_fill(sheet, tones, gloss=gloss)) + speckles(
        area, colour, specks
    )
    edge = hoop(profile, line, tones.deep, 5, tilt, opacity=0.45) + hoop(
        profile, line - 5, tones.pale, 4, tilt, opacity=0.5
    )
    return turned(sheet, profile, UNGLAZED, tilt=tilt, gloss=gloss, decor=glaze + edge + decor)


def mug(sheet: Sheet, tones: Tones) -> Drawing:
    """A round-bellied mug with a half-moon handle."""
    profile = [
        (-400, 172),
        (-395, 172),
        (-330, 186),
        (-230, 206),
        (-120, 200),
        (-40, 160),
        (-8, 140),
        (0, 138),
    ]
    handle = tube("M182 -318C330 -350 350 -110 186 -128", tones, 44)
    body = dipped(sheet, profile, tones, -62)
    return Drawing(
        handle + body + mouth(sheet, -400, 172, tones, wall=11),
        520,
        430,
        focus=(-40, -80),
        foot=140,
        middle=45,
        cm=9.5,
    )


def espresso(sheet: Sheet, tones: Tones) -> Drawing:
    """A small cup on a saucer."""
    profile = [(-330, 150), (-325, 150), (-240, 146), (-140, 122), (-75, 84), (-52, 70), (-48, 70)]
    saucer = ellipse(0, -14, 290, 64, tones.dark) + ellipse(0, -26, 290, 62, round_fill(sheet, tones))
    saucer += (
        ellipse(0, -26, 276, 55, tones.light, opacity=0.6)
        + ellipse(6, -30, 200, 37, tones.dark, opacity=0.5)
        + ellipse(4, -33, 190, 32, tones.base)
    )
    shade = ellipse(40, -36, 110, 18, tones.deep, opacity=0.55, filter=sheet.blur(8))
    handle = tube("M144 -270C230 -292 236 -150 128 -168", tones, 26)
    coffee = ellipse(0, -316, 128, 15, "#4a2c1c") + ellipse(-20, -318, 80, 8, "#8a5a34", opacity=0.7)
    return Drawing(
        saucer
        + shade
        + handle
        + turned(sheet, profile, tones, gloss=0.75)
        + mouth(sheet, -330, 150, tones, wall=6)
        + coffee,
        590,
        390,
        focus=(60, -190),
        foot=220,
        cm=7,
    )


def handleless(sheet: Sheet, tones: Tones) -> Drawing:
    """A straight cup with throwing lines."""
    profile = [(-420, 176), (-415, 176), (-260, 172), (-120, 166), (-40, 156), (-10, 138), (0, 136)]
    body = dipped(sheet, profile, tones, -34, decor=throwing_lines(profile, tones, -370, -60, 24), gloss=0.35)
    return Drawing(
        body + mouth(sheet, -420, 176, tones, wall=11), 360, 450, focus=(-20, -230), foot=140, cm=8
    )


def dripper(sheet: Sheet, tones: Tones) -> Drawing:
    """A pour-over cone on a glass server."""
    from .glass import server

    cone = [(-570, 190), (-565, 190), (-480, 140), (-400, 92), (-362, 80), (-352, 80)]
    ribs = "".join(
        stroke(
            f"M{x} -560C{x * 0.8:.0f} -480 {x * 0.62:.0f} -420 {x * 0.46:.0f} -360",
            tones.deep,
            3,
            opacity=0.16,
        )
        for x in range(-170, 190, 34)
    )
    collar = path(outline([(-372, 176), (-356, 178), (-344, 170)], 0.15), round_fill(sheet, tones)) + ellipse(
        0, -372, 176, 26, tones.light
    )
    collar += ellipse(14, -372, 104, 15, tones.deep, opacity=0.5, filter=sheet.blur(7))
    handle = tube("M158 -506C260 -530 268 -410 112 -412", tones, 28)
    filter_ = path("M-172 -570L-150 -598L158 -604L176 -570A174 26 0 0 1 -172 -570Z", "#efe3c8", opacity=0.95)
    coffee = ellipse(0, -570, 150, 18, "#53331f")
    top = (
        handle
        + turned(sheet, cone, tones, decor=ribs)
        + mouth(sheet, -570, 190, tones, wall=9)
        + filter_
        + coffee
    )
    return Drawing(server(sheet) + collar + top, 500, 620, focus=(30, -440), foot=150, middle=20, cm=22)


def teapot(sheet: Sheet, tones: Tones) -> Drawing:
    """A plump teapot with a wooden knob."""
    profile = [
        (-372, 104),
        (-366, 112),
        (-300, 186),
        (-200, 226),
        (-110, 212),
        (-40, 158),
        (-10, 132),
        (0, 130),
    ]
    spout = "M-186 -190C-262 -196 -262 -300 -330 -352C-346 -362 -330 -380 -312 -376C-236 -362 -226 -300 -170 -286Z"
    spouted = path(
        spout, sheet.linear([(0, tones.light, 1), (0.5, tones.base, 1), (1, tones.dark, 1)], x2=0.4, y2=1)
    ) + ellipse(-322, -366, 20, 9, tones.deep, transform="rotate(28 -322 -366)")
    handle = tube("M176 -306C360 -352 366 -96 196 -130", tones, 36)
    lid = [(-430, 30), (-426, 44), (-404, 90), (-376, 112), (-366, 112)]
    dome = turned(sheet, lid, tones) + hoop(lid, -368, tones.deep, 4, opacity=0.5)
    knob = turned(sheet, [(-478, 10), (-474, 26), (-458, 34), (-440, 24), (-426, 18)], BEECH, gloss=0.3)
    return Drawing(
        spouted + handle + dipped(sheet, profile, tones, -58) + dome + knob,
        690,
        490,
        focus=(20, -380),
        foot=150,
        middle=0,
        cm=15,
    )


def plate(sheet: Sheet, tones: Tones) -> Drawing:
    """A wide plate, seen from above its edge."""
    under = path(
        "M-352 -118C-310 -34 -190 0 0 0S310 -34 352 -118Z",
        sheet.linear([(0, tones.base, 1), (0.4, tones.dark, 1), (1, tones.deep, 1)]),
    )
    rim = ellipse(0, -122, 352, 116, round_fill(sheet, tones, gloss=0.6)) + ellipse(
        0, -124, 340, 109, tones.light
    )
    well = sheet.linear([(0, tones.dark, 1), (0.4, tones.base, 1), (1, tones.light, 1)], x2=0.6, y2=1)
    rings = "".join(
        ellipse(
            0, -116 + (250 - r) * 0.03, r, r * 0.31, "none", stroke=tones.dark, stroke_width=2, opacity=0.32
        )
        for r in (212, 180, 146, 110, 72, 34)
    )
    pale = ellipse(0, -117, 266, 83, tones.pale) + ellipse(0, -114, 256, 78, well)
    shine = path(
        "M-300 -150C-250 -210 -120 -222 -40 -224C-130 -206 -230 -180 -268 -138Z",
        "#fffaf0",
        opacity=0.45,
        filter=sheet.blur(9),
    )
    specks = group(
        speckles((-340, -226, 680, 210), tones.deep, 110),
        clip_path=sheet.clip("M-340 -124A340 109 0 0 1 340 -124A340 109 0 0 1 -340 -124Z"),
    )
    return Drawing(
        place(under + rim + pale + rings + specks + shine, 0, 36),
        710,
        250,
        focus=(-190, -110),
        foot=250,
        zoom=2.1,
        cm=9,
    )


def bowl(sheet: Sheet, tones: Tones) -> Drawing:
    """A deep bowl on a small foot."""
    profile = [
        (-280, 280),
        (-275, 280),
        (-200, 268),
        (-110, 214),
        (-50, 132),
        (-36, 112),
        (-8, 108),
        (0, 106),
    ]
    line = hoop(profile, -222, tones.pale, 10, 0.2, opacity=0.9) + hoop(
        profile, -214, tones.deep, 3, 0.2, opacity=0.3
    )
    body = dipped(sheet, profile, tones, -46, decor=line, tilt=0.2, specks=80)
    return Drawing(
        body + mouth(sheet, -280, 280, tones, tilt=0.2, wall=12), 570, 340, focus=(-90, -230), foot=115, cm=7
    )


def serving_bowl(sheet: Sheet, tones: Tones) -> Drawing:
    """A wide bowl with two ears."""
    profile = [(-230, 350), (-225, 350), (-150, 326), (-80, 256), (-30, 160), (-6, 150), (0, 148)]
    ears = tube("M-330 -206C-420 -226 -420 -150 -322 -156", tones, 28) + tube(
        "M330 -206C420 -226 420 -150 322 -156", tones, 28
    )
    body = dipped(sheet, profile, tones, -36, decor=throwing_lines(profile, tones, -190, -50, 30), tilt=0.2)
    return Drawing(
        ears + body + mouth(sheet, -230, 350, tones, tilt=0.2, wall=13),
        800,
        310,
        focus=(-300, -200),
        foot=160,
        cm=11,
    )


def jug(sheet: Sheet, tones: Tones) -> Drawing:
    """A tall jug with a pulled spout."""
    profile = [
        (-560, 118),
        (-552, 116),
        (-470, 106),
        (-380, 122),
        (-240, 168),
        (-120, 172),
        (-40, 140),
        (-8, 122),
        (0, 120),
    ]
    handle = tube("M104 -510C286 -560 300 -210 164 -190", tones, 36)
    spout = path(
        "M-112 -566C-140 -578 -166 -596 -174 -586C-172 -560 -132 -520 -106 -500C-100 -530 -100 -550 -90 -566Z",
        sheet.linear([(0, tones.pale, 1), (1, tones.base, 1)], x2=0.6, y2=1),
    )
    lip = path(
        blob(
            [
                (-170, -588),
                (-100, -578),
                (0, -580),
                (90, -574),
                (118, -560),
                (90, -546),
                (0, -541),
                (-90, -546),
                (-130, -562),
            ]
        ),
        tones.light,
    )
    hollow = path(
        blob(
            [
                (-152, -582),
                (-90, -570),
                (0, -572),
                (84, -567),
                (106, -559),
                (80, -550),
                (0, -548),
                (-84, -551),
                (-118, -562),
            ]
        ),
        sheet.linear([(0, tones.dark, 1), (0.6, tones.deep, 1), (1, tones.dark, 1)]),
    )
    return Drawing(
        handle
        + dipped(sheet, profile, tones, -52, decor=throwing_lines(profile, tones, -440, -80, 34))
        + spout
        + lip
        + hollow,
        470,
        600,
        focus=(0, -500),
        foot=125,
        middle=40,
        cm=20,
    )


def jar(sheet: Sheet, tones: Tones) -> Drawing:
    """A storage jar with a flat wooden lid."""
    profile = [(-420, 170), (-415, 174), (-390, 178), (-200, 178), (-60, 176), (-14, 164), (0, 160)]
    bare = path(band(profile, -330, -250), round_fill(sheet, UNGLAZED, gloss=0.1))
    edges = hoop(profile, -330, tones.deep, 3, opacity=0.4) + hoop(profile, -250, tones.deep, 3, opacity=0.4)
    lid_profile = [(-478, 178), (-472, 184), (-440, 184), (-432, 180)]
    rings = "".join(
        ellipse(4, -478, r, r * 0.155, "none", stroke=BEECH.dark, stroke_width=2, opacity=0.4)
        for r in (30, 66, 98, 126, 150)
    )
    lid = turned(sheet, lid_profile, BEECH, gloss=0.2) + ellipse(0, -478, 178, 28, BEECH.light) + rings
    seal = path(outline([(-436, 170), (-418, 170)]), "#d9cdb8")
    knob = turned(sheet, [(-520, 28), (-514, 32), (-490, 24), (-480, 26)], BEECH, gloss=0.2) + ellipse(
        0, -520, 28, 6, BEECH.light
    )
    return Drawing(
        dipped(sheet, profile, tones, -30, decor=bare + edges) + seal + lid + knob,
        380,
        540,
        focus=(-60, -420),
        foot=165,
        cm=17,
    )
