from __future__ import annotations

from django.db import models

from shop.catalogue.models.products import ProductPage


class ProductReadiness(models.Model):
    """
    What the publish checks said of a product's latest draft, kept for the list of products.

    Written by :mod:`shop.catalogue.services.readiness` only. Publishing never asks here: it checks anew.
    """

    product = models.OneToOneField(
        ProductPage, primary_key=True, on_delete=models.CASCADE, related_name="stored_readiness"
    )
    score = models.PositiveSmallIntegerField("readiness", default=0)
    error_count = models.PositiveSmallIntegerField(default=0)
    # Something that many products depend on has changed: its score is found again soon.
    is_stale = models.BooleanField(default=True)

    class Meta:
        verbose_name = "readiness of a product"
        verbose_name_plural = "readiness of products"
        indexes = [
            models.Index(fields=["score", "product"], name="catalogue_readiness_score"),
            models.Index(
                fields=["product"],
                condition=models.Q(is_stale=True),
                name="catalogue_readiness_stale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.score} of 100"


class ReadinessFinding(models.Model):
    """That one publish check has something to say about a product, by the check's stable code."""

    product = models.ForeignKey(ProductPage, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=120)

    class Meta:
        verbose_name = "finding about a product"
        verbose_name_plural = "findings about products"
        constraints = [
            models.UniqueConstraint(fields=["code", "product"], name="catalogue_readinessfinding_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.code}"
