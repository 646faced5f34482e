# ruff: noqa: E501, PLR0917 (a path is easier to read on one line)
"""The forms of which most goods consist: turned bodies, tubes, boards, cloth, and their shadows."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .palette import Tones, mix
from .svg import Point, Sheet, box, ellipse, group, number, path, smooth, stroke

Profile = Sequence[Point]  # (height, radius) from the top to the foot, heights negative


@dataclass(frozen=True)
class Drawing:
    """A drawing around x = 0 whose foot stands at y = 0, or which hangs from (0, 0)."""

    content: str
    width: float
    height: float
    pose: str = "stand"  # stand, flat or hang
    focus: Point = (0, -200)
    zoom: float = 2.3
    foot: float | None = None  # half the width that touches the ground
    middle: float = 0  # where the middle of the picture lies, when a handle makes it lopsided
    cm: float = 20  # the true height, for scenes
    depth: float = 0.16  # how deep the shadow at its foot is, as a share of the foot


def round_fill(sheet: Sheet, tones: Tones, *, gloss: float = 0.5) -> str:
    """The shading of something round, lit from the left, with a little light reflected on the right."""
    bright = mix(tones.base, tones.pale, 0.35 + gloss * 0.5)
    stops = [
        (0, tones.base, 1),
        (0.2, bright, 1),
        (0.48, tones.base, 1),
        (0.8, tones.dark, 1),
        (0.95, mix(tones.dark, tones.deep, 0.6), 1),
        (1, tones.dark, 1),
    ]
    return sheet.linear(stops)


def face_fill(sheet: Sheet, tones: Tones) -> str:
    """The shading of something flat, lit from the upper left."""
    return sheet.linear(
        [(0, tones.light, 1), (0.45, tones.base, 1), (1, mix(tones.base, tones.dark, 0.75), 1)], x2=0.75, y2=1
    )


def radius_at(profile: Profile, y: float) -> float:
    """The radius of a turned body at a height, between the points of its profile."""
    for (upper, wide), (lower, narrow) in pairwise(profile):
        if upper <= y <= lower and lower > upper:
            return wide + (narrow - wide) * (y - upper) / (lower - upper)
    return profile[-1][1] if y > profile[-1][0] else profile[0][1]


def outline(profile: Profile, tilt: float = 0.16) -> str:
    """The silhouette of a turned body, seen from slightly above."""
    left = [(-radius, y) for y, radius in profile]
    right = [(radius, y) for y, radius in reversed(profile)]
    foot, mouth = profile[-1][1], profile[0][1]
    bottom = f"A{number(foot)} {number(foot * tilt)} 0 0 0 {number(foot)} {number(profile[-1][0])}"
    top = f"A{number(mouth)} {number(mouth * tilt)} 0 0 0 {number(-mouth)} {number(profile[0][0])}Z"
    return smooth(left) + bottom + smooth(right, start="L") + top


def band(profile: Profile, top: float, bottom: float, tilt: float = 0.16) -> str:
    """The path of a ring around a turned body between two heights; clip it with the outline."""
    upper, lower = (max(radius_at(profile, y), 1) + 3 for y in (top, bottom))
    first = f"M{number(-upper)} {number(top)}A{number(upper)} {number(upper * tilt)} 0 0 0 {number(upper)} {number(top)}"
    return f"{first}L{number(lower)} {number(bottom)}A{number(lower)} {number(lower * tilt)} 0 0 1 {number(-lower)} {number(bottom)}Z"


def above(profile: Profile, y: float, tilt: float = 0.16) -> str:
    """Everything of a turned body above a line around it; clip it with the outline."""
    wide = max(radius for _, radius in profile)
    r, top = radius_at(profile, y), profile[0][0] - 80
    arc = f"A{number(r)} {number(r * tilt)} 0 0 1 {number(-r)} {number(y)}"
    return f"M{number(-wide)} {number(top)}H{number(wide)}V{number(y)}H{number(r)}{arc}H{number(-wide)}Z"


def hoop(profile: Profile, y: float, colour: str, width: float, tilt: float = 0.16, **more: object) -> str:
    """The visible half of a line around a turned body."""
    r = radius_at(profile, y)
    return stroke(
        f"M{number(-r)} {number(y)}A{number(r)} {number(r * tilt)} 0 0 0 {number(r)} {number(y)}",
        colour,
        width,
        **more,
    )


def turned(
    sheet: Sheet, profile: Profile, tones: Tones, *, tilt: float = 0.16, gloss: float = 0.5, decor: str = ""
) -> str:
    """A body of revolution with its decor (clipped), the shade at its foot and a soft highlight."""
    d = outline(profile, tilt)
    height, widest = profile[-1][0] - profile[0][0], max(radius for _, radius in profile)
    shade = sheet.linear([(0, "#2a1a16", 0), (0.6, "#2a1a16", 0), (1, "#2a1a16", 0.22)], x2=0, y2=1)
    lit = [
        (-(radius_at(profile, profile[0][0] + height * at)) * 0.62, profile[0][0] + height * at)
        for at in (0.12, 0.35, 0.6, 0.8)
    ]
    shine = stroke(
        smooth(lit), "#fffaf0", widest * 0.13, opacity=0.12 + gloss * 0.55, filter=sheet.blur(widest * 0.055)
    )
    return path(d, round_fill(sheet, tones, gloss=gloss)) + group(
        decor, path(d, shade), shine, clip_path=sheet.clip(d)
    )


def mouth(
    sheet: Sheet,
    y: float,
    r: float,
    tones: Tones,
    *,
    tilt: float = 0.16,
    wall: float = 9,
    inside: Tones | None = None,
) -> str:
    """The rim of a vessel and the dark of its inside."""
    hollow = inside or tones
    fill = sheet.linear([(0, hollow.deep, 1), (0.5, hollow.dark, 1), (1, hollow.light, 1)], x2=1, y2=0.35)
    rim = sheet.linear([(0, tones.pale, 1), (0.6, tones.light, 1), (1, tones.base, 1)])
    return ellipse(0, y, r, r * tilt, rim) + ellipse(
        0, y + wall * 0.12, r - wall, max((r - wall) * tilt - 1, 2), fill
    )


def tube(d: str, tones: Tones, width: float) -> str:
    """A round bar along a path: a handle, a cord, a wire."""
    return (
        stroke(d, tones.deep, width)
        + group(
            stroke(d, tones.base, width * 0.8),
            transform=f"translate({-width * 0.06:.3g} {-width * 0.06:.3g})",
        )
        + group(
            stroke(d, tones.pale, width * 0.2, opacity=0.7),
            transform=f"translate({-width * 0.2:.3g} {-width * 0.2:.3g})",
        )
    )


def speckles(
    profile_box: tuple[float, float, float, float], colour: str, amount: int, seed: int = 3, size: float = 2.6
) -> str:
    """Small iron specks of a stoneware glaze."""
    dice = random.Random(seed)
    x, y, width, height = profile_box
    dots = (
        ellipse(
            round(x + dice.random() * width),
            round(y + dice.random() * height),
            round(dice.uniform(0.4, 1) * size, 1),
            round(dice.uniform(0.4, 1) * size, 1),
            colour,
        )
        for _ in range(amount)
    )
    return group(*dots, opacity=0.4)


def grain(
    area: tuple[float, float, float, float],
    tones: Tones,
    *,
    seed: int = 1,
    upright: bool = False,
    step: float = 15,
) -> str:
    """The lines of wood along an area; clip them with the shape."""
    dice = random.Random(seed)
    x, y, width, height = area
    length, across = (height, width) if upright else (width, height)
    lines, at, swell = [], 0.0, dice.uniform(0.2, 0.8) * across
    while at < across:
        points = []
        for part in range(7):
            bulge = 14 * max(0, 1 - abs(at - swell) / (across * 0.3)) * (1 - abs(part - 3) / 3)
            offset = at + dice.uniform(-2.5, 2.5) + (bulge if at > swell else -bulge)
            along = length * part / 6
            points.append((x + offset, y + along) if upright else (x + along, y + offset))
        dark = dice.random() < 0.3
        lines.append(
            stroke(
                smooth(points),
                tones.deep if dark else tones.dark,
                dice.uniform(1.2, 3.2),
                opacity=0.34 if dark else 0.26,
            )
        )
        at += dice.uniform(0.5, 1.4) * step
    return "".join(lines)


def wooden(
    sheet: Sheet,
    d: str,
    area: tuple[float, float, float, float],
    tones: Tones,
    *,
    seed: int = 1,
    upright: bool = False,
    round_: bool = False,
    step: float = 15,
) -> str:
    """A wooden shape with its grain."""
    fill = round_fill(sheet, tones, gloss=0.15) if round_ else face_fill(sheet, tones)
    return path(d, fill) + group(
        grain(area, tones, seed=seed, upright=upright, step=step), clip_path=sheet.clip(d)
    )


def weave(sheet: Sheet, tones: Tones, *, size: float = 7, turn: float = 0) -> str:
    """A plain weave to lay over cloth."""
    dark, light = tones.deep, tones.pale
    half = size / 2
    tile = f'<path d="M0 {half:g}H{half:g}M{half:g} 0V{half:g}" stroke="{dark}" stroke-width="{size * 0.16:.3g}" opacity=".3"/>'
    tile += f'<path d="M{half:g} {size * 0.75:g}H{size:g}" stroke="{light}" stroke-width="{size * 0.2:.3g}" opacity=".4"/>'
    return sheet.pattern(size, size, tile, turn=turn)


def twill(sheet: Sheet, tones: Tones, *, size: float = 9) -> str:
    """A diagonal weave to lay over heavy cloth."""
    return sheet.pattern(
        size,
        size,
        f'<path d="M-2 {size + 2}L{size + 2} -2" stroke="{tones.deep}" stroke-width="1.4" opacity=".22"/>',
    )


def knit(sheet: Sheet, tones: Tones, *, size: float = 16) -> str:
    """Rows of stockinette stitches."""
    w, h = size, size * 0.8
    left = f"M{w * 0.06:.3g} {h * 0.05:.3g}L{w * 0.5:.3g} {h * 0.75:.3g}"
    right = f"M{w * 0.94:.3g} {h * 0.05:.3g}L{w * 0.5:.3g} {h * 0.75:.3g}"
    tile = f'<path d="{left}{right}" stroke="{tones.deep}" stroke-width="{size * 0.1:.3g}" opacity=".32" stroke-linecap="round"/>'
    return sheet.pattern(w, h, tile)


def cloth(sheet: Sheet, d: str, tones: Tones, texture: str | None = None) -> str:
    """A piece of cloth with its weave."""
    return path(d, face_fill(sheet, tones)) + path(d, texture or weave(sheet, tones))


def stitches(d: str, tones: Tones, width: float = 2.6, dash: str = "9 7") -> str:
    """A seam."""
    thread = tones.pale if tones.is_dark else tones.deep
    return stroke(d, thread, width, stroke_dasharray=dash, opacity=0.55)


def fold(sheet: Sheet, d: str, tones: Tones, width: float = 16, opacity: float = 0.4) -> str:
    """A soft crease: a blurred dark line with a light beside it."""
    soft = sheet.blur(width * 0.4)
    lit = group(
        stroke(d, tones.pale, width * 0.7, opacity=opacity, filter=soft),
        transform=f"translate({-width * 0.7:.3g} 0)",
    )
    return stroke(d, tones.deep, width, opacity=opacity, filter=soft) + lit


def ground_shadow(sheet: Sheet, half: float, depth: float = 0.16, strength: float = 1) -> str:
    """The shadow of something that stands: tight at the foot, long and soft to the right."""
    long = ellipse(
        half * 0.42,
        half * 0.02,
        half * 1.25,
        half * depth * 1.3 + 8,
        "#3a241a",
        opacity=0.22 * strength,
        filter=sheet.blur(half * 0.1 + 6),
    )
    tight = ellipse(
        half * 0.06,
        half * 0.03,
        half * 1.02,
        half * depth + 5,
        "#2a1710",
        opacity=0.42 * strength,
        filter=sheet.blur(9),
    )
    return long + tight


def rounded_bar(
    x: float, y: float, width: float, height: float, sheet: Sheet, tones: Tones, radius: float = 10
) -> str:
    """An upright round bar, such as a post."""
    return path(box(x, y, width, height, radius), round_fill(sheet, tones, gloss=0.25))
