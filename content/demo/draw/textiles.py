"""Linen, wool and cotton for the house: stacks, throws, cushions, rugs, bedding, towels."""

import math

from .forms import Drawing, cloth, face_fill, fold, stitches, weave
from .palette import CHALK, OAK, Tones, mix
from .svg import Sheet, blob, box, ellipse, group, path, place, smooth, stroke


def layer(sheet: Sheet, x: float, y: float, width: float, height: float, tones: Tones, *, texture: str | None = None, open_left: bool = False) -> str:
    """One folded piece of cloth in a stack, seen from the front: a fat fold on one side, edges on the other."""
    d = box(x, y, width, height, height * 0.48)
    fill = sheet.linear([(0, tones.pale, 1), (0.25, tones.light, 1), (0.6, tones.base, 1), (1, tones.deep, 1)], x2=0.06, y2=1)
    edge = x + width - height * 0.2 if not open_left else x + height * 0.2
    inner = f"M{x + (0 if open_left else height * 0.6)} {y + height * 0.5}H{x + width - (height * 0.6 if open_left else 0)}"
    lines = stroke(inner, tones.deep, 3.5, opacity=0.55) + stroke(inner, tones.pale, 2.5, opacity=0.6, transform="translate(0 4)")
    return path(d, fill) + path(d, texture or weave(sheet, tones, size=6)) + lines + stroke(f"M{edge} {y + height * 0.2}V{y + height * 0.8}", tones.deep, 2, opacity=0.2)


def stack(sheet: Sheet, tones: Tones, count: int, width: float, height: float, *, texture: str | None = None) -> str:
    """Several folded pieces on top of one another, standing on y = 0, with the top face visible."""
    parts = []
    for at in range(count):
        nudge = (at * 37 % 11) - 5
        parts.append(layer(sheet, -width / 2 + nudge, -height * (at + 1), width - abs(nudge), height + 2, tones, texture=texture, open_left=at % 2 == 1))
    top = -height * count
    crown = f"M{-width / 2 + height * 0.3} {top + height * 0.35}C{-width * 0.46} {top - 40} {-width * 0.4} {top - 62} {-width * 0.34} {top - 66}H{width * 0.36}C{width * 0.42} {top - 60} {width * 0.47} {top - 30} {width / 2 - height * 0.3} {top + height * 0.35}Z"
    face = path(crown, sheet.linear([(0, tones.pale, 1), (0.6, tones.light, 1), (1, tones.base, 1)], x2=0.8, y2=0.7)) + path(crown, texture or weave(sheet, tones, size=6))
    return face + "".join(parts)


def napkins(sheet: Sheet, tones: Tones) -> Drawing:
    """A pile of folded napkins tied with string."""
    pile = stack(sheet, tones, 4, 620, 62)
    hem = stitches("M-214 -300H226M-240 -268H248", tones, 2.4, "7 6")
    band = stroke("M-6 4V-250L4 -312", "#a8814f", 7) + stroke("M-6 -250L4 -312", "#c79d68", 3)
    bow = stroke("M2 -272C-90 -330 -120 -250 0 -268C110 -330 130 -250 4 -270M0 -268C-30 -230 -50 -226 -66 -206M4 -268C30 -236 50 -232 70 -214", "#a8814f", 7)
    return Drawing(pile + hem + band + bow, 650, 330, focus=(-190, -250), foot=310, cm=9, depth=0.035)


