"""Secrets that must be read again are kept encrypted: who reads the database cannot use them.

AES-256-GCM under a key derived from the secret key. A sealed value names its key, so that after a change of the secret key
what was sealed before can still be opened with the former one, which stays configured until everything is sealed anew.
"""

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from codezest.kit.settings import Settings

VERSION = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES + NONCE_BYTES


class SealBroken(Exception):
    """The value was not sealed for this purpose, was changed, or its key is no longer configured."""


class Sealer:
    """Seals with the first key and opens with any."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        keys = [_derived(secret) for secret in secrets]
        self._ciphers = {_key_id(key): AESGCM(key) for key in reversed(keys)}
        self._current = _key_id(keys[0])

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """Version, key id, nonce and ciphertext; `purpose` (whose secret it is, and which) is bound to it."""
        nonce = os.urandom(NONCE_BYTES)
        header = VERSION + self._current + nonce
        return header + self._ciphers[self._current].encrypt(nonce, plain, purpose.encode())

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """What was sealed for this purpose.

        Raises:
            SealBroken: as said.
        """
        key_id, nonce = sealed[1 : 1 + KEY_ID_BYTES], sealed[1 + KEY_ID_BYTES : HEADER_BYTES]
        cipher = self._ciphers.get(key_id)
        if sealed[:1] != VERSION or cipher is None:
            raise SealBroken
        try:
            return cipher.decrypt(nonce, sealed[HEADER_BYTES:], purpose.encode())
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the value is sealed with the key that new values get."""
        return sealed[1 : 1 + KEY_ID_BYTES] == self._current


def sealer_for(settings: Settings) -> Sealer:
    """The sealer of the configured secret key and of those before it."""
    return Sealer([settings.signing_key, *(key.encode() for key in settings.former_keys)])


def _derived(secret: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"codezest sealing v1").derive(secret)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id\0" + key).digest()[:KEY_ID_BYTES]
