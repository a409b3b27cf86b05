"""Schema `auth`: who someone is, how they prove it, and what they did that must be traceable."""

from codezest_db.models.auth.accounts import (
    EmailChange,
    EmailVerification,
    Instructor,
    PasswordReset,
    User,
    UserProfile,
)
from codezest_db.models.auth.credentials import (
    ApiToken,
    Ceremony,
    OAuthAccount,
    RecoveryCode,
    TotpSecret,
    WebAuthnCredential,
)
from codezest_db.models.auth.exports import DataExport, DataExportPart
from codezest_db.models.auth.features import FeatureSetting
from codezest_db.models.auth.sessions import AuditEntry, LoginEvent, Session

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Ceremony",
    "DataExport",
    "DataExportPart",
    "EmailChange",
    "EmailVerification",
    "FeatureSetting",
    "Instructor",
    "LoginEvent",
    "OAuthAccount",
    "PasswordReset",
    "RecoveryCode",
    "Session",
    "TotpSecret",
    "User",
    "UserProfile",
    "WebAuthnCredential",
]
