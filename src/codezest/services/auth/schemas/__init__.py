"""The API types of the service auth."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, LiteralString, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from codezest.kit.preferences import Preferences
from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.auth import rules
from codezest.services.auth.rules import names
from codezest_db.enums import ProfileVisibility, Role


def _checked(rule: Callable[[Any], Any], kind: LiteralString) -> AfterValidator:
    """A validator that gives the message of a rule, without Pydantic's words before it."""

    def check(value: Any) -> Any:
        try:
            return rule(value)
        except ValueError as error:
            raise PydanticCustomError(kind, "{reason}", {"reason": str(error)}) from None

    return AfterValidator(check)


def _text_only(value: Any) -> Any:
    if value is not None and not isinstance(value, str):
        raise PydanticCustomError("string_type", "Input should be a valid string")
    return value


Email = Annotated[
    str,
    Field(max_length=rules.EMAIL_LENGTH, examples=["ada@codezest.example"], json_schema_extra={"format": "email"}),
    _checked(rules.normalise_email, "email"),
]
Password = Annotated[str, Field(max_length=1000, repr=False)]
"""A password to compare: whether it could be one at all is not said."""
NewPassword = Annotated[str, Field(min_length=rules.PASSWORD_MIN, max_length=rules.PASSWORD_MAX, repr=False)]
Token = Annotated[str, Field(min_length=1, max_length=200, repr=False)]
Name = Annotated[str, Field(max_length=rules.NAME_LENGTH), _checked(rules.clean_name, "name")]
GivenName = Annotated[
    str,
    Field(min_length=1, max_length=rules.NAME_LENGTH),
    _checked(rules.clean_given_name, "name"),
]
HttpsAddress = Annotated[str, Field(max_length=rules.URL_LENGTH), _checked(rules.https_address, "web_address")]
Handle = Annotated[str, Field(max_length=100), _checked(names.clean_handle, "handle")]
AvatarPath = Annotated[str, Field(max_length=100, pattern=r"^/avatars/[0-9a-f]{32}\.webp$")]
Language = Annotated[str, Field(max_length=35), _checked(rules.known_language, "language")]
TimeZone = Annotated[str, Field(max_length=64), _checked(rules.known_timezone, "timezone")]
BirthDate = Annotated[date, BeforeValidator(_text_only), _checked(rules.plausible_birth, "date_of_birth")]


class PartialUpdate(ApiModel):
    """Fields that are absent stay as they are; null clears those that may be empty."""

    @property
    def changes(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.model_fields_set}


def _refuse_null(model: PartialUpdate, *names: str) -> None:
    for name in names:
        if name in model.model_fields_set and getattr(model, name) is None:
            raise PydanticCustomError("null", "{name} cannot be empty", {"name": name})


class Registration(ApiModel):
    first_name: GivenName
    last_name: Name = ""
    email: Email
    password: NewPassword


class Credentials(ApiModel):
    email: Email
    password: Password


class MailRequest(ApiModel):
    email: Email


class VerificationAnswer(ApiModel):
    token: Token


class ResetAnswer(ApiModel):
    token: Token
    password: NewPassword


class PasswordChange(ApiModel):
    current_password: Password
    new_password: NewPassword


class AccountUpdate(PartialUpdate):
    first_name: GivenName | None = None
    last_name: Name | None = None
    avatar_url: AvatarPath | None = None
    date_of_birth: BirthDate | None = None
    locale: Language | None = None
    timezone: TimeZone | None = None

    @model_validator(mode="after")
    def _no_null(self) -> Self:
        _refuse_null(self, "first_name", "last_name", "locale", "timezone")
        return self


class ProfileUpdate(PartialUpdate):
    handle: Handle | None = Field(default=None, description="The name of the public page, `/people/{handle}`.")
    visibility: ProfileVisibility | None = None
    shows_progress: StrictBool | None = None
    shows_streak: StrictBool | None = None
    bio: Annotated[str, Field(max_length=4000), _checked(names.readable_text, "text")] | None = None
    location: Annotated[str, Field(max_length=200), _checked(names.readable_text, "text")] | None = None
    website: HttpsAddress | None = None
    github_url: HttpsAddress | None = None
    linkedin_url: HttpsAddress | None = None
    twitter_url: HttpsAddress | None = None
    preferences: Preferences | None = Field(default=None, description="They replace those before.")

    @model_validator(mode="after")
    def _no_null(self) -> Self:
        _refuse_null(self, "handle", "visibility", "shows_progress", "shows_streak", "preferences")
        return self


Reason = Annotated[str, Field(max_length=1_000), _checked(names.readable_text, "text")]
"""Why an administrator did something, for the audit trail and whoever it concerns."""


class UserUpdate(PartialUpdate):
    role: Role | None = None
    suspended: StrictBool | None = None
    reason: Reason | None = Field(
        default=None,
        description="For the audit trail. That of a suspension is told to the account's owner when they log in.",
    )

    @model_validator(mode="after")
    def _no_null(self) -> Self:
        _refuse_null(self, "role", "suspended")
        return self


class MailSent(ApiResponse):
    """The same whether or not there is an account."""

    message: str
    email: str


class UserOut(ApiResponse):
    id: UUID
    email: str
    first_name: str
    last_name: str
    role: Role
    avatar_url: str | None
    date_of_birth: date | None
    locale: str
    timezone: str
    email_verified_at: datetime | None
    created_at: datetime


class LoginAnswer(ApiResponse):
    token: str = Field(description="Send it as `Authorization: Bearer …`. It is shown this once.", repr=False)
    user: UserOut


class Verified(ApiResponse):
    email: str


class ProfileOut(ApiResponse):
    handle: str | None = Field(description="Null until anything of the profile is saved.")
    visibility: ProfileVisibility
    shows_progress: bool
    shows_streak: bool
    bio: str | None
    avatar: str | None = Field(description="Path of the uploaded picture.")
    location: str | None
    website: str | None
    github_url: str | None
    linkedin_url: str | None
    twitter_url: str | None
    preferences: Preferences


class SessionOut(ApiResponse):
    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ip_address: str | None
    user_agent: str | None
    current: bool = Field(description="Whether this request was made in it.")


class ManagedUserOut(ApiResponse):
    """A user as an administrator sees one."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    role: Role
    email_verified_at: datetime | None
    suspended_at: datetime | None
    suspension_reason: str | None
    deletion_requested_at: datetime | None = Field(description="Since when the account waits for its deletion.")
    handle: str | None = Field(description="Name of the public page, if there is one.")
    created_at: datetime
