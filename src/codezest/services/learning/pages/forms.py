"""What browsers' forms send, as the actions take it."""

from uuid import UUID

from pydantic import ValidationError
from starlette.datastructures import FormData

from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.program_files import MAX_FILES
from codezest.services.learning.schemas.work import Program, ProgramWithInput

FILE = "file:"
"""Begins the name of a field that holds a file of a program; its path follows."""


def plain_newlines(text: str) -> str:
    """Forms send every line end as CR LF; programs and their input have LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def shown_again(text: str) -> str:
    """A refused text as its field shows it: HTML has no NUL."""
    return plain_newlines(text).replace("\0", "\ufffd")


def id_in(text: str) -> UUID | None:
    """An id, or None where the text is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def program_in(code: str, stdin: str = "") -> ProgramWithInput:
    """The program of a form.

    Raises:
        ValidationFailed: it is empty, or holds what cannot be stored.
    """
    if not code:
        raise ValidationFailed.of("code", _("There is no program yet. Write one, then try again."))
    try:
        return ProgramWithInput(code=plain_newlines(code), stdin=plain_newlines(stdin))
    except ValidationError as error:
        raise unreadable(error) from error


def solution_in(form: FormData) -> Program:
    """The program of an exercise's form: of one file, or of several.

    Raises:
        ValidationFailed: it is empty, or holds what cannot be stored.
    """
    code, files = sent_files(form)
    if not code:
        raise ValidationFailed.of("code", _("There is no program yet. Write one, then try again."))
    try:
        return Program(code=code, files=files or None)
    except ValidationError as error:
        raise unreadable(error) from error


def unreadable(error: ValidationError) -> ValidationFailed:
    """What is wrong with a program that does not fit its type, for whoever wrote it."""
    first = error.errors(include_url=False)[0]
    kind = first["type"]
    if kind == "nul_character":
        message = _("The program holds a NUL character, which cannot be stored. Remove it, then try again.")
    elif kind == "too_long" and first["loc"][:1] == ("files",):
        message = _("A program has at most %(most)s files.") % {"most": MAX_FILES}
    elif first["loc"][-1:] == ("[key]",):
        message = _("The path of a file is not accepted. Name the file otherwise, then try again.")
    else:
        message = _("The program or one of its files is too large or cannot be read. Change it, then try again.")
    return ValidationFailed.of("code", message)


def sent_files(form: FormData) -> tuple[str, dict[str, str]]:
    """The text of the file that a program begins with, and its other files by path."""
    texts = {name: plain_newlines(value) for name, value in form.multi_items() if isinstance(value, str)}
    files = {name.removeprefix(FILE): text for name, text in texts.items() if name.startswith(FILE)}
    return texts.get("code", ""), files
