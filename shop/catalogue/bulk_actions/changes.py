"""What can be done to many products, one product at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wagtail.locks import ScheduledForPublishLock

from shop.catalogue.models import Brand, Category, ProductCategory, ProductPage, ProductType, ProductVariant
from shop.catalogue.services import publish_product, save_variants
from shop.catalogue.services.live_and_draft import EditOutcome, edit_live_and_draft
from shop.core.audit import record_audit
from shop.core.errors import ShopError

if TYPE_CHECKING:
    from shop.customers.models import User

Options = Mapping[str, Any]


class ProductRefused(ShopError):
    """This product cannot be changed like this, or not by this person."""

    code = "product_refused"
    status = 403
    title = "The product cannot be changed."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one product; ``skipped`` when there was nothing to do."""

    status: str
    detail: str = ""


BulkChange = Callable[[ProductPage, "User", Options, datetime], Outcome]

_changes: dict[str, BulkChange] = {}


def register_bulk_change(name: str, change: BulkChange) -> None:
    """Let bulk actions make this change; apps above the catalogue bring theirs."""
    _changes[name] = change


def get_bulk_change(name: str) -> BulkChange:
    """
    Return the change of this name.

    :raises KeyError: when nobody has registered it
    """
    return _changes[name]


def require_editable(product: ProductPage, user: User, *, scheduled_too: bool = False) -> Any:
    """
    Return what the user may do with the page, when that is editing it.

    :param scheduled_too: also a page whose next version is scheduled, which the editor keeps shut
    :raises ProductRefused: for a page of other folders, a locked one, and an alias
    """
    if product.alias_of_id:
        raise ProductRefused("It is an alias: change the product that it mirrors.")
    permissions = product.permissions_for_user(user)
    if not permissions.can_edit():
        raise ProductRefused("You may not edit this product.")
    lock = product.get_lock()
    is_open = scheduled_too and isinstance(lock, ScheduledForPublishLock)
    if lock is not None and not is_open and lock.for_user(user):
        raise ProductRefused("It is locked. Unlock it in its editor, or ask the person who locked it.")
    return permissions


