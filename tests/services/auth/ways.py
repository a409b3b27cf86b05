"""What the tests of other ways to sign in share: an app, a browser without scripts, and an authenticator in software."""

import base64
import hashlib
import json
import os
import re
import struct
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyotp.totp import TOTP
from webauthn.helpers import encode_cbor

from codezest.kit.clock import now
from services.auth.world import API, PASSWORD, World, bearer, csrf_token

ORIGIN = "http://localhost:8000"
RELYING_PARTY = "localhost"
STEP_SECONDS = 30
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(slots=True)
class App:
    """An authenticator app that holds one secret."""

    secret: str

    def code(self, *, steps: int = 0) -> str:
        """The code it shows, or showed or will show that many half minutes from now."""
        return TOTP(self.secret).at(int(now().timestamp()) + steps * STEP_SECONDS)

    def wrong(self) -> str:
        """Six digits that are no code of any step near now."""
        near = {self.code(steps=steps) for steps in range(-3, 4)}
        return next(text for text in (f"{number:06}" for number in range(100)) if text not in near)


@dataclass(slots=True)
class Owner:
    """Someone with an account and a session of it that has just begun."""

    email: str
    token: str
    app: App | None = None
    recovery_codes: list[str] = field(default_factory=list[str])

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.token)


async def new_owner(world: World, client: httpx.AsyncClient) -> Owner:
    email = await world.account()
    return Owner(email, await world.log_in(client, email))


async def with_two_step(world: World, client: httpx.AsyncClient) -> Owner:
    """An account whose app is set up. The code of the step before has been used for that."""
    owner = await new_owner(world, client)
    setup = await client.post(f"{API}/me/two-step", headers=owner.headers)
    assert setup.status_code == 201, setup.text
    owner.app = App(setup.json()["secret"])
    answer = await client.post(
        f"{API}/me/two-step/confirm", json={"code": owner.app.code(steps=-1)}, headers=owner.headers
    )
    assert answer.status_code == 200, answer.text
    owner.recovery_codes = answer.json()["codes"]
    return owner


async def owed(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> str:
    """Give the password; returns the ceremony that a code completes."""
    answer = await client.post(f"{API}/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["ceremony"])


async def give_code(client: httpx.AsyncClient, ceremony: str, code: str) -> httpx.Response:
    return await client.post(f"{API}/auth/second-step", json={"ceremony": ceremony, "code": code})


async def forget_proof(world: World, email: str) -> None:
    """As if the account's sessions had been proved eleven minutes ago."""
    await world.owner.execute(
        """UPDATE auth.sessions SET proved_at = now() - interval '11 minutes'
           WHERE user_id = (SELECT id FROM auth.users WHERE email = $1::citext)""",
        email,
    )


async def acts(world: World, email: str) -> list[str]:
    """What the audit says of ways in, in order."""
    rows = await world.owner.fetch(
        """SELECT action FROM auth.audit_entries
           WHERE subject_id = (SELECT id FROM auth.users WHERE email = $1::citext)
             AND action ~ '^(passkey|two_step|second_step|recovery_code|recovery_codes|identity)[.]' ORDER BY id""",
        email,
    )
    return [row["action"] for row in rows]


@dataclass(slots=True)
class Passkey:
    """A passkey as an authenticator keeps it; every fact it states can be made wrong."""

    user_handle: bytes
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0
    flags: int = PRESENT | VERIFIED
    origin: str = ORIGIN
    relying_party: str = RELYING_PARTY

    def created(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to navigator.credentials.create."""
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        length = struct.pack(">H", len(self.credential_id))
        attested = bytes(16) + length + self.credential_id + public
        attestation = encode_cbor(
            {"fmt": "none", "attStmt": {}, "authData": self._data(self.flags | ATTESTED) + attested}
        )
        return self._answer(
            {
                "clientDataJSON": base64url(self._client_data("webauthn.create", options["challenge"])),
                "attestationObject": base64url(attestation),
                "transports": ["internal"],
            }
        )

    def asserted(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to navigator.credentials.get."""
        client_data = self._client_data("webauthn.get", options["challenge"])
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": base64url(client_data),
                "authenticatorData": base64url(data),
                "signature": base64url(signature),
                "userHandle": base64url(self.user_handle),
            }
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.relying_party.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        identifier = base64url(self.credential_id)
        return {"id": identifier, "rawId": identifier, "type": "public-key", "response": response}


class Browser:
    """Remembers cookies and sends forms with their token."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def open(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def send(self, path: str, page: str, **fields: str) -> httpx.Response:
        """Open the page that holds a form, then send the form."""
        token = csrf_token(await self.client.get(page))
        return await self.client.post(path, data={"csrf_token": token} | fields)

    async def log_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return await self.send("/login", "/login", email=email, password=password)


def leads_to(answer: httpx.Response, path: str) -> None:
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == path


def text_of(answer: httpx.Response) -> str:
    """The page's text without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))
