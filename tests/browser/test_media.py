"""A shopper looks at a product's pictures and films."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import Route, expect
from wagtail.documents import get_document_model

from search.selectors.images import draw_ahead
from shop.catalogue.models import ProductMedia, ProductPage
from tests.browser.admin import look_at
from tests.factories.search import product_on_sale

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = settings.VAR_DIR / "screenshots" / "media"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 500


@pytest.fixture
def product(transactional_db: None) -> ProductPage:
    """Four rows: a picture, a film of the shop, a film at a provider, a picture."""
    page = product_on_sale(pictures=4)
    rows = list(page.media.all())
    rows[1].video_file = get_document_model().objects.create(
        title="Lamp", file=ContentFile(MP4, name="lamp.mp4")
    )
    rows[2].video_url = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
    rows[2].caption = "Switching it on"
    page.media = rows
    page.save_revision().publish()
    draw_ahead(ProductMedia.objects.filter(page=page).values_list("image_id", flat=True))
    return ProductPage.objects.get(pk=page.pk)


def test_films_play_in_their_place_and_no_provider_knows_before(
    browser_page: BrowserPage, product: ProductPage
) -> None:
    page = browser_page
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<title>Film</title><p>Film</p>")

    page.context.route(lambda url: "127.0.0.1" not in url and "localhost" not in url, answer)
    page.goto(product.url)
    look_at(page, SCREENSHOTS / "1-gallery.png")
    assert asked == []
    assert (
        page.locator(".gallery__strip img").first.evaluate("picture => picture.currentSrc").endswith(".avif")
    )

    page.locator(".gallery__thumbs a").nth(2).click()
    play = page.get_by_role("link", name="Play the film")
    expect(play).to_be_in_viewport(ratio=0.98)
    page.screenshot(path=SCREENSHOTS / "2-facade.png")
    play.press("Enter")

    frame = page.locator(".gallery__strip iframe")
    expect(frame).to_have_attribute("src", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1")
    expect(page.locator(".gallery__strip video")).to_have_attribute("preload", "none")
    page.screenshot(path=SCREENSHOTS / "3-playing.png")
