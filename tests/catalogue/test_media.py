"""Films in a product's gallery: what may be one, and what shoppers get of it."""

from __future__ import annotations

import io
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from shop.catalogue import media
from shop.catalogue.models import ProductMedia, ProductPage
from tests.factories.catalogue import ImageFactory, ProductFactory
from tests.factories.customers import AdministratorFactory
from tests.factories.search import product_on_sale

pytestmark = pytest.mark.django_db

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 500
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x00" * 500
FILM = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"


def document(name: str, content: bytes, **fields: Any) -> Any:
    return get_document_model().objects.create(title=name, file=ContentFile(content, name=name), **fields)


def row(**fields: Any) -> ProductMedia:
    return ProductMedia(image=ImageFactory(), alt_text="A lamp on a desk", **fields)


def refusals(made: ProductMedia) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        made.clean()
    return refused.value.message_dict


@pytest.mark.parametrize(("name", "content"), [("lamp.mp4", MP4), ("lamp.webm", WEBM)])
def test_a_film_of_the_shop_is_taken(name: str, content: bytes) -> None:
    row(video_file=document(name, content)).clean()


@pytest.mark.parametrize(
    ("name", "content", "mend"),
    [
        ("lamp.pdf", b"%PDF-1.7", "Choose an MP4 or a WebM file"),
        ("lamp.mp4", b"<html><script>alert(1)</script>", "not what its name says"),
        ("lamp.webm", MP4, "not what its name says"),
        ("lamp.mp4", b"", "not what its name says"),
    ],
)
def test_a_file_that_is_no_film_is_refused_beside_its_field(name: str, content: bytes, mend: str) -> None:
    assert mend in refusals(row(video_file=document(name, content)))["video_file"][0]


def test_a_film_that_is_too_large_or_private_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    private = Collection.get_first_root_node().add_child(name="Staff only")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    assert "private" in refusals(row(video_file=document("a.mp4", MP4, collection=private)))["video_file"][0]

    monkeypatch.setattr(media, "MAX_BYTES", 100)
    assert "at most" in refusals(row(video_file=document("b.mp4", MP4)))["video_file"][0]


def test_a_row_has_one_film_from_a_known_provider() -> None:
    row(video_url=FILM).clean()
    assert "not both" in refusals(row(video_url=FILM, video_file=document("a.mp4", MP4)))["video_file"][0]
    assert "YouTube or Vimeo" in refusals(row(video_url="https://films.example/1"))["video_url"][0]


def test_the_alternative_text_may_wait_until_the_product_is_published(client: Client) -> None:
    client.force_login(AdministratorFactory())
    page = ProductFactory(title="Oak lamp", slug="oak-lamp", publish=False)
    url = f"/admin/pages/{page.pk}/edit/"
    fields = {
        "title": "Oak lamp",
        "slug": "oak-lamp",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    for prefix, formset in client.get(url).context["form"].formsets.items():
        fields |= {f"{formset.prefix}-TOTAL_FORMS": "0", f"{formset.prefix}-INITIAL_FORMS": "0"}
        if prefix == "media":
            fields |= {
                "media-TOTAL_FORMS": "1",
                "media-0-image": str(ImageFactory().pk),
                "media-0-ORDER": "1",
            }
            fields |= {"media-0-alt_text": "", "media-0-video_url": FILM}

    saved = client.post(url, fields)
    assert saved.status_code == 302, saved.context["form"].errors

    client.post(url, fields | {"action-publish": "action-publish"})
    assert ProductPage.objects.get(pk=page.pk).live is False


def film_product(**fields: Any) -> ProductPage:
    page = product_on_sale()
    held = page.media.get()
    for name, value in fields.items():
        setattr(held, name, value)
    held.caption = "Switching it on"
    page.media = [held]
    page.save_revision().publish()
    return page


def test_a_film_at_a_provider_is_shown_without_asking_the_provider(client: Client) -> None:
    page = film_product(video_url=FILM)

    body = client.get(page.url).content.decode()

    assert 'data-film="https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"' in body
    assert 'href="https://www.youtube.com/watch?v=aqz-KE-bpKQ"' in body
    assert "<iframe" not in body
    assert "Switching it on" in body


def test_a_film_of_the_shop_plays_in_its_place(client: Client) -> None:
    held = document("lamp.mp4", MP4)
    page = film_product(video_file=held)

    body = client.get(page.url).content.decode()

    assert f'<source src="{held.file.url}" type="video/mp4">' in body
    assert 'preload="none"' in body


def film_data(html: str) -> list[dict[str, Any]]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return [found for found in map(json.loads, blocks) if found["@type"] == "VideoObject"]


def test_search_engines_are_told_of_films(client: Client) -> None:
    at_a_provider = film_product(video_url=FILM)
    held = document("lamp.mp4", MP4)
    of_the_shop = film_product(video_file=held)
    pictures_only = product_on_sale()

    [told] = film_data(client.get(at_a_provider.url).content.decode())
    [own] = film_data(client.get(of_the_shop.url).content.decode())

    assert told["name"] == "Switching it on"
    assert told["embedUrl"] == "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"
    assert told["thumbnailUrl"][0].startswith("http")
    assert told["uploadDate"][:4].isdigit()
    assert told["description"]
    assert own["contentUrl"].endswith(held.file.url)
    assert "embedUrl" not in own
    assert film_data(client.get(pictures_only.url).content.decode()) == []


def test_the_api_tells_films_from_pictures(client: Client) -> None:
    page = film_product(video_url=FILM)

    found = client.get(f"/api/v1/products/{page.slug}/").json()["media"][0]
    asked = client.post(
        "/graphql/",
        {
            "query": "query($slug: String!) { product(slug: $slug) "
            "{ media { type video { provider embedUrl } image { avifSrcset focus } } } }",
            "variables": {"slug": page.slug},
        },
        content_type="application/json",
    ).json()

    assert (found["type"], found["video"]["provider"]) == ("video", "YouTube")
    assert asked["data"]["product"]["media"][0]["video"]["embedUrl"] == found["video"]["embed_url"]
    assert asked["data"]["product"]["media"][0]["type"] == "video"


def test_films_cost_no_query_more(client: Client, django_assert_max_num_queries: Any) -> None:
    pictures, film = product_on_sale(), film_product(video_file=document("lamp.mp4", MP4))
    client.get(pictures.url)
    client.get(film.url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as without:
        client.get(pictures.url)
    with django_assert_max_num_queries(len(without)):
        client.get(film.url)


def test_films_are_known_by_their_first_bytes() -> None:
    assert media.found_type(MP4) == "video/mp4"
    assert media.found_type(WEBM) == "video/webm"
    assert media.found_type(io.BytesIO(b"GIF89a").read()) == ""
    assert media.clean_gallery_row(SimpleNamespace(video_url="", video_file=None)) is None
