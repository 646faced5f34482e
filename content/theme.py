"""
The brand's colour as a stylesheet.

A merchandiser chooses one colour; what stands on it and links in it are derived so that every text
keeps the contrast of WCAG 2.2, success criterion 1.4.3 (4.5 to 1), on light and on dark pages.
"""

from __future__ import annotations

import colorsys

CONTRAST = 4.5
LIGHT_PAGE, DARK_PAGE = "#F8FAFD", "#141B40"
INK, WHITE = "#10163A", "#FFFFFF"
# Steps of lightness when a colour is moved until it can be read.
STEPS = 100


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(background: str) -> str:
    """White or ink, whichever reads better on ``background``."""
    return max((WHITE, INK), key=lambda text: contrast(text, background))


def moved_until_readable(colour: str, *, on: str) -> str:
    """``colour``, made darker or lighter only as far as text in it needs on the page ``on``."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    lighter = _luminance(on) < _luminance("#808080")
    for step in range(STEPS + 1):
        moved = lightness + (1 - lightness) * step / STEPS if lighter else lightness * (1 - step / STEPS)
        candidate = _hex(colorsys.hls_to_rgb(hue, moved, saturation))
        if contrast(candidate, on) >= CONTRAST:
            return candidate
    return readable_on(on)


def stylesheet(accent: str) -> str:
    """The custom properties of the brand's colour, to be loaded after ``base.css``."""
    light = moved_until_readable(accent, on=LIGHT_PAGE)
    dark = moved_until_readable(accent, on=DARK_PAGE)
    return (
        f":root{{--sign:{accent};--on-sign:{readable_on(accent)};"
        f"--link:light-dark({light},{dark});--rim:light-dark({light},{dark})}}\n"
    )


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02X}" for channel in channels)


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004

    red, green, blue = (linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
