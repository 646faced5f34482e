"""Pictures and films as they are shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenditionData:
    """One size of a picture."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ImageData:
    """
    A picture in its list size, and every size there is in `sources`, smallest first; `avif_sources` are the
    same in the smaller format, and empty until they have been drawn. `focus` is where its subject is, in
    percent from the left and from the top; `colour` (#rrggbb) stands in for it until it has arrived.
    """

    id: int
    alt: str
    url: str
    width: int
    height: int
    sources: tuple[RenditionData, ...] = ()
    avif_sources: tuple[RenditionData, ...] = ()
    focus: tuple[int, int] | None = None
    colour: str | None = None

    @property
    def srcset(self) -> str:
        """The value of an `<img srcset>`."""
        return ", ".join(f"{source.url} {source.width}w" for source in self.sources)

    @property
    def avif_srcset(self) -> str:
        """The same of a `<source type="image/avif">`."""
        return ", ".join(f"{source.url} {source.width}w" for source in self.avif_sources)


@dataclass(frozen=True, slots=True)
class VideoData:
    """
    A film: a file of the shop's own (`url`, `mime`), or one at a provider, of which nothing is loaded before
    somebody plays it (`embed_url` goes into a frame, `page_url` is its page there).
    """

    provider: str = ""
    url: str = ""
    mime: str = ""
    embed_url: str = ""
    page_url: str = ""


@dataclass(frozen=True, slots=True)
class MediaData:
    """A picture of a product's gallery, or a film whose picture is seen before it plays."""

    image: ImageData
    caption: str = ""
    video: VideoData | None = None

    @property
    def type(self) -> str:
        """`video` or `image`."""
        return "video" if self.video else "image"
