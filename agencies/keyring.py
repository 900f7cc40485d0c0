"""Secrets at rest: AES-256-GCM, bound to the agency and the field, under a keyring from the environment.

`FIELD_KEYS` is a comma list of `name:base64 of 32 bytes`; the first encrypts, all decrypt. A stored value is
`name:base64(nonce + ciphertext)`, so that `manage.py rotate_field_keys` can tell which rows are old.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotDecrypt(Exception):
    """The value was written under a key that is not in the ring, or for another agency or field."""


def parse_keyring(text: str) -> dict[str, bytes]:
    ring: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not name or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(
                "FIELD_KEYS: write each key as name:base64 of 32 random bytes, separated by commas."
            )
        ring[name] = key
    if not ring:
        raise ImproperlyConfigured("FIELD_KEYS is empty: it encrypts the agencies' provider keys.")
    return ring


def encrypt(plain: str, context: str) -> str:
    """`context` names the agency and the field; the same one is needed to decrypt."""
    name, key = next(iter(settings.FIELD_KEYRING.items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), context.encode())
    return f"{name}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, context: str) -> str:
    name, _, encoded = stored.partition(":")
    key = settings.FIELD_KEYRING.get(name)
    if key is None:
        raise CannotDecrypt(f"FIELD_KEYS has no key named {name!r}.")
    try:
        blob = base64.b64decode(encoded)
        return AESGCM(key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError):
        raise CannotDecrypt("The value belongs to another agency or field, or it was altered.") from None


def is_current(stored: str) -> bool:
    return stored.partition(":")[0] == next(iter(settings.FIELD_KEYRING))
