"""Who may do what in the admin: the roles that a shop starts with, and putting them into the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from content.models import ArticleIndexPage
from content.review import ensure_review
from shop.catalogue.models import ProductIndexPage

ALL = ("add", "change", "delete", "view")
EDIT = ("add", "change", "view")
VIEW = ("view",)

Models = Mapping[str, tuple[str, ...]]

CATALOGUE: Models = {
    "catalogue.brand": ALL,
    "catalogue.attribute": ALL,
    "catalogue.attributevalue": ALL,
    "catalogue.producttype": ALL,
    "catalogue.category": EDIT,
    "catalogue.productcollection": EDIT,
    "catalogue.productvariant": EDIT,
    "catalogue.relatedrule": ALL,
    "catalogue.taxclass": VIEW,
    "content.author": ALL,
    "content.menu": ALL,
    "content.brandsettings": ("change",),
    "content.errorpages": ("change",),
    "reviews.review": ("change", "view"),
}
# What an import may change is asked for each product, with the rights of whoever starts it.
IMPORT: Models = {
    "spreadsheets.importrun": ("add",),
    "spreadsheets.columnmapping": ("add", "change", "delete"),
    "spreadsheets.exportfile": ("add",),
}
# What shoppers see change at once is for those who approve.
APPROVAL: Models = {
    "spreadsheets.importrun": ("add", "view"),
    "catalogue.category": (*ALL, "publish", "lock", "unlock"),
    "catalogue.productcollection": (*ALL, "publish", "lock", "unlock"),
    "wagtailredirects.redirect": ALL,
}
PRICES: Models = {"pricing.pricelist": EDIT, "pricing.price": ALL}
# Drafting is for those who work on goods; what shoppers get at once is for those who approve.
PROMOTIONS: Models = {
    "promotions.promotion": EDIT,
    "promotions.voucher": VIEW,
    "promotions.voucherbatch": VIEW,
}
VOUCHERS: Models = {
    "promotions.promotion": VIEW,
    "promotions.voucher": EDIT,
    "promotions.voucherbatch": ("add", "view"),
}
STOCK: Models = {
    "inventory.warehouse": EDIT,
    "inventory.stockitem": EDIT,
    "inventory.stockmovement": ("add", "view"),
}
DELIVERY: Models = {
    "shipping.shippingzone": ALL,
    "shipping.shippingzonecountry": ALL,
    "shipping.shippingmethod": ALL,
    "tax.taxrate": VIEW,
}
ORDERS: Models = {
    "orders.order": ("view", "change"),
    "orders.fulfilment": VIEW,
    "orders.ordernote": VIEW,
    "payments.payment": VIEW,
    "notifications.sentemail": VIEW,
    "customers.user": VIEW,
}


def _only_view(*groups: Models) -> Models:
    return {model: VIEW for group in groups for model in group}


@dataclass(frozen=True, kw_only=True)
class Role:
    """
    A group of the admin. ``models`` maps a model to actions, ``extra`` lists ``app.codename`` of its own.

    ``page_actions`` hold for all pages, or with ``is_bound`` below :func:`list_places` only.
    """

    name: str
    models: Models
    extra: tuple[str, ...] = ()
    page_actions: tuple[str, ...] = ()
    is_bound: bool = False
    image_actions: tuple[str, ...] = ()

    def permission_keys(self) -> set[tuple[str, str]]:
        """``(app label, codename)`` of every permission that the role has everywhere."""
        keys = {("wagtailadmin", "access_admin")}
        for model, actions in self.models.items():
            app_label, model_name = model.split(".")
            keys |= {(app_label, f"{action}_{model_name}") for action in actions}
        return keys | {
            (app_label, codename) for app_label, codename in (key.split(".") for key in self.extra)
        }


MERCHANDISER = Role(
    name="Merchandiser",
    models={
        **CATALOGUE,
        **PRICES,
        **PROMOTIONS,
        **IMPORT,
        **_only_view(STOCK),
        "inventory.stockitem": ("change", "view"),
    },
    # They submit to an approver what they have written.
    page_actions=("add", "change"),
    is_bound=True,
    image_actions=("add", "change", "choose"),
)
ROLES = (
    MERCHANDISER,
    Role(
        name="Approver",
        models={
            **CATALOGUE,
            **IMPORT,
            **APPROVAL,
            **PRICES,
            **VOUCHERS,
            "promotions.promotion": ALL,
            **_only_view(STOCK),
            "inventory.stockitem": ("change", "view"),
        },
        extra=("promotions.activate_promotion",),
        page_actions=("add", "change", "publish", "bulk_delete", "lock", "unlock"),
        image_actions=("add", "change", "choose"),
    ),
    Role(
        name="Ops",
        models={**ORDERS, **STOCK, **DELIVERY, **VOUCHERS, **IMPORT, **_only_view(CATALOGUE, PRICES)},
        extra=(
            "core.view_backgroundjob",
            "core.change_backgroundjob",
            "orders.ship_order",
            "orders.cancel_order",
            "orders.mark_order_paid",
            "orders.add_order_note",
            "notifications.resend_email",
        ),
    ),
    Role(
        name="Support",
        models=_only_view(ORDERS, STOCK, DELIVERY, PROMOTIONS),
        extra=("orders.add_order_note", "notifications.resend_email"),
    ),
    Role(
        name="Analyst",
        models={
            **_only_view(ORDERS, STOCK, DELIVERY, CATALOGUE, PRICES, PROMOTIONS),
            "spreadsheets.exportfile": ("add",),
        },
    ),
)


@dataclass
class RoleReport:
    """What ``sync_roles`` did for one role."""

    name: str
    created: bool
    added: int = 0
    missing: list[str] = field(default_factory=list)


@transaction.atomic
def sync_roles(roles: Iterable[Role] = ROLES) -> list[RoleReport]:
    """
    Create the roles and give them what they lack, and the workflow by which approvers review.

    Whatever an operator added to a role stays; run it as often as you like. A permission that does not
    exist is reported in ``missing``.
    """
    everywhere = [Page.objects.get(depth=1)]
    reports = [
        _sync_role(role, name=role.name, places=list_places() if role.is_bound else everywhere)
        for role in roles
    ]
    ensure_review()
    return reports


def list_places() -> list[Page]:
    """
    Where merchandisers work: the shop's product folders and journals that lie in no other of them.

    The home page and the pages beside these are for those who approve.
    """
    found = Page.objects.type(ProductIndexPage, ArticleIndexPage).filter(alias_of__isnull=True)
    places: list[Page] = []
    for page in found.order_by("path"):
        if not places or not page.path.startswith(places[-1].path):
            places.append(page)
    return places


def bind_new_place(instance: Page, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """
    Let merchandisers work in a folder that has just been made, as long as their group stands as
    :func:`sync_roles` made it; a group that an operator has bound otherwise is the operator's.
    """
    group = Group.objects.filter(name=MERCHANDISER.name).first() if created and not raw else None
    if group is None:
        return
    places = {page.pk for page in list_places()}
    held = set(GroupPagePermission.objects.filter(group=group).values_list("page_id", flat=True))
    if instance.pk in places and held == places - {instance.pk}:
        with transaction.atomic():
            _bind(group, MERCHANDISER, [instance], _known_permissions())


def connect() -> None:
    """Listen to new folders; called once when the app is ready."""
    for model in (ProductIndexPage, ArticleIndexPage):
        post_save.connect(bind_new_place, sender=model)


@transaction.atomic
def sync_folder_role(folder: ProductIndexPage, *, name: str = "") -> RoleReport:
    """
    Create, or complete, a group of merchandisers who work in one product folder and nowhere else.

    It is called "Merchandiser: " and ``name``, or the folder's title. Its members must not be in
    "Merchandiser" as well, which works in every folder.
    """
    return _sync_role(
        MERCHANDISER, name=f"{MERCHANDISER.name}: {name or folder.title}"[:150], places=[folder]
    )


def _sync_role(role: Role, *, name: str, places: Iterable[Page]) -> RoleReport:
    known = _known_permissions()
    group, created = Group.objects.get_or_create(name=name)
    report = RoleReport(name=name, created=created)
    keys = role.permission_keys()
    report.missing = sorted(f"{app_label}.{codename}" for app_label, codename in keys - known.keys())
    held = set(group.permissions.values_list("pk", flat=True))
    lacking = [known[key] for key in keys & known.keys() if known[key].pk not in held]
    group.permissions.add(*lacking)
    report.added = len(lacking)
    report.added += _bind(group, role, places, known)
    root_collection = Collection.objects.get(depth=1)
    for action in role.image_actions:
        for key in _media_keys(action):
            _, is_new = GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root_collection, permission=known[key]
            )
            report.added += is_new
    return report


def _bind(
    group: Group, role: Role, places: Iterable[Page], known: Mapping[tuple[str, str], Permission]
) -> int:
    added = 0
    for place in places:
        for action in role.page_actions:
            _, is_new = GroupPagePermission.objects.get_or_create(
                group=group, page_id=place.pk, permission=known["wagtailcore", f"{action}_page"]
            )
            added += is_new
    return added


def _known_permissions() -> dict[tuple[str, str], Permission]:
    permissions = Permission.objects.select_related("content_type")
    return {(held.content_type.app_label, held.codename): held for held in permissions}


def _media_keys(action: str) -> list[tuple[str, str]]:
    # Wagtail keeps the permissions on its own image model, whatever model the shop uses.
    return [("wagtailimages", f"{action}_image"), ("wagtaildocs", f"{action}_document")]
