"""What promotions can ask for: of the goods in a cart, and of the cart itself."""

from __future__ import annotations

from shop.catalogue.predicates import PRODUCTS, Family, Field, Vocabulary
from shop.catalogue.predicates.fields import FLAG, NUMBERS, WORDS

WEEKDAYS = (
    ("monday", "Monday"),
    ("tuesday", "Tuesday"),
    ("wednesday", "Wednesday"),
    ("thursday", "Thursday"),
    ("friday", "Friday"),
    ("saturday", "Saturday"),
    ("sunday", "Sunday"),
)

GOODS = Vocabulary(
    "goods",
    [
        *(field for field in PRODUCTS.fields if field.name in ("category", "brand", "type", "tag")),
        Field("collection", "collection", WORDS),
        Field("product", "product", WORDS),
        Field("sku", "SKU", WORDS),
        Field("price", "price of one piece", NUMBERS),
        Field("on_sale", "reduced", FLAG),
        Field("quantity", "pieces in the line", NUMBERS, is_whole=True),
    ],
    [Family("attribute.", "attribute", WORDS)],
)
"""
Facts of one line of a cart. ``category`` holds what lies below it, ``collection`` those by hand and by rule,
``price`` is that of one piece as the shopper sees it, before promotions.
"""

CARTS = Vocabulary(
    "carts",
    [
        Field("subtotal", "total of the goods", NUMBERS),
        Field("quantity", "pieces in the cart", NUMBERS, is_whole=True),
        Field("customer_group", "customer group", WORDS),
        Field("signed_in", "signed in", FLAG),
        Field("first_order", "first order", FLAG),
        Field("country", "country of delivery", WORDS),
        Field("weekday", "day of the week", WORDS, choices=WEEKDAYS),
        Field(
            "minute_of_day",
            "time of day",
            NUMBERS,
            unit="minutes since midnight",
            is_whole=True,
            is_time=True,
        ),
    ],
)
"""
Facts of a whole cart, before promotions; ``country`` in small letters, days and times in the shop's zone.
"""
