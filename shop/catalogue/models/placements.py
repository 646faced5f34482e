from __future__ import annotations

from django.db import models

from shop.catalogue.models.categories import Category
from shop.catalogue.models.products import ProductPage


class CategoryPlacement(models.Model):
    """
    Where a product stands in a category's list when somebody has put it there by hand.

    Operational: outside every revision, so that no old draft moves a product back. Products without a
    placement follow those that have one, newest first.
    """

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="placements")
    product = models.ForeignKey(ProductPage, on_delete=models.CASCADE, related_name="placements")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["category_id", "position"]
        verbose_name = "place in a category"
        verbose_name_plural = "places in categories"
        constraints = [
            models.UniqueConstraint(fields=["category", "product"], name="catalogue_placement_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.position} in {self.category_id}"
