"""Send a program for an assignment: to be graded, or only to be tried on the visible tests."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import SolutionSubmitted
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.services.learning import rules
from codezest.services.learning.actions.queue_program import Program, check_size, find_repeated, queue_program
from codezest.services.learning.errors import NothingToRun, NotRunnable, PastDue
from codezest.services.learning.policies import access_assignment
from codezest_db.enums import AssignmentKind, SubmissionPurpose
from codezest_db.models.learning import Submission


async def submit_solution(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    code: str,
    *,
    purpose: SubmissionPurpose = SubmissionPurpose.SUBMIT,
    idempotency_key: str | None = None,
) -> Submission:
    """Keep a program and ask for its grading: by all tests (SUBMIT) or by the visible ones (RUN).

    A request repeated with its Idempotency-Key gets the submission it made the first time.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        CodeTooLarge, NotRunnable, NothingToRun, PastDue, TooManyUnfinished, IdempotencyKeyReused: as they say.
    """
    user_id = actor.require_user()
    check_size(code)
    access = await access_assignment(await driver_connection(session), actor, assignment_id)
    if access.kind is not AssignmentKind.CODE or access.language is None:
        raise NotRunnable("This assignment is not answered by a program.")
    program = Program(
        user_id=user_id, purpose=purpose, code=code, assignment_id=assignment_id, idempotency_key=idempotency_key
    )
    repeated = await find_repeated(session, program)
    if repeated is not None:
        return repeated
    if access.tests == 0:
        raise NothingToRun("This exercise has no tests yet.")
    if purpose is SubmissionPurpose.RUN:
        if access.visible_tests == 0:
            raise NothingToRun
        return await queue_program(session, program, language=access.language, max_score=access.max_score)
    late = rules.is_past(access.due_at, now())
    if late and not access.allow_late:
        assert access.due_at is not None
        raise PastDue(access.due_at)
    submission = await queue_program(
        session, program, language=access.language, max_score=access.max_score, is_late=late
    )
    assert submission.attempt_number is not None
    await outbox.publish(
        session,
        SolutionSubmitted(
            user_id=user_id,
            course_id=access.course_id,
            assignment_id=assignment_id,
            submission_id=submission.id,
            attempt_number=submission.attempt_number,
        ),
    )
    return submission
