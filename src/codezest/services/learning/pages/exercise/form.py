"""What the form of the desk sends."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from codezest.services.learning.pages.exercise.desk import Sent
from codezest.services.learning.pages.exercise.programs import ProgramFiles
from codezest.services.learning.pages.forms import plain_newlines, sent_files, unreadable
from codezest.services.learning.schemas.drafts import DraftChange, DraftDetail


def program_of(form: FormData) -> ProgramFiles:
    """The program, finished or not.

    Raises:
        ValidationFailed: it holds what cannot be stored.
    """
    code, files = sent_files(form)
    try:
        change = DraftChange(code=code, files=files, revision=0)
    except ValidationError as error:
        raise unreadable(error) from error
    return ProgramFiles(change.code, change.files)


def revision_of(form: FormData) -> int:
    """Which draft the page was made from; 0 where the form does not say."""
    sent = str(form.get("revision", ""))
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def sent_again(
    form: FormData, *, status: int = 422, problem: Mapping[str, Any] | None = None, conflict: DraftDetail | None = None
) -> Sent:
    """The form's program as it came, fit to be stored or not."""
    return Sent(
        program=ProgramFiles(*sent_files(form)),
        stdin=plain_newlines(str(form.get("stdin", ""))),
        problem=problem,
        conflict=conflict,
        status=status,
    )
