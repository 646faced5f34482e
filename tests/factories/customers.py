"""People and addresses for tests."""

from __future__ import annotations

import factory
from django.contrib.auth.models import Group

from shop.customers.addresses import PostalAddress
from shop.customers.models import Address, CustomerGroup, User

PASSWORD = "correct horse battery"


class CustomerGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CustomerGroup

    name = factory.Sequence(lambda n: f"Group {n}")
    slug = factory.Sequence(lambda n: f"group-{n}")


class UserFactory(factory.django.DjangoModelFactory):
    """A customer who logs in with ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"customer{n}@example.com")
    first_name = "Ada"
    last_name = "Lovelace"

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})


class AdministratorFactory(UserFactory):
    is_staff = True
    is_superuser = True


class StaffFactory(UserFactory):
    """Somebody in a role of ``content.roles``; ``role=None`` gives staff without any permission."""

    is_staff = True
    role: str | None = None

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **kwargs: object) -> User:
        role = kwargs.pop("role", None)
        user = super()._create(model_class, *args, **kwargs)
        if role:
            user.groups.add(Group.objects.get(name=role))
        return user


class AddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Address

    user = factory.SubFactory(UserFactory)
    first_name = "Ada"
    last_name = "Lovelace"
    line1 = "Torstraße 1"
    city = "Berlin"
    postal_code = "10119"
    country = "DE"


def berlin_address(**parts: str) -> PostalAddress:
    """A deliverable German address."""
    return PostalAddress(
        **{
            "first_name": "Ada",
            "last_name": "Lovelace",
            "line1": "Torstraße 1",
            "city": "Berlin",
            "postal_code": "10119",
            "country": "DE",
            **parts,
        }
    )