def tablecloth(sheet: Sheet, tones: Tones) -> Drawing:
    """A folded tablecloth with a drawn-thread border."""
    pile = stack(sheet, tones, 3, 720, 84)
    drape = "M-300 -306C-304 -220 -310 -120 -300 -14H-120C-112 -120 -118 -220 -108 -312Z"
    flap = cloth(sheet, drape, tones) + path(drape, sheet.linear([(0, "#fffaf0", 0.3), (0.5, "#fffaf0", 0), (1, "#2a1710", 0.16)]))
    border = "".join(stroke(f"M{x} -70V-46", tones.pale if tones.is_dark else tones.deep, 3, opacity=0.6) for x in range(-292, -120, 11))
    rules = stroke("M-302 -74H-116M-302 -42H-118", tones.pale if tones.is_dark else tones.deep, 3, opacity=0.55)
    shade = path(drape, "#2a1710", opacity=0.3, filter=sheet.blur(10), transform="translate(14 8)")
    return Drawing(pile + shade + flap + border + rules, 750, 330, focus=(-210, -90), foot=360, cm=11, depth=0.035)


def tea_towel(sheet: Sheet, tones: Tones) -> Drawing:
    """A striped tea towel that hangs from its loop."""
    ground = Tones("#e9dfcb") if tones.base != "#e6dac2" else Tones("#e6dac2")
    d = "M-8 70C-80 90 -160 150 -190 230C-206 400 -196 640 -204 860C-150 876 -90 858 -40 872C20 884 90 858 200 872C196 640 210 400 186 230C156 150 90 90 8 70Z"
    stripe = tones if tones.base != "#e6dac2" else Tones("#b99a6a")
    stripes = "".join(stroke(f"M{x * 0.1:.0f} 60C{x * 0.6:.0f} 140 {x} 220 {x} 300V900", stripe.base, w, opacity=0.9) for x, w in ((-166, 14), (-142, 5), (150, 14), (126, 5)))
    bands = "".join(stroke(f"M-220 {y}C-100 {y + 14} 80 {y - 10} 220 {y + 6}", stripe.base, w, opacity=0.9) for y, w in ((760, 26), (800, 8), (724, 8)))
    folds = fold(sheet, "M-20 90C-70 300 -60 600 -74 870", ground, 20, 0.35) + fold(sheet, "M20 90C60 300 50 620 66 870", ground, 22, 0.35)
    side = fold(sheet, "M-2 90C-10 260 0 420 -4 620", ground, 16, 0.25)
    loop = stroke("M-10 76C-34 20 -14 -2 0 -2S34 20 10 76", stripe.dark, 9)
    body = cloth(sheet, d, ground, weave(sheet, ground, size=8)) + group(stripes, bands, folds, side, clip_path=sheet.clip(d))
    return Drawing(loop + body + stitches("M-198 850C-100 864 80 844 194 858", ground), 430, 890, pose="flat", focus=(-120, 740), zoom=2.4, cm=62)


def _fringe(sheet: Sheet, x: float, y: float, width: float, length: float, tones: Tones, step: float = 17) -> str:
    strands = []
    for at in range(int(width / step) + 1):
        sway = math.sin(at * 1.9) * 4
        d = f"M{x + at * step:.0f} {y}q{sway:.0f} {length * 0.5:.0f} {sway * 1.4:.0f} {length:.0f}"
        strands.append(stroke(d, tones.dark, 9) + stroke(d, tones.light, 4) + ellipse(x + at * step, y + 12, 6, 7, tones.base))
    return "".join(strands)


def herringbone(sheet: Sheet, tones: Tones, size: float = 26) -> str:
    """The zigzag of the throw."""
    half = size / 2
    tile = f'<path d="M0 0L{half} {half}L{size} 0M0 {half}L{half} {size}L{size} {half}" stroke="{tones.deep}" stroke-width="3" fill="none" opacity=".3"/>'
    tile += f'<path d="M0 5L{half} {half + 5}L{size} 5" stroke="{tones.pale}" stroke-width="2.4" fill="none" opacity=".4"/>'
    return sheet.pattern(size, size, tile)


