from __future__ import annotations

import pytest
from wagtail.blocks import StructBlockValidationError

from content.blocks import LinkBlock, is_safe_link


@pytest.mark.parametrize(
    "url", ["/search/", "https://example.org/", "mailto:a@example.org", "#top", "?q=mug", "tel:+49"]
)
def test_links_that_shoppers_may_follow_are_taken(url: str) -> None:
    assert is_safe_link(url)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", " javascript:x", "evil"],
)
def test_links_that_run_or_lead_astray_are_refused(url: str) -> None:
    assert not is_safe_link(url)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"text": "", "url": "/search/"}, "text"),
        ({"text": "Go", "url": ""}, "page"),
        ({"text": "Go", "url": "javascript:alert(1)"}, "url"),
    ],
)
def test_a_link_says_what_is_missing(value: dict[str, str], field: str) -> None:
    block = LinkBlock(required=False)

    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(value))

    assert list(refused.value.block_errors) == [field]
