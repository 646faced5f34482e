"""Registering, logging in and keeping an address book."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from shop.core.errors import ErrorItem, NotFoundError, ShopError
from shop.core.outbox import record_event
from shop.customers.addresses import PostalAddress, validate_address
from shop.customers.models import Address, LogInGuard, TokenFamily, User

ATTEMPT_WINDOW = timedelta(minutes=15)
# Per address and network: what one person may mistype. Per address alone: what many networks may guess
# together, set higher so that a stranger cannot lock somebody out with ten requests.
ATTEMPTS_PER_ADDRESS_AND_NETWORK = 10
ATTEMPTS_PER_ADDRESS = 50


class PasswordRefused(ShopError):
    """The password is too easily guessed; ``errors`` says why."""

    code = "password_refused"
    status = 400
    title = "Choose another password."


class InvalidCredentials(ShopError):
    """Address and password do not fit together, or the person is locked out: nobody can tell which."""

    code = "invalid_credentials"
    status = 401
    title = "The e-mail address or the password is wrong."


class TooManyAttempts(ShopError):
    """The address is closed to log-ins for a while; ``retry_after`` is in seconds."""

    code = "too_many_attempts"
    status = 429
    title = "Too many log-ins failed. Wait a little, then try again."


class InvalidRefreshToken(ShopError):
    """The log-in has ended: expired, logged out, password changed, or the token was used before."""

    code = "invalid_token"
    status = 401
    title = "The log-in has ended. Log in again."


class TooManyAddresses(ShopError):
    """The address book is full."""

    code = "too_many_addresses"
    status = 409
    title = "The address book is full. Delete an address first."


MAX_ADDRESSES = 100


# -- registering -----------------------------------------------------------------------------------------


def register_customer(
    *, email: str, password: str, first_name: str = "", last_name: str = "", at: datetime
) -> User | None:
    """
    Create a customer and record "customer.registered", from which the verification e-mail follows.

    :returns: the new person, or ``None`` where the address is known; callers answer both in the same way
    :raises PasswordRefused: for a password that is too easily guessed, whoever the address belongs to
    """
    user = User(
        email=User.objects.normalize_email(email), first_name=first_name, last_name=last_name, date_joined=at
    )
    _check_password(password, user)
    # Hashed before looking, so that a known address takes as long as a new one.
    user.password = make_password(password)
    try:
        with transaction.atomic():
            user.save()
            record_event(
                "customer.registered", key=f"customer:{user.pk}", payload={"user_id": user.pk}, at=at
            )
    except IntegrityError:
        return None
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user=user)
    except ValidationError as refusal:
        items = [
            ErrorItem(error.code or "invalid", " ".join(error.messages), "password")
            for error in refusal.error_list
        ]
        raise PasswordRefused(" ".join(item.detail for item in items), errors=items) from refusal


# -- logging in ------------------------------------------------------------------------------------------


def authenticate_customer(*, email: str, password: str, network: str, at: datetime) -> User:
    """
    Find the person to an address and password. Attempts are counted before they are evaluated, so that
    parallel guesses cannot slip past the limit.

    :param network: where the attempt comes from, usually the client's IP address
    :raises InvalidCredentials: whether the address is unknown, the password wrong or the person locked out
    :raises TooManyAttempts: after repeated failures, until the window ends
    """
    guards = list(_guards(email, network))
    for key, limit in guards:
        _claim_attempt(key=key, limit=limit, at=at)
    user = authenticate(email=email, password=password)
    if not isinstance(user, User):
        raise InvalidCredentials
    LogInGuard.objects.filter(key__in=[key for key, _ in guards]).delete()
    return user


def _guards(email: str, network: str) -> Iterator[tuple[str, int]]:
    address = email.strip().casefold()
    # Always in this order, so that two log-ins cannot each wait for the row the other holds.
    yield hashlib.sha256(f"{address}\n{network}".encode()).hexdigest(), ATTEMPTS_PER_ADDRESS_AND_NETWORK
    yield hashlib.sha256(address.encode()).hexdigest(), ATTEMPTS_PER_ADDRESS


def _claim_attempt(*, key: str, limit: int, at: datetime) -> None:
    running = LogInGuard.objects.filter(key=key, window_ends_at__gt=at)
    over = LogInGuard.objects.filter(key=key, window_ends_at__lte=at)
    if running.filter(attempts__lt=limit).update(attempts=F("attempts") + 1):
        return
    if over.update(attempts=1, window_ends_at=at + ATTEMPT_WINDOW):
        return
    _, is_new = LogInGuard.objects.get_or_create(
        key=key, defaults={"attempts": 1, "window_ends_at": at + ATTEMPT_WINDOW}
    )
    if is_new or running.filter(attempts__lt=limit).update(attempts=F("attempts") + 1):
        return
    ends_at = LogInGuard.objects.filter(key=key).values_list("window_ends_at", flat=True).first() or at
    raise TooManyAttempts(retry_after=max(1, int((ends_at - at).total_seconds())))


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in as tokens are made from it."""

    family_id: uuid.UUID
    user: User
    jti: str
    expires_at: datetime


