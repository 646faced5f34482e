# ruff: noqa: E501 (a path is easier to read on one line)
"""Bedding, towels, bath mats and soap."""

from .forms import Drawing, face_fill, fold, stitches, weave
from .palette import OAK, Tones
from .svg import Sheet, blob, box, ellipse, group, path, place, smooth, stroke
from .textiles import stack


def duvet(sheet: Sheet, tones: Tones) -> Drawing:
    """A folded duvet cover with buttons along its edge."""
    pile = stack(sheet, tones, 2, 740, 118)
    flap = "M-372 -200C-380 -262 -330 -302 -280 -304H300C350 -300 380 -262 372 -200C250 -178 -250 -178 -372 -200Z"
    shade = path(flap, "#2a1710", opacity=0.28, filter=sheet.blur(9), transform="translate(4 12)")
    lid = path(
        flap, sheet.linear([(0, tones.pale, 1), (0.5, tones.light, 1), (1, tones.base, 1)], x2=0.5, y2=1)
    ) + path(flap, weave(sheet, tones, size=6))
    creases = "".join(
        fold(sheet, d, tones, 12, 0.28)
        for d in (
            "M-240 -296C-200 -260 -220 -220 -200 -192",
            "M60 -300C40 -260 90 -230 70 -190",
            "M220 -298C260 -270 240 -230 262 -200",
        )
    )
    buttons = "".join(
        ellipse(x + 2, -200 + y, 15, 14, "#2a1710", opacity=0.3)
        + ellipse(x, -204 + y, 15, 14, OAK.dark)
        + ellipse(x - 2, -206 + y, 11, 10, OAK.light)
        + ellipse(x - 4, -206 + y, 2, 2, OAK.deep)
        + ellipse(x + 3, -206 + y, 2, 2, OAK.deep)
        for x, y in ((-280, -4), (-140, 5), (0, 8), (140, 5), (280, -4))
    )
    return Drawing(
        pile
        + shade
        + lid
        + creases
        + stitches("M-362 -222C-250 -204 250 -204 362 -222", tones, 2.4)
        + buttons,
        760,
        310,
        focus=(-140, -210),
        foot=370,
        cm=20,
        depth=0.035,
    )


def pillow(sheet: Sheet, tones: Tones) -> Drawing:
    """A plump pillow with a flange."""
    outer = "M-392 -360C-200 -344 200 -344 392 -360C408 -362 412 -350 408 -336C396 -250 396 -130 410 -34C412 -18 404 -8 390 -10C200 -24 -200 -24 -390 -10C-404 -8 -412 -18 -410 -34C-396 -130 -396 -250 -408 -336C-412 -350 -408 -362 -392 -360Z"
    inner = blob(
        [
            (-340, -316),
            (-120, -336),
            (120, -336),
            (340, -316),
            (352, -190),
            (342, -62),
            (120, -34),
            (-120, -34),
            (-342, -62),
            (-352, -190),
        ]
    )
    puff = sheet.radial(
        [(0, tones.pale, 1), (0.5, tones.light, 1), (0.85, tones.base, 1), (1, tones.dark, 1)],
        cx=0.4,
        cy=0.3,
        r=0.72,
    )
    creases = "".join(
        fold(sheet, d, tones, 15, 0.28)
        for d in (
            "M-330 -300C-270 -260 -240 -250 -190 -240",
            "M330 -300C280 -262 260 -246 220 -236",
            "M-330 -76C-280 -110 -250 -120 -220 -126",
            "M330 -74C290 -104 250 -118 226 -122",
            "M-60 -200C0 -180 60 -186 110 -206",
        )
    )
    return Drawing(
        path(outer, face_fill(sheet, tones))
        + path(outer, weave(sheet, tones, size=6))
        + path(inner, puff)
        + group(creases, path(inner, weave(sheet, tones, size=6)), clip_path=sheet.clip(inner))
        + stitches(inner, tones, 2.4, "8 6"),
        830,
        370,
        focus=(-300, -270),
        foot=400,
        cm=38,
        depth=0.035,
    )


