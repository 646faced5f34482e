"""A very small SVG writer: a sheet that collects definitions, and functions that write shapes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]


def number(value: float) -> str:
    """Write a number with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def attributes(values: dict[str, object]) -> str:
    """Write attributes; underscores become hyphens, and what is None is left out."""
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in values.items() if value is not None)
    return "".join(f' {key}="{value if isinstance(value, str) else f"{value:g}"}"' for key, value in pairs)


@dataclass
class Sheet:
    """The definitions (gradients, clips, blurs, patterns) that the shapes of one picture refer to."""

    defs: dict[str, str] = field(default_factory=dict)

    def define(self, template: str) -> str:
        """Add a definition whose id is written as `@`, once, and return the reference to it."""
        if template not in self.defs:
            self.defs[template] = f"d{len(self.defs)}"
        return f"url(#{self.defs[template]})"

    def linear(self, stops: Iterable[tuple[float, str, float]], *, x2: float = 1, y2: float = 0) -> str:
        """A linear gradient from the upper left corner of whatever is filled with it."""
        return self.define(
            f'<linearGradient id="@" x1="0" y1="0" x2="{x2:g}" y2="{y2:g}">{_stops(stops)}</linearGradient>'
        )

    def radial(
        self, stops: Iterable[tuple[float, str, float]], *, cx: float = 0.5, cy: float = 0.5, r: float = 0.5
    ) -> str:
        """A radial gradient inside the box of whatever is filled with it."""
        return self.define(
            f'<radialGradient id="@" cx="{cx:g}" cy="{cy:g}" r="{r:g}">{_stops(stops)}</radialGradient>'
        )

    def clip(self, d: str) -> str:
        """A clip along a path."""
        return self.define(f'<clipPath id="@"><path d="{d}"/></clipPath>')

    def blur(self, amount: float) -> str:
        """A soft blur with generous margins."""
        margin = 'x="-60%" y="-60%" width="220%" height="220%"'
        return self.define(f'<filter id="@" {margin}><feGaussianBlur stdDeviation="{amount:g}"/></filter>')

    def pattern(self, width: float, height: float, content: str, *, turn: float = 0) -> str:
        """A repeating tile."""
        turned = f' patternTransform="rotate({turn:g})"' if turn else ""
        size = f'width="{width:g}" height="{height:g}" patternUnits="userSpaceOnUse"'
        return self.define(f'<pattern id="@" {size}{turned}>{content}</pattern>')

    def document(
        self, content: str, width: float, height: float, view: tuple[float, float, float, float] | None = None
    ) -> str:
        """The whole SVG file; `view` shows a part of it enlarged."""
        box = " ".join(f"{edge:g}" for edge in view or (0, 0, width, height))
        defs = "".join(template.replace('id="@"', f'id="{name}"', 1) for template, name in self.defs.items())
        size = f'width="{width:g}" height="{height:g}" viewBox="{box}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs>{defs}</defs>{content}</svg>'


def _stops(stops: Iterable[tuple[float, str, float]]) -> str:
    return "".join(
        f'<stop offset="{at:g}" stop-color="{colour}" stop-opacity="{alpha:g}"/>'
        for at, colour, alpha in stops
    )


def path(d: str, fill: str = "none", **more: object) -> str:
    """A path."""
    return f'<path d="{d}" fill="{fill}"{attributes(more)}/>'


def stroke(d: str, colour: str, width: float, **more: object) -> str:
    """A stroked path with round ends."""
    pen: dict[str, object] = {"stroke": colour, "stroke_width": width}
    ends: dict[str, object] = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    return f'<path d="{d}" fill="none"{attributes({**pen, **ends, **more})}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, **more: object) -> str:
    """An ellipse."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{attributes(more)}/>'


def rect(x: float, y: float, width: float, height: float, fill: str, **more: object) -> str:
    """A rectangle."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"{attributes(more)}/>'
    )


def group(*content: str, **more: object) -> str:
    """A group."""
    return f"<g{attributes(more)}>{''.join(content)}</g>"


def place(content: str, x: float, y: float, scale: float = 1, turn: float = 0) -> str:
    """Move, scale and turn a drawing."""
    turned = f" rotate({turn:g})" if turn else ""
    return group(content, transform=f"translate({x:g} {y:g}) scale({scale:.4g}){turned}")


def polygon(*points: Point) -> str:
    """The path of a polygon."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def box(x: float, y: float, width: float, height: float, radius: float = 0) -> str:
    """The path of a rectangle with rounded corners."""
    r = min(radius, width / 2, height / 2)
    arc = f"a{number(r)} {number(r)} 0 0 1 "
    w, h = number(width - 2 * r), number(height - 2 * r)
    n = number(r)
    return (
        f"M{number(x + r)} {number(y)}h{w}{arc}{n} {n}v{h}{arc}-{n} {n}h-{w}{arc}-{n} -{n}v-{h}{arc}{n} -{n}Z"
    )


def smooth(points: Sequence[Point], *, start: str = "M") -> str:
    """A curve through the points (Catmull-Rom); a point given twice makes a corner."""
    head = f"{start}{number(points[0][0])} {number(points[0][1])}"
    padded = [points[0], *points, points[-1]]
    parts = [head]
    for before, a, b, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        c1 = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
        c2 = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
        parts.append("C" + " ".join(f"{number(x)} {number(y)}" for x, y in (c1, c2, b)))
    return "".join(parts)


def blob(points: Sequence[Point]) -> str:
    """A closed curve through the points."""
    ring = [points[-1], *points, points[0], points[1]]
    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, a, b, after in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        c1 = (a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6)
        c2 = (b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6)
        parts.append("C" + " ".join(f"{number(x)} {number(y)}" for x, y in (c1, c2, b)))
    return "".join(parts) + "Z"
