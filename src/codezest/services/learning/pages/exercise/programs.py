"""The programs of an exercise that a learner may look at, compare and take back: the first, the draft, each attempt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from codezest.kit.context import RequestContext
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.queries import work
from codezest.services.learning.schemas.items import AssignmentDetail
from codezest_db.enums import SubmissionPurpose

STARTER = "starter"
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class ProgramFiles:
    """A program: the text of the file that it begins with, and its other files, text by path."""

    entry: str
    others: Mapping[str, str] = field(default_factory=dict[str, str])

    def by_path(self, entry: str) -> dict[str, str]:
        """All files, the one that it begins with first, under the name given."""
        return {entry: self.entry, **dict(sorted(self.others.items()))}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedProgram:
    """A program and what it is called."""

    key: str
    name: str
    files: ProgramFiles
    at: datetime | None = None


def starter_of(found: AssignmentDetail) -> ProgramFiles:
    """The program to start from."""
    return ProgramFiles(found.starter_code or "", found.starter_files)


async def chosen_program(context: RequestContext, found: AssignmentDetail, key: str) -> NamedProgram:
    """The program that an address names: `starter`, `draft`, or the id of one of the caller's submissions.

    Raises:
        NotFound: there is no such program of this exercise.
    """
    if key == STARTER:
        return NamedProgram(key=key, name=_("The program to start from"), files=starter_of(found))
    if key == DRAFT:
        if found.draft is None:
            raise NotFound
        files = ProgramFiles(found.draft.code, found.draft.files)
        return NamedProgram(key=key, name=_("Your draft"), files=files, at=found.draft.saved_at)
    try:
        submission_id = UUID(key)
    except ValueError:
        raise NotFound from None
    sent = await work.submission(context.database.pool("learning"), context.actor, submission_id)
    if sent.assignment_id != found.id or sent.user_id != context.actor.user_id:
        raise NotFound
    number = _("Attempt %(number)s") % {"number": sent.attempt_number}
    return NamedProgram(
        key=key,
        name=number if sent.purpose is SubmissionPurpose.SUBMIT else _("A run"),
        files=ProgramFiles(sent.code or "", sent.files),
        at=sent.submitted_at,
    )
