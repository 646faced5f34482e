"""What happened in the shop's first eight weeks, told to the same services that shoppers and ops use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from content.demo.loading.plan import Plan, PlannedOrder
from content.demo.loading.source import days_ago, read
from shop.cart.models import Cart
from shop.cart.services import CartChanges, add_line, create_cart, update_cart
from shop.catalogue.models import ProductPage
from shop.checkout.services import CheckoutRequest, place_order
from shop.core import clock
from shop.core.models import OutboxEvent
from shop.customers.addresses import PostalAddress
from shop.customers.models import User
from shop.orders.models import Order, OrderLine
from shop.orders.services import cancel_order, deliver_fulfilment, ship_order
from shop.payments.services import mark_paid
from shop.reviews.models import Review
from shop.reviews.services import moderate_reviews, submit_review

DELIVERED_AFTER = timedelta(days=3)
WAITING_FOR_MODERATION = 5


def load_history(plan: Plan) -> None:
    """Place and fulfil the planned orders, leave the planned carts, write the reviews; once."""
    if not Order.objects.exists():
        last_event = OutboxEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        members = {user.email: user for user in User.objects.filter(is_staff=False)}
        ops = User.objects.filter(groups__name="Ops").first()
        for planned in plan.orders:
            _Trade(planned, members.get(planned.person["email"]), ops).run()
        _load_carts(plan.carts)
        # Nobody wants the e-mails of the past weeks today.
        OutboxEvent.objects.filter(pk__gt=last_event, done_at=None).update(done_at=clock.now())
    if not Review.objects.exists():
        _load_reviews()


class _Trade:
    """One order from the cart to the door."""

    def __init__(self, planned: PlannedOrder, member: User | None, ops: User | None) -> None:
        self.planned = planned
        self.member = member if planned.is_member else None
        self.ops = ops
        self.placed_at = days_ago(planned.days_ago)

    def run(self) -> None:
        with clock.at(self.placed_at):
            order = self._place(self.placed_at)
        if self.planned.cancelled:
            self._then(self.placed_at + timedelta(hours=5), self._cancel, order)
            return
        paid_at = self.placed_at + timedelta(hours=self.planned.pays_after_hours)
        shipped_at = paid_at + timedelta(hours=self.planned.packed_after_hours)
        if self._then(paid_at, self._pay, order) and self._then(shipped_at, self._ship, order):
            self._then(shipped_at + DELIVERED_AFTER, self._deliver, order)

    @staticmethod
    def _then(moment: datetime, step: Callable[[Order, datetime], None], order: Order) -> bool:
        """Take a step that lies in the past; tell whether it was taken."""
        if moment > clock.now():
            return False
        with clock.at(moment):
            order.refresh_from_db()
            step(order, moment)
        return True

    def _place(self, at: datetime) -> Order:
        cart = create_cart(user=self.member, at=at)
        for sku, quantity in self.planned.lines:
            add_line(cart=cart, sku=sku, quantity=quantity, at=at)
        person = self.planned.person
        address = person["address"]
        priced = update_cart(
            cart=cart,
            changes=CartChanges(
                email=person["email"],
                shipping_address=PostalAddress(
                    first_name=person["first_name"],
                    last_name=person["last_name"],
                    line1=address["line1"],
                    line2=address["line2"],
                    city=address["city"],
                    postal_code=address["postcode"],
                    country=address["country"],
                ),
                shipping_method=self.planned.method,
            ),
            at=at,
        )
        request = CheckoutRequest(
            cart_id=cart.pk,
            expected_total=priced.totals.total,
            gateway="manual",
            details={},
            key=str(uuid4()),
            user=self.member,
        )
        return place_order(request, at=at).order

    def _pay(self, order: Order, at: datetime) -> None:
        mark_paid(order=order, actor=self.ops, at=at)

    def _ship(self, order: Order, at: datetime) -> None:
        ship_order(
            order=order,
            lines=None,
            carrier="Parcel post",
            tracking_number=f"PP{order.pk:010d}DE",
            tracking_url=f"https://parcel.example.com/track/PP{order.pk:010d}DE",
            at=at,
            actor=self.ops,
        )

    def _deliver(self, order: Order, at: datetime) -> None:
        for fulfilment in order.fulfilments.all():
            deliver_fulfilment(fulfilment=fulfilment, actor=None, at=at)

    def _cancel(self, order: Order, at: datetime) -> None:
        cancel_order(order=order, actor=self.ops, reason="The customer changed their mind.", at=at)


def _load_carts(carts: Sequence[Sequence[tuple[str, int]]]) -> None:
    for position, lines in enumerate(carts):
        moment = days_ago(position * 0.3 + 0.02)
        with clock.at(moment):
            cart: Cart = create_cart(user=None, at=moment)
            for sku, quantity in lines:
                add_line(cart=cart, sku=sku, quantity=quantity, at=moment)


def _load_reviews() -> None:
    products = {page.slug: page for page in ProductPage.objects.filter(live=True)}
    purchases = _unreviewed_purchases()
    newest_first = sorted(read("reviews"), key=lambda row: row["days_ago"])
    approved = []
    for position, row in enumerate(newest_first):
        product = products[row["product"]]
        moment = days_ago(row["days_ago"] + 0.1)
        bought = next((line for line in purchases.get(product.pk, []) if line.order.placed_at < moment), None)
        if bought is not None:
            purchases[product.pk].remove(bought)
        review = submit_review(
            product=product,
            user=bought.order.user if bought else None,
            author_name=row["author"],
            rating=row["rating"],
            title=row["title"],
            text=row["text"],
            order_line_id=bought.pk if bought else None,
            at=moment,
        )
        if position >= WAITING_FOR_MODERATION:
            approved.append(review.pk)
    moderate_reviews(
        review_ids=approved,
        status=Review.Status.APPROVED,
        actor=User.objects.filter(groups__name="Merchandiser").first(),
        at=clock.now(),
    )


def _unreviewed_purchases() -> dict[int, list[OrderLine]]:
    purchases: dict[int, list[OrderLine]] = {}
    lines = OrderLine.objects.filter(order__status=Order.Status.COMPLETED).select_related(
        "order__user", "variant"
    )
    for line in lines.filter(variant__product__isnull=False).order_by("pk"):
        purchases.setdefault(line.variant.product_id or 0, []).append(line)
    return purchases