def publish(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
    """Publish the latest draft, if the publish checks let it."""
    if not require_editable(product, user).can_publish():
        raise ProductRefused("You may not publish this product.")
    if product.live and not product.has_unpublished_changes:
        return Outcome("skipped", "It is live as it stands.")
    published = publish_product(product=product, actor=user)
    record_audit(actor=user, action="product.publish", target=product, at=at)
    if not published.live or published.has_unpublished_changes:
        return Outcome("ok", "Scheduled, as its draft says.")
    return Outcome("ok")


def unpublish(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
    """Take the product off the shop; its draft stays."""
    if not product.live:
        return Outcome("skipped", "It is not live.")
    if not require_editable(product, user).can_unpublish():
        raise ProductRefused("You may not unpublish this product.")
    product.unpublish(user=user)
    record_audit(actor=user, action="product.unpublish", target=product, at=at)
    return Outcome("ok")


def archive(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
    """Take the product off the shop and archive its variants; orders keep them."""
    permissions = require_editable(product, user)
    if not user.has_perm("catalogue.change_productvariant"):
        raise ProductRefused("You may not archive variants.")
    if product.live and not permissions.can_unpublish():
        raise ProductRefused("You may not unpublish this product.")
    active = list(ProductVariant.objects.active().filter(product=product).values_list("pk", flat=True))
    if not product.live and not active:
        return Outcome("skipped", "It is archived already.")
    if product.live:
        product.unpublish(user=user)
    if active:
        save_variants(product=product, archive=active, actor=user, at=at)
    record_audit(
        actor=user, action="product.archive", target=product, changes={"variants": len(active)}, at=at
    )
    return Outcome("ok", "1 variant archived." if len(active) == 1 else f"{len(active)} variants archived.")


def _edit(
    product: ProductPage,
    user: User,
    at: datetime,
    *,
    change: Callable[[ProductPage], bool],
    action: str,
    changes: Mapping[str, Any],
) -> Outcome:
    permissions = require_editable(product, user, scheduled_too=True)
    may_publish = permissions.can_publish()
    outcome = edit_live_and_draft(product=product, change=change, actor=user, publish=may_publish, at=at)
    if not outcome.changed:
        return Outcome("skipped", "It is so already.")
    record_audit(actor=user, action=action, target=product, changes=changes, at=at)
    return Outcome("ok", _describe(product, outcome))


def _describe(product: ProductPage, outcome: EditOutcome) -> str:
    if outcome.live and outcome.draft:
        return "Live, and in the draft beside it."
    if product.live and not outcome.live:
        return "Waits in the draft until it is published."
    return ""


def add_category(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
    """Put the product into one more category."""
    category = Category.objects.get(pk=options["category"])

    def change(page: ProductPage) -> bool:
        rows = list(page.product_categories.all())
        if any(row.category_id == category.pk for row in rows):
            return False
        position = max((row.sort_order or 0 for row in rows), default=-1) + 1
        page.product_categories.add(ProductCategory(category=category, sort_order=position))
        return True

    named = {"category": [None, str(category)]}
    return _edit(product, user, at, change=change, action="product.add_category", changes=named)


def remove_category(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
    """Take the product out of a category; a live one keeps at least one."""
    category = Category.objects.get(pk=options["category"])

    def change(page: ProductPage) -> bool:
        rows = list(page.product_categories.all())
        held = [row for row in rows if row.category_id == category.pk]
        if not held:
            return False
        if product.live and len(rows) == len(held):
            raise ProductRefused(f"“{category}” is its only category. Add another one first.")
        for row in held:
            page.product_categories.remove(row)
        return True

    named = {"category": [str(category), None]}
    return _edit(product, user, at, change=change, action="product.remove_category", changes=named)


def add_tag(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
    """Put one or more tags on the product."""
    wanted = list(options["tags"])

    def change(page: ProductPage) -> bool:
        held = {tag.name.casefold() for tag in page.tags.all()}
        missing = [tag for tag in wanted if tag.casefold() not in held]
        if missing:
            page.tags.add(*missing)
        return bool(missing)

    named = {"tags": [None, ", ".join(wanted)]}
    return _edit(product, user, at, change=change, action="product.add_tag", changes=named)


def remove_tag(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
    """Take tags off the product."""
    unwanted = {tag.casefold() for tag in options["tags"]}

    def change(page: ProductPage) -> bool:
        held = [tag.name for tag in page.tags.all() if tag.name.casefold() in unwanted]
        if held:
            page.tags.remove(*held)
        return bool(held)

    named = {"tags": [", ".join(options["tags"]), None]}
    return _edit(product, user, at, change=change, action="product.remove_tag", changes=named)


def _set_key(name: str, model: type[Brand] | type[ProductType]) -> BulkChange:
    def set_key(product: ProductPage, user: User, options: Options, at: datetime) -> Outcome:
        wanted = model.objects.filter(pk=options[name]).first() if options[name] else None
        before = getattr(product, name)

        def change(page: ProductPage) -> bool:
            if getattr(page, f"{name}_id") == (wanted.pk if wanted else None):
                return False
            setattr(page, name, wanted)
            return True

        named = {name: [str(before or ""), str(wanted or "")]}
        return _edit(product, user, at, change=change, action=f"product.set_{name}", changes=named)

    return set_key


for _name, _change in {
    "publish": publish,
    "unpublish": unpublish,
    "archive": archive,
    "add_category": add_category,
    "remove_category": remove_category,
    "add_tag": add_tag,
    "remove_tag": remove_tag,
    "set_brand": _set_key("brand", Brand),
    "set_type": _set_key("product_type", ProductType),
}.items():
    register_bulk_change(_name, _change)
