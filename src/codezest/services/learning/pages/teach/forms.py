"""Forms of the studio: read by the API's own types, given back with all that was typed when they are refused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from codezest.kit.context import RequestContext
from codezest.kit.errors import AppError, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import NotReady, SlugTaken
from codezest.services.learning.pages.forms import plain_newlines, shown_again
from codezest_db.enums import PublicationStatus

Model = TypeVar("Model", bound=BaseModel)
EMPTY = frozenset({"string_too_short", "missing"})
NOT_THEIRS = frozenset({401, 403, 404})
FIELDS = 1_000
"""Of one form: a name for every item of a large module."""


class FormRefused(Exception):
    """What was sent does not fit its type; (field or None, message) pairs."""

    def __init__(self, errors: Sequence[tuple[str | None, str]]) -> None:
        super().__init__(errors)
        self.errors = list(errors)


Refused = FormRefused | AppError
Refusal = TypeVar("Refusal", bound=FormRefused | AppError)


def shown_here(error: Refusal) -> Refusal:
    """A refusal that the page of the form itself tells, with all that was typed.

    Raises:
        AppError: the caller may not see that page, or there is none; then this is what they are told.
    """
    if isinstance(error, AppError) and error.status in NOT_THEIRS:
        raise error
    return error


@dataclass(frozen=True, slots=True)
class Sent:
    """The fields of a form: texts as they were typed, with plain line ends."""

    form: FormData
    texts: Mapping[str, str] = field(default_factory=dict[str, str])

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def many(self, name: str) -> list[str]:
        """What was ticked among boxes of one name."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def shown(self, names: Collection[str]) -> dict[str, str]:
        """What the form shows again."""
        return {name: shown_again(self.texts.get(name, "")) for name in names}

    def over(self, stored: Mapping[str, str]) -> dict[str, str]:
        """Stored texts, with what was typed in place of those that the form has a field for."""
        return {**stored, **self.shown([name for name in stored if name in self.texts])}


async def sent(request: Request, *, most: int = FIELDS) -> Sent:
    """What the browser sent, `most` fields at the most."""
    form = await request.form(max_fields=most)
    texts = {name: plain_newlines(value) for name, value in form.multi_items() if isinstance(value, str)}
    return Sent(form, texts)


def read(model: type[Model], given: Mapping[str, Any]) -> Model:
    """The input as its type.

    Raises:
        FormRefused: it does not fit.
    """
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise FormRefused([_readable(item, given) for item in error.errors(include_url=False)]) from None


def keeping(context: RequestContext, kind: str, what: object, *, typed: bool) -> dict[str, Any]:
    """How a browser keeps what is typed into an editor: under which name, and whether the page shows what is not stored."""
    return {"keep_as": f"{context.actor.user_id}:studio:{kind}:{what}", "typed": typed}


def text_or_none(text: str) -> str | None:
    """A field that may be left empty."""
    return text.strip() or None


def lines_of(text: str) -> list[str]:
    """A text with one entry in each line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def words_of(text: str) -> list[str]:
    """Entries with commas between them, each once."""
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def status_in(form: Sent) -> dict[str, str]:
    """Whether it is to be a draft or published, where the form says that."""
    status = form.text("status")
    return {"status": status} if status in {PublicationStatus.DRAFT, PublicationStatus.PUBLISHED} else {}


def whole_number(name: str, text: str) -> int | None:
    """A number, or None where nothing stands.

    Raises:
        FormRefused: it is none.
    """
    if not text.strip():
        return None
    try:
        return int(text.strip())
    except ValueError:
        raise FormRefused([(name, _("Use a whole number, such as 45."))]) from None


def refusal(error: FormRefused | AppError) -> dict[str, Any]:
    """What a template shows of a refusal: `status`, `errors` for the summary, `messages` by field."""
    if isinstance(error, FormRefused):
        errors, status = error.errors, 422
    elif isinstance(error, SlugTaken):
        errors, status = [("slug", _("Something else has this address already. Choose another one."))], error.status
    elif isinstance(error, NotReady):
        errors, status = [(None, text) for text in error.members["missing"]], error.status
    elif isinstance(error, ValidationFailed):
        errors = [(name, message) for name, message in error.by_field.items()] or [(None, error.detail)]
        status = error.status
    else:
        errors, status = [(None, error.detail or _(error.title))], error.status
    summary = [
        (name, f"{label_of(name)}: {message}" if name and label_of(name) else message) for name, message in errors
    ]
    return {"status": status, "errors": summary, "messages": {name: text for name, text in reversed(errors) if name}}


NO_ERRORS: Mapping[str, Any] = {"errors": [], "messages": {}}


def label_of(name: str | None) -> str:
    """What a field is called, or nothing where its message says that itself."""
    labels = {
        "title": _("Title"),
        "slug": _("Address"),
        "subtitle": _("Subtitle"),
        "level": _("Level"),
        "description": _("Description"),
        "category": _("Category"),
        "tags": _("Tags"),
        "spoken_language": _("Taught in"),
        "language_slug": _("Programming language"),
        "price_minor": _("Price"),
        "currency": _("Currency"),
        "image_url": _("Picture"),
        "duration_minutes": _("Length"),
        "estimated_minutes": _("Minutes"),
        "syllabus": _("What learners will be able to do"),
        "video_url": _("Film"),
        "captions_url": _("Captions"),
        "quiz_id": _("Quiz"),
        "content": _("Text"),
        "code": _("Program"),
        "who": _("Who"),
        "name": _("Name"),
        "starts_at": _("Starts"),
        "ends_at": _("Ends"),
        "enrol_from": _("Learners may choose it from"),
        "enrol_until": _("Learners may choose it until"),
        "capacity": _("Seats"),
        "max_uses": _("How often it can be used"),
        "expires_at": _("Good until"),
        "text": _("Addresses"),
        "file": _("CSV file"),
        "user_id": _("Learner"),
        "extra_time_percent": _("More time, in percent"),
        "extra_minutes": _("More minutes"),
        "extra_attempts": _("More attempts"),
        "extra_days": _("Days later"),
        "due_at": _("Due at"),
        "note": _("Note"),
    }
    return labels.get(name or "", "")


def _readable(item: Any, given: Mapping[str, Any]) -> tuple[str | None, str]:
    """One of Pydantic's errors as the field's name and words for whoever filled it in."""
    name = str(item["loc"][0]) if item["loc"] else None
    kind, limits = item["type"], item.get("ctx", {})
    if kind in EMPTY and not given.get(name or ""):
        return name, _("Please fill this in.")
    if kind == "string_pattern_mismatch":
        return name, _pattern_text(name)
    limited = {
        "string_too_long": _("Use at most %(limit)s characters."),
        "too_long": _("Use at most %(limit)s entries."),
        "greater_than_equal": _("Use at least %(limit)s."),
        "less_than_equal": _("Use at most %(limit)s."),
    }
    if kind in limited:
        limit = next(limits[key] for key in ("max_length", "ge", "le") if key in limits)
        return name, limited[kind] % {"limit": limit}
    return name, str(item["msg"])


def _pattern_text(name: str | None) -> str:
    if name == "slug":
        return _("Use small letters, digits and single hyphens, such as my-course.")
    if name in {"video_url", "captions_url", "image_url", "file_url"}:
        return _("Use an address that begins with https:// or with a slash.")
    if name == "currency":
        return _("Use three capital letters, such as EUR.")
    if name == "spoken_language":
        return _("Use a language tag, such as en or pt-BR.")
    return _("Please fill this in.")
