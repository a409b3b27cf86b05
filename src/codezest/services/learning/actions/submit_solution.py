"""Send a program for an assignment: to be graded, or only to be tried on the visible tests."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import SolutionSubmitted
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.services.learning import rules
from codezest.services.learning.actions.queue_program import Program, check_size, find_repeated, queue_program
from codezest.services.learning.errors import CodeTooLarge, NothingToRun, NotRunnable, PastDue
from codezest.services.learning.policies import AssignmentAccess, access_assignment
from codezest.services.learning.program_files import (
    MAX_FILES,
    MAX_FILES_BYTES,
    entry_of,
    fault_of_paths,
    size_of,
)
from codezest.services.learning.receipts import Signer
from codezest_db.enums import AssignmentKind, SubmissionPurpose
from codezest_db.models.learning import Submission


async def submit_solution(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    code: str | None,
    *,
    files: Mapping[str, str] | None = None,
    signer: Signer,
    purpose: SubmissionPurpose = SubmissionPurpose.SUBMIT,
    idempotency_key: str | None = None,
) -> Submission:
    """Keep a program and ask for its grading: by all tests (SUBMIT) or by the visible ones (RUN).

    Where the exercise has several files, `files` holds them, text by path; the one that the program begins with is `code`, or
    one of `files`.

    A request repeated with its Idempotency-Key gets the submission it made the first time. Its receipt is loaded.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        CodeTooLarge, NotRunnable, NothingToRun, PastDue, TooManyUnfinished, IdempotencyKeyReused: as they say.
        ValidationFailed: these are no files of this exercise.
    """
    user_id = actor.require_user()
    access = await access_assignment(await driver_connection(session), actor, assignment_id)
    if access.kind is not AssignmentKind.CODE or access.language is None:
        raise NotRunnable("This assignment is not answered by a program.")
    entry_text, others = _sorted_out(access, code, files or {})
    program = Program(
        user_id=user_id,
        purpose=purpose,
        code=entry_text,
        files=others,
        assignment_id=assignment_id,
        idempotency_key=idempotency_key,
    )
    repeated = await find_repeated(session, program)
    if repeated is not None:
        return repeated
    if access.tests == 0:
        raise NothingToRun("This exercise has no tests yet.")
    if purpose is SubmissionPurpose.RUN:
        if access.visible_tests == 0:
            raise NothingToRun
        return await queue_program(session, program, signer, language=access.language, max_score=access.max_score)
    late = rules.is_past(access.due_at, now())
    if late and not access.allow_late:
        assert access.due_at is not None
        raise PastDue(access.due_at)
    submission = await queue_program(
        session, program, signer, language=access.language, max_score=access.max_score, is_late=late
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


def _sorted_out(access: AssignmentAccess, code: str | None, files: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The text of the file that the program begins with, and its other files, all of them fit to be kept.

    Raises:
        CodeTooLarge: together they are too large.
        ValidationFailed: names the field.
    """
    entry = entry_of(access.language)
    if code is not None and entry in files:
        raise ValidationFailed.of("files", f"{entry} is there twice: as `code` and among `files`.")
    text = files.get(entry) if code is None else code
    others = {path: content for path, content in files.items() if path != entry}
    if not text:
        raise ValidationFailed.of("files", f"{entry} is missing: the program begins with it.")
    if not access.several_files:
        if others:
            raise ValidationFailed.of("files", f"This exercise is answered by one file, {entry}.")
        check_size(text)
        return text, {}
    if len(others) >= MAX_FILES:
        raise ValidationFailed.of("files", f"There are {len(others) + 1} files; send at most {MAX_FILES}.")
    if fault := fault_of_paths(others, taken=[entry, *access.support_files]):
        raise ValidationFailed.of("files", f"{fault[:1].upper()}{fault[1:]}.")
    if size_of({entry: text, **others}) > MAX_FILES_BYTES:
        raise CodeTooLarge(MAX_FILES_BYTES)
    return text, others
