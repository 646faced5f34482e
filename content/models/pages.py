from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from grapple.models import GraphQLStreamfield, GraphQLString
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from content.blocks import StandardBlocks
from content.forms import EditorialPageForm
from content.models.authors import ArticleTag


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

    canonical_url = models.URLField(
        "canonical address",
        blank=True,
        default="",
        db_default="",
        help_text="Only when the same text stands elsewhere and search engines shall list that place.",
    )
    is_hidden_from_search_engines = models.BooleanField(
        "hidden from search engines",
        default=False,
        db_default=False,
        help_text="Tick it for pages that only a campaign leads to. The page stays public.",
    )

    base_form_class = EditorialPageForm
    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = [
        *Page.promote_panels,
        FieldPanel("share_image"),
        FieldPanel("canonical_url"),
        FieldPanel("is_hidden_from_search_engines"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    graphql_fields = [GraphQLStreamfield("body")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page's sections, with everything that they show looked up."""
        from content.pictures import load_pictures
        from content.sections import build_sections

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = build_sections(self.body, is_preview=getattr(request, "is_preview", False))
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
        """One page of the articles, newest first; ``?tag=`` and ``?author=`` narrow them."""
        from content.selectors import list_articles

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["listing"] = list_articles(
            index=self,
            tag=request.GET.get("tag", "")[:100],
            author=request.GET.get("author", "")[:100],
            page=request.GET.get("page", "1"),
        )
        return context


class ArticlePage(EditorialPage):
    """A story, a guide or a portrait that belongs to the shop's journal."""

    template = "content/article_page.html"
    introduction = models.TextField(max_length=400, help_text="Two sentences that make one want to read on.")
    author_name = models.CharField(
        "guest author",
        max_length=120,
        blank=True,
        help_text="For somebody who writes once. Whoever writes more often is listed as an author above.",
    )
    tags = ClusterTaggableManager(through=ArticleTag, blank=True, help_text="Example: “care, wood”.")
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
        InlinePanel("article_authors", heading="Authors", label="Author", max_num=6),
        MultiFieldPanel(
            [FieldPanel("author_name"), FieldPanel("published_on"), FieldPanel("tags")], heading="Byline"
        ),
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
        """The article's large picture, authors and subjects beside its sections."""
        from content.selectors import get_lead_picture, list_bylines

        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["lead_picture"] = get_lead_picture(self)
        context["bylines"] = list_bylines(self)
        context["subjects"] = list(self.tags.all())
        context["journal_url"] = self.get_parent().get_url(request) or ""
        return context
