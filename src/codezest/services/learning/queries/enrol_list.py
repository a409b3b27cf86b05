"""What each line of a list of learners would do."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _
from codezest.services.learning.policies.enrolling import MISSING_COURSES
from codezest.services.learning.schemas.enrolling import Line, LineOut, LineOutcome

_COHORTS = """
SELECT id, name FROM learning.cohorts
WHERE course_id = $1 AND archived_at IS NULL AND (ends_at IS NULL OR ends_at > now())
"""

# An address is looked up by the account's own, verified one: whoever merely typed it somewhere is not that person.
_STANDING = f"""
SELECT asked.email::text AS email, known.user_id, e.id AS enrollment_id, e.status, e.cohort_id, e.held_at IS NOT NULL AS held,
    ARRAY(SELECT before.title {MISSING_COURSES.replace("$2", "known.user_id")} ORDER BY before.title) AS missing
FROM unnest($2::citext[]) asked(email)
JOIN learning.courses c ON c.id = $1
JOIN auth.verified_addresses known ON known.email = asked.email
LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = known.user_id
"""


class Connection(Protocol):
    """A pool of single statements, or the connection of an open transaction."""

    async def fetch(self, query: str, *args: Any) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A line, what it comes to, and the rows it concerns."""

    shown: LineOut
    cohort_id: UUID | None
    user_id: UUID | None = None
    enrollment_id: UUID | None = None


async def plan_list(
    reader: Connection,
    course_id: UUID,
    lines: Sequence[Line],
    *,
    default_cohort: UUID | None,
    waive_prerequisites: bool,
) -> list[Planned]:
    """What each line would do as things stand now, in two statements however many there are."""
    cohorts = await reader.fetch(_COHORTS, course_id)
    by_name = {str(row["name"]).casefold(): row["id"] for row in cohorts}
    names = {row["id"]: str(row["name"]) for row in cohorts}
    addresses = [line.email for line in lines if line.problem is None]
    rows = await reader.fetch(_STANDING, course_id, addresses)
    standing = {str(row["email"]).casefold(): row for row in rows}
    return [
        _planned(line, by_name, names, standing.get(line.email.casefold()), default_cohort, waive_prerequisites)
        for line in lines
    ]


def _planned(  # noqa: PLR0917 - one line with all it is looked up in
    line: Line,
    by_name: Mapping[str, UUID],
    names: Mapping[UUID, str],
    known: Any | None,
    default_cohort: UUID | None,
    waive_prerequisites: bool,  # noqa: FBT001
) -> Planned:
    cohort_id = by_name.get(line.cohort.casefold()) if line.cohort else default_cohort
    problem = line.problem
    if problem is None and line.cohort and cohort_id is None:
        problem = _("There is no cohort of this name that takes learners in.")
    if problem is None and cohort_id is not None and cohort_id not in names:
        problem = _("The cohort chosen takes no more learners.")
    outcome, reason = ("wrong", problem) if problem else _outcome(known, cohort_id, waive=waive_prerequisites)
    shown = LineOut(
        line=line.number,
        email=line.email,
        cohort_name=names.get(cohort_id, line.cohort) if cohort_id else line.cohort,
        outcome=outcome,
        problem=reason,
    )
    if known is None or outcome in {"wrong", "missing"}:
        return Planned(shown=shown, cohort_id=cohort_id)
    return Planned(shown=shown, cohort_id=cohort_id, user_id=known["user_id"], enrollment_id=known["enrollment_id"])


def _outcome(known: Any | None, cohort_id: UUID | None, *, waive: bool) -> tuple[LineOutcome, str | None]:
    if known is None:
        return "invite", None
    learning = known["status"] in {"ACTIVE", "COMPLETED", "PAUSED"} and not known["held"]
    if learning:
        return ("move", None) if cohort_id is not None and cohort_id != known["cohort_id"] else ("nothing", None)
    if known["missing"] and not waive:
        titles = READER.get().listed(known["missing"])
        return "missing", _("Has not completed yet: %(names)s") % {"names": titles}
    return ("enrol", None) if known["status"] is None else ("return", None)
