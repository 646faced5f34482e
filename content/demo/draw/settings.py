# ruff: noqa: PLR0917 (a path is easier to read on one line)
"""Goods in their settings: one at home in a room, or several across a wide picture."""

from collections.abc import Sequence

from . import props
from .composition import SIDE, fit, lying, standing
from .forms import Drawing
from .goods import GOODS, draw
from .nature import camp, garden
from .rooms import floor, hook, pendant_room
from .stage import Stage
from .svg import Sheet, group, place

WIDE = (2000, 1125)
SMALL = 40  # what is lower than this many centimetres stands on a log when outdoors


def laid(sheet: Sheet, drawing: Drawing, x: float, y: float, scale: float, squash: float = 0.52) -> str:
    """A flat thing lying on a table, foreshortened; y is its middle."""
    inner = lying(sheet, drawing, 0, -drawing.height * scale / 2, scale)
    return group(inner, transform=f"translate({x:g} {y:g}) scale(1 {squash})")


def _flat(sheet: Sheet, drawing: Drawing, stage: Stage, kind: object) -> str:
    if kind is camp:
        scale = fit(drawing, 500, 520)
        return place(props.log(sheet, 560), 480, stage.ground, 1) + lying(
            sheet, drawing, 800, stage.ground - drawing.height * scale * 0.97, scale
        )
    if stage.hang:
        scale = fit(drawing, 640, SIDE * stage.tall)
        return lying(sheet, drawing, SIDE / 2 - drawing.middle * scale, stage.hang, scale)
    scale = fit(drawing, 680, 560 if kind is not floor else 900)
    return laid(
        sheet, drawing, SIDE / 2 - drawing.middle * scale, stage.lay, scale, 0.5 if kind is floor else 0.55
    )


def setting(sheet: Sheet, slug: str) -> str:
    """The product in the place for which it is made."""
    kind = GOODS[slug][1]
    drawing, stage = draw(sheet, slug), kind(sheet, SIDE, SIDE)
    if kind is pendant_room:
        return stage.back + place(drawing.content, SIDE / 2, -230, 0.92)
    if drawing.pose == "flat":
        return stage.back + _flat(sheet, drawing, stage, kind) + stage.front
    room = 1120 if slug == "hammock-sway" else 640  # its ropes reach for the fence
    scale = fit(drawing, room, SIDE * stage.tall * (0.94 if drawing.cm >= 15 else 0.62))
    x, ground, under = SIDE / 2 - drawing.middle * scale, stage.ground, ""
    if kind is camp and drawing.cm < SMALL:
        scale *= 0.78
        under, ground = place(props.log(sheet, 760), SIDE / 2, stage.ground + 20), stage.ground - 118
        x = SIDE / 2 - drawing.middle * scale
    if kind is garden and slug == "house-linnet":
        ground = SIDE * 0.66
    return (
        stage.back
        + under
        + standing(sheet, drawing, x, ground, scale, strength=0 if ground == SIDE * 0.66 else 1)
        + stage.front
    )


def scales(drawings: Sequence[Drawing], width: float, height: float) -> list[float]:
    """Scales that keep true proportions but soften them, so that a cup is not lost beside a lamp."""
    wanted = [drawing.cm**0.62 / drawing.height for drawing in drawings]
    across = sum(drawing.width * scale for drawing, scale in zip(drawings, wanted, strict=True))
    tallest = max(drawing.height * scale for drawing, scale in zip(drawings, wanted, strict=True))
    factor = min(width / across, height / tallest)
    return [scale * factor for scale in wanted]


def ensemble(sheet: Sheet, stage: Stage, cast: Sequence[tuple[str, str | None]], *, log: bool = False) -> str:
    """Several goods across a wide picture: those that stand in a row, those that are flat on their pegs."""
    w, h = WIDE
    drawings = [draw(sheet, slug, look) for slug, look in cast]
    if drawings[0].pose == "flat":
        return stage.back + _on_pegs(sheet, stage, drawings) + stage.front
    sizes = scales(drawings, w * 0.66, h * stage.tall * (0.8 if log else 1.05))
    spans = [drawing.width * scale for drawing, scale in zip(drawings, sizes, strict=True)]
    gap = min((w * 0.74 - sum(spans)) / max(len(spans) - 1, 1), 90)
    x = w / 2 - (sum(spans) + gap * (len(spans) - 1)) / 2
    ground = stage.ground - (100 if log else 0)
    parts = [place(props.log(sheet, 1150), w / 2, stage.ground + 40, 1)] if log else []
    for drawing, scale, span in zip(drawings, sizes, spans, strict=True):
        parts.append(standing(sheet, drawing, x + span / 2 - drawing.middle * scale, ground, scale))
        x += span + gap
    return stage.back + "".join(parts) + stage.front


def _on_pegs(sheet: Sheet, stage: Stage, drawings: Sequence[Drawing]) -> str:
    w, h = WIDE
    pegs = {
        1: (0.5,),
        2: (0.36, 0.64),
        3: (0.22, 0.5, 0.78),
        4: (0.12, 0.36, 0.62, 0.86),
        5: (0.08, 0.29, 0.5, 0.71, 0.92),
    }[len(drawings)]
    sizes = scales(drawings, w * 0.8, h * 0.66)
    placed = zip(drawings, sizes, pegs, strict=True)
    return "".join(
        lying(sheet, drawing, w * at - drawing.middle * scale, stage.hang, scale)
        for drawing, scale, at in placed
    )


def wide(sheet: Sheet, kind, cast: Sequence[tuple[str, str | None]], *, log: bool = False) -> str:
    """A wide picture of goods in a setting."""
    stage = kind(sheet, *WIDE) if kind is not hook else hook(sheet, *WIDE, props_=False)
    return ensemble(sheet, stage, cast, log=log)
