"""The films of a product's gallery."""

from __future__ import annotations

from search.values import VideoData
from shop.catalogue.films import find_film
from shop.catalogue.media import film_address, mime_type
from shop.catalogue.models import ProductMedia


def read_film(media: ProductMedia) -> VideoData | None:
    """
    The film of a row of the gallery, if it is one; nothing is fetched, and an address that is embedded no
    more leaves a picture.
    """
    if media.video_file_id and media.video_file is not None:
        file = media.video_file.file
        return VideoData(url=file.url, mime=mime_type(file.name))
    film = find_film(film_address(media))
    if film is None:
        return None
    return VideoData(provider=film.provider, embed_url=film.embed_url, page_url=film.page_url)
