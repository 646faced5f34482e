"""Vases and planters, with what grows in them."""

from .ceramics import throwing_lines
from .forms import Drawing, band, mouth, outline, speckles, turned
from .palette import Tones
from .plants import basil, dried_stems, herb, stem
from .svg import Sheet, ellipse, group, path, place


def vase(sheet: Sheet, tones: Tones) -> Drawing:
    """A full-shouldered vase with dried stems."""
    profile = [
        (-400, 46),
        (-396, 46),
        (-372, 42),
        (-350, 60),
        (-300, 150),
        (-220, 196),
        (-120, 176),
        (-40, 120),
        (-6, 98),
        (0, 96),
    ]
    body = turned(
        sheet,
        profile,
        tones,
        gloss=0.12,
        decor=throwing_lines(profile, tones, -330, -30, 26)
        + speckles((-200, -400, 400, 400), tones.deep, 60),
    )
    return Drawing(
        dried_stems(-396) + body + mouth(sheet, -400, 46, tones, wall=8),
        420,
        760,
        focus=(-20, -330),
        foot=110,
        cm=42,
    )


def bud_vases(sheet: Sheet, tones: Tones) -> Drawing:
    """Three small vases: slim, round and waisted."""
    slim = [(-420, 30), (-410, 30), (-300, 32), (-200, 62), (-90, 76), (-20, 62), (0, 58)]
    round_ = [(-230, 28), (-222, 28), (-196, 30), (-160, 84), (-100, 108), (-40, 90), (-6, 60), (0, 58)]
    waisted = [(-320, 44), (-312, 44), (-260, 28), (-200, 52), (-130, 86), (-60, 80), (-8, 62), (0, 60)]
    parts = []
    for x, y, profile, kind in ((-170, -26, slim, 0), (160, -22, waisted, 2), (4, 10, round_, 1)):
        top, r = profile[0]
        shade = ellipse(16, 2, 96, 20, "#2a1710", opacity=0.34, filter=sheet.blur(8))
        parts.append(
            place(
                shade
                + stem(kind, top)
                + turned(sheet, profile, tones, gloss=0.6)
                + mouth(sheet, top, r, tones, wall=6),
                x,
                y,
            )
        )
    return Drawing("".join(parts), 560, 720, focus=(-60, -330), foot=230, cm=26, zoom=2)


def planter(sheet: Sheet, tones: Tones) -> Drawing:
    """A planter with a thick rolled rim."""
    profile = [(-330, 188), (-200, 176), (-100, 164), (-10, 148), (0, 146)]
    rim = [(-390, 214), (-386, 220), (-358, 224), (-330, 216), (-322, 204)]
    body = turned(sheet, profile, tones, gloss=0.08, decor=throwing_lines(profile, tones, -300, -30, 40))
    shade = path(band(profile, -334, -296), "#2a1710", opacity=0.3, filter=sheet.blur(7))
    collar = turned(sheet, rim, tones, gloss=0.12)
    soil = mouth(sheet, -390, 214, tones, wall=20) + ellipse(0, -386, 192, 26, "#4a3527")
    return Drawing(
        body + group(shade, clip_path=sheet.clip(outline(profile))) + collar + soil + herb(-388),
        560,
        760,
        focus=(-60, -340),
        foot=152,
        cm=44,
    )


def herb_pot(sheet: Sheet, tones: Tones) -> Drawing:
    """A glazed pot on its saucer, with basil."""
    profile = [(-330, 176), (-322, 178), (-200, 164), (-60, 134), (-36, 128)]
    saucer = (
        turned(sheet, [(-52, 206), (-46, 208), (-10, 176), (0, 170)], tones, tilt=0.18)
        + ellipse(0, -52, 206, 36, tones.light)
        + ellipse(0, -48, 192, 31, tones.deep, opacity=0.6)
    )
    body = turned(sheet, profile, tones, gloss=0.6, decor=speckles((-180, -330, 360, 330), tones.pale, 60))
    soil = mouth(sheet, -330, 176, tones, wall=12) + ellipse(0, -326, 162, 22, "#4a3527")
    return Drawing(saucer + body + soil + basil(-328), 500, 640, focus=(-60, -90), foot=180, cm=30)