def open_session(*, user: User, lifetime: timedelta, at: datetime) -> Session:
    """Begin a log-in, good for ``lifetime`` unless it is refreshed."""
    family = TokenFamily.objects.create(
        user=user,
        auth_version=user.auth_version,
        current_jti=uuid.uuid4().hex,
        created_at=at,
        refreshed_at=at,
        expires_at=at + lifetime,
    )
    User.objects.filter(pk=user.pk).update(last_login=at)
    return Session(family.pk, user, family.current_jti, family.expires_at)


def refresh_session(*, family_id: uuid.UUID, jti: str, lifetime: timedelta, at: datetime) -> Session:
    """
    Carry a log-in on under a new token id; the old one is spent.

    A spent one presented again means that two hold it, the person and a thief: the whole family is revoked.

    :raises InvalidRefreshToken: if the log-in has ended or the token was spent
    """
    family = TokenFamily.objects.select_related("user").filter(pk=family_id).first()
    if family is None or not _is_alive(family, at):
        raise InvalidRefreshToken
    new_jti = uuid.uuid4().hex
    # The condition decides, not the read above: of two requests with one token only one gets through.
    spent = TokenFamily.objects.filter(pk=family_id, current_jti=jti, revoked_at=None).update(
        current_jti=new_jti, refreshed_at=at, expires_at=at + lifetime
    )
    if not spent:
        revoke_session(family_id=family_id, reason="reused", at=at)
        raise InvalidRefreshToken
    return Session(family_id, family.user, new_jti, at + lifetime)


def revoke_session(*, family_id: uuid.UUID, reason: str = "logged_out", at: datetime) -> None:
    """
    End a log-in: its refresh token and its access tokens are refused from now on. Ended ones stay as they
    are.
    """
    TokenFamily.objects.filter(pk=family_id, revoked_at=None).update(revoked_at=at, revoked_reason=reason)


def find_session_user(*, family_id: uuid.UUID, at: datetime) -> User:
    """
    The person behind an access token, in one SQL statement.

    :raises InvalidRefreshToken: if the log-in has ended
    """
    family = TokenFamily.objects.select_related("user").filter(pk=family_id).first()
    if family is None or not _is_alive(family, at):
        raise InvalidRefreshToken
    return family.user


def _is_alive(family: TokenFamily, at: datetime) -> bool:
    return (
        family.revoked_at is None
        and family.expires_at > at
        and family.user.is_active
        and family.auth_version == family.user.auth_version
    )


def forget_ended_sessions(*, at: datetime, keep_for: timedelta = timedelta(days=30)) -> int:
    """
    Delete log-ins and attempt counters that ended more than ``keep_for`` ago. Returns how many rows went.
    """
    families, _ = TokenFamily.objects.filter(expires_at__lt=at - keep_for).delete()
    guards, _ = LogInGuard.objects.filter(window_ends_at__lt=at).delete()
    return families + guards


# -- profile and address book ----------------------------------------------------------------------------


def update_profile(*, user: User, **changes: str) -> User:
    """Change a person's names; ``changes`` may hold ``first_name`` and ``last_name``."""
    for name in ("first_name", "last_name"):
        setattr(user, name, changes.get(name, getattr(user, name)))
    user.save(update_fields=["first_name", "last_name"])
    return user


@transaction.atomic
def save_address(
    *,
    user: User,
    address: PostalAddress,
    public_id: uuid.UUID | None = None,
    is_default_shipping: bool | None = None,
    is_default_billing: bool | None = None,
) -> Address:
    """
    Add an address to the person's book, or change the one with ``public_id``. A new default takes the mark
    from the old one; ``None`` leaves the mark as it is. The first address is the default for both.

    :raises InvalidAddress: if it cannot be delivered to
    :raises NotFoundError: if the person has no such address
    :raises TooManyAddresses: beyond ``MAX_ADDRESSES``
    """
    checked = validate_address(address)
    # The person's row is the lock: two requests cannot both take the mark, nor both add the last address
    # allowed.
    User.objects.select_for_update(of=("self",)).only("pk").get(pk=user.pk)
    marks: dict[str, Any] = {
        "is_default_shipping": is_default_shipping,
        "is_default_billing": is_default_billing,
    }
    if public_id is None:
        entry, count = Address(user=user), user.addresses.count()
        if count >= MAX_ADDRESSES:
            raise TooManyAddresses
        if count == 0:
            marks = {mark: value is not False for mark, value in marks.items()}
    else:
        entry = _get_address(user, public_id)
    for mark, value in marks.items():
        if value:
            user.addresses.exclude(pk=entry.pk).filter(**{mark: True}).update(**{mark: False})
        if value is not None:
            setattr(entry, mark, value)
    entry.set_postal_address(checked)
    entry.save()
    return entry


def delete_address(*, user: User, public_id: uuid.UUID) -> None:
    """
    Take an address out of the person's book; orders keep their copies.

    :raises NotFoundError: if the person has no such address
    """
    _get_address(user, public_id).delete()


def _get_address(user: User, public_id: uuid.UUID) -> Address:
    address = user.addresses.filter(public_id=public_id).first()
    if address is None:
        raise NotFoundError
    return address
