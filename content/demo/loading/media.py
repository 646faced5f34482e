"""The demo shop's pictures and documents in their libraries."""

from __future__ import annotations

from pathlib import Path

from django.core.files import File
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.models import Collection

from content.demo.loading.source import DEMO_DIR
from content.models import CustomImage

LIBRARY = "Demo shop"


class MediaLibrary:
    """Imports a picture when it is first asked for, and finds it again afterwards."""

    def __init__(self) -> None:
        root = Collection.get_first_root_node()
        self.collection = root.get_children().filter(name=LIBRARY).first() or root.add_child(name=LIBRARY)
        self.images = {image.title: image for image in CustomImage.objects.filter(collection=self.collection)}

    def get_document(self, path: str) -> AbstractDocument:
        """Return the document at ``path``, titled by its name: "Care of linen"."""
        title = Path(path).stem.replace("-", " ").capitalize()
        held = get_document_model().objects.filter(collection=self.collection, title=title).first()
        if held is None:
            held = get_document_model()(title=title, collection=self.collection)
            with (DEMO_DIR / path).open("rb") as source:
                held.file.save(Path(path).name, File(source), save=False)
                held.save()
        return held

    def get(self, path: str, alt: str) -> CustomImage:
        """Return the picture at ``path`` (relative to ``content/demo``), described by ``alt``."""
        title = path.removeprefix("artwork/").removesuffix(".webp")
        if title not in self.images:
            with (DEMO_DIR / path).open("rb") as source:
                image = CustomImage(title=title, description=alt[:255], collection=self.collection)
                image.file.save(f"{title}.webp", File(source), save=False)
                image.save()
            self.images[title] = image
        return self.images[title]
