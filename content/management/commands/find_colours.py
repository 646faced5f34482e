from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from content.models import CustomImage


class Command(BaseCommand):
    help = (
        "Find the colour that stands in for a picture until it has arrived, for pictures that were stored "
        "before colours were kept. New pictures find theirs by themselves; run it again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for image in CustomImage.objects.filter(colour="").order_by("pk").iterator(chunk_size=200):
            image.find_colour()
            if image.colour:
                # Past save(), which would move the picture to the top of every list of what changed.
                found += CustomImage.objects.filter(pk=image.pk).update(colour=image.colour)
        self.stdout.write(f"- {found} colours found")
