"""Order numbers, which people read out, and tokens, which open one order to whoever holds the link."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

from django.conf import settings

# Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U to be misheard or misread.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SALT: Final = b"shop.orders.token"


def make_number(prefix: str) -> str:
    """Return a new order number such as ``NX-7K3F-92QD``: 40 random bits, so that none tells of another."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{code[:4]}-{code[4:]}"


def normalise_number(number: str) -> str:
    """Return the number as we write it: capitals, no spaces, the letters that Crockford reads as digits."""
    prefix, dash, code = number.strip().upper().replace(" ", "").partition("-")
    return f"{prefix}{dash}{code.translate(_MISREAD)}"


def make_nonce() -> str:
    """Return 128 random bits in hexadecimal."""
    return secrets.token_hex(16)


def make_token(nonce: str) -> str:
    """
    Return the token of the order with this nonce: 256 bits that only the holder of SECRET_KEY can compute.

    The database alone, or a backup of it, opens no order.
    """
    return _sign(nonce, settings.SECRET_KEY)


def token_matches(nonce: str, token: str) -> bool:
    """Compare in constant time; tokens of an older key in ``SECRET_KEY_FALLBACKS`` are good as well."""
    given = token.encode("utf-8", "surrogatepass")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # Every key is tried, whichever fits, so that the time tells nothing.
    matches = [hmac.compare_digest(_sign(nonce, key).encode(), given) for key in keys]
    return any(matches)


def _sign(nonce: str, secret_key: str) -> str:
    key = hashlib.sha256(_SALT + secret_key.encode()).digest()
    digest = hmac.new(key, nonce.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
