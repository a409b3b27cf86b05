"""Forms of pages: read by the API's own types, given back with their errors when they are refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ValidationError

from codezest.kit.context import RequestContext
from codezest.kit.errors import AppError, ValidationFailed
from codezest.kit.i18n import gettext as _

Model = TypeVar("Model", bound=BaseModel)

SECRET = frozenset({"password", "current_password", "new_password", "token"})
"""Fields that are never written back into a page."""
EMPTY = frozenset({"string_too_short", "missing"})


class FormRefused(Exception):
    """The input does not fit its type."""

    def __init__(self, errors: list[tuple[str | None, str]]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Submitted(Generic[Model]):
    """What a browser sent: the texts as they were, and how to read them as the type."""

    model: type[Model]
    texts: Mapping[str, str]
    nullable: Collection[str] = field(default=())
    """Fields whose empty text means null."""

    @property
    def values(self) -> dict[str, str]:
        """What the form shows again."""
        return {name: text for name, text in self.texts.items() if name not in SECRET}

    def read(self) -> Model:
        """The input as its type.

        Raises:
            FormRefused: it does not fit.
        """
        given: dict[str, Any] = {
            name: None if name in self.nullable and not text.strip() else text for name, text in self.texts.items()
        }
        try:
            return self.model.model_validate(given)
        except ValidationError as error:
            raise FormRefused([_readable(item, given) for item in error.errors(include_url=False)]) from None


async def submitted(
    request: Request, model: type[Model], *, only: Collection[str] | None = None, nullable: Collection[str] = ()
) -> Submitted[Model]:
    """The fields of a form that the type knows, or those among them that the page shows; all else is ignored."""
    form = await request.form()
    texts = {name: form.get(name) for name in model.model_fields if only is None or name in only}
    return Submitted(model, {name: text for name, text in texts.items() if isinstance(text, str)}, nullable)


def refusal(context: RequestContext, template: str, error: FormRefused | AppError, **values: Any) -> HTMLResponse:
    """The form again, with what to change beside the fields and above them."""
    if isinstance(error, FormRefused):
        errors, status = error.errors, 422
    elif isinstance(error, ValidationFailed):
        errors = [(name, message) for name, message in error.by_field.items()] or [(None, error.detail)]
        status = error.status
    else:
        errors, status = [(None, _(error.title) + ". " + _(error.detail))], error.status
    summary = [(name, _named(name, message)) for name, message in errors]
    response = context.page(template, status=status, errors=summary, messages=dict(reversed(errors)), **values)
    if isinstance(error, AppError):
        response.headers.update({name: text for name, text in error.headers.items() if name == "Retry-After"})
    return response


def _named(name: str | None, message: str) -> str:
    """The message as it reads away from its field."""
    labels = {
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "email": _("E-mail"),
        "new_email": _("New e-mail address"),
        "handle": _("Name of your page"),
        "picture": _("Picture"),
        "password": _("Password"),
        "current_password": _("Current password"),
        "new_password": _("New password"),
        "date_of_birth": _("Date of birth"),
        "website": _("Website"),
        "github_url": "GitHub",
        "linkedin_url": "LinkedIn",
        "twitter_url": "Twitter",
    }
    return f"{labels[name]}: {message}" if name in labels else message


def _readable(item: Any, given: Mapping[str, Any]) -> tuple[str | None, str]:
    """One of Pydantic's errors as the field's name and words for whoever filled it in."""
    name = str(item["loc"][0]) if item["loc"] else None
    kind, limits = item["type"], item.get("ctx", {})
    if kind in EMPTY and not given.get(name or ""):
        return name, _("Please fill this in.")
    if kind == "string_too_short":
        return name, _("Use at least %(least)s characters.") % {"least": limits["min_length"]}
    if kind == "string_too_long":
        return name, _("Use at most %(most)s characters.") % {"most": limits["max_length"]}
    if kind.startswith("date"):
        return (name, _("Use a date such as 1990-12-31.")) if kind != "date_of_birth" else (name, str(item["msg"]))
    return name, str(item["msg"])
