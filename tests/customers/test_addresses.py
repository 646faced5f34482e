from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.customers.addresses import (
    InvalidAddress,
    PostalAddress,
    country_codes,
    list_countries,
    validate_address,
)
from tests.factories.customers import berlin_address


def problems(address: PostalAddress, **kwargs: str) -> dict[str | None, str]:
    with pytest.raises(InvalidAddress) as refusal:
        validate_address(address, **kwargs)
    return {item.attr: item.code for item in refusal.value.errors}


def refused_parts(address: PostalAddress) -> set[str | None]:
    try:
        validate_address(address)
    except InvalidAddress as refusal:
        return {item.attr for item in refusal.errors}
    return set()


def test_a_good_address_comes_back_as_it_is() -> None:
    assert validate_address(berlin_address()) == berlin_address()


def test_spaces_around_and_between_are_tidied() -> None:
    assert validate_address(berlin_address(city="  Bad   Homburg ")).city == "Bad Homburg"


@pytest.mark.parametrize(
    ("region", "postal_code", "expected"),
    [("california", "94103", "CA"), ("New York", "10001", "NY"), ("TX", "73301", "TX")],
)
def test_a_state_is_put_into_its_usual_form(region: str, postal_code: str, expected: str) -> None:
    address = berlin_address(country="US", region=region, postal_code=postal_code)

    assert validate_address(address).region == expected


def test_a_postal_code_is_put_into_capitals() -> None:
    assert validate_address(berlin_address(country="gb", postal_code="sw1a 1aa")).postal_code == "SW1A 1AA"


@pytest.mark.parametrize("missing", ["first_name", "last_name", "line1", "city", "postal_code"])
def test_each_missing_part_is_named(missing: str) -> None:
    assert problems(berlin_address(**{missing: " "})) == {missing: "required"}


def test_all_mistakes_are_told_at_once() -> None:
    assert problems(berlin_address(first_name="", city="", postal_code="1")) == {
        "first_name": "required",
        "city": "required",
        "postal_code": "invalid",
    }


def test_errors_can_carry_the_path_of_the_address() -> None:
    assert problems(berlin_address(city=""), attr_prefix="shipping_address.") == {
        "shipping_address.city": "required"
    }


@pytest.mark.parametrize("postal_code", ["1011", "101190", "ABCDE", "10119\n", "10119x"])
def test_a_postal_code_of_the_wrong_form_is_refused(postal_code: str) -> None:
    assert "postal_code" in problems(berlin_address(postal_code=postal_code))


def test_a_postal_code_of_another_state_is_refused() -> None:
    assert problems(berlin_address(country="US", region="NY", postal_code="94103")) == {
        "postal_code": "invalid"
    }


def test_an_unknown_state_is_refused_where_states_are_listed() -> None:
    assert problems(berlin_address(country="US", region="Bavaria", postal_code="94103")) == {
        "region": "invalid"
    }


def test_a_country_without_postal_codes_needs_none() -> None:
    address = berlin_address(country="HK", region="Kowloon", city="Mong Kok", postal_code="")

    assert validate_address(address).postal_code == ""


def test_parts_a_country_does_not_use_are_kept() -> None:
    assert validate_address(berlin_address(region="Land Berlin")).region == "Land Berlin"


def test_a_town_that_the_data_leaves_out_is_accepted() -> None:
    address = berlin_address(country="BR", region="SP", city="Vila Nova de Ninguém", postal_code="01310-100")

    assert validate_address(address).city == "Vila Nova de Ninguém"


@pytest.mark.parametrize("country", ["", "D", "XX", "DEU", "ZZ", "../", "ÄÖ", "AC"])
def test_what_is_no_country_is_refused(country: str) -> None:
    assert problems(berlin_address(country=country))["country"] == "invalid_country"


@pytest.mark.parametrize("phone", ["call me", "12", "+49 30 <script>", "1" * 39])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    assert problems(berlin_address(phone=phone)) == {"phone": "invalid"}


@pytest.mark.parametrize("phone", ["+49 30 1234567", "(212) 555-0100", "030/12 34-56", "555 0100 x12"])
def test_phone_numbers_as_people_write_them_are_accepted(phone: str) -> None:
    assert validate_address(berlin_address(phone=phone)).phone == phone


def test_control_characters_are_refused() -> None:
    assert problems(berlin_address(line1="Torstraße\x00 1")) == {"line1": "invalid_characters"}


def test_overlong_parts_are_refused() -> None:
    assert problems(berlin_address(line1="x" * 201)) == {"line1": "max_length"}


def test_every_listed_country_has_a_name_and_rules() -> None:
    assert len(country_codes()) > 230
    for code, name in list_countries():
        assert name != code
        assert "country" not in refused_parts(berlin_address(country=code))


def test_a_label_has_the_country_spelled_out_last() -> None:
    assert berlin_address(company="Analytical Engines").lines() == [
        "Ada Lovelace",
        "Analytical Engines",
        "Torstraße 1",
        "10119 Berlin",
        "Germany",
    ]


@given(
    st.builds(
        PostalAddress, **dict.fromkeys(("first_name", "last_name", "line1", "city", "country"), st.text())
    )
)
def test_no_text_makes_it_fall_over(address: PostalAddress) -> None:
    if not refused_parts(address):
        once = validate_address(address)
        assert validate_address(once) == once
