"""Every error the program answers with.

    AppError                     code, HTTP status, title; a detail and typed members per instance
    ├── BadRequest          400  bad-request
    ├── Unauthenticated     401  unauthenticated
    ├── Forbidden           403  forbidden
    ├── NotFound            404  not-found
    ├── Conflict            409  conflict
    ├── Gone                410  gone
    ├── PayloadTooLarge     413  payload-too-large
    ├── ValidationFailed    422  validation-failed     errors: [{location, message}]
    ├── TooManyRequests     429  too-many-requests     retry_after: seconds
    └── Unavailable         503  unavailable

A service derives its own from these in its `errors.py`, each with a code of its own. The gateway turns them into
`application/problem+json` (RFC 9457) for the API and into a page for a browser. Anything else that escapes is a bug.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from codezest.kit.i18n import gettext as _

PROBLEM_TYPE = "urn:codezest:problem:"


class AppError(Exception):
    """An answer to the caller that is not success. `detail` says what happened, what is kept, what to do.

    `title` and `default_detail` are written in English, and answered in the reader's language.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"
    default_detail: ClassVar[str] = ""

    def __init__(self, detail: str = "", **members: Any) -> None:
        self.detail = detail or _(self.default_detail)
        self.members: Mapping[str, Any] = members
        super().__init__(self.detail or self.title)

    @property
    def headers(self) -> dict[str, str]:
        return {}

    def problem(self, instance: str | None = None) -> dict[str, Any]:
        """The RFC 9457 object; `instance` is the request's id as a URN."""
        body: dict[str, Any] = {"type": PROBLEM_TYPE + self.code, "title": _(self.title), "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if instance:
            body["instance"] = instance
        return body | dict(self.members)


class BadRequest(AppError):
    code = "bad-request"
    status = 400
    title = "The request cannot be read"


class Unauthenticated(AppError):
    code = "unauthenticated"
    status = 401
    title = "Sign in first"
    default_detail = "This needs a signed-in account."

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(AppError):
    code = "forbidden"
    status = 403
    title = "Not allowed"
    default_detail = "Your account may not do this."


class NotFound(AppError):
    code = "not-found"
    status = 404
    title = "Not found"
    default_detail = "There is nothing here, or nothing that you may see."


class Conflict(AppError):
    code = "conflict"
    status = 409
    title = "This contradicts what is already there"


class Gone(AppError):
    code = "gone"
    status = 410
    title = "No longer available"


class PayloadTooLarge(AppError):
    code = "payload-too-large"
    status = 413
    title = "The request is too large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(_("At most %(most)s bytes are accepted.") % {"most": limit_bytes}, limit_bytes=limit_bytes)


class ValidationFailed(AppError):
    """Input that is well-formed but not acceptable. `errors` names each field and says what to change."""

    code = "validation-failed"
    status = 422
    title = "Some of the input is not valid"

    def __init__(self, detail: str = "", *, errors: list[dict[str, Any]] | None = None, **members: Any) -> None:
        super().__init__(detail, errors=errors or [], **members)

    @classmethod
    def of(cls, field: str, message: str) -> "ValidationFailed":
        """The error of one field of the body."""
        return cls(message, errors=[{"location": ["body", field], "message": message}])

    @property
    def by_field(self) -> dict[str, str]:
        """The first message of each field, for forms."""
        found: dict[str, str] = {}
        for error in self.members["errors"]:
            found.setdefault(str(error["location"][-1]), str(error["message"]))
        return found


class TooManyRequests(AppError):
    code = "too-many-requests"
    status = 429
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after: int) -> None:
        super().__init__(detail or _("Please wait a little and try again."), retry_after=retry_after)

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.members["retry_after"])}


class Unavailable(AppError):
    code = "unavailable"
    status = 503
    title = "Not available right now"
