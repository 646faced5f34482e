"""Bearer tokens of the REST API: JWTs made from a log-in, refused as soon as that log-in ends."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken, Token

from shop.core import clock
from shop.customers.models import User
from shop.customers.services import InvalidRefreshToken, Session, find_session_user

FAMILY_CLAIM = "sid"


class RefreshToken(Token):
    """Carries a log-in on; the database knows which one of its family is the newest."""

    token_type = "refresh"  # noqa: S105  # a kind of token, not a secret
    lifetime = api_settings.REFRESH_TOKEN_LIFETIME


def encode_session(session: Session) -> dict[str, str]:
    """The token pair of a log-in: ``{"access", "refresh"}``."""
    refresh, access = RefreshToken(), AccessToken()
    refresh[api_settings.JTI_CLAIM] = session.jti
    for token in (refresh, access):
        token[api_settings.USER_ID_CLAIM] = str(session.user.public_id)
        token[FAMILY_CLAIM] = str(session.family_id)
    return {"access": str(access), "refresh": str(refresh)}


def decode_refresh_token(raw: str) -> tuple[uuid.UUID, str]:
    """
    The family and token id of a refresh token.

    :raises InvalidRefreshToken: if it is not ours, not a refresh token, or expired
    """
    try:
        token = RefreshToken(raw)  # type: ignore[arg-type]  # simplejwt annotates the encoded form as a Token
        return uuid.UUID(token[FAMILY_CLAIM]), token[api_settings.JTI_CLAIM]
    except (TokenError, KeyError, ValueError) as problem:
        raise InvalidRefreshToken from problem


class AccessTokenAuthentication(JWTAuthentication):
    """``Authorization: Bearer <access>``. The log-in is looked up, so that its end is felt at once."""

    www_authenticate_realm = "nexus"

    def get_user(self, validated_token: Token) -> User:  # type: ignore[override]  # ours is the only model
        try:
            user = find_session_user(family_id=uuid.UUID(validated_token[FAMILY_CLAIM]), at=clock.now())
        except (InvalidRefreshToken, KeyError, ValueError) as problem:
            raise AuthenticationFailed(
                "The log-in has ended. Log in again.", code="invalid_token"
            ) from problem
        return user

    def get_validated_token(self, raw_token: bytes) -> Token:
        try:
            return AccessToken(raw_token)  # type: ignore[arg-type]
        except TokenError as problem:
            raise AuthenticationFailed(
                "The access token is invalid or expired.", code="invalid_token"
            ) from problem


class AccessTokenScheme(OpenApiAuthenticationExtension):
    """Tells the OpenAPI schema about the header."""

    target_class = AccessTokenAuthentication
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access` of `auth/token/`; good for five minutes, or until log-out.",
        }