def quilt(sheet: Sheet, tones: Tones) -> Drawing:
    """A quilt folded over, stitched in waves."""
    pile = stack(sheet, tones, 2, 720, 110)
    drape = "M-340 -276C-352 -190 -352 -90 -340 -8C-200 4 140 4 250 -8C262 -100 256 -200 262 -280Z"
    shade = path(drape, "#2a1710", opacity=0.3, filter=sheet.blur(12), transform="translate(14 6)")
    waves = []
    for row in range(9):
        y = -262 + row * 33
        waves.append(smooth([(-360 + 40 * at, y + (11 if at % 2 else -11)) for at in range(17)]))
    seams = stroke("".join(waves), tones.deep, 9, opacity=0.3, filter=sheet.blur(3)) + stroke(
        "".join(waves), tones.pale, 5, opacity=0.7, transform="translate(0 5)", filter=sheet.blur(1.5)
    )
    thread = stroke("".join(waves), tones.deep, 2.2, stroke_dasharray="8 6", opacity=0.6)
    body = path(drape, face_fill(sheet, tones)) + group(
        seams, thread, path(drape, weave(sheet, tones, size=6)), clip_path=sheet.clip(drape)
    )
    return Drawing(
        pile + shade + body + stroke("M-340 -8C-200 4 140 4 250 -8", tones.deep, 7, opacity=0.5),
        740,
        310,
        focus=(-140, -130),
        foot=355,
        zoom=2.5,
        cm=20,
        depth=0.035,
    )


def waffle(sheet: Sheet, tones: Tones, size: float = 19) -> str:
    """The cells of a waffle weave."""
    tile = f'<path d="M2 2H{size - 2}L{size - 6} 6H6Z" fill="{tones.deep}" opacity=".36"/><path d="M2 2V{size - 2}L6 {size - 6}V6Z" fill="{tones.deep}" opacity=".24"/>'
    tile += (
        f'<path d="M{size - 2} 2V{size - 2}H2L6 {size - 6}H{size - 6}V6Z" fill="{tones.pale}" opacity=".55"/>'
    )
    return sheet.pattern(size, size, tile)


def towel(sheet: Sheet, tones: Tones) -> Drawing:
    """A waffle towel folded over a wooden rail."""
    texture = waffle(sheet, tones)
    back = "M-230 40H230V620C80 628 -80 616 -230 624Z"
    front = "M-236 40C-240 10 -220 0 -200 0H200C220 0 240 10 236 40V780C90 790 -80 774 -236 784Z"
    rail = path(
        box(-330, 14, 660, 30, 15),
        sheet.linear([(0, OAK.pale, 1), (0.4, OAK.base, 1), (1, OAK.deep, 1)], x2=0, y2=1),
    )
    creases = fold(sheet, "M-70 20C-84 240 -60 480 -76 780", tones, 20, 0.26) + fold(
        sheet, "M110 20C124 260 96 520 116 780", tones, 20, 0.26
    )
    hem = path("M-236 700H236V742H-236Z", tones.light, opacity=0.9) + stitches(
        "M-236 698H236M-236 744H236", tones, 2.4
    )
    loop = stroke("M190 690C206 650 226 650 232 690", tones.deep, 6)
    body = (
        path(front, face_fill(sheet, tones))
        + path(front, texture)
        + path(
            front,
            sheet.linear(
                [(0, "#fffaf0", 0.35), (0.05, "#fffaf0", 0), (0.75, "#2a1710", 0), (1, "#2a1710", 0.14)],
                x2=0,
                y2=1,
            ),
        )
    )
    return Drawing(
        rail + path(back, tones.deep) + body + group(creases, hem, clip_path=sheet.clip(front)) + loop,
        680,
        790,
        pose="flat",
        focus=(-120, 650),
        zoom=2.5,
        cm=70,
    )


