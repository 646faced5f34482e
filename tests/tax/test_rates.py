from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from shop.core.money import Money
from shop.tax.calculation import TaxableLine
from shop.tax.models import TaxRate
from shop.tax.selectors import TableTaxCalculator, get_rates
from tests.factories.catalogue import TaxClassFactory
from tests.factories.tax import TaxRateFactory

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def test_the_rate_of_the_country_counts_and_no_other(django_assert_num_queries):
    standard = TaxClassFactory(code="standard")
    TaxRateFactory(tax_class=standard, country="DE", rate=19)
    TaxRateFactory(tax_class=standard, country="AT", rate=20)

    with django_assert_num_queries(1):
        rates = get_rates(country="AT", at=NEW_YEAR)

    assert rates["standard"].rate == 20
    assert get_rates(country="US", at=NEW_YEAR) == {}


def test_a_regions_own_rate_comes_before_its_countrys():
    standard = TaxClassFactory(code="standard")
    TaxRateFactory(tax_class=standard, country="US", region="NY", name="NY", rate=Decimal("8.875"))
    TaxRateFactory(tax_class=standard, country="US", name="US", rate=0)

    assert get_rates(country="US", region="ny", at=NEW_YEAR)["standard"].name == "NY"
    assert get_rates(country="US", region="CA", at=NEW_YEAR)["standard"].name == "US"


def test_a_new_rate_takes_over_at_its_moment():
    standard = TaxClassFactory(code="standard")
    TaxRateFactory(tax_class=standard, rate=19)
    TaxRateFactory(
        tax_class=standard, rate=16, valid_from=NEW_YEAR, valid_until=NEW_YEAR + timedelta(days=180)
    )

    moments = (NEW_YEAR - timedelta(seconds=1), NEW_YEAR, NEW_YEAR + timedelta(days=180))
    assert [get_rates(country="DE", at=moment)["standard"].rate for moment in moments] == [19, 16, 19]


def test_one_place_and_class_has_one_rate_at_a_time():
    rate = TaxRateFactory()

    with pytest.raises(ValidationError, match="have a rate there"):
        TaxRate(tax_class=rate.tax_class, country="DE", name="again", rate=5).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        TaxRateFactory(tax_class=rate.tax_class)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rate": Decimal(101)}, "rate"),
        ({"rate": Decimal(-1)}, "rate"),
        ({"country": "XX"}, "country"),
        ({"valid_from": NEW_YEAR, "valid_until": NEW_YEAR}, "valid_until"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_with_the_field(changes, field):
    rate = TaxRate(
        **{"tax_class": TaxClassFactory(), "country": "DE", "name": "VAT", "rate": Decimal(19), **changes}
    )

    with pytest.raises(ValidationError) as refused:
        rate.full_clean()

    assert field in refused.value.message_dict


def test_the_shops_calculator_reads_the_table_once(django_assert_num_queries):
    TaxRateFactory(tax_class=TaxClassFactory(code="standard"))
    line = TaxableLine(
        key="1", amount=Money(Decimal("11.90"), "EUR"), tax_class="standard", includes_tax=True
    )

    with django_assert_num_queries(1):
        result = TableTaxCalculator().calculate(
            lines=[line], country="DE", region="", currency="EUR", rounding="line", at=NEW_YEAR
        )

    assert result.tax.amount == Decimal("1.90")
