from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from grapple.models import GraphQLStreamfield, GraphQLString
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from content.blocks import StandardBlocks


class EditorialPage(Page):
    """What the pages that merchandisers write have in common: sections, and a picture for sharing."""

    body = StreamField(
        StandardBlocks(),
        blank=True,
        verbose_name="sections",
        help_text="Add sections from top to bottom. A page usually opens with a hero.",
    )
    share_image = models.ForeignKey(
        "content.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="picture for sharing",
        help_text="Shown when someone shares this page. Best at 1200 by 630 pixels.",
    )

    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = [*Page.promote_panels, FieldPanel("share_image")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    graphql_fields = [GraphQLStreamfield("body")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page's sections, with everything that they show looked up."""
        from content.pictures import load_pictures
        from content.sections import build_sections

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = build_sections(self.body)
        context["share_picture"] = load_pictures([self.share_image_id]).get(self.share_image_id or 0)
        return context


class HomePage(EditorialPage):
    """The front door of a shop; one per site."""

    template = "content/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "content.LandingPage",
        "content.ArticleIndexPage",
        "catalogue.ProductIndexPage",
    ]
    page_description = "The front page of the shop."

    class Meta:
        verbose_name = "home page"


class LandingPage(EditorialPage):
    """A page for a campaign, a theme or plain information such as delivery and returns."""

    template = "content/landing_page.html"
    introduction = models.TextField(
        blank=True,
        max_length=400,
        help_text="One or two sentences under the title. Not shown when the page opens with a hero.",
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    search_fields = [*EditorialPage.search_fields, index.SearchField("introduction")]
    graphql_fields = [*EditorialPage.graphql_fields, GraphQLString("introduction")]
    parent_page_types = ["content.HomePage", "content.LandingPage"]
    subpage_types = ["content.LandingPage"]
    page_description = "A campaign, a theme, or information for shoppers."

    class Meta:
        verbose_name = "landing page"


class ArticleIndexPage(Page):
    """The journal: lists its articles, newest first."""

    template = "content/article_index_page.html"
    introduction = models.TextField(
        blank=True, max_length=400, help_text="One or two sentences under the title."
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    graphql_fields = [GraphQLString("introduction")]
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.ArticlePage"]
    page_description = "A list of articles, newest first."

    class Meta:
        verbose_name = "article index"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The articles, newest first."""
        from content.selectors import list_articles

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["articles"] = list_articles(index=self)
        return context


class ArticlePage(EditorialPage):
    """A story, a guide or a portrait that belongs to the shop's journal."""

    template = "content/article_page.html"
    introduction = models.TextField(max_length=400, help_text="Two sentences that make one want to read on.")
    author_name = models.CharField("author", max_length=120, blank=True, help_text="Example: “Ada Müller”.")
    published_on = models.DateField(
        null=True, blank=True, help_text="The date shown. Left empty, the day of first publication."
    )
    lead_image = models.ForeignKey(
        "content.CustomImage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="At least 1600 pixels wide.",
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("lead_image"),
        MultiFieldPanel([FieldPanel("author_name"), FieldPanel("published_on")], heading="Byline"),
        FieldPanel("body"),
    ]
    search_fields = [*EditorialPage.search_fields, index.SearchField("introduction")]
    graphql_fields = [
        *EditorialPage.graphql_fields,
        GraphQLString("introduction"),
        GraphQLString("author_name"),
        GraphQLString("published_on"),
    ]
    parent_page_types = ["content.ArticleIndexPage"]
    subpage_types: list[str] = []
    page_description = "A story, a guide or a portrait."

    class Meta:
        verbose_name = "article"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The article's large picture beside its sections."""
        from content.selectors import get_lead_picture

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["lead_picture"] = get_lead_picture(self)
        return context
