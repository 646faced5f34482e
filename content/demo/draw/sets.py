"""What is sold in sets, as a card or as a file: drawings of their own and line-ups of other goods."""

from collections.abc import Callable

from .composition import SIDE, close_up, line_up, packshot
from .forms import Drawing, face_fill
from .goods import draw
from .light import cookbook
from .palette import PAPERS, Tones
from .plants import twig
from .svg import Sheet, box, ellipse, group, path, place, polygon, rect, stroke

PAPER = PAPERS["kitchen"]


def gift_card(sheet: Sheet, tones: Tones) -> Drawing:
    """A card with a sprig and a sun, half out of its envelope."""
    envelope, seal = Tones("#e9dcc6"), Tones("#b5533c")
    card = path(box(-330, -620, 660, 430, 22), face_fill(sheet, tones))
    sun = ellipse(170, -470, 92, 92, "#f2c469", opacity=0.9)
    sprig = place(twig(300, 72, Tones("#e8dcc0"), leaves=11, size=0.8), -250, -250)
    lines = stroke("M-268 -560H-80M-268 -530H-150", "#fff6e6", 9, opacity=0.9)
    rim = stroke("M-308 -600H308", "#fff6e6", 3, opacity=0.35)
    back = path(box(-390, -360, 780, 360, 14), envelope.dark)
    front = path(
        polygon((-390, -330), (0, -110), (390, -330), (390, 0), (-390, 0)), face_fill(sheet, envelope)
    )
    flaps = stroke(
        "M-390 -330L0 -110L390 -330M-390 0L-110 -170M390 0L110 -170", envelope.deep, 3, opacity=0.4
    )
    wax = ellipse(0, -108, 44, 44, seal.base) + ellipse(-5, -114, 30, 30, seal.light, opacity=0.5)
    return Drawing(
        back + group(card, rim, sun, sprig, lines) + front + flaps + wax,
        800, 640, focus=(120, -440), zoom=2.1, foot=380, middle=0, cm=16, depth=0.05,
    )  # fmt: skip


def reader(sheet: Sheet, _tones: Tones) -> Drawing:
    """The cookbook on a reading tablet."""
    case = Tones("#34393d")
    shell = path(box(-330, -860, 660, 860, 40), case.base) + path(
        box(-318, -848, 636, 836, 32), case.light, opacity=0.25
    )
    screen = rect(-280, -790, 560, 700, "#f1e7d3")
    page = group(place(cookbook(sheet, Tones("#d8b48a")).content, -14, -120, 0.8))
    shine = path(polygon((60, -790), (280, -790), (280, -420)), "#ffffff", opacity=0.12)
    button = ellipse(0, -44, 15, 15, case.deep)
    return Drawing(
        shell + screen + page + shine + button,
        680, 870, focus=(20, -520), zoom=2, foot=322, middle=0, cm=20, depth=0.04,
    )  # fmt: skip


OWN: dict[str, Callable[[Sheet, Tones], Drawing]] = {"gift-card": gift_card, "plain-ebook": reader}
CARD_COLOURS = {"moss": "#6f7b55", "ink": "#2c3a57", "rust": "#a9553a"}
CASTS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "set-morning": (("dripper-halo", "sand"), ("mug-luna", "sand"), ("coffee-first-light", None)),
    "set-morning-moss": (("dripper-halo", "chalk"), ("mug-luna", "moss"), ("coffee-first-light", None)),
    "set-morning-ink": (("dripper-halo", "charcoal"), ("mug-luna", "ink"), ("coffee-first-light", None)),
    "set-table": (
        ("plate-tide", "chalk"),
        ("bowl-tide", "chalk"),
        ("plate-tide", "chalk"),
        ("bowl-tide", "chalk"),
    ),
    "set-table-moss": (
        ("plate-tide", "moss"),
        ("bowl-tide", "moss"),
        ("plate-tide", "moss"),
        ("bowl-tide", "moss"),
    ),
}


def set_picture(name: str) -> str:
    """The goods of a set side by side."""
    sheet = Sheet()
    return sheet.document(line_up(sheet, [draw(sheet, *one) for one in CASTS[name]], PAPER), SIDE, SIDE)


def own_picture(name: str, colour: str) -> str:
    """A card or a file alone."""
    sheet = Sheet()
    return sheet.document(packshot(sheet, OWN[name](sheet, Tones(colour)), PAPER), SIDE, SIDE)


def own_detail(name: str, colour: str) -> str:
    """The same from close by."""
    sheet = Sheet()
    content, view = close_up(sheet, OWN[name](sheet, Tones(colour)), PAPER)
    return sheet.document(content, SIDE, SIDE, view)


def gift_line_up() -> str:
    """The card in its colours."""
    sheet = Sheet()
    cards = [gift_card(sheet, Tones(colour)) for colour in CARD_COLOURS.values()]
    return sheet.document(line_up(sheet, cards, PAPER), SIDE, SIDE)


# Each picture: its file name, the function that draws it and what that needs.
SET_PICTURES: tuple[tuple[str, Callable[..., str], tuple[str, ...]], ...] = (
    *((name if name.count("-") > 1 else f"{name}-1", set_picture, (name,)) for name in CASTS),
    ("gift-card-1", own_picture, ("gift-card", CARD_COLOURS["moss"])),
    ("gift-card-2", own_detail, ("gift-card", CARD_COLOURS["moss"])),
    ("gift-card-3", gift_line_up, ()),
    ("plain-ebook-1", own_picture, ("plain-ebook", "#34393d")),
    ("plain-ebook-2", own_detail, ("plain-ebook", "#34393d")),
)
