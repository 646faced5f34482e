"""Prices and recommended prices in the trail of a product."""

from __future__ import annotations

from django.db.models import F, Window
from django.db.models.functions import Lag

from shop.catalogue.trail import TrailEntry, TrailLine, TrailQuery, register_trail_source
from shop.core.models import AuditEntry
from shop.core.money import round_amount
from shop.pricing.grid import RRP_SET
from shop.pricing.models import PriceHistory, PriceList

LABEL = "Prices"


class PriceTrail:
    """What the price history holds."""

    name = "price"
    kind = "prices"
    label = LABEL

    def read(self, query: TrailQuery) -> list[TrailEntry]:
        """Return the prices as they were set, each with the one before."""
        rows = list(
            PriceHistory.objects.filter(query.narrow(self.name), variant__in=query.skus).order_by(
                "-at", "-pk"
            )[: query.limit]
        )
        # Over the whole past of these variants: the filters must not hide what was before.
        touched = {row.variant_id for row in rows}
        before = Window(
            Lag("amount"),
            partition_by=[F("variant_id"), F("price_list_code"), F("currency"), F("min_quantity")],
            order_by=[F("at").asc(), F("pk").asc()],
        )
        past = PriceHistory.objects.filter(variant__in=touched).order_by()
        earlier = dict(past.annotate(before=before).values_list("pk", "before"))
        names = _name_lists()
        entries = []
        for row in rows:
            old, new = _as_text(earlier[row.pk], row.currency), _as_text(row.amount, row.currency)
            what = names.get(row.price_list_code, row.price_list_code)
            if row.min_quantity > 1:
                what = f"{what}, from {row.min_quantity} on"
            line = TrailLine(query.skus[row.variant_id], f"Price in {what}", old, new)
            entries.append(
                TrailEntry(
                    at=row.at,
                    source=self.name,
                    key=row.pk,
                    kind=LABEL,
                    # Where only the recommended price beside it changed, its own entry tells of it.
                    lines=[line] if old != new else [],
                    actor_id=row.actor_id,
                    reason=row.reason,
                )
            )
        return entries


class RecommendedTrail:
    """What sheets have done to recommended prices."""

    name = "price-recommended"
    kind = "prices"
    label = LABEL

    def read(self, query: TrailQuery) -> list[TrailEntry]:
        """Return them as the audit trail holds them."""
        rows = AuditEntry.objects.filter(
            query.narrow(self.name),
            object_type="catalogue.productvariant",
            object_id__in=[str(pk) for pk in query.skus],
            action=RRP_SET,
        ).order_by("-at", "-pk")[: query.limit]
        names = _name_lists()
        entries = []
        for row in rows:
            code = row.changes["price_list"]
            what = f"RRP in {names.get(code, code)}"
            line = TrailLine(query.skus[int(row.object_id)], what, *row.changes["rrp"])
            entries.append(
                TrailEntry(
                    at=row.at,
                    source=self.name,
                    key=row.pk,
                    kind=LABEL,
                    lines=[line],
                    actor_id=row.actor_id,
                    reason="sheet",
                )
            )
        return entries


def _name_lists() -> dict[str, str]:
    return dict(PriceList.objects.values_list("code", "name"))


def _as_text(amount: object, currency: str) -> str:
    return "" if amount is None else f"{round_amount(amount, currency):f} {currency}"  # type: ignore[arg-type]


def register() -> None:
    """Tell our part; called once when the app is ready."""
    register_trail_source(PriceTrail())
    register_trail_source(RecommendedTrail())
