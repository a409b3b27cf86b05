"""WebAuthn as we use it: discoverable credentials, the user verified by the authenticator, no attestation. Pure.

A passkey therefore proves two things at once, possession and a PIN or biometry, and needs no second step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from codezest.kit.actor import Actor
from codezest.kit.settings import Settings
from codezest.services.auth.ways_in.errors import PasskeyRefused

MOST_PASSKEYS = 20
NAME_LENGTH = 60
TIMEOUT_MS = 300_000
TRANSPORTS = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: UUID | None
    transports: list[str]
    backup_eligible: bool
    backed_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a passkey says; nothing of it is proved yet."""

    credential_id: bytes
    user_handle: bytes | None
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """An assertion whose signature holds. Whether its count has fallen is left to the caller, who knows what to do then."""

    sign_count: int
    backed_up: bool


def registration_options(
    settings: Settings, actor: Actor, *, challenge: bytes, existing: Sequence[bytes]
) -> dict[str, Any]:
    """What `navigator.credentials.create` is asked, as JSON; `existing` are ids of passkeys the user has."""
    options = generate_registration_options(
        rp_id=settings.relying_party,
        rp_name="CodeZest",
        user_id=actor.require_user().bytes,
        user_name=actor.email,
        user_display_name=actor.display_name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential) for credential in existing],
    )
    return dict(options_to_json_dict(options))


def request_options(settings: Settings, *, challenge: bytes, allowed: Sequence[bytes] = ()) -> dict[str, Any]:
    """What `navigator.credentials.get` is asked, as JSON; without `allowed` the authenticator offers what it has."""
    options = generate_authentication_options(
        rp_id=settings.relying_party,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=[PublicKeyCredentialDescriptor(id=credential) for credential in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options_to_json_dict(options))


def new_passkey(settings: Settings, answer: dict[str, Any], *, challenge: bytes) -> NewPasskey:
    """The passkey that a registration's answer makes.

    Raises:
        PasskeyRefused: the answer is malformed, for another challenge or place, or the user was not verified.
    """
    try:
        parsed = parse_registration_credential_json(answer)
        verified = verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=settings.relying_party,
            expected_origin=settings.origin,
            require_user_verification=True,
        )
        aaguid = UUID(verified.aaguid)
    except Exception:  # noqa: BLE001 - whatever a parser says to bytes that anyone may send, the answer is no
        raise PasskeyRefused from None
    named = {transport.value for transport in parsed.response.transports or ()}
    return NewPasskey(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        aaguid=aaguid if aaguid.int else None,
        transports=sorted(named & TRANSPORTS),
        backup_eligible=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        backed_up=verified.credential_backed_up,
    )


def assertion_in(answer: dict[str, Any]) -> Assertion:
    """Which passkey an answer claims to come from.

    Raises:
        PasskeyRefused: it is malformed.
    """
    try:
        parsed = parse_authentication_credential_json(answer)
    except Exception:  # noqa: BLE001 - whatever a parser says to bytes that anyone may send, the answer is no
        raise PasskeyRefused from None
    return Assertion(credential_id=parsed.raw_id, user_handle=parsed.response.user_handle, answer=answer)


def verify(settings: Settings, assertion: Assertion, *, challenge: bytes, public_key: bytes) -> Verified:
    """The assertion, proved by the signature.

    Raises:
        PasskeyRefused: it is for another challenge or place, not signed by this key, or the user was not verified.
    """
    try:
        verified = verify_authentication_response(
            credential=assertion.answer,
            expected_challenge=challenge,
            expected_rp_id=settings.relying_party,
            expected_origin=settings.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever a parser says to bytes that anyone may send, the answer is no
        raise PasskeyRefused from None
    return Verified(sign_count=verified.new_sign_count, backed_up=verified.credential_backed_up)


def count_fell(stored: int, given: int) -> bool:
    """Whether two devices use one key: authenticators that count at all count up at each use."""
    return (stored > 0 or given > 0) and given <= stored
