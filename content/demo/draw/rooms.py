# ruff: noqa: E501 (a path is easier to read on one line)
"""The rooms in which goods are shown: shelf, table, counter, peg rail, sofa, sideboard, desk, bed, bath."""

from . import props
from .forms import face_fill, ground_shadow, wooden
from .palette import ASH, BRASS, LINEN, OAK, WALNUT, Tones
from .stage import Stage, tiles, wall, window, window_light, wooden_top
from .svg import Sheet, box, ellipse, path, place, polygon, rect, stroke


def shelf(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """An oak shelf on a limewashed wall."""
    y = h * 0.74
    board = wooden(sheet, box(w * 0.03, y, w * 0.94, 46, 6), (w * 0.03, y, w * 0.94, 46), OAK, seed=2, step=9)
    shade = rect(
        w * 0.05, y + 46, w * 0.92, 90, sheet.linear([(0, "#3a2217", 0.4), (1, "#3a2217", 0)], x2=0, y2=1)
    )
    brackets = "".join(
        path(f"M{x} {y + 46}h40v120c-6 -60 -20 -90 -40 -96Z", WALNUT.base) for x in (w * 0.14, w * 0.82)
    )
    top = rect(w * 0.03, y - 3, w * 0.94, 10, OAK.pale, opacity=0.8)
    company = (
        place(props.books(sheet), w * 0.16, y, 0.8) + place(props.sprig_bottle(sheet), w * 0.87, y, 1)
        if props_
        else ""
    )
    return Stage(
        wall(sheet, w, h, "#e3d3c0") + window_light(sheet, w, h) + shade + brackets + board + top + company,
        ground=y + 4,
    )


def table(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A wooden table by a window."""
    y = h * 0.64
    pane = window(sheet, w * 0.07, h * 0.06, min(w * 0.34, 560), h * 0.42)
    company = (
        place(props.pears(sheet), w * 0.84, y + (h - y) * 0.24, 0.85)
        + place(props.cloth_on_table(sheet), w * 0.2, y + (h - y) * 0.52, 0.9)
        if props_
        else ""
    )
    return Stage(
        wall(sheet, w, h, "#e6d6bf") + pane + wooden_top(sheet, w, h, y, OAK) + company,
        ground=y + (h - y) * 0.5,
        lay=y + (h - y) * 0.5,
    )


def stove(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A counter in front of a tiled wall."""
    y = h * 0.7
    shade = rect(0, y - 60, w, 60, sheet.linear([(0, "#3a2217", 0), (1, "#3a2217", 0.2)], x2=0, y2=1))
    company = place(props.spoon_jar(sheet), w * 0.87, y + 46, 0.95) if props_ else ""
    return Stage(
        tiles(sheet, w, y, "#d5d8c8") + shade + wooden_top(sheet, w, h, y, WALNUT, 8) + company,
        ground=y + (h - y) * 0.4,
        lay=y + (h - y) * 0.5,
    )


def hook(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A peg rail on a limewashed wall, above a panelled dado."""
    y, dado = h * 0.13, h * 0.84
    rail = wooden(sheet, box(-20, y, w + 40, 58, 4), (-20, y, w + 40, 58), ASH, seed=7, step=9) + rect(
        -20, y + 58, w + 40, 26, "#3a2217", opacity=0.22, filter=sheet.blur(8)
    )
    spots = [w * at for at in ((0.12, 0.5, 0.88) if w < 1400 else (0.08, 0.22, 0.36, 0.5, 0.64, 0.78, 0.92))]
    pegs = "".join(
        ellipse(x + 6, y + 38, 17, 17, "#3a2217", opacity=0.3, filter=sheet.blur(4))
        + ellipse(
            x,
            y + 30,
            17,
            17,
            sheet.radial([(0, ASH.pale, 1), (0.6, ASH.base, 1), (1, ASH.deep, 1)], cx=0.35, cy=0.3, r=0.75),
        )
        for x in spots
    )
    panel = (
        rect(0, dado, w, h - dado, "#b9b8a3")
        + "".join(
            stroke(f"M{x} {dado + 20}V{h}", "#7c7d6a", 4, opacity=0.5)
            + stroke(f"M{x + 5} {dado + 20}V{h}", "#e6e4d2", 3, opacity=0.6)
            for x in range(60, int(w), 120)
        )
        + rect(0, dado - 8, w, 28, "#c9c8b4")
        + rect(0, dado + 20, w, 8, "#3a2217", opacity=0.2)
    )
    company = (
        place(props.dried_bunch(sheet), spots[0], y + 40, 0.9)
        + place(props.straw_hat(sheet), spots[-1], y + 34, 0.82)
        if props_
        else ""
    )
    return Stage(
        wall(sheet, w, h, "#dcd3c4") + window_light(sheet, w, h * 1.1) + panel + rail + pegs + company,
        ground=h * 0.9,
        hang=y + 22,
        tall=0.68,
    )


def sofa(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A linen sofa before a wall with a framed drawing."""
    cover = Tones("#c6b9a3")
    seat, back = h * 0.7, h * 0.4
    print_ = (
        path(box(w * 0.62, h * 0.06, w * 0.2, h * 0.26, 4), "#f3ebdc")
        + stroke(box(w * 0.62, h * 0.06, w * 0.2, h * 0.26, 4), WALNUT.base, 12)
        + ellipse(w * 0.72, h * 0.17, w * 0.05, w * 0.05, "#c8743f", opacity=0.85)
        + stroke(f"M{w * 0.64} {h * 0.25}Q{w * 0.7} {h * 0.2} {w * 0.8} {h * 0.25}", "#6f7b55", 12)
    )
    rest = path(box(w * -0.06, back, w * 1.12, h * 0.5, 60), face_fill(sheet, cover)) + stroke(
        f"M{w / 2} {back + 30}V{seat}", cover.deep, 8, opacity=0.35, filter=sheet.blur(3)
    )
    cushion = path(
        box(w * -0.04, seat - 20, w * 1.08, h * 0.2, 46),
        sheet.linear([(0, cover.pale, 1), (0.35, cover.light, 1), (1, cover.dark, 1)], x2=0.1, y2=1),
    ) + stroke(f"M{w / 2} {seat}V{seat + h * 0.17}", cover.deep, 7, opacity=0.4, filter=sheet.blur(2))
    shade = rect(0, seat - 80, w, 70, sheet.linear([(0, "#3a2217", 0), (1, "#3a2217", 0.26)], x2=0, y2=1))
    base = rect(
        0,
        seat + h * 0.17,
        w,
        h * 0.2,
        sheet.linear([(0, cover.deep, 1), (0.3, cover.dark, 1), (1, cover.deep, 1)], x2=0, y2=1),
    )
    art = print_ if props_ else ""
    return Stage(
        wall(sheet, w, h, "#dcc5b3") + window_light(sheet, w, h * 0.8) + art + rest + shade + base + cushion,
        ground=seat + h * 0.05,
    )


def floor(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """Floorboards before a wall, with a low bench."""
    y = h * 0.42
    lines = "".join(
        stroke(
            f"M{w * (0.5 + (at - 6) * 0.1):.0f} {y}L{w * (0.5 + (at - 6) * 0.28):.0f} {h}",
            OAK.deep,
            3,
            opacity=0.45,
        )
        for at in range(13)
    )
    boards = (
        rect(
            0,
            y,
            w,
            h - y,
            sheet.linear([(0, OAK.dark, 1), (0.4, OAK.base, 1), (1, OAK.light, 1)], x2=0, y2=1),
        )
        + lines
    )
    skirting = rect(0, y - 46, w, 46, "#efe6d6") + rect(0, y - 4, w, 12, "#3a2217", opacity=0.25)
    bench = (
        path(box(w * 0.56, h * 0.27, w * 0.36, 34, 8), face_fill(sheet, WALNUT))
        + "".join(
            path(polygon((x, h * 0.3), (x + 26, h * 0.3), (x + 20, h * 0.47), (x + 6, h * 0.47)), WALNUT.dark)
            for x in (w * 0.6, w * 0.85)
        )
        + place(props.sprig_bottle(sheet), w * 0.68, h * 0.27, 0.7)
    )
    return Stage(
        wall(sheet, w, h, "#e0cdbd") + boards + skirting + (bench if props_ else ""),
        ground=h * 0.8,
        lay=h * 0.72,
        tall=0.6,
    )


def sideboard(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A sideboard beneath a round mirror in evening light."""
    y = h * 0.72
    r = h * 0.19
    mirror = (
        ellipse(w * 0.64 + 10, h * 0.27 + 14, r, r, "#3a2217", opacity=0.35, filter=sheet.blur(14))
        + ellipse(w * 0.64, h * 0.27, r, r, BRASS.dark)
        + ellipse(
            w * 0.64,
            h * 0.27,
            r - 12,
            r - 12,
            sheet.linear([(0, "#efe3cf", 1), (0.5, "#cdb9a2", 1), (1, "#b39a85", 1)], x2=1, y2=1),
        )
    )
    top = wooden(sheet, box(-20, y, w + 40, 44, 4), (-20, y, w + 40, 44), WALNUT, seed=5, step=9) + rect(
        0, y - 2, w, 7, WALNUT.pale, opacity=0.7
    )
    doors = wooden(
        sheet,
        box(-20, y + 44, w + 40, h - y),
        (-20, y + 44, w + 40, h - y),
        Tones(WALNUT.dark),
        seed=6,
        step=18,
    )
    lines = "".join(stroke(f"M{x} {y + 66}V{h}", WALNUT.deep, 5) for x in (w * 0.34, w * 0.67)) + "".join(
        ellipse(x, y + 150, 12, 12, BRASS.base) for x in (w * 0.31, w * 0.37, w * 0.64, w * 0.7)
    )
    shade = rect(0, y + 44, w, 50, sheet.linear([(0, "#1c100b", 0.5), (1, "#1c100b", 0)], x2=0, y2=1))
    return Stage(
        wall(sheet, w, h, "#c4a48d", evening=True) + (mirror if props_ else "") + doors + lines + shade + top,
        ground=y + 6,
    )


def pendant_room(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A table laid with two bowls, seen beneath a lamp."""
    y = h * 0.78
    bowls = (
        "".join(place(props.chalk_cup(sheet), w * x, y + (h - y) * 0.4, 0.9) for x in (0.36, 0.66))
        if props_
        else ""
    )
    pool = ellipse(
        w / 2, y + (h - y) * 0.45, w * 0.34, (h - y) * 0.5, "#ffe3a6", opacity=0.5, filter=sheet.blur(30)
    )
    return Stage(
        wall(sheet, w, h, "#c9b39c", evening=True) + wooden_top(sheet, w, h, y, WALNUT) + pool + bowls,
        ground=y + (h - y) * 0.4,
    )


def desk(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A desk by a window, with a cup of pencils."""
    y = h * 0.6
    pane = window(sheet, w * 0.58, h * 0.05, min(w * 0.34, 560), h * 0.4)
    company = place(props.pencil_cup(sheet), w * 0.15, y + (h - y) * 0.22, 0.95) if props_ else ""
    return Stage(
        wall(sheet, w, h, "#d9d3c2") + pane + wooden_top(sheet, w, h, y, ASH, 11) + company,
        ground=y + (h - y) * 0.42,
        lay=y + (h - y) * 0.52,
    )


def bed(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """A made bed with a plain headboard."""
    y = h * 0.62
    head = wooden(
        sheet,
        box(w * 0.02, h * 0.26, w * 0.96, h * 0.5, 26),
        (w * 0.02, h * 0.26, w * 0.96, h * 0.5),
        OAK,
        seed=4,
        step=22,
    )
    sheet_ = path(
        f"M-20 {y + 20}C{w * 0.25} {y - 24} {w * 0.75} {y - 24} {w + 20} {y + 20}V{h + 20}H-20Z",
        sheet.linear([(0, LINEN.pale, 1), (0.4, LINEN.light, 1), (1, LINEN.dark, 1)], x2=0.15, y2=1),
    )
    creases = "".join(
        stroke(
            f"M{w * x:.0f} {h}C{w * (x + 0.05):.0f} {h * 0.9:.0f} {w * (x - 0.03):.0f} {h * 0.8:.0f} {w * (x + 0.04):.0f} {h * 0.7:.0f}",
            LINEN.deep,
            16,
            opacity=0.16,
            filter=sheet.blur(8),
        )
        for x in (0.08, 0.27, 0.5, 0.72, 0.9)
    )
    shade = rect(0, y - 40, w, 60, "#3a2217", opacity=0.16, filter=sheet.blur(16))
    return Stage(
        wall(sheet, w, h, "#dfd0c4") + window_light(sheet, w, h * 0.7) + head + shade + sheet_ + creases,
        ground=y + (h - y) * 0.34,
    )


def bath(sheet: Sheet, w: float, h: float, *, props_: bool = True) -> Stage:
    """Pale tiles and a wooden stool."""
    y, ground = h * 0.72, h * 0.93
    half = w * 0.3
    stone = rect(0, h * 0.88, w, h * 0.12, sheet.linear([(0, "#b7b0a2", 1), (1, "#cfc8ba", 1)], x2=0, y2=1))
    legs = "".join(
        path(
            polygon(
                (w / 2 + s * half * 0.74 - 16, y + 30),
                (w / 2 + s * half * 0.74 + 16, y + 30),
                (w / 2 + s * half * 0.84 + 12, ground),
                (w / 2 + s * half * 0.84 - 12, ground),
            ),
            OAK.dark,
        )
        for s in (-1, 1)
    )
    stool = wooden(
        sheet, box(w / 2 - half, y, half * 2, 44, 18), (w / 2 - half, y, half * 2, 44), OAK, seed=8, step=9
    )
    shadow = place(ground_shadow(sheet, half * 0.9, 0.05), w / 2, ground)
    company = place(props.sprig_bottle(sheet), w / 2 + half * 0.82, y + 2, 0.75) if props_ else ""
    return Stage(
        tiles(sheet, w, h, "#dfe0d6", 130) + stone + shadow + legs + stool + company,
        ground=y + 6,
        hang=h * 0.1,
        tall=0.58,
    )
