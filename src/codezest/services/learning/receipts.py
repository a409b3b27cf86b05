"""Receipts of submissions: what they say, how they are signed, how anybody checks one. Pure: no database, no clock.

A receipt is a JSON object. Its **document** is all of it but `signature`, as canonical JSON: UTF-8, members in alphabetical
order, no white space, nothing escaped that need not be (what RFC 8785 prescribes, for the texts and whole numbers used here).
The signature is Ed25519 over the document; the next receipt of the same learner holds the document's SHA-256 as
`previous_sha256`. What was handed in is named by the SHA-256 of the canonical JSON of `{path: text}`, all files of the
program; `files` are the paths. A written answer is `answer.md`; an uploaded file is `files/` with its name, and stands for
the text `sha256:` with the digest of its bytes.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from codezest.kit.settings import Settings
from codezest_db.enums import SubmissionPurpose

FORMAT = "codezest-receipt-1"


def canonical(value: Any) -> str:
    """The canonical JSON of a value of objects, lists, texts, whole numbers, true, false and null."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(text: str) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_sha256(files: Mapping[str, str]) -> str:
    """The name of a program by its files: text by path."""
    return sha256_of(canonical(dict(files)))


def key_id_of(public_key: bytes) -> str:
    """A short name of a public key (32 bytes): 16 hexadecimal digits."""
    return hashlib.sha256(public_key).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where a learner's chain of receipts ends: the number and document hash of the last one; 0 and None before the first."""

    sequence: int = 0
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What is receipted."""

    submission_id: UUID
    user_id: UUID
    purpose: SubmissionPurpose
    assignment_id: UUID | None
    material_id: UUID | None
    files: Mapping[str, str]


@dataclass(frozen=True)
class Signer:
    """The server's key of receipts."""

    seed: bytes
    """32 bytes, secret."""

    @classmethod
    def of(cls, settings: Settings) -> "Signer":
        """Raises ValueError: the file that keeps the key holds none."""
        return cls(settings.receipt_seed)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def public_key(self) -> bytes:
        """32 bytes."""
        return self._private.public_key().public_bytes_raw()

    @cached_property
    def key_id(self) -> str:
        return key_id_of(self.public_key)

    def document(self, receipt_id: UUID, handed: Handed, *, after: Link, received_at: datetime) -> str:
        """The text to be signed of the receipt that follows `after`."""
        return canonical(
            {
                "format": FORMAT,
                "id": str(receipt_id),
                "submission_id": str(handed.submission_id),
                "user_id": str(handed.user_id),
                "purpose": handed.purpose.value,
                "assignment_id": None if handed.assignment_id is None else str(handed.assignment_id),
                "material_id": None if handed.material_id is None else str(handed.material_id),
                "files": sorted(handed.files),
                "content_sha256": content_sha256(handed.files),
                "received_at": received_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
                "sequence": after.sequence + 1,
                "previous_sha256": after.sha256,
                "key_id": self.key_id,
            }
        )

    def sign(self, document: str) -> bytes:
        """64 bytes."""
        return self._private.sign(document.encode())


def receipt_of(document: str, signature: bytes) -> dict[str, Any]:
    """A receipt as it is given out."""
    return json.loads(document) | {"signature": base64.b64encode(signature).decode()}


def document_of(receipt: Mapping[str, Any]) -> str:
    """The signed text of a receipt as it was given out."""
    return canonical({name: value for name, value in receipt.items() if name != "signature"})


def signature_holds(receipt: Mapping[str, Any], public_key: bytes) -> bool:
    """Whether this key (32 bytes) signed this receipt as it stands."""
    try:
        signature = base64.b64decode(str(receipt.get("signature", "")), validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            signature, document_of(receipt).encode("utf-8", "surrogatepass")
        )
    except (binascii.Error, InvalidSignature, ValueError):
        return False
    return True


def link_fault(receipt: Mapping[str, Any], previous: Mapping[str, Any]) -> str | None:
    """Why `previous` is not the receipt right before this one; None when it is."""
    if receipt.get("user_id") != previous.get("user_id"):
        return "the receipts belong to different learners"
    expected = _number(receipt.get("sequence")) - 1
    if _number(previous.get("sequence")) != expected:
        return f"number {expected} comes before this one, and the other is number {previous.get('sequence')}"
    if receipt.get("previous_sha256") != sha256_of(document_of(previous)):
        return "this receipt was given after another one than that"
    return None


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
