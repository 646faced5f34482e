"""Which product each item of a file is: by external id, then by SKU, then by handle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Upper
from wagtail.models import Page

from shop.catalogue.models import ProductPage, ProductVariant
from shop.catalogue.permissions import reachable_products
from shop.spreadsheets.lookups import Lookups
from shop.spreadsheets.models import ImportClaim, ImportItem, ImportRun
from shop.spreadsheets.plans import ProductPlan
from shop.spreadsheets.snapshots import load_snapshots

if TYPE_CHECKING:
    from shop.customers.models import User


class Matcher:
    """Finds the products of one chunk of plans, in a number of queries that does not grow."""

    def __init__(self, plans: Sequence[ProductPlan], *, run: ImportRun, actor: User | None) -> None:
        self.plans = plans
        self.run = run
        self.actor = actor
        external_ids = {plan.cells["external_id"] for plan in plans if plan.cells.get("external_id")}
        handles = {plan.cells["handle"] for plan in plans if plan.cells.get("handle")}
        pages = ProductPage.objects.filter(Q(external_id__in=external_ids) | Q(slug_key__in=handles))
        self.titles: dict[int, str] = {}
        self.by_external_id: dict[str, int] = {}
        self.by_handle: dict[str, int] = {}
        for pk, title, external_id, handle in pages.values_list("pk", "title", "external_id", "slug_key"):
            self.titles[pk] = title
            if external_id:
                self.by_external_id[external_id] = pk
            if handle:
                self.by_handle[handle] = pk
        self._load_variants()

    def _load_variants(self) -> None:
        skus = {sku.upper() for plan in self.plans for _, sku in _cells(plan, "sku")}
        ids = {text for plan in self.plans for _, text in _cells(plan, "variant.external_id")}
        variants = ProductVariant.objects.annotate(upper_sku=Upper("sku")).filter(
            Q(upper_sku__in=skus) | Q(external_id__in=ids)
        )
        self.by_sku: dict[str, int | None] = {}
        self.by_variant_id: dict[str, int | None] = {}
        for sku, external_id, product_id, title in variants.values_list(
            "upper_sku", "external_id", "product_id", "product__title"
        ):
            self.by_sku[sku] = product_id
            if external_id:
                self.by_variant_id[external_id] = product_id
            if product_id is not None:
                self.titles[product_id] = title

    def match(self, lookups: Lookups, *, locks: bool) -> None:
        """Give every plan its product, or none for a new one; refuse what is another's."""
        found = {plan.item.pk: self._find(plan) for plan in self.plans}
        self._refuse_doubles(found)
        self._refuse_claims()
        ids = [pk for pk in found.values() if pk is not None]
        if locks:
            # By primary key, so that two imports which share products cannot deadlock.
            list(Page.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        snapshots = load_snapshots(ids, lookups)
        allowed = (
            None
            if self.actor is None
            else set(reachable_products(self.actor).filter(pk__in=ids).values_list("pk", flat=True))
        )
        for plan in self.plans:
            pk = found[plan.item.pk]
            if pk is None:
                continue
            plan.held = snapshots[pk]
            if allowed is not None and pk not in allowed:
                plan.refuse(plan.first_row, "", "This product is not among those you may edit.", "forbidden")
            self._refuse_foreign(plan, pk)

    def _find(self, plan: ProductPlan) -> int | None:
        external_id, handle = plan.cells.get("external_id", ""), plan.cells.get("handle", "")
        if external_id in self.by_external_id:
            return self.by_external_id[external_id]
        if handle in self.by_handle:
            return self.by_handle[handle]
        owners = {self.by_variant_id.get(text) for _, text in _cells(plan, "variant.external_id")}
        owners |= {self.by_sku.get(sku.upper()) for _, sku in _cells(plan, "sku")}
        owners.discard(None)
        if len(owners) == 1:
            owner = owners.pop()
            # A new product that names one SKU of another by mistake must not become that product.
            if not handle or all(self.by_sku.get(sku.upper()) == owner for _, sku in _cells(plan, "sku")):
                return owner
        self._refuse_foreign(plan, None)
        return None

    def _refuse_foreign(self, plan: ProductPlan, product_id: int | None) -> None:
        """Refuse SKUs, external ids and a handle that another product has."""
        for column, owners, normalise in (
            ("sku", self.by_sku, str.upper),
            ("variant.external_id", self.by_variant_id, str),
        ):
            for row, text in _cells(plan, column):
                key = normalise(text)
                if key in owners and owners[key] != product_id:
                    title = self.titles.get(owners[key] or 0, "")
                    whose = f"“{title}”" if title else "a product that was deleted"
                    plan.refuse(row, column, f"{text} belongs to {whose}: choose another.", f"{column}_taken")
        handle = plan.cells.get("handle", "")
        owner = self.by_handle.get(handle)
        if owner is not None and product_id is not None and owner != product_id:
            plan.refuse(
                plan.first_row,
                "handle",
                f"“{self.titles[owner]}” has the handle “{handle}”: choose another.",
                "handle_taken",
            )

    def _refuse_doubles(self, found: dict[int, int | None]) -> None:
        """Refuse two items of the file that are one product."""
        items = {plan.item.pk for plan in self.plans}
        ids = [pk for pk in found.values() if pk is not None]
        others = ImportItem.objects.filter(run=self.run, object_id__in=ids).exclude(pk__in=items)
        taken = dict(others.values_list("object_id", "key"))
        first: dict[int, ProductPlan] = {}
        for plan in self.plans:
            pk = found[plan.item.pk]
            if pk is None:
                continue
            twin = first.setdefault(pk, plan)
            key = taken.get(pk) or (twin.item.key if twin is not plan else "")
            if key:
                plan.refuse(
                    plan.first_row,
                    "",
                    f"These rows and those of “{key}” are the same product “{self.titles.get(pk, '')}”: give "
                    "them the same handle, or remove some.",
                    "duplicate",
                )

    def _refuse_claims(self) -> None:
        """Refuse SKUs and external ids that two items of the file name."""
        items = {plan.item.pk: plan for plan in self.plans}
        mine = ImportClaim.objects.filter(item_id__in=items).exclude(name__startswith="handle:")
        names = list(mine.values_list("name", flat=True))
        claims: dict[str, list[tuple[int, int]]] = defaultdict(list)
        rows = ImportClaim.objects.filter(run=self.run, name__in=names).order_by("row")
        for name, item_id, row in rows.values_list("name", "item_id", "row"):
            claims[name].append((item_id, row))
        for name, holders in claims.items():
            for item_id, row in holders if len(holders) > 1 else ():
                if item_id not in items:
                    continue
                others = ", ".join(str(other) for _, other in holders if other != row)
                kind, _, text = name.partition(":")
                column = {"product": "external_id", "variant": "variant.external_id"}.get(kind, kind)
                items[item_id].refuse(
                    row,
                    column,
                    f"{text} is in row {others or row} as well: each row needs one of its own.",
                    "duplicate",
                )


def _cells(plan: ProductPlan, column: str) -> Iterable[tuple[int, Any]]:
    return [(row, cells[column]) for row, cells in plan.rows if cells.get(column)]
