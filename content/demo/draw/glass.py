# ruff: noqa: E501 (a path is easier to read on one line)
"""Glass: tumblers, carafe, server, honey jar."""

from .forms import Drawing, Profile, hoop, outline, turned
from .palette import Tones, mix
from .svg import Sheet, ellipse, group, path, place, smooth, stroke

CLEAR = Tones("#d6e2df")


def glassy(
    sheet: Sheet,
    profile: Profile,
    tones: Tones,
    *,
    decor: str = "",
    tilt: float = 0.16,
    strength: float = 0.5,
) -> str:
    """A transparent body: thin in the middle, denser at its edges, with two reflections."""
    d = outline(profile, tilt)
    edge = mix(tones.base, "#27383a", 0.4)
    fill = sheet.linear(
        [
            (0, edge, strength + 0.3),
            (0.1, tones.base, strength),
            (0.35, tones.light, strength * 0.6),
            (0.7, tones.base, strength * 0.8),
            (0.93, edge, strength + 0.1),
            (1, edge, strength + 0.35),
        ]
    )
    top, height = profile[0][0], profile[-1][0] - profile[0][0]
    lit = [(-r * 0.72, y) for y, r in profile if top + height * 0.08 < y < top + height * 0.9] or [(0, top)]
    right = [(-x * 0.95, y) for x, y in lit]
    shine = stroke(smooth(lit), "#ffffff", 15, opacity=0.75, filter=sheet.blur(4)) + stroke(
        smooth(right), "#ffffff", 6, opacity=0.5, filter=sheet.blur(2)
    )
    return (
        path(d, fill)
        + group(decor, shine, clip_path=sheet.clip(d))
        + path(d, stroke=edge, stroke_width=2.5, opacity=0.45)
    )


def rim(y: float, r: float, tones: Tones, tilt: float = 0.16) -> str:
    """The fire-polished rim."""
    edge = mix(tones.base, "#27383a", 0.35)
    return ellipse(
        0, y, r, r * tilt, tones.light, fill_opacity=0.25, stroke=edge, stroke_width=4, stroke_opacity=0.7
    ) + ellipse(-2, y + 1, r - 4, r * tilt - 3, "none", stroke="#ffffff", stroke_width=2, opacity=0.6)


def tumbler(sheet: Sheet, tones: Tones) -> Drawing:
    """A ribbed tumbler, a third full of water."""
    profile = [(-420, 166), (-414, 166), (-200, 152), (-30, 138), (-8, 132), (0, 126)]
    ribs = []
    for at in range(-6, 7):
        upper, lower = 166 * at / 6.6, 136 * at / 6.6
        ribs.append(
            stroke(f"M{upper:.0f} -352L{lower:.0f} -44", mix(tones.base, "#27383a", 0.45), 5, opacity=0.35)
        )
        ribs.append(stroke(f"M{upper + 9:.0f} -352L{lower + 8:.0f} -44", "#ffffff", 6, opacity=0.5))
    base = ellipse(0, -22, 122, 22, mix(tones.base, "#27383a", 0.3), opacity=0.35) + ellipse(
        -10, -26, 96, 13, "#ffffff", opacity=0.4
    )
    band = hoop(profile, -360, mix(tones.base, "#27383a", 0.3), 3, opacity=0.5)
    back = ellipse(0, -420, 166, 26, tones.base, opacity=0.35)
    return Drawing(
        back + glassy(sheet, profile, tones, decor="".join(ribs) + base + band) + rim(-420, 166, tones),
        350,
        450,
        focus=(-30, -250),
        foot=128,
        cm=10,
    )


def carafe(sheet: Sheet, tones: Tones) -> Drawing:
    """A carafe with a waist and a cork ball."""
    profile = [
        (-560, 74),
        (-552, 72),
        (-480, 50),
        (-400, 54),
        (-280, 118),
        (-150, 158),
        (-60, 150),
        (-10, 116),
        (0, 112),
    ]
    water_profile = [(-250, 126), (-150, 152), (-60, 144), (-14, 112), (-6, 108)]
    water = path(outline(water_profile), mix(tones.base, "#6f9aa0", 0.35), opacity=0.35) + ellipse(
        0, -250, 128, 19, "#ffffff", opacity=0.45
    )
    cork = Tones("#c79a68")
    ball = ellipse(
        0,
        -608,
        62,
        62,
        sheet.radial([(0, cork.pale, 1), (0.45, cork.base, 1), (1, cork.deep, 1)], cx=0.36, cy=0.32, r=0.75),
    )
    dots = "".join(
        ellipse(x, y, r, r * 0.7, cork.deep, opacity=0.45)
        for x, y, r in (
            (-20, -630, 4),
            (16, -616, 5),
            (-34, -600, 3),
            (4, -588, 4),
            (30, -592, 3),
            (-8, -645, 3),
            (34, -630, 3),
            (-22, -574, 4),
        )
    )
    return Drawing(
        glassy(sheet, profile, tones, decor=water) + rim(-560, 74, tones) + ball + dots,
        330,
        680,
        focus=(0, -520),
        foot=114,
        cm=27,
    )


