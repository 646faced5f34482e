"""Accounts: register, log in, profile, address book."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.settings import api_settings

from shop.core import clock
from shop.core.api.pagination import CursorPagination
from shop.customers import services
from shop.customers.api.authentication import decode_refresh_token, encode_session
from shop.customers.api.serializers import (
    AddressEntrySerializer,
    AddressInputSerializer,
    LogInSerializer,
    ProfileChangeSerializer,
    ProfileSerializer,
    RefreshSerializer,
    RegisteredSerializer,
    RegisterSerializer,
    TokenPairSerializer,
)
from shop.customers.models import Address, User
from shop.customers.selectors import require_user


class PublicView(APIView):
    """For everybody; a stale Authorization header is not even read."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        # Without authentication classes DRF would turn a 401 into a 403.
        return 'Bearer realm="nexus"'

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == status.HTTP_401_UNAUTHORIZED:
            response.headers.setdefault("WWW-Authenticate", self.get_authenticate_header(request))
        return response


class PersonalView(APIView):
    """For whoever is logged in."""

    permission_classes = (IsAuthenticated,)

    @property
    def person(self) -> User:
        """Who asks."""
        return require_user(self.request.user)


class RegisterView(PublicView):
    """Becoming a customer."""

    @extend_schema(
        operation_id="auth_register",
        tags=["accounts"],
        request=RegisterSerializer,
        responses={201: RegisteredSerializer},
    )
    def post(self, request: Request) -> Response:
        """Register. The answer is the same whether or not the address is known already."""
        serializer = RegisterSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.register_customer(**serializer.validated_data, at=clock.now())
        return Response(
            {"detail": "If this address was new to us, the account is ready: log in with it."},
            status=status.HTTP_201_CREATED,
        )


class TokenView(PublicView):
    """Logging in."""

    @extend_schema(
        operation_id="auth_token", tags=["accounts"], request=LogInSerializer, responses=TokenPairSerializer
    )
    def post(self, request: Request) -> Response:
        """Log in: a token pair for an e-mail address and password."""
        serializer = LogInSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        now = clock.now()
        user = services.authenticate_customer(
            **serializer.validated_data, network=request.META.get("REMOTE_ADDR", ""), at=now
        )
        session = services.open_session(user=user, lifetime=api_settings.REFRESH_TOKEN_LIFETIME, at=now)
        return _private(encode_session(session))


class TokenRefreshView(PublicView):
    """Staying logged in."""

    @extend_schema(
        operation_id="auth_token_refresh",
        tags=["accounts"],
        request=RefreshSerializer,
        responses=TokenPairSerializer,
    )
    def post(self, request: Request) -> Response:
        """
        Exchange a refresh token for a new pair. Each is good for one exchange; a second try ends the log-in.
        """
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        family_id, jti = decode_refresh_token(serializer.validated_data["refresh"])
        session = services.refresh_session(
            family_id=family_id, jti=jti, lifetime=api_settings.REFRESH_TOKEN_LIFETIME, at=clock.now()
        )
        return _private(encode_session(session))


class TokenRevokeView(PublicView):
    """Logging out."""

    @extend_schema(
        operation_id="auth_token_revoke", tags=["accounts"], request=RefreshSerializer, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """Log out: end the log-in with all its tokens. Good to call twice."""
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        family_id, _ = decode_refresh_token(serializer.validated_data["refresh"])
        services.revoke_session(family_id=family_id, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(PersonalView):
    """The person's own profile."""

    @extend_schema(operation_id="me_read", tags=["accounts"], responses=ProfileSerializer)
    def get(self, request: Request) -> Response:
        """The profile of the person logged in."""
        return _private(ProfileSerializer(self.person).data)

    @extend_schema(
        operation_id="me_change",
        tags=["accounts"],
        request=ProfileChangeSerializer,
        responses=ProfileSerializer,
    )
    def patch(self, request: Request) -> Response:
        """Change the names of the person logged in."""
        serializer = ProfileChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = services.update_profile(user=self.person, **serializer.validated_data)
        return _private(ProfileSerializer(user).data)


class AddressesView(PersonalView):
    """The person's address book."""

    ordering = ("pk",)

    pagination_class = CursorPagination

    @extend_schema(
        operation_id="me_addresses_list", tags=["accounts"], responses=AddressEntrySerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """The address book."""
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(self.person.addresses.all(), request, view=self)
        response = paginator.get_paginated_response(AddressEntrySerializer(page, many=True).data)
        response["Cache-Control"] = "private, no-store"
        return response

    @extend_schema(
        operation_id="me_addresses_create",
        tags=["accounts"],
        request=AddressInputSerializer,
        responses={201: AddressEntrySerializer},
    )
    def post(self, request: Request) -> Response:
        """Add an address; the first one becomes the default for shipping and billing."""
        serializer = AddressInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        address = services.save_address(user=self.person, **serializer.to_service())
        return _private(AddressEntrySerializer(address).data, status=status.HTTP_201_CREATED)


class AddressView(PersonalView):
    """One entry of the address book."""

    @extend_schema(operation_id="me_addresses_read", tags=["accounts"], responses=AddressEntrySerializer)
    def get(self, request: Request, public_id: UUID) -> Response:
        """One address of the person's own book."""
        return _private(AddressEntrySerializer(self._get_address(public_id)).data)

    @extend_schema(
        operation_id="me_addresses_replace",
        tags=["accounts"],
        request=AddressInputSerializer,
        responses=AddressEntrySerializer,
    )
    def put(self, request: Request, public_id: UUID) -> Response:
        """Write an address anew."""
        serializer = AddressInputSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        self._get_address(public_id)
        address = services.save_address(user=self.person, public_id=public_id, **serializer.to_service())
        return _private(AddressEntrySerializer(address).data)

    @extend_schema(
        operation_id="me_addresses_change",
        tags=["accounts"],
        request=AddressInputSerializer,
        responses=AddressEntrySerializer,
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        """Change parts of an address; the whole must still be deliverable."""
        serializer = AddressInputSerializer(data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changes = dict(serializer.validated_data)
        marks = {name: changes.pop(name, None) for name in ("is_default_shipping", "is_default_billing")}
        current = self._get_address(public_id).as_postal_address()
        address = services.save_address(
            user=self.person,
            public_id=public_id,
            address=current.changed(**changes),
            **marks,
        )
        return _private(AddressEntrySerializer(address).data)

    @extend_schema(operation_id="me_addresses_delete", tags=["accounts"], responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        """Take an address out of the book; orders keep their copies."""
        services.delete_address(user=self.person, public_id=public_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _get_address(self, public_id: UUID) -> Address:
        address = self.person.addresses.filter(public_id=public_id).first()
        if address is None:
            raise Http404
        return address


def _private(data: Any, *, status: int = status.HTTP_200_OK) -> Response:
    """Personal answers and tokens stay out of every cache."""
    return Response(data, status=status, headers={"Cache-Control": "private, no-store"})
