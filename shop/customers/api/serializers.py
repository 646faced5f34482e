"""What the account endpoints take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from shop.core.api.serializers import StrictSerializer, TextField
from shop.customers.addresses import MAX_LENGTHS, PostalAddress
from shop.customers.models import User


def _part(name: str, help_text: str, *, required: bool = False) -> TextField:
    return TextField(
        max_length=MAX_LENGTHS[name], required=required, allow_blank=not required, help_text=help_text
    )


class AddressSerializer(StrictSerializer):
    """
    An address of the contract, in both directions. Its form is checked here; whether its country could
    deliver to it by ``validate_address``, in the services that take it.
    """

    first_name = _part("first_name", "For example: Ada", required=True)
    last_name = _part("last_name", "For example: Lovelace", required=True)
    company = _part("company", "For example: Analytical Engines Ltd")
    line1 = _part("line1", "Street and house number", required=True)
    line2 = _part("line2", "Floor, flat or building")
    city = _part("city", "Required in most countries")
    postal_code = _part("postal_code", "In the form of the country")
    region = _part("region", "State, province or county, where the country uses it")
    country = serializers.RegexField(
        r"^[A-Za-z]{2}$", min_length=2, max_length=2, help_text="ISO 3166-1 alpha-2, for example: DE"
    )
    phone = _part("phone", "For the carrier, for example: +49 30 1234567")

    def to_address(self) -> PostalAddress:
        """The validated input as a value."""
        return PostalAddress.from_mapping(self.validated_data)


class RegisterSerializer(StrictSerializer):
    """A new customer."""

    email = serializers.EmailField(max_length=254)
    password = TextField(max_length=128, trim_whitespace=False, help_text="At least 10 characters")
    first_name = TextField(max_length=100, required=False, allow_blank=True)
    last_name = TextField(max_length=100, required=False, allow_blank=True)


class RegisteredSerializer(serializers.Serializer[dict[str, str]]):
    """The same for everybody."""

    detail = serializers.CharField()


class LogInSerializer(StrictSerializer):
    """Address and password."""

    email = TextField(max_length=254)
    password = TextField(max_length=128, trim_whitespace=False)


class RefreshSerializer(StrictSerializer):
    """A refresh token."""

    refresh = TextField(max_length=2000)


class TokenPairSerializer(serializers.Serializer[dict[str, str]]):
    """What a log-in gives."""

    access = serializers.CharField(help_text="For the Authorization header; good for five minutes")
    refresh = serializers.CharField(help_text="For one refresh; keep it secret")


class ProfileSerializer(serializers.Serializer[User]):
    """A person, to themselves."""

    id = serializers.UUIDField(source="public_id")
    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    email_verified = serializers.SerializerMethodField()
    date_joined = serializers.DateTimeField()

    def get_email_verified(self, user: User) -> bool:
        return user.email_verified_at is not None


class ProfileChangeSerializer(StrictSerializer):
    """What a person may change of themselves."""

    first_name = TextField(max_length=100, required=False, allow_blank=True)
    last_name = TextField(max_length=100, required=False, allow_blank=True)


class AddressEntrySerializer(AddressSerializer):
    """An entry of the address book as it is read."""

    id = serializers.UUIDField(source="public_id")
    is_default_shipping = serializers.BooleanField()
    is_default_billing = serializers.BooleanField()


class AddressInputSerializer(AddressSerializer):
    """An entry of the address book as it is written."""

    is_default_shipping = serializers.BooleanField(required=False, allow_null=True, default=None)
    is_default_billing = serializers.BooleanField(required=False, allow_null=True, default=None)

    def to_service(self) -> dict[str, Any]:
        marks = {name: self.validated_data[name] for name in ("is_default_shipping", "is_default_billing")}
        return {"address": self.to_address(), **marks}
