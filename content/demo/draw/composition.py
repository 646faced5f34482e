"""How a product is shown: alone on paper, close up, in all its colours."""

from collections.abc import Sequence

from .forms import Drawing, ground_shadow
from .palette import mix
from .svg import Sheet, ellipse, group, place, rect

SIDE = 1200
FLOOR = 930


def paper(sheet: Sheet, colour: str, width: float = SIDE, height: float = SIDE, *, flat: bool = False) -> str:
    """A sweep of paper: brighter where the light falls, with a soft bend between wall and ground."""
    wall = rect(0, 0, width, height, colour)
    glow = rect(
        0,
        0,
        width,
        height,
        sheet.radial(
            [(0, "#fffaf0", 0.75), (0.6, "#fffaf0", 0.12), (1, "#fffaf0", 0)], cx=0.3, cy=0.2, r=0.85
        ),
    )
    dusk = rect(
        0,
        0,
        width,
        height,
        sheet.radial([(0, "#6b4a36", 0), (0.65, "#6b4a36", 0), (1, "#6b4a36", 0.2)], cx=0.4, cy=0.35, r=0.95),
    )
    if flat:
        return wall + glow + dusk
    bend = rect(
        0,
        height * 0.62,
        width,
        height * 0.38,
        sheet.linear(
            [(0, "#5c3d2a", 0), (0.14, "#5c3d2a", 0.085), (0.5, "#5c3d2a", 0.02), (1, "#fffaf0", 0.2)],
            x2=0,
            y2=1,
        ),
    )
    return wall + glow + bend + dusk


def disc(colour: str, x: float = 600, y: float = 560, r: float = 400) -> str:
    """The quiet disc behind every packshot."""
    return ellipse(x, y, r, r, mix(colour, "#b98a63", 0.16), opacity=0.55)


def standing(sheet: Sheet, drawing: Drawing, x: float, y: float, scale: float, *, strength: float = 1) -> str:
    """A drawing on its feet, with the shadow that it throws."""
    half = drawing.foot or drawing.width * 0.4
    return place(ground_shadow(sheet, half, drawing.depth, strength) + drawing.content, x, y, scale)


def lying(sheet: Sheet, drawing: Drawing, x: float, y: float, scale: float) -> str:
    """A flat thing, its top edge at y, with a soft shadow beneath all of its outline."""
    shadow = group(drawing.content, filter=sheet.define(_DROP))
    return place(shadow, x, y, scale)


_DROP = (
    '<filter id="@" x="-20%" y="-20%" width="140%" height="140%">'
    '<feDropShadow dx="12" dy="18" stdDeviation="14" flood-color="#2a1710" flood-opacity="0.34"/></filter>'
)


def fit(drawing: Drawing, width: float, height: float) -> float:
    """The scale at which a drawing fills the space without leaving it."""
    return min(width / drawing.width, height / drawing.height)


def shown(
    sheet: Sheet,
    drawing: Drawing,
    *,
    x: float = SIDE / 2,
    room: tuple[float, float] = (760, 700),
    floor: float = FLOOR,
) -> tuple[str, float, float, float]:
    """A drawing in its pose, filling the room given; returns it with its origin and scale."""
    scale = fit(drawing, *room)
    left = x - drawing.middle * scale
    if drawing.pose == "hang":
        return place(drawing.content, left, 0, scale), left, 0, scale
    if drawing.pose == "flat":
        top = SIDE / 2 - drawing.height * scale / 2
        return lying(sheet, drawing, left, top, scale), left, top, scale
    base = min(floor, SIDE / 2 + drawing.height * scale / 2 + 60)
    return standing(sheet, drawing, left, base, scale), left, base, scale


def packshot(sheet: Sheet, drawing: Drawing, colour: str) -> str:
    """The product alone."""
    room = (800, 860) if drawing.pose == "flat" else (780, 740)
    picture, *_ = shown(sheet, drawing, room=room)
    return paper(sheet, colour, flat=drawing.pose == "flat") + disc(colour) + picture


def close_up(sheet: Sheet, drawing: Drawing, colour: str) -> tuple[str, tuple[float, float, float, float]]:
    """The product and the part of the picture to enlarge."""
    room = (800, 860) if drawing.pose == "flat" else (780, 740)
    picture, x, y, scale = shown(sheet, drawing, room=room)
    side = SIDE / drawing.zoom
    view = (x + drawing.focus[0] * scale - side / 2, y + drawing.focus[1] * scale - side / 2, side, side)
    deeper = mix(colour, "#a97f5c", 0.25)
    ground = place(
        rect(-600, -600, 2400, 2400, deeper) + paper(sheet, deeper, flat=drawing.pose == "flat"), 0, 0
    )
    return ground + picture, view


def _rows(drawings: Sequence[Drawing]) -> list[tuple[Drawing, float, float, float, float]]:
    """Where each drawing of a line-up belongs: its middle, and the room that it has."""
    count, wide = len(drawings), drawings[0].width > drawings[0].height * 1.3
    spots: list[tuple[float, float, float, float]]
    if count == 3 and wide:
        spots = [(0.4, 0.2, 620, 300), (0.6, 0.5, 620, 300), (0.4, 0.8, 620, 300)]
    elif count <= 3:
        spots = [(0.05 + 0.9 / count * (at + 0.5), 0.5, 1040 / count * 0.92, 640) for at in range(count)]
    else:
        upper, lower = count // 2, count - count // 2
        width = 1080 / lower * 0.84
        spots = [(0.05 + 0.9 / upper * (at + 0.5), 0.28, width, 420) for at in range(upper)]
        spots += [(0.05 + 0.9 / lower * (at + 0.5), 0.73, width, 420) for at in range(lower)]
    return [(drawing, *spot) for drawing, spot in zip(drawings, spots, strict=True)]


def line_up(sheet: Sheet, drawings: Sequence[Drawing], colour: str) -> str:
    """Every look of a product: in a row, or in rows where that leaves each more room."""
    spots = _rows(drawings)
    single = len({spot[2] for spot in spots}) == 1
    parts = [paper(sheet, colour, flat=drawings[0].pose == "flat" or not single)]
    for at, (drawing, across, down, width, height) in enumerate(spots):
        scale = fit(drawing, width, height)
        left, centre = SIDE * across - drawing.middle * scale, SIDE * down
        if drawing.pose == "flat":
            parts.append(lying(sheet, drawing, left, centre - drawing.height * scale / 2, scale))
        elif drawing.pose == "hang":
            parts.append(place(drawing.content, left, 60 + 110 * (at % 2), scale))
        else:
            parts.append(standing(sheet, drawing, left, centre + drawing.height * scale / 2 + 16, scale))
    return "".join(parts)