def throw(sheet: Sheet, tones: Tones) -> Drawing:
    """A thick folded throw with its fringe."""
    texture = herringbone(sheet, tones)
    pile = stack(sheet, tones, 3, 700, 96, texture=texture)
    drape = "M-70 -354C-74 -260 -78 -160 -70 -96H230C238 -170 230 -270 236 -354Z"
    shade = path(drape, "#2a1710", opacity=0.34, filter=sheet.blur(12), transform="translate(14 10)")
    flap = path(drape, face_fill(sheet, tones)) + path(drape, texture) + path(drape, sheet.linear([(0, "#fffaf0", 0.25), (0.5, "#fffaf0", 0), (1, "#2a1710", 0.14)]))
    return Drawing(pile + shade + flap + _fringe(sheet, -64, -98, 290, 78, tones), 730, 380, focus=(110, -160), foot=350, cm=22, depth=0.035)


def cushion(sheet: Sheet, tones: Tones) -> Drawing:
    """A square cushion with a woven grid and piping."""
    d = "M-300 -590C-180 -566 180 -566 300 -590C320 -594 334 -578 328 -560C304 -420 304 -160 330 -36C334 -14 318 -2 300 -6C180 -30 -180 -30 -300 -6C-318 -2 -334 -14 -330 -36C-304 -160 -304 -420 -328 -560C-334 -578 -320 -594 -300 -590Z"
    puff = sheet.radial([(0, tones.pale, 1), (0.45, tones.light, 1), (0.8, tones.base, 1), (1, tones.dark, 1)], cx=0.38, cy=0.34, r=0.75)
    rows = []
    for at in range(-4, 5):
        bow = at * 74
        curve = at * 6
        rows.append(f"M{bow + curve} -600C{bow - curve} -400 {bow - curve} -200 {bow + curve} 0")
        rows.append(f"M-340 {-298 + bow + curve}C-120 {-298 + bow - curve} 120 {-298 + bow - curve} 340 {-298 + bow + curve}")
    grid = stroke("".join(rows), tones.deep, 6, opacity=0.28) + stroke("".join(rows), tones.pale, 4, opacity=0.55, transform="translate(-3 -3)")
    creases = fold(sheet, "M-310 -570C-250 -500 -220 -470 -190 -420", tones, 18, 0.3) + fold(sheet, "M310 -30C250 -90 230 -120 200 -170", tones, 18, 0.3) + fold(sheet, "M306 -570C260 -520 240 -480 226 -450", tones, 14, 0.3)
    body = path(d, puff) + group(path(d, weave(sheet, tones, size=8)), grid, creases, clip_path=sheet.clip(d))
    piping = stroke(d, tones.deep, 11) + stroke(d, tones.light, 5, transform="translate(-1.5 -1.5)")
    return Drawing(body + piping, 680, 600, focus=(-210, -470), foot=300, cm=45, depth=0.035)


def rug(sheet: Sheet, tones: Tones) -> Drawing:
    """A rug with quiet bands and tasselled ends, seen from above."""
    area = "M-300 50C-100 44 100 54 300 48C306 300 294 620 302 860C100 866 -100 856 -300 862C-294 620 -306 300 -300 50Z"
    accents = (Tones("#7a5a48"), Tones(mix(tones.base, "#fff6e6", 0.6)), Tones(tones.deep), Tones("#b98a5a"))
    bands = "".join(path(f"M-320 {y}C-100 {y - 5} 100 {y + 6} 320 {y}V{y + h}C100 {y + h + 5} -100 {y + h - 5} -320 {y + h}Z", accents[c].base, opacity=0.85) for y, h, c in ((100, 34, 0), (150, 12, 1), (236, 60, 3), (312, 10, 2), (424, 14, 1), (450, 50, 0), (512, 14, 1), (610, 70, 2), (694, 10, 1), (770, 32, 3), (814, 10, 0)))
    ribs = sheet.pattern(10, 8, f'<path d="M0 4H10" stroke="{tones.deep}" stroke-width="1.6" opacity=".28"/><path d="M2 0V3M7 4V7" stroke="{tones.pale}" stroke-width="2" opacity=".4"/>')
    light = sheet.linear([(0, "#fffaf0", 0.25), (0.5, "#fffaf0", 0), (1, "#2a1710", 0.16)], x2=0.8, y2=1)
    body = path(area, tones.base) + group(bands, clip_path=sheet.clip(area)) + path(area, ribs) + path(area, light)
    return Drawing(place(_fringe(sheet, -292, 0, 590, 54, CHALK, 24), 0, -6) + place(_fringe(sheet, -292, 856, 590, 54, CHALK, 24), 0, 0) + body, 620, 915, pose="flat", focus=(-160, 760), zoom=2.3, cm=140)


