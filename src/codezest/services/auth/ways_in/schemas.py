"""The API types of the other ways to sign in."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from codezest.kit.schemas import ApiModel, ApiResponse
from codezest.services.auth.schemas import Token
from codezest.services.auth.ways_in import rules
from codezest.services.auth.ways_in.passkeys import NAME_LENGTH


def _name(value: str) -> str:
    try:
        return rules.passkey_name(value)
    except ValueError as error:
        raise PydanticCustomError("name", "{reason}", {"reason": str(error)}) from None


Code = Annotated[str, Field(min_length=1, max_length=100, repr=False)]
"""Six digits of an app, or a recovery code."""
PasskeyName = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), AfterValidator(_name)]
WebAuthnAnswer = Annotated[dict[str, Any], Field(description="The PublicKeyCredential as its `toJSON()` gives it.")]


class SecondStepAnswer(ApiModel):
    ceremony: Token
    code: Code


class CodeAnswer(ApiModel):
    code: Code


class PageCode(ApiModel):
    """A form with one code."""

    code: Code


class ProofAnswer(ApiModel):
    """A password or a code. With two-step login a password is not accepted."""

    password: Annotated[str | None, Field(max_length=1000, repr=False)] = None
    code: Annotated[str | None, Field(min_length=1, max_length=100, repr=False)] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.password is None) == (self.code is None):
            raise PydanticCustomError("one_of", "Give either a password or a code")
        return self


class PasskeyRegistration(ApiModel):
    ceremony: Token
    name: PasskeyName
    credential: WebAuthnAnswer


class PasskeyAnswer(ApiModel):
    ceremony: Token
    credential: WebAuthnAnswer


class PasskeyUpdate(ApiModel):
    name: PasskeyName


class SecondStepDue(ApiResponse):
    """The password was right; a code of the authenticator app, or a recovery code, is still needed."""

    ceremony: str = Field(description="Send it with the code to `/auth/second-step` within ten minutes.", repr=False)


class PasskeyOptions(ApiResponse):
    ceremony: str = Field(description="Send it with the answer within ten minutes.", repr=False)
    options: dict[str, Any] = Field(
        description="The `publicKey` member for navigator.credentials, binary as base64url."
    )


class PasskeyOut(ApiResponse):
    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    backed_up: bool = Field(description="Whether it is kept in the owner's account with its maker, not on one device.")


class ConnectionOut(ApiResponse):
    id: UUID
    provider: str
    created_at: datetime


class TwoStepOut(ApiResponse):
    enabled: bool
    enabled_at: datetime | None
    recovery_codes_left: int


class TotpSetup(ApiResponse):
    secret: str = Field(description="In base32, for typing.", repr=False)
    address: str = Field(description="For a QR code.", repr=False)


class RecoveryCodes(ApiResponse):
    codes: list[str] = Field(description="Each works once. They are shown this once.", repr=False)


class WaysInOut(ApiResponse):
    """By what an account can be entered."""

    password: bool
    two_step: TwoStepOut
    passkeys: list[PasskeyOut]
    connections: list[ConnectionOut]
