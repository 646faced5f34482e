"""SKUs made by a pattern."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.models import ProductType
from shop.catalogue.models.variants import validate_sku
from shop.catalogue.services import archive_variant
from shop.catalogue.sku_patterns import (
    MAX_SKU,
    SkuParts,
    candidates,
    make_skus,
    render_sku,
    shorten,
    validate_sku_pattern,
)
from tests.factories.catalogue import AttributeFactory, ProductFactory, VariantFactory


@pytest.mark.parametrize(
    ("pattern", "sku"),
    [
        ("{product}-{values}", "OAK-LAMP-RED-38"),
        ("{product}-{size}", "OAK-LAMP-38"),
        ("L{colour}/{size}.{number}", "LRED/38.1"),
        ("{product}-{material}-{size}", "OAK-LAMP-38"),
        ("{material}", "SKU"),
    ],
)
def test_a_pattern_is_filled_in(pattern: str, sku: str) -> None:
    parts = SkuParts("oak-lamp", {"colour": "red", "size": "38"})

    assert render_sku(pattern, parts) == sku


@pytest.mark.parametrize(
    ("title", "sku"),
    [("Größe ½", "GROSSE-1-2"), ("茶碗", "CHAWAN"), ("Crème brûlée", "CREME-BRULEE")],
)
def test_other_scripts_become_latin_capitals(title: str, sku: str) -> None:
    made = render_sku("{product}", SkuParts(title, {}))

    validate_sku(made)
    assert title == "茶碗" or made == sku


def test_long_words_are_cut_between_words() -> None:
    assert shorten("VERY-LONG-PRODUCT-NAME-OF-OURS", 24) == "VERY-LONG-PRODUCT-NAME"
    assert shorten("SHORT", 24) == "SHORT"
    assert shorten("X" * 30, 24) == "X" * 24


@given(st.text(max_size=80), st.text(max_size=80), st.integers(1, 99))
def test_whatever_the_words_the_sku_is_one(product: str, value: str, number: int) -> None:
    pattern = "{product}-{values}-{number}" + "X" * 60

    for sku in (
        render_sku(pattern, SkuParts(product, {"size": value}), number=number),
        render_sku("{product}/{size}", SkuParts(product, {"size": value})),
    ):
        validate_sku(sku)
        assert len(sku) <= MAX_SKU


def test_a_number_that_is_cut_off_does_not_try_the_same_for_ever() -> None:
    stream = candidates("X" * 70 + "{number}", SkuParts("lamp", {}))

    assert len({next(stream) for _ in range(5)}) == 5


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{product", "Close every bracket"),
        ("{product} {size}", "without spaces"),
        ("{Größe}", "is no name"),
        ("LAMP", "gives every variant the same SKU"),
        ("{product}-{weight}", "There is no attribute “weight”"),
    ],
)
def test_a_pattern_of_which_no_sku_comes_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        validate_sku_pattern(pattern, attribute_slugs={"size"})


def test_good_patterns_pass() -> None:
    validate_sku_pattern("{product}-{values}")
    validate_sku_pattern("AB.{size}/{number}", attribute_slugs={"size"})


@pytest.mark.django_db
def test_skus_are_free_whatever_their_case_and_whether_archived() -> None:
    AttributeFactory(slug="size", values=["s", "m"])
    lamp = ProductFactory(title="Lamp")
    other = ProductFactory(title="Other")
    VariantFactory(product=other, sku="lamp-S")
    archived = VariantFactory(product=other, sku="LAMP-S-2")
    archive_variant(variant=archived)

    skus = make_skus(product=lamp, combos=[{"size": "s"}, {"size": "m"}, {"size": "m"}])

    assert skus == ["LAMP-S-3", "LAMP-M", "LAMP-M-2"]


@pytest.mark.django_db
def test_numbers_of_a_pattern_count_on_from_what_is_there() -> None:
    lamp = ProductFactory(
        title="Lamp",
        product_type=ProductType.objects.create(name="Lamp", slug="lamp", sku_pattern="L-{number}"),
    )
    VariantFactory(product=lamp, sku="L-1")

    assert make_skus(product=lamp, combos=[{}, {}]) == ["L-2", "L-3"]


@pytest.mark.django_db
def test_two_hundred_skus_cost_few_queries(django_assert_max_num_queries: object) -> None:
    lamp = ProductFactory(title="Lamp")
    VariantFactory(product=lamp, sku="LAMP")

    with django_assert_max_num_queries(8):  # type: ignore[operator]
        skus = make_skus(product=lamp, combos=[{}] * 200)

    assert len(set(skus)) == 200
