"""What the editors of assignments, quizzes and questions save: all of a form at once, unless somebody else was faster."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.learning.actions.authoring.write_item import change_quiz, rewrite_assignment
from codezest.services.learning.actions.teaching.check_revision import check_revision
from codezest.services.learning.policies.authoring import access_authored
from codezest.services.learning.schemas.authoring import QuizChange
from codezest.services.learning.schemas.authoring_assignments import AssignmentChange, NewTest
from codezest_db.models.learning import Assignment, Quiz


async def save_assignment(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    change: AssignmentChange,
    tests: Sequence[NewTest],
    *,
    seen: str | None,
) -> None:
    """Change what is named and replace the tests, if the assignment is still the one that was seen.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_authored`.
        ContentChangedElsewhere: it is not.
        SlugTaken, NotReady, ValidationFailed: see `rewrite_assignment`.
    """
    await access_authored(session, actor, Assignment, assignment_id)
    await check_revision(session, Assignment, assignment_id, seen)
    await rewrite_assignment(session, actor, assignment_id, change, tests)


async def save_quiz(
    session: AsyncSession, actor: Actor, quiz_id: UUID, change: QuizChange, *, seen: str | None
) -> None:
    """The same for a quiz, without its questions."""
    await access_authored(session, actor, Quiz, quiz_id)
    await check_revision(session, Quiz, quiz_id, seen)
    await change_quiz(session, actor, quiz_id, change)
