"""The colour that stands in for a picture until it has arrived."""

from __future__ import annotations

import logging
from typing import IO

from PIL import Image, UnidentifiedImageError

logger = logging.getLogger(__name__)

SIDE = 48
SHADES = 6
OPAQUE = 250


def find_colour(file: IO[bytes]) -> str:
    """
    The colour that most of a picture has, as ``#rrggbb``; the file is left where it stood.

    Empty where pixels can be seen through, because it would stay behind them, and for what has none (SVG).
    """
    place = file.tell()
    try:
        file.seek(0)
        with Image.open(file) as picture:
            # A JPEG is decoded small at once: a picture of 40 megapixels costs as little as a thumbnail.
            picture.draft("RGB", (SIDE, SIDE))
            picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
            return _most_frequent(picture)
    except UnidentifiedImageError:
        return ""
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        logger.warning("no colour could be read from a picture", exc_info=True)
        return ""
    finally:
        file.seek(place)


def _most_frequent(picture: Image.Image) -> str:
    if picture.has_transparency_data and min(picture.convert("RGBA").getchannel("A").getdata()) < OPAQUE:
        return ""
    few = picture.convert("RGB").quantize(SHADES, Image.Quantize.MEDIANCUT)
    counts = few.histogram()
    shade = counts.index(max(counts))
    red, green, blue = (few.getpalette() or [])[shade * 3 : shade * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"