def duvet(sheet: Sheet, tones: Tones) -> Drawing:
    """A folded duvet cover with buttons along its edge."""
    pile = stack(sheet, tones, 2, 740, 118)
    flap = "M-372 -200C-380 -262 -330 -302 -280 -304H300C350 -300 380 -262 372 -200C250 -178 -250 -178 -372 -200Z"
    shade = path(flap, "#2a1710", opacity=0.28, filter=sheet.blur(9), transform="translate(4 12)")
    lid = path(flap, sheet.linear([(0, tones.pale, 1), (0.5, tones.light, 1), (1, tones.base, 1)], x2=0.5, y2=1)) + path(flap, weave(sheet, tones, size=6))
    creases = "".join(fold(sheet, d, tones, 12, 0.28) for d in ("M-240 -296C-200 -260 -220 -220 -200 -192", "M60 -300C40 -260 90 -230 70 -190", "M220 -298C260 -270 240 -230 262 -200"))
    buttons = "".join(ellipse(x + 2, -200 + y, 15, 14, "#2a1710", opacity=0.3) + ellipse(x, -204 + y, 15, 14, OAK.dark) + ellipse(x - 2, -206 + y, 11, 10, OAK.light) + ellipse(x - 4, -206 + y, 2, 2, OAK.deep) + ellipse(x + 3, -206 + y, 2, 2, OAK.deep) for x, y in ((-280, -4), (-140, 5), (0, 8), (140, 5), (280, -4)))
    return Drawing(pile + shade + lid + creases + stitches("M-362 -222C-250 -204 250 -204 362 -222", tones, 2.4) + buttons, 760, 310, focus=(-140, -210), foot=370, cm=20, depth=0.035)


def pillow(sheet: Sheet, tones: Tones) -> Drawing:
    """A plump pillow with a flange."""
    outer = "M-392 -360C-200 -344 200 -344 392 -360C408 -362 412 -350 408 -336C396 -250 396 -130 410 -34C412 -18 404 -8 390 -10C200 -24 -200 -24 -390 -10C-404 -8 -412 -18 -410 -34C-396 -130 -396 -250 -408 -336C-412 -350 -408 -362 -392 -360Z"
    inner = blob([(-340, -316), (-120, -336), (120, -336), (340, -316), (352, -190), (342, -62), (120, -34), (-120, -34), (-342, -62), (-352, -190)])
    puff = sheet.radial([(0, tones.pale, 1), (0.5, tones.light, 1), (0.85, tones.base, 1), (1, tones.dark, 1)], cx=0.4, cy=0.3, r=0.72)
    creases = "".join(fold(sheet, d, tones, 15, 0.28) for d in ("M-330 -300C-270 -260 -240 -250 -190 -240", "M330 -300C280 -262 260 -246 220 -236", "M-330 -76C-280 -110 -250 -120 -220 -126", "M330 -74C290 -104 250 -118 226 -122", "M-60 -200C0 -180 60 -186 110 -206"))
    return Drawing(path(outer, face_fill(sheet, tones)) + path(outer, weave(sheet, tones, size=6)) + path(inner, puff) + group(creases, path(inner, weave(sheet, tones, size=6)), clip_path=sheet.clip(inner)) + stitches(inner, tones, 2.4, "8 6"), 830, 370, focus=(-300, -270), foot=400, cm=38, depth=0.035)


