"""Goods for tests, made through the services that the admin and imports use."""

from __future__ import annotations

import io
from typing import Any

import factory
from django.core.files.images import ImageFile
from factory.django import DjangoModelFactory
from PIL import Image as PillowImage
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from shop.catalogue.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    ProductCollection,
    ProductCollectionItem,
    ProductIndexPage,
    ProductPage,
    ProductVariant,
    TaxClass,
)
from shop.catalogue.services import MediaDraft, create_product, create_variant


class TaxClassFactory(DjangoModelFactory):
    code = factory.Sequence(lambda n: f"tax-class-{n}")
    name = factory.Sequence(lambda n: f"Tax class {n}")

    class Meta:
        model = TaxClass
        django_get_or_create = ("code",)


class BrandFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Brand {n}")
    slug = factory.Sequence(lambda n: f"brand-{n}")

    class Meta:
        model = Brand


class AttributeFactory(DjangoModelFactory):
    """``AttributeFactory(slug="colour", values=["red", "blue"])``."""

    name = factory.LazyAttribute(lambda attribute: attribute.slug.replace("-", " ").title())
    slug = factory.Sequence(lambda n: f"attribute-{n}")
    kind = Attribute.Kind.CHOICE
    makes_variants = True
    is_filterable = True
    is_searchable = True

    class Meta:
        model = Attribute
        skip_postgeneration_save = True

    @factory.post_generation
    def values(self: Attribute, create: bool, slugs: list[str] | None, **kwargs: Any) -> None:
        for position, slug in enumerate(slugs or []):
            AttributeValue.objects.create(
                attribute=self, slug=slug, label=slug.replace("-", " ").capitalize(), sort_order=position
            )


class ImageFactory(DjangoModelFactory):
    title = factory.Sequence(lambda n: f"Picture {n}")
    description = "A plain picture"

    class Meta:
        model = get_image_model()

    @classmethod
    def _create(cls, model_class: Any, *args: Any, colour: str = "#2f6f4e", **kwargs: Any) -> Any:
        if "file" not in kwargs:
            drawn = io.BytesIO()
            PillowImage.new("RGB", (64, 48), colour).save(drawn, "PNG")
            kwargs["file"] = ImageFile(io.BytesIO(drawn.getvalue()), name="picture.png")
        return super()._create(model_class, *args, **kwargs)


class CategoryFactory(DjangoModelFactory):
    name = factory.LazyAttribute(lambda category: category.slug.replace("-", " ").title())
    slug = factory.Sequence(lambda n: f"category-{n}")

    class Meta:
        model = Category


def site_home() -> Page:
    """The page at the root of the default site; made anew where a test has emptied the database."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is not None:
        return Page.objects.get(pk=site.root_page_id)
    locale, _ = Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node() or Page.add_root(
        instance=Page(title="Root", slug="root", locale=locale, live=True)
    )
    home = root.add_child(instance=Page(title="Home", slug="home", locale=locale, live=True))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    return home


def product_index() -> ProductIndexPage:
    """The folder that products are filed in; made below the site's home page when there is none."""
    held = ProductIndexPage.objects.first()
    if held is not None:
        return held
    return site_home().add_child(instance=ProductIndexPage(title="Products", slug="products"))


class ProductFactory(DjangoModelFactory):
    """
    A live product with one category and one picture, without variants.

    Takes what ``create_product`` takes; ``pictures=0`` for none.
    """

    title = factory.Sequence(lambda n: f"Product {n}")

    class Meta:
        model = ProductPage

    @classmethod
    def _create(cls, model_class: Any, *args: Any, pictures: int = 1, **kwargs: Any) -> ProductPage:
        kwargs.setdefault("parent", product_index())
        if "categories" not in kwargs:
            kwargs["categories"] = [CategoryFactory()]
        if "media" not in kwargs:
            kwargs["media"] = [
                MediaDraft(image_id=ImageFactory().pk, alt_text=f"{kwargs['title']}, view {number}")
                for number in range(1, pictures + 1)
            ]
        return create_product(**kwargs)


class VariantFactory(DjangoModelFactory):
    """A variant without price and stock. Takes what ``create_variant`` takes."""

    sku = factory.Sequence(lambda n: f"SKU-{n:05d}")

    class Meta:
        model = ProductVariant

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> ProductVariant:
        kwargs.setdefault("product", None)
        if kwargs["product"] is None:
            kwargs["product"] = ProductFactory()
        return create_variant(**kwargs)


class ProductCollectionFactory(DjangoModelFactory):
    """``ProductCollectionFactory(products=[lamp, chair])``."""

    name = factory.Sequence(lambda n: f"Collection {n}")
    slug = factory.Sequence(lambda n: f"collection-{n}")

    class Meta:
        model = ProductCollection

    @classmethod
    def _create(
        cls, model_class: Any, *args: Any, products: tuple[ProductPage, ...] = (), **kwargs: Any
    ) -> ProductCollection:
        collection = model_class(**kwargs)
        collection.items = [
            ProductCollectionItem(product=product, sort_order=position)
            for position, product in enumerate(products)
        ]
        collection.save()
        collection.save_revision().publish() if collection.live else collection.save_revision()
        return collection
