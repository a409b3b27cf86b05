"""Codes of authenticator apps (RFC 6238: SHA-1, six digits, thirty seconds) and recovery codes. Pure."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import segno
from pyotp.hotp import HOTP
from pyotp.totp import TOTP

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How many steps an app's clock may be early or late."""
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
"""80 random bits, which need no slow hash."""
ISSUER = "CodeZest"


def new_secret() -> bytes:
    """What an app and we share."""
    return secrets.token_bytes(SECRET_BYTES)


def readable_secret(secret: bytes) -> str:
    """The secret as people type it into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def setup_address(secret: bytes, email: str) -> str:
    """The otpauth address that an app reads from the picture."""
    return TOTP(base64.b32encode(secret).decode(), interval=STEP_SECONDS).provisioning_uri(
        name=email, issuer_name=ISSUER
    )


def setup_picture(secret: bytes, email: str) -> str:
    """The otpauth address as a QR code: an SVG in a data address, dark on light in every theme."""
    return segno.make(setup_address(secret, email), error="m", micro=False).svg_data_uri(
        border=4, scale=6, dark="#000", light="#fff"
    )


def matching_step(secret: bytes, code: str, *, moment: datetime, last_used: int | None) -> int | None:
    """The time step whose code this is, if it may still be used: near now, and after every step used before."""
    if not re.fullmatch(r"[0-9]{6}", code, re.ASCII):
        return None
    generator = HOTP(base64.b32encode(secret).decode())
    current = int(moment.timestamp()) // STEP_SECONDS
    found: int | None = None
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        right = hmac.compare_digest(generator.at(step), code)
        if right and (last_used is None or step > last_used):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes, in groups of four letters and digits."""
    return [_new_recovery_code() for _ in range(RECOVERY_CODES)]


def _new_recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def recovery_hash(code: str) -> bytes | None:
    """The SHA-256 under which a recovery code is stored, however it was typed; None when it cannot be one."""
    bare = re.sub(r"[\s-]+", "", code).lower().replace("0", "o").replace("1", "l")
    if not re.fullmatch(r"[a-z2-7]{16}", bare, re.ASCII):
        return None
    return hashlib.sha256(bare.encode()).digest()


def bare_code(code: str) -> str:
    """A code without the spaces that people and apps put into it."""
    return re.sub(r"\s+", "", code)
