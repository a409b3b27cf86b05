"""Of accounts and the ways into them."""

from enum import StrEnum


class Role(StrEnum):
    """What a user may do across the whole platform."""

    ADMIN = "ADMIN"
    INSTRUCTOR = "INSTRUCTOR"
    STUDENT = "STUDENT"


class ProfileVisibility(StrEnum):
    """Who sees a user's profile."""

    PUBLIC = "PUBLIC"
    MEMBERS = "MEMBERS"
    """Whoever is signed in."""
    PRIVATE = "PRIVATE"
    """Its owner alone."""


class DataExportStatus(StrEnum):
    """Where the download of all that is held of a user stands."""

    PENDING = "PENDING"
    READY = "READY"
    EXPIRED = "EXPIRED"
    """The file is gone."""
    FAILED = "FAILED"
    """It could not be made in time; another may be asked for."""


class LoginOutcome(StrEnum):
    """How an attempt to sign in ended."""

    SUCCEEDED = "SUCCEEDED"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    UNVERIFIED = "UNVERIFIED"
    LOCKED_OUT = "LOCKED_OUT"
    SUSPENDED = "SUSPENDED"
    CODE_DUE = "CODE_DUE"
    """The password was right, and the code of the second step is still owed."""
    WRONG_CODE = "WRONG_CODE"


class CeremonyKind(StrEnum):
    """A way of proving who one is that takes more than one request."""

    SECOND_STEP = "SECOND_STEP"
    PASSKEY_REGISTRATION = "PASSKEY_REGISTRATION"
    PASSKEY_SIGN_IN = "PASSKEY_SIGN_IN"
    PASSKEY_PROOF = "PASSKEY_PROOF"
    IDENTITY_SIGN_IN = "IDENTITY_SIGN_IN"
    IDENTITY_LINK = "IDENTITY_LINK"
