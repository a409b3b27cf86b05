"""What the other ways to sign in answer with, besides the service's own errors.

Forbidden
├── WrongCode               403  wrong-code
├── PasskeyRefused          403  passkey-refused
├── PasskeyCopied           403  passkey-copied
├── ProofNeeded             403  proof-needed
├── SecondProofNeeded       403  second-proof-needed
├── IdentityUnverified      403  identity-unverified
└── IdentityNeedsSignIn     403  identity-needs-sign-in
BadRequest
└── IdentityStateInvalid    400  identity-state-invalid
NotFound
├── PasskeyNotFound         404  passkey-not-found
├── ConnectionNotFound      404  connection-not-found
└── ProviderNotFound        404  provider-not-found
Conflict
├── LastWayIn               409  last-way-in
├── TwoStepOn               409  two-step-on
├── TwoStepOff              409  two-step-off
├── TooManyPasskeys         409  too-many-passkeys
├── PasskeyTaken            409  passkey-taken
└── IdentityTaken           409  identity-taken
Gone
└── CeremonyOver            410  ceremony-over
TooManyRequests
└── CodesLocked             429  codes-locked             retry_after
Unavailable
└── ProviderFailed          503  provider-failed
"""

from codezest.kit.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    TooManyRequests,
    Unavailable,
)


class WrongCode(Forbidden):
    code = "wrong-code"
    title = "This code is not right"
    default_detail = "Type the code your app shows now; each works once. Or use one of your recovery codes."


class PasskeyRefused(Forbidden):
    code = "passkey-refused"
    title = "This passkey was not accepted"
    default_detail = "Nothing was changed. Try again, or use another way to log in."


class PasskeyCopied(Forbidden):
    code = "passkey-copied"
    title = "This passkey may have been copied"
    default_detail = "It was used elsewhere since we last saw it. Log in another way and remove it."


class ProofNeeded(Forbidden):
    code = "proof-needed"
    title = "Show once more that it is you"
    default_detail = "This needs your password, a passkey or a code given within the last ten minutes."


class SecondProofNeeded(Forbidden):
    code = "second-proof-needed"
    title = "The password alone is not enough"
    default_detail = "Your account has two-step login. Use a code of your app, a recovery code or a passkey."


class IdentityUnverified(Forbidden):
    code = "identity-unverified"
    title = "The provider has not confirmed your e-mail address"
    default_detail = "Confirm the address there first, or create an account here with a password."


class IdentityNeedsSignIn(Forbidden):
    code = "identity-needs-sign-in"
    title = "An account with this e-mail address exists already"
    default_detail = "Log in the way you do, then connect the two under Account, Connections."


class IdentityStateInvalid(BadRequest):
    code = "identity-state-invalid"
    title = "This answer does not belong to a request of this browser"
    default_detail = "Nothing was changed. Begin again from the login page."


class PasskeyNotFound(NotFound):
    code = "passkey-not-found"
    title = "No such passkey"


class ConnectionNotFound(NotFound):
    code = "connection-not-found"
    title = "No such connection"


class ProviderNotFound(NotFound):
    code = "provider-not-found"
    title = "No such identity provider"


class LastWayIn(Conflict):
    code = "last-way-in"
    title = "This is your only way to log in"
    default_detail = "Set a password or add another way first; then this one can go."


class TwoStepOn(Conflict):
    code = "two-step-on"
    title = "Two-step login is on already"
    default_detail = "Turn it off first to use another app."


class TwoStepOff(Conflict):
    code = "two-step-off"
    title = "Two-step login is not on"
    default_detail = "Set it up first."


class TooManyPasskeys(Conflict):
    code = "too-many-passkeys"
    title = "You have as many passkeys as an account may have"
    default_detail = "Remove one that you no longer use."


class PasskeyTaken(Conflict):
    code = "passkey-taken"
    title = "This passkey is in use already"


class IdentityTaken(Conflict):
    code = "identity-taken"
    title = "That account is connected with another one here"
    default_detail = "Nothing was changed. Disconnect it there first."


class CeremonyOver(Gone):
    code = "ceremony-over"
    title = "This took too long, or was done already"
    default_detail = "Nothing was changed. Please begin again."


class CodesLocked(TooManyRequests):
    code = "codes-locked"
    title = "Too many wrong codes"


class ProviderFailed(Unavailable):
    code = "provider-failed"
    title = "The identity provider did not answer as it should"
    default_detail = "Nothing was changed. Try again in a while, or use another way to log in."
