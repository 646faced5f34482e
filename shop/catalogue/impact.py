"""
Who notices when a product is published: carts that hold it, collections and pages that show it.

Apps above the catalogue bring what they know::

    register_impact(count_open_carts)

A counter may cost a few queries, however much it finds: it counts, and names the first few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import ReferenceIndex

from shop.catalogue.models import ProductCollection, ProductPage

NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Touched:
    """One thing that is touched, with the address of its screen, if the reader may open one."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What a publish means for one kind of thing; ``note`` says it for all of them, even for none."""

    heading: str
    count: int
    note: str
    order: int
    first: tuple[Touched, ...] = ()

    @property
    def more(self) -> int:
        """How many are not named."""
        return max(0, self.count - len(self.first))


ImpactCounter = Callable[[ProductPage, Any], Iterable[Impact]]
"""Takes the product, and the user who asks: what they may not open is named without a link."""

_counters: list[ImpactCounter] = []


def register_impact(counter: ImpactCounter) -> None:
    """Ask ``counter`` about every product from now on; registering it twice changes nothing."""
    if counter not in _counters:
        _counters.append(counter)


def count_impact(product: ProductPage, user: Any) -> Sequence[Impact]:
    """What publishing the product touches, in a number of queries that does not grow with it."""
    found = [impact for counter in _counters for impact in counter(product, user)]
    return sorted(found, key=lambda impact: impact.order)


def name_first(things: Iterable[Any], user: Any) -> tuple[Touched, ...]:
    """Name things, with links to the screens that the user may open."""
    finder = AdminURLFinder(user)
    return tuple(Touched(str(thing), finder.get_edit_url(thing) or "") for thing in things)


# -- what the catalogue itself knows ---------------------------------------------------------------------


def count_collections(product: ProductPage, user: Any) -> Iterable[Impact]:
    """Collections that the product was put into by hand, drafts included."""
    collections = ProductCollection.objects.filter(items__product=product).distinct()
    count = collections.count()
    return [
        Impact(
            heading="Collections",
            count=count,
            note="Show the change as soon as it is published."
            if count
            else "It is in no collection by hand.",
            order=20,
            first=name_first(collections.order_by("name")[:NAMED], user) if count else (),
        )
    ]


def count_references(product: ProductPage, user: Any) -> Iterable[Impact]:
    """Pages, menus and other content that name the product; collections are counted by themselves."""
    own = ContentType.objects.get_for_model(ProductCollection)
    references = ReferenceIndex.get_references_to(product).exclude(base_content_type=own)
    kinds = references.values("base_content_type").annotate(things=Count("object_id", distinct=True))
    counts = {row["base_content_type"]: row["things"] for row in kinds.order_by("base_content_type")}
    things = list(
        references.order_by("base_content_type", "object_id")
        .values_list("base_content_type", "object_id")
        .distinct()[:NAMED]
    )
    count = sum(counts.values())
    return [
        Impact(
            heading="Pages and menus",
            count=count,
            note="Show the new title and picture at once." if count else "Nothing else of the shop names it.",
            order=30,
            first=name_first(_load(things), user),
        )
    ]


def _load(keys: Sequence[tuple[int, str]]) -> list[Any]:
    """Load things of several kinds, with one query for each kind."""
    loaded: list[Any] = []
    for content_type_id in dict.fromkeys(key for key, _ in keys):
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        if model is not None:
            ids = [object_id for key, object_id in keys if key == content_type_id]
            loaded += model._default_manager.filter(pk__in=ids)
    return loaded


def register() -> None:
    """Register what the catalogue counts; called once when the app is ready."""
    register_impact(count_collections)
    register_impact(count_references)
