"""The shop's frame: settings, price lists, warehouse, tax rates, shipping."""

from __future__ import annotations

from decimal import Decimal

from wagtail.models import Site

from content.demo.loading.source import days_ago, read
from content.models import BrandSettings
from shop.catalogue.models import TaxClass
from shop.core.models import ShopSettings
from shop.inventory.models import Warehouse
from shop.pricing.models import PriceList
from shop.shipping.models import ShippingMethod, ShippingZone, ShippingZoneCountry
from shop.tax.models import TaxRate

BASE_LIST, SALE_LIST, WAREHOUSE = "base-eur", "sale-eur", "goerlitz"

# Standard and reduced rates of VAT as of 2026, from the European Commission's "Taxes in Europe" database
# and, for GB, HM Revenue & Customs. An example to start from, not advice.
VAT_RATES = {
    "DE": ("19", "7"),
    "AT": ("20", "10"),
    "FR": ("20", "5.5"),
    "NL": ("21", "9"),
    "GB": ("20", "0"),
}

ZONES: dict[str, tuple[list[str], list[tuple[str, str, str, str, str | None, tuple[int, int]]]]] = {
    "Germany": (
        ["DE"],
        [
            ("standard-de", "Standard delivery", "To your door, with tracking.", "4.90", "60.00", (2, 3)),
            ("express-de", "Express", "Ordered by noon, there the next working day.", "12.90", None, (1, 1)),
        ],
    ),
    "Neighbours": (
        ["AT", "FR", "NL"],
        [
            ("standard-eu", "Standard delivery", "To your door, with tracking.", "9.90", "120.00", (3, 5)),
            ("express-eu", "Express", "By courier, signed for.", "24.90", None, (2, 2)),
        ],
    ),
    "United Kingdom": (
        ["GB"],
        [("standard-gb", "Standard delivery", "Duties paid, with tracking.", "14.90", None, (4, 7))],
    ),
}


def load_settings(site: Site) -> None:
    """Name the shop and its colours."""
    shop = read("shop")
    ShopSettings.objects.get_or_create(
        site=site,
        defaults={
            "shop_name": shop["name"],
            "order_prefix": "LL",
            "default_currency": shop["currency"],
            "default_country": shop["address"]["country"],
            "sender_email": shop["email"],
            "manual_payment_instructions": (
                "Please transfer the total within 7 days to Linnet & Loam GmbH, "
                "IBAN DE02 1203 0000 0000 2020 51, and give the order number as reference."
            ),
        },
    )
    BrandSettings.objects.get_or_create(
        site=site,
        defaults={
            "name": shop["name"],
            "tagline": shop["tagline"],
            "announcement": "Free delivery in Germany from €60, and thirty days to change your mind",
            "footer_text": ("<p>{company}<br/>{line1}<br/>{postcode} {city}</p>".format(**shop["address"])),
        },
    )


def load_tax() -> None:
    """Make the tax classes and their rates for the countries that the shop serves."""
    classes = {
        row["code"]: TaxClass.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})[0]
        for row in read("catalogue")["tax_classes"]
    }
    for country, rates in VAT_RATES.items():
        for code, rate in zip(("standard", "reduced"), rates, strict=True):
            TaxRate.objects.get_or_create(
                tax_class=classes[code],
                country=country,
                defaults={"name": f"VAT {rate}%", "rate": Decimal(rate)},
            )


def load_shipping() -> None:
    """Make the zones and their methods."""
    for name, (countries, methods) in ZONES.items():
        zone, _ = ShippingZone.objects.get_or_create(name=name)
        for country in countries:
            ShippingZoneCountry.objects.get_or_create(zone=zone, country=country)
        for position, (code, title, description, price, free_from, (min_days, max_days)) in enumerate(
            methods
        ):
            ShippingMethod.objects.get_or_create(
                code=code,
                defaults={
                    "zone": zone,
                    "name": title,
                    "description": description,
                    "kind": "free_over" if free_from else "flat",
                    "currency": "EUR",
                    "price": Decimal(price),
                    "free_from": Decimal(free_from) if free_from else None,
                    "max_weight_grams": 31_500,
                    "min_days": min_days,
                    "max_days": max_days,
                    "carrier_name": "Parcel post",
                    "tracking_url_template": "https://parcel.example.com/track/{number}",
                    "sort_order": position,
                },
            )


def load_warehouse() -> Warehouse:
    """Return the one warehouse of the shop."""
    return Warehouse.objects.get_or_create(
        code=WAREHOUSE, defaults={"name": "Görlitz, old cloth mill", "country": "DE"}
    )[0]


def load_price_lists() -> None:
    """Make the base list, and the list of reductions that began two weeks ago."""
    PriceList.objects.get_or_create(
        code=BASE_LIST,
        defaults={"name": "Prices", "currency": "EUR", "kind": PriceList.Kind.BASE, "includes_tax": True},
    )
    PriceList.objects.get_or_create(
        code=SALE_LIST,
        defaults={
            "name": "Reductions",
            "currency": "EUR",
            "kind": PriceList.Kind.SALE,
            "includes_tax": True,
            "priority": 10,
            "valid_from": days_ago(14),
        },
    )
