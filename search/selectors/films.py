"""The films of a product's gallery."""

from __future__ import annotations

from urllib.parse import urlsplit

from search.values import VideoData
from shop.catalogue.films import find_film
from shop.catalogue.media import film_address, mime_type
from shop.catalogue.models import ProductMedia


def read_film(media: ProductMedia) -> VideoData | None:
    """
    The film of a row of the gallery, if it is one; nothing is fetched, and an address that is embedded no
    more leaves a picture.
    """
    file = media.video_file.file if media.video_file_id and media.video_file is not None else None
    return describe_film(address=film_address(media), file_url=file.url if file else "")


def describe_film(*, address: str, file_url: str = "") -> VideoData | None:
    """A film by the address of its file, or else by its address at a provider that the shop embeds."""
    if file_url:
        return VideoData(url=file_url, mime=mime_type(urlsplit(file_url).path))
    film = find_film(address)
    if film is None:
        return None
    return VideoData(provider=film.provider, embed_url=film.embed_url, page_url=film.page_url)
