"""
The blocks that editorial pages are built from.

Each block only says what a merchandiser may write. What a shopper sees is built by
``content.sections`` from the stored values, a whole page at once, so that a page costs the same few
queries whatever number of blocks it holds.
"""

from __future__ import annotations

from wagtail import blocks

from content.blocks.base import LinkBlock, SectionBlock, is_safe_link
from content.blocks.goods import CategoryTilesBlock, HotSpotsBlock, ProductGridBlock, ProductListBlock
from content.blocks.media import ComparisonBlock, HtmlBlock, VideoBlock
from content.blocks.moments import BannerBlock, CountdownBlock
from content.blocks.words import (
    FaqBlock,
    HeroBlock,
    ImageTextBlock,
    NewsletterBlock,
    ParagraphBlock,
    PromisesBlock,
    QuoteBlock,
    TestimonialsBlock,
)

__all__ = ["LinkBlock", "SectionBlock", "StandardBlocks", "is_safe_link"]

# Each list by rule costs a few queries of its own, so that their number is bounded.
MOST_LISTS = 6


class StandardBlocks(blocks.StreamBlock):
    """Every section that an editorial page may hold."""

    hero = HeroBlock()
    image_text = ImageTextBlock()
    product_grid = ProductGridBlock()
    product_list = ProductListBlock()
    category_tiles = CategoryTilesBlock()
    hot_spots = HotSpotsBlock()
    banner = BannerBlock()
    countdown = CountdownBlock()
    promises = PromisesBlock()
    paragraph = ParagraphBlock()
    quote = QuoteBlock()
    testimonials = TestimonialsBlock()
    faq = FaqBlock()
    video = VideoBlock()
    table = ComparisonBlock()
    newsletter = NewsletterBlock()
    raw_html = HtmlBlock()

    class Meta:
        required = False
        block_counts = {"product_list": {"max_num": MOST_LISTS}}
