from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from shop.catalogue.films import find_film, validate_film_url

KEY = "aB3-_x9Zk21"


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.youtube.com/watch?v={KEY}&t=10",
        f"https://youtu.be/{KEY}",
        f"https://m.youtube.com/shorts/{KEY}",
        f"https://www.youtube-nocookie.com/embed/{KEY}",
    ],
)
def test_every_address_of_one_film_is_embedded_without_cookies(url: str) -> None:
    film = find_film(url)

    assert film is not None
    assert film.embed_url == f"https://www.youtube-nocookie.com/embed/{KEY}"


def test_an_unlisted_film_of_vimeo_keeps_its_secret() -> None:
    film = find_film("https://vimeo.com/76979871/0123abcdef")

    assert film is not None
    assert film.embed_url == "https://player.vimeo.com/video/76979871?dnt=1&h=0123abcdef"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/watch?v=aB3-_x9Zk21",
        "https://youtube.com.evil.example/watch?v=aB3-_x9Zk21",
        "javascript:alert(1)//youtu.be/aB3-_x9Zk21",
        'https://youtu.be/"><script>',
        "https://[youtu.be/aB3-_x9Zk21",
        "https://www.youtube.com/playlist?list=1",
        "",
    ],
)
def test_anything_else_is_refused_with_the_providers_named(url: str) -> None:
    assert find_film(url) is None

    with pytest.raises(ValidationError, match="YouTube or Vimeo"):
        validate_film_url(url)
