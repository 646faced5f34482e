"""The four people who show the shop from their side, and its customers."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group

from content.demo.loading.source import read
from shop.customers.models import Address, User

# The same for all four, because the demo listens on this machine only.
DEMO_PASSWORD = "linnet-and-loam"  # noqa: S105


@dataclass(frozen=True)
class DemoUser:
    """A log-in that ``make demo`` prints."""

    email: str
    first_name: str
    last_name: str
    role: str | None


DEMO_USERS = (
    DemoUser("merchandiser@example.com", "Mira", "Merchandiser", "Merchandiser"),
    DemoUser("approver@example.com", "Arno", "Approver", "Approver"),
    DemoUser("ops@example.com", "Odile", "Ops", "Ops"),
    DemoUser("customer@example.com", "Clara", "Customer", None),
)


def load_users() -> None:
    """Make the demo users; the staff among them belong to the group of that name."""
    for person in DEMO_USERS:
        if User.objects.filter(email__iexact=person.email).exists():
            continue
        user = User.objects.create_user(
            email=person.email,
            password=DEMO_PASSWORD,
            first_name=person.first_name,
            last_name=person.last_name,
            is_staff=person.role is not None,
        )
        if person.role:
            user.groups.add(Group.objects.get(name=person.role))
        else:
            _add_address(user, read("people")[0]["address"])


def load_customers() -> list[User]:
    """Make an account for two in three of the invented people; the others order as guests."""
    customers = []
    for position, row in enumerate(read("people")):
        if position % 3 == 2:
            continue
        user = User.objects.filter(email__iexact=row["email"]).first()
        if user is None:
            user = User.objects.create_user(
                email=row["email"], password=None, first_name=row["first_name"], last_name=row["last_name"]
            )
            _add_address(user, row["address"])
        customers.append(user)
    return customers


def _add_address(user: User, address: dict[str, str]) -> None:
    Address.objects.create(
        user=user,
        first_name=user.first_name,
        last_name=user.last_name,
        line1=address["line1"],
        line2=address["line2"],
        city=address["city"],
        postal_code=address["postcode"],
        country=address["country"],
        is_default_shipping=True,
        is_default_billing=True,
    )