def quilt(sheet: Sheet, tones: Tones) -> Drawing:
    """A quilt folded over, stitched in waves."""
    pile = stack(sheet, tones, 2, 720, 110)
    drape = "M-340 -276C-352 -190 -352 -90 -340 -8C-200 4 140 4 250 -8C262 -100 256 -200 262 -280Z"
    shade = path(drape, "#2a1710", opacity=0.3, filter=sheet.blur(12), transform="translate(14 6)")
    waves = []
    for row in range(9):
        y = -262 + row * 33
        waves.append(smooth([(-360 + 40 * at, y + (11 if at % 2 else -11)) for at in range(17)]))
    seams = stroke("".join(waves), tones.deep, 9, opacity=0.3, filter=sheet.blur(3)) + stroke("".join(waves), tones.pale, 5, opacity=0.7, transform="translate(0 5)", filter=sheet.blur(1.5))
    thread = stroke("".join(waves), tones.deep, 2.2, stroke_dasharray="8 6", opacity=0.6)
    body = path(drape, face_fill(sheet, tones)) + group(seams, thread, path(drape, weave(sheet, tones, size=6)), clip_path=sheet.clip(drape))
    return Drawing(pile + shade + body + stroke("M-340 -8C-200 4 140 4 250 -8", tones.deep, 7, opacity=0.5), 740, 310, focus=(-140, -130), foot=355, zoom=2.5, cm=20, depth=0.035)


def waffle(sheet: Sheet, tones: Tones, size: float = 19) -> str:
    """The cells of a waffle weave."""
    tile = f'<path d="M2 2H{size - 2}L{size - 6} 6H6Z" fill="{tones.deep}" opacity=".36"/><path d="M2 2V{size - 2}L6 {size - 6}V6Z" fill="{tones.deep}" opacity=".24"/>'
    tile += f'<path d="M{size - 2} 2V{size - 2}H2L6 {size - 6}H{size - 6}V6Z" fill="{tones.pale}" opacity=".55"/>'
    return sheet.pattern(size, size, tile)


def towel(sheet: Sheet, tones: Tones) -> Drawing:
    """A waffle towel folded over a wooden rail."""
    texture = waffle(sheet, tones)
    back = "M-230 40H230V620C80 628 -80 616 -230 624Z"
    front = "M-236 40C-240 10 -220 0 -200 0H200C220 0 240 10 236 40V780C90 790 -80 774 -236 784Z"
    rail = path(box(-330, 14, 660, 30, 15), sheet.linear([(0, OAK.pale, 1), (0.4, OAK.base, 1), (1, OAK.deep, 1)], x2=0, y2=1))
    creases = fold(sheet, "M-70 20C-84 240 -60 480 -76 780", tones, 20, 0.26) + fold(sheet, "M110 20C124 260 96 520 116 780", tones, 20, 0.26)
    hem = path("M-236 700H236V742H-236Z", tones.light, opacity=0.9) + stitches("M-236 698H236M-236 744H236", tones, 2.4)
    loop = stroke("M190 690C206 650 226 650 232 690", tones.deep, 6)
    body = path(front, face_fill(sheet, tones)) + path(front, texture) + path(front, sheet.linear([(0, "#fffaf0", 0.35), (0.05, "#fffaf0", 0), (0.75, "#2a1710", 0), (1, "#2a1710", 0.14)], x2=0, y2=1))
    return Drawing(rail + path(back, tones.deep) + body + group(creases, hem, clip_path=sheet.clip(front)) + loop, 680, 790, pose="flat", focus=(-120, 650), zoom=2.5, cm=70)


