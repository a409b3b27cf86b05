"""Every error the service auth answers with, besides the general ones.

Unauthenticated
└── WrongCredentials         401  wrong-credentials
Forbidden
├── EmailNotVerified         403  email-not-verified
├── RegistrationClosed       403  registration-closed
└── AccountSuspended         403  account-suspended
TooManyRequests
├── LoginLocked              429  login-locked              retry_after
└── TooManyMails             429  too-many-mails            retry_after
BadRequest
├── VerificationTokenInvalid 400  verification-token-invalid
├── ChangeLinkInvalid        400  change-link-invalid
└── ResetTokenInvalid        400  reset-token-invalid
Gone
├── ChangeLinkUsed           410  change-link-used
├── ChangeLinkExpired        410  change-link-expired
├── VerificationTokenUsed    410  verification-token-used
├── VerificationTokenExpired 410  verification-token-expired
├── ResetTokenUsed           410  reset-token-used
└── ResetTokenExpired        410  reset-token-expired
ValidationFailed
├── HandleTaken              422  handle-taken
├── PictureUnusable          422  picture-unusable
├── PasswordTooCommon        422  password-too-common
├── PasswordIsEmail          422  password-is-email
├── PasswordUnchanged        422  password-unchanged
└── CurrentPasswordWrong     422  current-password-wrong
NotFound
├── PersonNotFound           404  person-not-found
├── ApiTokenNotFound         404  api-token-not-found
├── ExportNotFound           404  export-not-found
├── SessionNotFound          404  session-not-found
├── FeatureNotFound          404  feature-not-found
└── UserNotFound             404  user-not-found
Conflict
├── EmailTaken               409  email-taken
├── TooManyTokens            409  too-many-tokens
├── ExportUnderWay           409  export-under-way
├── LastAdministrator        409  last-administrator
├── NotWaitingForDeletion    409  not-waiting-for-deletion
├── AlreadyVerified          409  already-verified
├── FeatureChangedElsewhere  409  feature-changed-elsewhere revision
└── OwnAccount               409  own-account
"""

from codezest.kit.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    TooManyRequests,
    Unauthenticated,
    ValidationFailed,
)


class WrongCredentials(Unauthenticated):
    code = "wrong-credentials"
    title = "E-mail address or password is wrong"
    default_detail = "Check both and try again, or ask for a new password."


class EmailNotVerified(Forbidden):
    code = "email-not-verified"
    title = "The e-mail address is not confirmed yet"
    default_detail = "Open the link in the mail we sent you, or ask for another one."


class AccountSuspended(Forbidden):
    code = "account-suspended"
    title = "The account is suspended"
    default_detail = "Nothing is lost. Ask an administrator to lift the suspension."


class LoginLocked(TooManyRequests):
    code = "login-locked"
    title = "Too many wrong passwords"


class TooManyMails(TooManyRequests):
    code = "too-many-mails"
    title = "Too many mails asked for"


class VerificationTokenInvalid(BadRequest):
    code = "verification-token-invalid"
    title = "This confirmation link is not valid"
    default_detail = "Copy the whole link from the newest mail, or ask for another one."


class VerificationTokenUsed(Gone):
    code = "verification-token-used"
    title = "This confirmation link was used before"
    default_detail = "The address may be confirmed already: try to log in. Otherwise ask for another mail."


class VerificationTokenExpired(Gone):
    code = "verification-token-expired"
    title = "This confirmation link has expired"
    default_detail = "Ask for another mail; what you entered is kept."


class ResetTokenInvalid(BadRequest):
    code = "reset-token-invalid"
    title = "This link for a new password is not valid"
    default_detail = "Copy the whole link from the newest mail, or ask for another one. Your password is unchanged."


class ResetTokenUsed(Gone):
    code = "reset-token-used"
    title = "This link for a new password was used before"
    default_detail = "Log in, or ask for another mail."


class ResetTokenExpired(Gone):
    code = "reset-token-expired"
    title = "This link for a new password has expired"
    default_detail = "Ask for another mail. Your password is unchanged."


class PasswordTooCommon(ValidationFailed):
    code = "password-too-common"
    title = "This password is too easy to guess"


class PasswordIsEmail(ValidationFailed):
    code = "password-is-email"
    title = "The password is the e-mail address"


class PasswordUnchanged(ValidationFailed):
    code = "password-unchanged"
    title = "The new password is the old one"


class CurrentPasswordWrong(ValidationFailed):
    code = "current-password-wrong"
    title = "The current password is wrong"


class SessionNotFound(NotFound):
    code = "session-not-found"
    title = "No such session"
    default_detail = "You have no session with this id; it may have ended."


class UserNotFound(NotFound):
    code = "user-not-found"
    title = "No such user"


class OwnAccount(Conflict):
    code = "own-account"
    title = "Not on your own account"
    default_detail = "Ask another administrator to change your own role or suspension."


class ChangeLinkInvalid(BadRequest):
    code = "change-link-invalid"
    title = "This link is not valid"
    default_detail = "Copy the whole link from the newest mail. Your address is as it was."


class ChangeLinkUsed(Gone):
    code = "change-link-used"
    title = "This link was used before"
    default_detail = "Your account shows the address it has now."


class ChangeLinkExpired(Gone):
    code = "change-link-expired"
    title = "This link has expired"
    default_detail = "Nothing was changed. Ask for the change again."


class EmailTaken(Conflict):
    code = "email-taken"
    title = "This address belongs to another account"
    default_detail = "Nothing was changed. Use another address, or log in to that account."


class HandleTaken(ValidationFailed):
    code = "handle-taken"
    title = "This name is taken"


class PictureUnusable(ValidationFailed):
    code = "picture-unusable"
    title = "This picture cannot be used"


class PersonNotFound(NotFound):
    code = "person-not-found"
    title = "No such person"
    default_detail = "There is nobody of this name, or they keep their page to themselves."


class ApiTokenNotFound(NotFound):
    code = "api-token-not-found"
    title = "No such token"
    default_detail = "You have no token with this id; it may have been revoked."


class TooManyTokens(Conflict):
    code = "too-many-tokens"
    title = "You have many tokens already"
    default_detail = "Revoke those that nothing uses any more, then make another."


class ExportNotFound(NotFound):
    code = "export-not-found"
    title = "No such download"
    default_detail = "Downloads are kept for a week. Ask for another one."


class ExportUnderWay(Conflict):
    code = "export-under-way"
    title = "Your data is being put together"
    default_detail = "We write to you as soon as it is ready."


class TooManyExports(TooManyRequests):
    code = "too-many-exports"
    title = "One download a day"


class LastAdministrator(Conflict):
    code = "last-administrator"
    title = "This is the last administrator"
    default_detail = "Make somebody else an administrator first, so that the platform is not left without one."


class NotWaitingForDeletion(Conflict):
    code = "not-waiting-for-deletion"
    title = "This account does not wait for its deletion"


class AlreadyVerified(Conflict):
    code = "already-verified"
    title = "The address is confirmed already"


class RegistrationClosed(Forbidden):
    code = "registration-closed"
    title = "New accounts are not open to everybody"
    default_detail = (
        "Ask whoever runs this platform for an invitation. If you were invited, use the link in the letter."
    )


class FeatureNotFound(NotFound):
    code = "feature-not-found"
    title = "No such setting"


class FeatureChangedElsewhere(Conflict):
    """Another administrator, or another tab, was faster. `revision` is that of what is set now."""

    code = "feature-changed-elsewhere"
    title = "This setting was changed meanwhile"
    default_detail = "Nothing was changed. Look at what it is now, then decide again."
