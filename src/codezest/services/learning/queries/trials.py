"""An author's latest try of an assignment."""

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.queries.revisions import PROGRAMS
from codezest.services.learning.schemas.trials import TrialDetail

TRIAL = f"""
SELECT (to_jsonb(t) - ARRAY['user_id', 'pick_ups', 'tests_revision', 'programs_revision']
    || jsonb_build_object('current', t.tests_revision IS NOT DISTINCT FROM a.tests_revision
        AND (t.programs_revision IS NULL OR t.programs_revision = {PROGRAMS})))::text AS body
FROM learning.trials t JOIN learning.assignments a ON a.id = t.assignment_id
WHERE t.assignment_id = $1 AND t.user_id = $2
"""  # noqa: S608 - put together from constants


WANTED = "SELECT EXISTS (SELECT FROM learning.trials WHERE id = $1 AND status IN ('PENDING', 'RUNNING')) AS wanted"


async def is_wanted(reader: Reader, trial_id: UUID) -> bool:
    """Whether anybody still waits for it. For the worker; nobody is asked who they are."""
    row = await reader.fetchrow(WANTED, trial_id)
    return bool(row["wanted"])


async def latest_trial(reader: Reader, actor: Actor, assignment_id: UUID) -> TrialDetail | None:
    """None where the caller has not tried it, or not today.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`; the caller may write there.
    """
    await access_course_of(reader, actor, "assignment", assignment_id, Permission.AUTHOR)
    row = await reader.fetchrow(TRIAL, assignment_id, actor.user_id)
    return None if row is None else TrialDetail.model_validate_json(row["body"])