def bath_mat(sheet: Sheet, tones: Tones) -> Drawing:
    """A ribbed bath mat, half rolled."""
    base = "M-380 -70C-384 -24 -380 0 -360 0H240C280 0 300 -20 300 -60L270 -130H-330Z"
    ribs = "".join(stroke(f"M{x} -134L{x * 1.1 - 14:.0f} 4", tones.deep, 7, opacity=0.3, filter=sheet.blur(2)) + stroke(f"M{x + 9} -134L{x * 1.1 - 4:.0f} 4", tones.pale, 7, opacity=0.5, filter=sheet.blur(2)) for x in range(-330, 280, 26))
    flat = path(base, face_fill(sheet, tones)) + group(ribs, clip_path=sheet.clip(base))
    roll_d = "M110 -150C110 -230 160 -280 230 -280H250C330 -280 380 -220 380 -150S330 -14 250 -14H180C130 -14 110 -80 110 -150Z"
    roll = path(roll_d, sheet.linear([(0, tones.light, 1), (0.4, tones.base, 1), (1, tones.deep, 1)], x2=0.4, y2=1))
    cylinder = "M-330 -160C-330 -234 -290 -280 -230 -280H250C180 -270 150 -210 150 -150S180 -30 240 -16H-240C-300 -30 -330 -90 -330 -160Z"
    body = path(cylinder, sheet.linear([(0, tones.light, 1), (0.25, tones.pale, 1), (0.6, tones.base, 1), (1, tones.deep, 1)], x2=0, y2=1))
    around = "".join(stroke(f"M{x} -284C{x - 60} -220 {x - 60} -80 {x - 4} -10", tones.deep, 7, opacity=0.26, filter=sheet.blur(2)) for x in range(-250, 250, 30))
    spiral = stroke("M250 -20C330 -20 372 -80 372 -150S320 -270 256 -270S166 -220 166 -150S200 -60 252 -60S330 -100 330 -150S300 -222 256 -222S210 -190 210 -150S230 -106 256 -106S292 -124 292 -150S276 -180 258 -180", tones.deep, 6, opacity=0.6)
    return Drawing(flat + body + group(around, clip_path=sheet.clip(cylinder)) + roll + spiral, 770, 290, focus=(-60, -170), foot=360, cm=18, depth=0.035)


def soap(sheet: Sheet, _tones: Tones) -> Drawing:
    """Two bars of soap, one on the other, stamped with a leaf."""
    one, two = Tones("#b9b07c"), Tones("#c9bf8e")

    def bar(x: float, y: float, tones: Tones) -> str:
        top = f"M{x - 200} {y - 190}L{x - 120} {y - 270}H{x + 240}L{x + 190} {y - 190}Z"
        end = f"M{x + 190} {y - 190}L{x + 240} {y - 270}V{y - 80}L{x + 190} {y}Z"
        front = box(x - 200, y - 190, 390, 190, 10)
        lit = stroke(f"M{x - 196} {y - 190}H{x + 188}", tones.pale, 6, opacity=0.8)
        return path(end, tones.deep, stroke=tones.deep, stroke_width=8, stroke_linejoin="round") + path(top, tones.pale, stroke=tones.pale, stroke_width=8, stroke_linejoin="round") + path(front, face_fill(sheet, tones)) + lit

    leaf = "M0 70C-60 30 -60 -40 0 -76C60 -40 60 30 0 70Z"
    stamp = place(stroke(leaf, two.deep, 6, opacity=0.6) + stroke("M0 64V-60M0 30L-26 6M0 30L26 6M0 -4L-26 -28M0 -4L26 -28", two.deep, 5, opacity=0.55) + stroke(leaf, two.pale, 3, opacity=0.8, transform="translate(4 5)"), -4, -285, 0.95)
    specks = "".join(ellipse(x, y, 4, 3, two.deep, opacity=0.3) for x, y in ((-150, -330), (120, -240), (150, -340), (-100, -225), (-150, -60), (60, -90), (130, -40)))
    contact = ellipse(10, -192, 200, 10, "#2a1710", opacity=0.35, filter=sheet.blur(6))
    return Drawing(bar(0, 0, one) + contact + bar(0, -190, two) + stamp + specks, 460, 470, focus=(0, -290), foot=210, middle=18, cm=11, depth=0.08)