def server(sheet: Sheet) -> str:
    """The glass server under the dripper, with coffee in it."""
    profile = [(-345, 92), (-338, 92), (-290, 100), (-200, 156), (-100, 178), (-20, 164), (0, 156)]
    coffee = [(-170, 166), (-100, 174), (-24, 160), (-8, 154)]
    brown = path(
        outline(coffee), sheet.linear([(0, "#5b3822", 0.95), (0.3, "#8a5a36", 0.9), (1, "#3c2417", 0.97)])
    ) + ellipse(0, -170, 166, 24, "#7a4c2c")
    return glassy(sheet, profile, CLEAR, decor=brown, strength=0.35)


def honey_jar(sheet: Sheet, _tones: Tones) -> Drawing:
    """A jar of honey with a cloth cap and a paper label."""
    honey = Tones("#d8962f")
    profile = [(-400, 150), (-392, 150), (-360, 176), (-330, 182), (-60, 182), (-14, 170), (0, 162)]
    glow = sheet.linear(
        [(0, "#a9661b", 1), (0.2, "#f0bd57", 1), (0.5, "#dd9c35", 1), (0.85, "#b06c1c", 1), (1, "#c98a34", 1)]
    )
    filled = path(outline([(-352, 172), (-330, 178), (-60, 178), (-16, 166), (-5, 160)]), glow) + ellipse(
        0, -352, 172, 26, "#f3ca73"
    )
    light = ellipse(40, -60, 130, 60, "#ffdf8e", opacity=0.7, filter=sheet.blur(22))
    label = path(
        "M-182 -262A182 29 0 0 0 182 -262V-122A182 29 0 0 1 -182 -122Z",
        sheet.linear([(0, "#d9cbb0", 1), (0.3, "#f7efdd", 1), (0.7, "#efe4cc", 1), (1, "#c4b394", 1)]),
    )
    mark = place(
        path("M0 0C-40 -30 -36 -70 0 -96C36 -70 40 -30 0 0Z", "#7d8b58")
        + stroke("M0 20V-80M0 -20L-18 -44M0 -36L18 -60", "#56653c", 4),
        0,
        -132,
        0.85,
    )
    lines = stroke("M-60 -112A182 29 0 0 0 60 -112", "#8b6b3c", 4, opacity=0.6)
    cap = "M-186 -400C-190 -440 -168 -476 -150 -484C-60 -512 60 -512 150 -484C168 -476 190 -440 186 -400C160 -376 150 -392 128 -372C100 -352 84 -376 60 -360C30 -346 10 -366 -16 -356C-44 -346 -64 -370 -92 -362C-126 -352 -150 -384 -186 -400Z"
    cloth = path(cap, sheet.linear([(0, "#f2e8d6", 1), (0.5, "#e2d2b6", 1), (1, "#ab9672", 1)])) + group(
        "".join(stroke(f"M{x} -520V-340", "#b8643f", 7, opacity=0.4) for x in range(-170, 180, 34)),
        clip_path=sheet.clip(cap),
    )
    string = stroke("M-166 -424A170 30 0 0 0 168 -424", "#8a6a41", 8) + stroke(
        "M-40 -396C-90 -360 -80 -330 -60 -330M-40 -396C-10 -360 -14 -330 -34 -322", "#8a6a41", 6
    )
    return Drawing(
        glassy(sheet, profile, honey, decor=filled + light, strength=0.3)
        + label
        + mark
        + lines
        + cloth
        + string,
        400,
        510,
        focus=(40, -110),
        foot=165,
        cm=12,
    )


def tin(sheet: Sheet, _tones: Tones) -> Drawing:
    """A round tea tin with a paper band and a printed sprig."""
    from .plants import twig

    metal = Tones("#4f5f56")
    profile = [(-420, 160), (-416, 164), (-416, 164), (-12, 164), (-12, 164), (0, 158)]
    paper = path(
        "M-166 -318A166 27 0 0 0 166 -318V-66A166 27 0 0 1 -166 -66Z",
        sheet.linear([(0, "#d6cbb4", 1), (0.28, "#f6efe0", 1), (0.65, "#ece1cb", 1), (1, "#b3a384", 1)]),
    )
    sprig = place(twig(190, 34, Tones("#6d7f8f"), leaves=8, size=0.55), -18, -64)
    lid = (
        turned(
            sheet,
            [(-490, 160), (-484, 167), (-484, 167), (-410, 167), (-410, 167), (-404, 166)],
            metal,
            gloss=0.6,
        )
        + ellipse(0, -490, 160, 25, metal.light)
        + ellipse(0, -489, 142, 21, metal.base)
    )
    return Drawing(
        turned(sheet, profile, metal, gloss=0.6) + paper + sprig + lid,
        350,
        510,
        focus=(10, -170),
        foot=160,
        cm=11,
    )
