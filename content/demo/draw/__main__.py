# ruff: noqa: E501 (a path is easier to read on one line)
"""
Draw the artwork of the demo shop: `python -m content.demo.draw [slug-or-name …]`.

A tool for developers, since the pictures are kept. It needs `resvg-py` and `pillow`, and writes only what it is asked
for: without arguments, everything.
"""

import io
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from .composition import SIDE, close_up, line_up, packshot
from .goods import GOODS, draw, looks, paper_of
from .sets import SET_PICTURES
from .settings import WIDE, setting, wide
from .svg import Sheet
from .wide import ON_LOG, WIDE_PICTURES

ARTWORK = Path(__file__).resolve().parent.parent / "artwork"
QUALITY = 82


def front(slug: str, look: str | None = None) -> str:
    """The packshot of a product in one of its looks."""
    sheet = Sheet()
    return sheet.document(packshot(sheet, draw(sheet, slug, look), paper_of(slug)), SIDE, SIDE)


def detail(slug: str) -> str:
    """The close-up of a product."""
    sheet = Sheet()
    content, view = close_up(sheet, draw(sheet, slug), paper_of(slug))
    return sheet.document(content, SIDE, SIDE, view)


def at_home(slug: str) -> str:
    """The product in its setting."""
    sheet = Sheet()
    return sheet.document(setting(sheet, slug), SIDE, SIDE)


def family(slug: str) -> str:
    """All looks of a product side by side."""
    sheet = Sheet()
    return sheet.document(
        line_up(sheet, [draw(sheet, slug, look) for look in looks(slug)], paper_of(slug)), SIDE, SIDE
    )


def scene(name: str) -> str:
    """A wide picture."""
    sheet = Sheet()
    kind, cast = WIDE_PICTURES[name]
    return sheet.document(wide(sheet, kind, cast, log=name in ON_LOG), *WIDE)


def pictures() -> Iterator[tuple[str, Callable[..., str], tuple[str, ...]]]:
    """Every picture: its file name, the function that draws it and what that needs."""
    for slug in GOODS:
        yield f"{slug}-1", front, (slug,)
        yield f"{slug}-2", detail, (slug,)
        yield f"{slug}-3", at_home, (slug,)
        if len(looks(slug)) >= 3:
            yield f"{slug}-4", family, (slug,)
        for look in looks(slug)[1:]:
            yield f"{slug}-{look}", front, (slug, look)
    for name in WIDE_PICTURES:
        yield name, scene, (name,)
    yield from SET_PICTURES


def rasterise(svg: str, target: Path) -> None:
    """Turn a drawing into a WebP file."""
    import resvg_py
    from PIL import Image

    picture = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg))))
    picture.convert("RGB").save(target, "WEBP", quality=QUALITY, method=4)


def produce(job: tuple[str, Callable[..., str], tuple[str, ...]]) -> str:
    """Draw one picture and keep it."""
    name, function, needs = job
    rasterise(function(*needs), ARTWORK / f"{name}.webp")
    return name


def main(wanted: list[str]) -> int:
    """Draw what is wanted: everything, or what belongs to the slugs and names given."""
    jobs = [job for job in pictures() if not wanted or {job[0], *job[2]} & set(wanted)]
    ARTWORK.mkdir(exist_ok=True)
    with ProcessPoolExecutor() as pool:
        done = list(pool.map(produce, jobs, chunksize=4))
    print(f"{len(done)} pictures")
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
