"""Secrets that are handed out once and kept only as hashes."""

import hashlib
import hmac
import secrets


def new_token(prefix: str) -> str:
    """A secret of 256 random bits behind a prefix that says what it is, e.g. `czs_…`."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> bytes:
    """The SHA-256 under which a token is stored; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def sign(key: bytes, purpose: str, value: str) -> str:
    """The HMAC-SHA-256 of a value for one purpose, in hexadecimal."""
    return hmac.new(key, f"{purpose}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def signature_holds(key: bytes, purpose: str, value: str, signature: str) -> bool:
    """Whether the signature is that of the value, compared in constant time."""
    return hmac.compare_digest(sign(key, purpose, value).encode(), signature.encode("utf-8", "surrogatepass"))
