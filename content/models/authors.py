from __future__ import annotations

from django.db import models
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.admin.widgets.slug import SlugInput
from wagtail.models import Orderable
from wagtail.search import index


class Author(index.Indexed, models.Model):
    """Who writes for the shop's journal."""

    name = models.CharField("name", max_length=120, help_text="As it stands below a title.")
    slug = models.SlugField(
        "slug", max_length=120, unique=True, help_text="The name in addresses: /journal/?author=…"
    )
    biography = models.TextField(
        "about", blank=True, max_length=600, help_text="One or two sentences, shown below their articles."
    )
    picture = models.ForeignKey(
        "content.CustomImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug", widget=SlugInput),
        FieldPanel("biography"),
        FieldPanel("picture"),
    ]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = "author"
        verbose_name_plural = "authors"

    def __str__(self) -> str:
        return self.name


class ArticleAuthor(Orderable):
    """That somebody wrote an article. Rebuilt by every publish: nothing may point at it."""

    page = ParentalKey("content.ArticlePage", on_delete=models.CASCADE, related_name="article_authors")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="articles")

    panels = [FieldPanel("author")]

    class Meta(Orderable.Meta):
        verbose_name = "author of an article"
        verbose_name_plural = "authors of articles"

    def __str__(self) -> str:
        return str(self.author)


class ArticleTag(TaggedItemBase):
    """A subject of an article. Rebuilt by every publish."""

    content_object = ParentalKey("content.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")
