from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, Max, OuterRef, Q
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets.slug import SlugInput
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from shop.catalogue.blocks import BodyBlock
from shop.catalogue.forms import CategoryForm
from shop.catalogue.models.publishing import changes_content
from shop.catalogue.models.snippets import StorefrontSnippet

PATH_STEP = 8
MAX_DEPTH = 12


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories, in the order of the tree."""

    def live(self) -> CategoryQuerySet:
        """Published themselves, whatever stands above them."""
        return self.filter(live=True)

    def visible(self) -> CategoryQuerySet:
        """What shoppers may see: published, and so is every category above it."""
        hidden_above = Category.objects.filter(live=False).annotate(
            below=ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        )
        return self.live().exclude(Exists(hidden_above.filter(below__startswith=F("path"))))

    def within(self, categories: Iterable[Category]) -> CategoryQuerySet:
        """The given categories and everything below them."""
        paths = Q(pk__in=[])
        for category in categories:
            paths |= Q(path__startswith=category.path)
        return self.filter(paths)


class Category(
    StorefrontSnippet,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    models.Model,
):
    """
    A shelf of the shop. Words and pictures have drafts; the place in the tree does not.

    ``path`` (primary keys from the top, each eight digits) and ``tree_order`` (positions from the top)
    are kept by :meth:`rebuild_tree`: the first answers "everything below", the second sorts the tree.
    """

    noun = "category"
    url_section = "categories"

    parent = models.ForeignKey(
        "self",
        verbose_name="inside",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="The category above this one; leave it empty for a category at the top.",
    )
    sort_order = models.PositiveIntegerField("position", default=0, editable=False)
    path = models.CharField(max_length=PATH_STEP * MAX_DEPTH, default="", editable=False, db_index=True)
    tree_order = models.CharField(max_length=PATH_STEP * MAX_DEPTH, default="", editable=False, db_index=True)
    depth = models.PositiveSmallIntegerField(default=1, editable=False)

    name = models.CharField("name", max_length=120, help_text="What shoppers read. Example: “Desk lamps”.")
    slug = models.SlugField(
        "slug",
        max_length=120,
        unique=True,
        help_text="The last part of the web address. Example: “desk-lamps” for /categories/desk-lamps/.",
    )
    description = models.TextField(
        "introduction", blank=True, help_text="One or two sentences above the list of products."
    )
    body = StreamField(
        BodyBlock(), blank=True, help_text="Longer text below the list: advice, care, a size guide."
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name="picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown on tiles that lead to this category.",
    )
    image_alt = models.CharField(
        "alternative text",
        max_length=200,
        blank=True,
        help_text="What the picture shows, for those who cannot see it. Empty: the picture's own.",
    )
    seo_title = models.CharField(
        "title for search engines", max_length=120, blank=True, help_text="Leave empty to use the name."
    )
    seo_description = models.TextField(
        "description for search engines",
        blank=True,
        help_text="One or two sentences shown in search results, 155 characters at most are read.",
    )

    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="category",
        for_concrete_model=False,
    )

    objects = CategoryQuerySet.as_manager()

    base_form_class = CategoryForm
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    TitleFieldPanel("name", targets=["slug"]),
                    FieldPanel("slug", widget=SlugInput),
                    FieldPanel("parent", widget=forms.Select),
                    FieldPanel("description"),
                    MultiFieldPanel([FieldPanel("image"), FieldPanel("image_alt")], heading="Picture"),
                    FieldPanel("body"),
                ],
                heading="Content",
            ),
            ObjectList([FieldPanel("seo_title"), FieldPanel("seo_description")], heading="Search engines"),
            ObjectList([PublishingPanel()], heading="Schedule"),
        ]
    )
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("live"),
    ]

    class Meta:
        ordering = ["tree_order"]
        verbose_name = "category"
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def _write(self, *args: Any, **kwargs: Any) -> None:
        visible = changes_content(kwargs.get("update_fields"))
        before = Category.objects.filter(pk=self.pk).values("parent_id").first() if visible else None
        if self._state.adding and not self.sort_order:
            siblings = Category.objects.filter(parent_id=self.parent_id)
            self.sort_order = (siblings.aggregate(last=Max("sort_order"))["last"] or 0) + 1
        super()._write(*args, **kwargs)
        if (before is None and not self.path) or (before and before["parent_id"] != self.parent_id):
            Category.rebuild_tree()
            self.refresh_from_db(fields=["path", "tree_order", "depth", "sort_order"])

    def clean(self) -> None:
        """Refuse a place in the tree that cannot be."""
        super().clean()
        self.check_parent(self.parent)

    def check_parent(self, parent: Category | None, *, levels: int = 0) -> None:
        """
        Refuse a parent that cannot be.

        :param levels: how many levels there are below this category
        :raises ValidationError: if ``parent`` is the category itself or below it, or the tree gets too deep
        """
        if parent is None:
            return
        if self.path and parent.path.startswith(self.path):
            raise ValidationError({"parent": "A category cannot be inside itself: choose another one."})
        if parent.depth + 1 + levels > MAX_DEPTH:
            raise ValidationError({"parent": f"Categories go {MAX_DEPTH} levels deep at most."})

    def with_content_json(self, content: dict[str, Any]) -> Category:
        """The draft in ``content``, in the place of the tree where the category stands now."""
        draft: Category = super().with_content_json(content)
        # An old revision remembers an old parent: publishing it could make a cycle of two categories.
        draft.parent_id = self.parent_id
        draft.sort_order = self.sort_order
        draft.path = self.path
        draft.tree_order = self.tree_order
        draft.depth = self.depth
        return draft

    @classmethod
    def rebuild_tree(cls) -> list[int]:
        """
        Set ``path``, ``tree_order``, ``depth`` and gapless positions of every category from their parents.

        :return: the primary keys that changed
        """
        children: dict[int | None, list[Category]] = {}
        for category in cls.objects.order_by("sort_order", "name", "pk"):
            children.setdefault(category.parent_id, []).append(category)
        changed: list[Category] = []

        def place(parent: Category | None) -> None:
            for position, category in enumerate(children.get(parent.pk if parent else None, []), start=1):
                path = (parent.path if parent else "") + f"{category.pk:0{PATH_STEP}d}"
                order = (parent.tree_order if parent else "") + f"{position:0{PATH_STEP}d}"
                depth = parent.depth + 1 if parent else 1
                placed = (path, order, depth, position)
                if placed != (category.path, category.tree_order, category.depth, category.sort_order):
                    category.path, category.tree_order, category.depth, category.sort_order = placed
                    changed.append(category)
                place(category)

        place(None)
        cls.objects.bulk_update(changed, ["path", "tree_order", "depth", "sort_order"], batch_size=500)
        return [category.pk for category in changed]

    @property
    def ancestor_ids(self) -> list[int]:
        """Primary keys from the top down to this category's parent."""
        steps = [self.path[i : i + PATH_STEP] for i in range(0, len(self.path), PATH_STEP)]
        return [int(step) for step in steps[:-1]]
