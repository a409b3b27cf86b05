"""Keep what a learner has answered so far, before it is handed in."""
# ruff: noqa: S608 - statements are put together from constants of this module, never from input

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import (
    AnswersNotAccepted,
    AttemptAlreadySubmitted,
    AttemptExpired,
    AttemptSavedElsewhere,
)
from codezest.services.learning.policies import Reader
from codezest.services.learning.rules import SUBMIT_GRACE

_IN_TIME = f"(t.deadline_at IS NULL OR t.deadline_at + interval '{SUBMIT_GRACE.total_seconds()} seconds' >= now())"

# A page whose save arrived but whose answer was lost sends again with the revision it knew: it is still the last writer.
SAVE = f"""
UPDATE learning.quiz_attempts t SET saved = $3, saved_revision = t.saved_revision + 1, updated_at = now()
WHERE t.id = $1 AND t.user_id = $2 AND t.status = 'IN_PROGRESS' AND {_IN_TIME}
  AND (t.saved_revision = $4 OR t.saved ->> 'writer' = $5) AND $6::uuid[] <@ t.question_ids
RETURNING t.saved_revision
"""

WHY_NOT = f"""
SELECT t.status, {_IN_TIME} AS in_time, t.saved_revision, $3::uuid[] <@ t.question_ids AS fits
FROM learning.quiz_attempts t WHERE t.id = $1 AND t.user_id = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestion:
    """How one question stands: the options chosen or entries made, whether to come back to it, and for how long it was looked at."""

    option_ids: Sequence[UUID] = ()
    entries: Mapping[str, str] = field(default_factory=dict[str, str])
    flagged: bool = False
    seconds_spent: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "option_ids": [str(option) for option in self.option_ids],
            "entries": dict(self.entries),
            "flagged": self.flagged,
            "seconds_spent": self.seconds_spent,
        }


async def save_attempt(
    writer: Reader,
    actor: Actor,
    attempt_id: UUID,
    questions: Mapping[UUID, KeptQuestion],
    *,
    revision: int,
    current: UUID | None = None,
    page: str | None = None,
) -> int:
    """Replace what was saved of the caller's running attempt, in one statement; `writer` is a pool.

    `questions` is all that is known: one that is left out is open. `revision` is that of the saved answers which these
    continue. `page` names the page that sends: one that was the last to save may save again whatever revision it knows.

    Returns:
        the new revision.

    Raises:
        Unauthenticated, NotFound: an attempt of somebody else is not found.
        AttemptAlreadySubmitted, AttemptExpired: nothing is changed.
        AttemptSavedElsewhere: another page has saved since; nothing is changed.
        AnswersNotAccepted: a question does not belong to the attempt; nothing is changed.
    """
    user_id = actor.require_user()
    saved = {
        "questions": {str(question): kept.as_json() for question, kept in questions.items()},
        "current": str(current) if current else None,
        "writer": page,
        "timezone": actor.timezone,
    }
    row = await writer.fetchrow(SAVE, attempt_id, user_id, saved, revision, page, list(questions))
    if row is not None:
        return int(row["saved_revision"])
    found = await writer.fetchrow(WHY_NOT, attempt_id, user_id, list(questions))
    if found is None:
        raise NotFound
    if found["status"] == "IN_PROGRESS" and not found["fits"]:
        raise AnswersNotAccepted(_("Nothing was saved. A question does not belong to the attempt."))
    if found["status"] == "EXPIRED" or not found["in_time"]:
        raise AttemptExpired
    if found["status"] != "IN_PROGRESS":
        raise AttemptAlreadySubmitted
    raise AttemptSavedElsewhere(found["saved_revision"])
