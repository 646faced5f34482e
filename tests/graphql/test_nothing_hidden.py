"""
No draft, private or unpublished thing comes out of GraphQL, whichever way it is asked for: canary strings.
"""

from __future__ import annotations

import json

import pytest
from django.core.files.base import ContentFile
from graphql import GraphQLInterfaceType, GraphQLObjectType
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from content.models import HomePage, LandingPage
from nexus.schema import schema
from shop.catalogue.models import ProductPage
from tests.factories.catalogue import CategoryFactory, ImageFactory, ProductCollectionFactory, ProductFactory
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = """
  id title slug url urlPath seoTitle searchDescription contentType pageType
  parent { title slug parent { title } }
  children { title } siblings { title } nextSiblings { title } previousSiblings { title }
  descendants { title } ancestors { title }
"""


@pytest.fixture
def hidden():
    """A shop in which everything that may not be seen is called a canary."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Home", slug="shop-home"))
    Site.objects.update(root_page=home)
    about = home.add_child(instance=LandingPage(title="About", slug="about"))
    about.save_revision().publish()

    draft = home.add_child(instance=LandingPage(title="Canary draft", slug="spring", live=False))
    draft.save_revision()
    below_draft = draft.add_child(instance=LandingPage(title="Below", slug="below"))
    below_draft.save_revision().publish()

    private = home.add_child(instance=LandingPage(title="Canary private", slug="canary-private"))
    private.add_child(instance=LandingPage(title="Canary below private", slug="canary-below"))
    PageViewRestriction.objects.create(page=private, restriction_type="password", password="x")

    changed = LandingPage.objects.get(pk=about.pk)
    changed.title = changed.draft_title = changed.seo_title = changed.introduction = "Canary change"
    changed.save_revision()

    secret = CategoryFactory(name="Canary category", slug="canary-category", live=False)
    lamps = CategoryFactory(name="Lamps", slug="lamps")
    CategoryFactory(name="Canary below", slug="canary-below-category", parent=secret)
    lamp = product_on_sale(title="Lamp", slug="lamp", categories=[lamps, secret])
    draft_product = product_on_sale(
        title="Canary product", slug="canary-product", publish=False, categories=[lamps]
    )
    edited = ProductPage.objects.get(pk=lamp.pk)
    edited.title = edited.summary = edited.seo_title = "Canary edit"
    edited.save_revision()
    ProductCollectionFactory(name="Canary picks", slug="canary-picks", live=False, products=[lamp])
    ProductCollectionFactory(name="Picks", slug="picks", products=[draft_product, lamp])
    unpriced = ProductFactory(title="Canary without price", categories=[lamps])
    ProductPage.objects.get(pk=unpriced.pk).unpublish()

    vault = Collection.get_first_root_node().add_child(name="Vault").add_child(name="Canary vault")
    CollectionViewRestriction.objects.create(collection=vault.get_parent(), restriction_type="login")
    ImageFactory(title="Canary private picture", collection=vault)
    ImageFactory(title="Canary unused picture")
    get_document_model().objects.create(
        title="Canary document", file=ContentFile(b"x", name="canary.txt"), collection=vault
    )
    Redirect.objects.create(old_path="/old-1", redirect_page=draft)
    Redirect.objects.create(old_path="/old-2", redirect_page=private)
    Redirect.objects.create(old_path="/old-3", redirect_page=about)
    return {
        "about": about,
        "draft": draft,
        "below": below_draft,
        "private": private,
        "draft_product": draft_product,
    }


def test_the_public_part_is_there(hidden, data):
    found = data(
        '{ pages { title } page(urlPath: "/about/") { title url parent { title } } redirects { oldPath } }'
    )

    titles = {page["title"] for page in found["pages"]}
    assert {"Home", "About", "Below", "Lamp"} <= titles
    assert found["page"] == {"title": "About", "url": "/about/", "parent": {"title": "Home"}}
    assert found["redirects"] == [{"oldPath": "/old-3"}]


@pytest.mark.parametrize(
    "query",
    [
        "{ pages(limit: 100) { id title slug url urlPath seoTitle searchDescription } }",
        '{ pages(limit: 2, searchQuery: "canary") { title } }',
        '{ pages(limit: 5, inMenu: false, order: "-title") { title } }',
        '{ pages(contentType: "content.LandingPage,catalogue.ProductPage") { title } }',
        '{ page(slug: "about") {%s} }' % PAGE,
        '{ page(slug: "lamp") {%s} }' % PAGE,
        '{ page(slug: "below") {%s} }' % PAGE,
        '{ search(query: "canary") { title } }',
        '{ search(query: "about") { title } }',
        "{ images { id title url } }",
        "{ documents { id title url } }",
        "{ redirects { oldPath newUrl page { title } } }",
        "{ products { edges { node { title summary description categories { name } seo { title } } } } }",
        '{ products(filter: {collection: "picks"}) { edges { node { title } } } }',
        '{ products(filter: {category: "lamps"}) { facets { values { name } } edges { node { title } } } }',
        '{ searchProducts(query: "canary") { totalCount edges { node { title } } } }',
        '{ suggest(query: "can") { title } }',
        "{ categories { name children { name } parent { name } breadcrumbs { name } productCount } }",
        '{ category(slug: "lamps") { name products { edges { node { title } } } } }',
        '{ collections { name } collection(slug: "picks") { products { edges { node { title } } } } }',
        '{ product(slug: "lamp") { title summary seo { title } categories { name } related { title } } }',
    ],
)
def test_no_list_and_no_relation_shows_a_canary(hidden, ask, query):
    body = ask(query)

    assert "errors" not in body, body
    assert "canary" not in json.dumps(body).lower()


def test_nothing_hidden_is_found_by_its_name_or_number(hidden, data):
    found = data(
        """query ($draft: ID!, $private: ID!, $product: ID!) {
          a: page(id: $draft) { title } b: page(id: $private) { title }
          c: page(slug: "spring") { title }
          d: page(urlPath: "/canary-private/canary-below/") { title }
          e: page(urlPath: "/spring/") { title }
          f: product(slug: "canary-product") { title } g: product(id: $product) { title }
          h: category(slug: "canary-category") { name } i: category(slug: "canary-below-category") { name }
          j: collection(slug: "canary-picks") { name } k: pages(id: $draft) { title }
        }""",
        draft=str(hidden["draft"].pk),
        private=str(hidden["private"].pk),
        product=str(hidden["draft_product"].pk),
    )

    assert all(value in (None, []) for value in found.values())


def test_no_picture_or_document_is_found_by_its_number_unless_something_public_shows_it(hidden, data):
    shown = set()
    for image in get_image_model().objects.all():
        if data("query ($id: ID!) { image(id: $id) { title } }", id=str(image.pk))["image"]:
            shown.add(image.title.lower())
    document = get_document_model().objects.get()

    assert shown
    assert not any("canary" in title for title in shown)
    assert data("query ($id: ID!) { document(id: $id) { title } }", id=str(document.pk)) == {"document": None}


BODY = """{ page(slug: "shop-home") { ... on HomePage { body {
  blockType rawValue
  ... on StructBlock { blocks {
    field rawValue
    ... on ImageChooserBlock { image { title } }
    ... on ListBlock { items { rawValue ... on PageChooserBlock { page { title } } } }
    ... on StructBlock { blocks { rawValue ... on PageChooserBlock { page { title } } } }
  } }
} } } }"""


def test_a_block_shows_only_what_is_public_of_what_it_points_at(hidden, data):
    lamp = ProductPage.objects.get(slug="lamp")
    home = HomePage.objects.get(slug="shop-home")
    picture = get_image_model().objects.get(title="Canary private picture")
    home.body = [
        ("product_grid", {"heading": "Made to last", "products": [lamp, hidden["draft_product"]]}),
        (
            "hero",
            {"heading": "Hello", "image": picture, "links": [{"text": "Go", "page": hidden["private"]}]},
        ),
    ]
    home.save_revision().publish()

    found = json.dumps(data(BODY))

    assert "Made to last" in found
    assert '"Lamp"' in found
    assert "canary" not in found.lower()


def test_a_private_page_is_no_parent_and_has_no_children_to_list(hidden, data):
    found = data(
        "query ($draft: ID!, $private: ID!) { pages(parent: $private) { title }"
        " below: pages(ancestor: $private) { title }"
        " underDraft: pages(parent: $draft, limit: 5) { title parent { title } } }",
        draft=str(hidden["draft"].pk),
        private=str(hidden["private"].pk),
    )

    assert found["pages"] == found["below"] == []
    assert found["underDraft"] == [{"title": "Below", "parent": None}]


@pytest.mark.parametrize(
    "order", ["owner__password", "draft_title", "?", "-owner__email", "locked_by__password"]
)
def test_no_list_is_ordered_by_what_is_not_public(hidden, ask, order):
    (error, *_) = ask("query ($o: String) { pages(order: $o) { title } }", o=order)["errors"]

    assert error["extensions"]["code"] == "BAD_USER_INPUT"


def test_only_the_sizes_that_the_shop_allows_are_made(hidden, ask, data):
    images = data("{ images(limit: 1) { rendition(width: 400) { url width } srcSet(sizes: [400]) } }")[
        "images"
    ]
    refused = ask("{ images(limit: 1) { rendition(width: 123) { url } } }")["errors"]

    assert images[0]["rendition"]["url"]
    assert refused[0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_no_type_has_a_field_that_speaks_of_drafts_people_or_passwords():
    words = (
        "draft",
        "owner",
        "password",
        "revision",
        "lock",
        "workflow",
        "alias",
        "user",
        "restriction",
        "token",
    )
    speaking = [
        f"{name}.{field}"
        for name, found in schema.graphql_schema.type_map.items()
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
        for field in found.fields
        if any(word in field.lower() for word in words)
        # Blocks are clocked in nobody's name: "block" holds "lock".
        and "block" not in field.lower()
    ]

    assert speaking == []


def test_the_root_has_no_field_that_was_not_decided_on():
    assert set(schema.graphql_schema.query_type.fields) == {
        "product",
        "products",
        "searchProducts",
        "suggest",
        "category",
        "categories",
        "collection",
        "collections",
        "menu",
        "page",
        "pages",
        "search",
        "image",
        "images",
        "document",
        "documents",
        "redirects",
    }
