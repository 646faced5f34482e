"""
Idempotency keys: the first request with a key does the work, the others get its answer.

A key is claimed in a short transaction of its own, before the work and independent of it. A claim is a
lease: when the process that holds it is killed, the next request with the same key takes over.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from shop.core import clock
from shop.core.errors import ErrorItem, ShopError
from shop.core.models import IdempotencyKey

LEASE: Final = timedelta(seconds=60)
LIFETIME: Final = timedelta(hours=24)
MAX_LENGTH: Final = 255


class IdempotencyKeyRequired(ShopError):
    """The operation is never run without a key."""

    code = "idempotency_key_required"
    title = "Send an Idempotency-Key header, so that a repeated request has no second effect."


class InvalidIdempotencyKey(ShopError):
    """The key has characters or a length that a header cannot have."""

    code = "invalid_idempotency_key"
    title = f"An Idempotency-Key has 1 to {MAX_LENGTH} printable ASCII characters, such as a UUID."

    def __init__(self) -> None:
        super().__init__(errors=[ErrorItem(code=self.code, detail=self.title, attr="Idempotency-Key")])


class IdempotencyKeyReused(ShopError):
    """The caller has used the key for something else within 24 hours."""

    code = "idempotency_key_reused"
    status = 422
    title = "This Idempotency-Key was used for another request. Take a new one."


class IdempotencyInProgress(ShopError):
    """Somebody is at it."""

    code = "idempotency_in_progress"
    status = 409
    title = "The first request with this Idempotency-Key is still running. Ask again in a moment."

    def __init__(self) -> None:
        super().__init__(retry_after=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do the work of a key."""

    pk: int
    token: uuid.UUID


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What the first request with the key was answered."""

    status_code: int
    body: Any
    headers: dict[str, str]


def validate_key(key: str) -> str:
    """
    Return the key.

    :raises InvalidIdempotencyKey: unless it is 1 to 255 printable ASCII characters
    """
    if not (1 <= len(key) <= MAX_LENGTH and key.isascii() and key.isprintable()):
        raise InvalidIdempotencyKey
    return key


def claim_key(*, caller: str, key: str, operation: str, body_hash: str) -> Claim | StoredAnswer:
    """
    Claim a key for one request, or return the answer that it already has.

    :param caller: whose key it is; the same key of another caller is another key
    :param operation: method and path
    :raises IdempotencyKeyReused: the key came with another operation or body before
    :raises IdempotencyInProgress: another process holds a claim that has not run out
    """
    now, token = clock.now(), uuid.uuid4()
    with transaction.atomic(durable=True):
        # One statement decides: of a thousand inserts at once, one row stands.
        IdempotencyKey.objects.bulk_create(
            [
                IdempotencyKey(
                    caller=caller,
                    key=key,
                    operation=operation,
                    body_hash=body_hash,
                    claim=token,
                    lease_until=now + LEASE,
                    created_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        held = IdempotencyKey.objects.get(caller=caller, key=key)
        if held.claim == token:
            return Claim(held.pk, token)
        outlived = held.created_at <= now - LIFETIME
        if not outlived:
            if (held.operation, held.body_hash) != (operation, body_hash):
                raise IdempotencyKeyReused
            if held.state == IdempotencyKey.State.FINISHED and held.status_code is not None:
                return StoredAnswer(held.status_code, held.body, held.headers)
        if held.state == IdempotencyKey.State.RUNNING and held.lease_until > now:
            raise IdempotencyInProgress
        # Conditional on the claim seen, so that of several heirs one takes over.
        taken = IdempotencyKey.objects.filter(pk=held.pk, claim=held.claim, state=held.state).update(
            operation=operation,
            body_hash=body_hash,
            state=IdempotencyKey.State.RUNNING,
            claim=token,
            lease_until=now + LEASE,
            created_at=now if outlived else held.created_at,
            status_code=None,
            body=None,
            headers={},
        )
        if not taken:
            raise IdempotencyInProgress
    return Claim(held.pk, token)


def finish_key(*, claim: Claim, status_code: int, body: Any, headers: dict[str, str] | None = None) -> bool:
    """Keep the answer for whoever asks again. False when the claim was lost to another process."""
    kept = IdempotencyKey.objects.filter(
        pk=claim.pk, claim=claim.token, state=IdempotencyKey.State.RUNNING
    ).update(state=IdempotencyKey.State.FINISHED, status_code=status_code, body=body, headers=headers or {})
    return bool(kept)


def release_key(*, claim: Claim) -> None:
    """Forget the key after a refusal, so that the shopper can mend the request and send it again."""
    IdempotencyKey.objects.filter(pk=claim.pk, claim=claim.token, state=IdempotencyKey.State.RUNNING).delete()


def delete_expired_keys(*, limit: int = 5000) -> int:
    """Delete keys older than 24 hours, at most ``limit``; return how many."""
    expired = IdempotencyKey.objects.filter(
        created_at__lte=clock.now() - LIFETIME, lease_until__lte=clock.now()
    )
    doomed = list(expired.order_by("created_at").values_list("pk", flat=True)[:limit])
    return IdempotencyKey.objects.filter(pk__in=doomed).delete()[0]
