from __future__ import annotations

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from shop.tax.models import TaxRate
from tests.factories.catalogue import TaxClassFactory


class TaxRateFactory(DjangoModelFactory):
    """German standard VAT on everything with the tax class, unless told otherwise."""

    tax_class = factory.SubFactory(TaxClassFactory)
    country = "DE"
    name = "VAT 19%"
    rate = Decimal(19)

    class Meta:
        model = TaxRate
