"""The flat list of products, wherever they are filed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView as PageIndexView
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.images import get_image_model
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.query import PageQuerySet

from shop.catalogue.listing import (
    ATTRIBUTE,
    find_by_code,
    get_filterset_class,
    registered_listing_columns,
    search_products,
)
from shop.catalogue.models import (
    Attribute,
    Brand,
    ProductAttribute,
    ProductCategory,
    ProductMedia,
    ProductPage,
    ProductType,
    ProductVariant,
    VariantAttribute,
)
from shop.catalogue.readiness import check_products, variants_sources
from shop.catalogue.saved_views import clean_query, list_tabs
from shop.customers.actors import actor_of

if TYPE_CHECKING:
    pass

THUMBNAIL = "max-96x96"
SHOWN = 3
SCORE = "stored_readiness__score"


class ThumbnailColumn(Column):
    """The first picture of a product. Its title stands beside it, so it needs no alternative text."""

    cell_template_name = "catalogue/admin/_thumbnail.html"


class ScoreColumn(Column):
    """The readiness score, with what keeps the product off the shop."""

    cell_template_name = "catalogue/admin/_score_cell.html"


def _cell(name: str, label: str, **kwargs: Any) -> Column:
    return Column(name, label=label, accessor=lambda page: page.listing_cells.get(name, ""), **kwargs)


class ProductIndexView(PageIndexView):
    """Every product with what a merchandiser looks for; a whole SKU or barcode leads straight to it."""

    page_title = "Products"
    template_name = "catalogue/admin/product_listing.html"
    results_template_name = "catalogue/admin/product_listing_results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, or go to the product whose SKU or barcode was typed or scanned."""
        if self.is_searching and not self.results_only and (product := self._find_by_code()) is not None:
            return redirect("wagtailadmin_pages:edit", product.pk)
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def _find_by_code(self) -> ProductPage | None:
        mine = self.permission_policy.explorable_instances(self.request.user)
        return find_by_code(ProductPage.objects.filter(pk__in=mine.values("pk")), self.search_query)

    @cached_property
    def filterset_class(self) -> Any:
        """The catalogue's filters and those of the apps above it."""
        return get_filterset_class()

    def search_queryset(self, queryset: PageQuerySet) -> PageQuerySet:
        """Search by columns: full-text search splits SKUs."""
        return search_products(queryset, self.search_query) if self.is_searching else queryset

    def order_queryset(self, queryset: PageQuerySet) -> PageQuerySet:
        """Sort by the stored score too; what was never checked comes as if it were 0."""
        if self.ordering not in (SCORE, f"-{SCORE}"):
            return super().order_queryset(queryset)
        score = F(SCORE)
        descends = self.ordering.startswith("-")
        by_score = score.desc(nulls_last=True) if descends else score.asc(nulls_first=True)
        return queryset.order_by(by_score, "pk")

    @cached_property
    def chosen_attributes(self) -> list[Attribute]:
        """Attributes that are shown as columns."""
        slugs = [
            name.removeprefix(ATTRIBUTE)
            for name in self.request.GET.getlist("columns")
            if name.startswith(ATTRIBUTE)
        ]
        return list(Attribute.objects.filter(slug__in=slugs, in_grid=True)) if slugs else []

    @cached_property
    def columns(self) -> list[Column]:
        """Our own, those of other apps, and the attributes that were asked for."""
        brought = [
            _cell(column.name, column.label)
            for held in registered_listing_columns()
            for column in held.columns()
        ]
        attributes = [
            _cell(f"{ATTRIBUTE}{attribute.slug}", attribute.name) for attribute in self.chosen_attributes
        ]
        return [
            BulkActionsColumn("bulk_actions"),
            ThumbnailColumn("picture", label="Picture", accessor="listing_thumbnail", width="6rem"),
            PageTitleColumn("title", label="Title", sort_key="title", classname="title"),
            _cell("skus", "SKUs"),
            _cell("type", "Type"),
            _cell("brand", "Brand"),
            *brought,
            _cell("categories", "Categories"),
            *attributes,
            ScoreColumn("score", label="Ready", accessor="listing_readiness", sort_key=SCORE),
            DateColumn("latest_revision_created_at", label="Updated", sort_key="latest_revision_created_at"),
            PageStatusColumn("status", label="Status", sort_key="live"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Load what the columns show of the products on this page, in a number of queries that is fixed."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        pages = {page.pk: page for page in context["object_list"]}
        _attach_pictures(pages)
        _attach_bodies(pages)
        variants = _load_variants(pages)
        readiness = check_products(pages.values())
        cells = self._load_cells(pages, variants)
        for pk, page in pages.items():
            page.listing_cells = cells[pk]
            page.listing_readiness = readiness.get(pk)
        # Our bulk actions, which know drafts and give a result per product, instead of any page's.
        context["model_opts"] = ProductPage._meta
        context["jump_to"] = self._find_by_code() if self.is_searching else None
        if not self.results_only:
            tabs = list_tabs(user=actor_of(self.request), query=self.request.GET)
            context["view_tabs"] = tabs
            context["current_tab"] = next((tab for tab in tabs if tab.is_current), None)
            context["current_query"] = clean_query(self.request.GET)
        return context

    def _load_cells(
        self, pages: dict[int, ProductPage], variants: dict[int, dict[int, str]]
    ) -> dict[int, dict[str, str]]:
        brands = Brand.objects.in_bulk({page.brand_id for page in pages.values() if page.brand_id})
        types = ProductType.objects.in_bulk(
            {page.product_type_id for page in pages.values() if page.product_type_id}
        )
        categories = _load_categories(pages)
        cells: dict[int, dict[str, str]] = {
            pk: {
                "skus": _shorten(list(variants.get(pk, {}).values())),
                "brand": str(brands.get(page.brand_id, "")),
                "type": str(types.get(page.product_type_id, "")),
                "categories": _shorten(categories.get(pk, [])),
            }
            for pk, page in pages.items()
        }
        keys = {pk: list(variants.get(pk, {})) for pk in pages}
        for held in registered_listing_columns():
            for pk, brought in held.load(keys).items():
                cells[pk] |= brought
        for pk, texts in _load_attributes(pages, self.chosen_attributes).items():
            cells[pk] |= texts
        return cells


def _attach_pictures(pages: dict[int, ProductPage]) -> None:
    first_images: dict[int, int] = {}
    rows = ProductMedia.objects.filter(page_id__in=pages).order_by("page_id", "sort_order")
    for page_id, image_id in rows.values_list("page_id", "image_id"):
        first_images.setdefault(page_id, image_id)
    images = get_image_model().objects.prefetch_renditions(THUMBNAIL).in_bulk(set(first_images.values()))
    for pk, page in pages.items():
        image = images.get(first_images.get(pk, 0))
        page.listing_thumbnail = get_rendition_or_not_found(image, THUMBNAIL) if image else None


def _attach_bodies(pages: dict[int, ProductPage]) -> None:
    """The list leaves bodies out, and the publish checks would fetch each by itself."""
    for pk, body in ProductPage.objects.filter(pk__in=pages).order_by().values_list("pk", "body"):
        pages[pk].body = body


def _load_variants(pages: dict[int, ProductPage]) -> dict[int, dict[int, str]]:
    """SKUs of the active variants that each product sells, by product and variant."""
    sources = variants_sources(list(pages.values()))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    active = ProductVariant.objects.active().filter(product_id__in=set(sources.values()))
    for product_id, pk, sku in active.values_list("product_id", "pk", "sku"):
        found[product_id][pk] = sku
    return {pk: found.get(source, {}) for pk, source in sources.items()}


def _load_categories(pages: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = ProductCategory.objects.filter(page_id__in=pages).order_by("page_id", "sort_order")
    for page_id, name in rows.values_list("page_id", "category__name"):
        found[page_id].append(name)
    return found


def _load_attributes(pages: Collection[int], attributes: Collection[Attribute]) -> dict[int, dict[str, str]]:
    """What the products and their variants have, each value once."""
    if not attributes:
        return {}
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    own = ProductAttribute.objects.filter(page_id__in=pages, attribute__in=attributes)
    for row in own.select_related("attribute", "value", "document", "page_reference"):
        found[row.page_id][row.attribute.slug].append(row.display_value)
    of_variants = VariantAttribute.objects.filter(
        variant__product_id__in=pages, variant__archived_at__isnull=True, attribute__in=attributes
    ).select_related("attribute", "value", "variant")
    for held in of_variants:
        if held.variant.product_id is not None:
            found[held.variant.product_id][held.attribute.slug].append(str(held.value))
    return {
        pk: {f"{ATTRIBUTE}{slug}": _shorten(dict.fromkeys(values)) for slug, values in texts.items()}
        for pk, texts in found.items()
    }


def _shorten(words: Iterable[str]) -> str:
    listed = list(words)
    more = len(listed) - SHOWN
    return ", ".join(listed[:SHOWN]) + (f" and {more} more" if more > 0 else "")


class ProductListing(PageListingViewSet):
    """The flat list of products, wherever they are filed."""

    model = ProductPage
    index_view_class = ProductIndexView
    name = "products"
    url_prefix = "catalogue/products"
    menu_label = "Products"
    icon = "tag"
    add_to_admin_menu = False
    # The view knows both only when it is asked, after the apps have brought theirs.
    columns = PageListingViewSet.UNDEFINED
    filterset_class = PageListingViewSet.UNDEFINED
