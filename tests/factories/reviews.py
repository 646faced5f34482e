from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from shop.reviews.models import Review
from tests.factories.catalogue import ProductFactory


class ReviewFactory(DjangoModelFactory):
    """A good review that waits for moderation."""

    product = factory.SubFactory(ProductFactory)
    author_name = factory.Sequence(lambda n: f"Buyer {n}")
    rating = 5
    title = factory.Sequence(lambda n: f"Fine thing number {n}")
    text = "It does what it says."

    class Meta:
        model = Review