def bath_mat(sheet: Sheet, tones: Tones) -> Drawing:
    """A ribbed bath mat, half rolled."""
    base = "M-380 -70C-384 -24 -380 0 -360 0H240C280 0 300 -20 300 -60L270 -130H-330Z"
    ribs = "".join(
        stroke(f"M{x} -134L{x * 1.1 - 14:.0f} 4", tones.deep, 7, opacity=0.3, filter=sheet.blur(2))
        + stroke(f"M{x + 9} -134L{x * 1.1 - 4:.0f} 4", tones.pale, 7, opacity=0.5, filter=sheet.blur(2))
        for x in range(-330, 280, 26)
    )
    flat = path(base, face_fill(sheet, tones)) + group(ribs, clip_path=sheet.clip(base))
    roll_d = "M110 -150C110 -230 160 -280 230 -280H250C330 -280 380 -220 380 -150S330 -14 250 -14H180C130 -14 110 -80 110 -150Z"
    roll = path(
        roll_d, sheet.linear([(0, tones.light, 1), (0.4, tones.base, 1), (1, tones.deep, 1)], x2=0.4, y2=1)
    )
    cylinder = "M-330 -160C-330 -234 -290 -280 -230 -280H250C180 -270 150 -210 150 -150S180 -30 240 -16H-240C-300 -30 -330 -90 -330 -160Z"
    body = path(
        cylinder,
        sheet.linear(
            [(0, tones.light, 1), (0.25, tones.pale, 1), (0.6, tones.base, 1), (1, tones.deep, 1)], x2=0, y2=1
        ),
    )
    around = "".join(
        stroke(
            f"M{x} -284C{x - 60} -220 {x - 60} -80 {x - 4} -10",
            tones.deep,
            7,
            opacity=0.26,
            filter=sheet.blur(2),
        )
        for x in range(-250, 250, 30)
    )
    spiral = stroke(
        "M250 -20C330 -20 372 -80 372 -150S320 -270 256 -270S166 -220 166 -150S200 -60 252 -60S330 -100 330 -150S300 -222 256 -222S210 -190 210 -150S230 -106 256 -106S292 -124 292 -150S276 -180 258 -180",
        tones.deep,
        6,
        opacity=0.6,
    )
    return Drawing(
        flat + body + group(around, clip_path=sheet.clip(cylinder)) + roll + spiral,
        770,
        290,
        focus=(-60, -170),
        foot=360,
        cm=18,
        depth=0.035,
    )


def soap(sheet: Sheet, _tones: Tones) -> Drawing:
    """Two bars of soap, one on the other, stamped with a leaf."""
    one, two = Tones("#b9b07c"), Tones("#c9bf8e")

    def bar(x: float, y: float, tones: Tones) -> str:
        top = f"M{x - 200} {y - 190}L{x - 120} {y - 270}H{x + 240}L{x + 190} {y - 190}Z"
        end = f"M{x + 190} {y - 190}L{x + 240} {y - 270}V{y - 80}L{x + 190} {y}Z"
        front = box(x - 200, y - 190, 390, 190, 10)
        lit = stroke(f"M{x - 196} {y - 190}H{x + 188}", tones.pale, 6, opacity=0.8)
        return (
            path(end, tones.deep, stroke=tones.deep, stroke_width=8, stroke_linejoin="round")
            + path(top, tones.pale, stroke=tones.pale, stroke_width=8, stroke_linejoin="round")
            + path(front, face_fill(sheet, tones))
            + lit
        )

    leaf = "M0 70C-60 30 -60 -40 0 -76C60 -40 60 30 0 70Z"
    stamp = place(
        stroke(leaf, two.deep, 6, opacity=0.6)
        + stroke("M0 64V-60M0 30L-26 6M0 30L26 6M0 -4L-26 -28M0 -4L26 -28", two.deep, 5, opacity=0.55)
        + stroke(leaf, two.pale, 3, opacity=0.8, transform="translate(4 5)"),
        -4,
        -285,
        0.95,
    )
    specks = "".join(
        ellipse(x, y, 4, 3, two.deep, opacity=0.3)
        for x, y in ((-150, -330), (120, -240), (150, -340), (-100, -225), (-150, -60), (60, -90), (130, -40))
    )
    contact = ellipse(10, -192, 200, 10, "#2a1710", opacity=0.35, filter=sheet.blur(6))
    return Drawing(
        bar(0, 0, one) + contact + bar(0, -190, two) + stamp + specks,
        460,
        470,
        focus=(0, -290),
        foot=210,
        middle=18,
        cm=11,
        depth=0.08,
    )
