"""The pictures of a product in its editor: chosen from the library or uploaded, many at once."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.urls import reverse
from wagtail.admin.panels import MultipleChooserPanel
from wagtail.images import get_image_model
from wagtail.images.utils import get_accept_attributes
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from shop.core.comparisons import compare_order

# The chooser is asked for each uploaded picture by its key, which stands in this one's place.
ANY_KEY = 0


class GalleryPanel(MultipleChooserPanel):
    """Rows with a picture each; the pictures that are uploaded together keep their order."""

    class BoundPanel(MultipleChooserPanel.BoundPanel):
        """Adds the place to drop files on, for those who may upload."""

        template_name = "catalogue/admin/gallery_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Add where files go, and the collections to choose from."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {
                "collections": self._list_collections(),
                "accept": get_accept_attributes(),
                "upload_url": reverse("wagtailimages:add_multiple"),
                "chosen_url": reverse("wagtailimages_chooser:chosen", args=[ANY_KEY]),
            }

        def get_comparison(self) -> list[Any]:
            """One comparison of all pictures, which minds their order."""
            return compare_order(self)

        def _list_collections(self) -> list[Collection]:
            policy = policy_registry.get_by_type(get_image_model())
            return list(policy.collections_user_has_permission_for(self.request.user, "add"))

        @property
        def media(self) -> Media:
            """The script that uploads."""
            return super().media + Media(
                js=["catalogue/js/gallery.js"], css={"all": ["catalogue/css/gallery.css"]}
            )
