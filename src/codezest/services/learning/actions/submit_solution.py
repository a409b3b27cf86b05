"""Send a program for an assignment: to be graded, or only to be tried on the visible tests."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.announce_submitted import announce_submitted
from codezest.services.learning.actions.count_study import count_study
from codezest.services.learning.actions.queue_program import Program, check_size, find_repeated, queue_program
from codezest.services.learning.errors import CodeTooLarge, NothingToRun, NotRunnable
from codezest.services.learning.policies import AssignmentAccess, access_assignment
from codezest.services.learning.policies.terms import accept
from codezest.services.learning.program_files import (
    MAX_FILES,
    MAX_FILES_BYTES,
    entry_of,
    fault_of_paths,
    size_of,
)
from codezest.services.learning.receipts import Signer
from codezest_db.enums import AssignmentKind, GradingMode, SubmissionPurpose
from codezest_db.models.learning import Submission


async def submit_solution(
    session: AsyncSession,
    actor: Actor,
    assignment_id: UUID,
    code: str | None,
    *,
    files: Mapping[str, str] | None = None,
    stdin: str | None = None,
    signer: Signer,
    purpose: SubmissionPurpose = SubmissionPurpose.SUBMIT,
    idempotency_key: str | None = None,
) -> Submission:
    """Keep a program and ask for its grading: by all tests (SUBMIT), or by the visible ones (RUN). A RUN with `stdin` is one run
    on that input, of which nothing is compared.

    Where the exercise has several files, `files` holds them, text by path; the one that the program begins with is `code`, or
    one of `files`.

    A request repeated with its Idempotency-Key gets the submission it made the first time. Its receipt is loaded.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
        CodeTooLarge, NotRunnable, NothingToRun, TooManyUnfinished, IdempotencyKeyReused: as they say.
        PastDue, ItemClosed: see `accept`.
        ValidationFailed: these are no files of this exercise.
    """
    user_id = actor.require_user()
    access = await access_assignment(await driver_connection(session), actor, assignment_id)
    if access.kind is not AssignmentKind.CODE or access.language is None:
        raise NotRunnable(_("This assignment is not answered by a program."))
    entry_text, others = _sort_out(access, code, files or {})
    if stdin is not None:
        _check_own_input(access, purpose, stdin)
    program = Program(
        user_id=user_id,
        purpose=purpose,
        code=entry_text,
        files=others,
        assignment_id=assignment_id,
        stdin=stdin,
        idempotency_key=idempotency_key,
    )
    repeated = await find_repeated(session, program)
    if repeated is not None:
        return repeated
    if access.tests == 0 and stdin is None:
        raise NothingToRun(_("This exercise has no tests yet."))
    if purpose is SubmissionPurpose.RUN:
        if access.visible_tests == 0 and stdin is None:
            raise NothingToRun
        await count_study(session, user_id, actor.timezone, submissions=1)
        return await queue_program(session, program, signer, language=access.language, max_score=access.max_score)
    late = accept(access.terms, now())
    await count_study(session, user_id, actor.timezone, submissions=1)
    submission = await queue_program(
        session, program, signer, language=access.language, max_score=access.max_score, late=late
    )
    await announce_submitted(session, submission, course_id=access.course_id)
    return submission


def _check_own_input(access: AssignmentAccess, purpose: SubmissionPurpose, stdin: str) -> None:
    """Refuse input that cannot be given to a program of this exercise.

    Raises:
        CodeTooLarge: it is too large.
        NotRunnable: its programs do not read what they are given, or it would have to count.
    """
    if purpose is not SubmissionPurpose.RUN or access.mode is not GradingMode.STDIO:
        raise NotRunnable(_("Only programs that read their input can be run on one of your own."))
    check_size(stdin)


def _sort_out(access: AssignmentAccess, code: str | None, files: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The text of the file that the program begins with, and its other files, all of them fit to be kept.

    Raises:
        CodeTooLarge: together they are too large.
        ValidationFailed: names the field.
    """
    entry = entry_of(access.language)
    if code is not None and entry in files:
        raise ValidationFailed.of("files", _("%(file)s is there twice: as `code` and among `files`.") % {"file": entry})
    text = files.get(entry) if code is None else code
    others = {path: content for path, content in files.items() if path != entry}
    if not text:
        raise ValidationFailed.of("files", _("%(file)s is missing: the program begins with it.") % {"file": entry})
    check_files(access, text, others)
    return text, others


def check_files(access: AssignmentAccess, text: str, others: Mapping[str, str]) -> None:
    """Refuse files that are no program of this exercise, or too large for one. `text` is that of the entry file.

    Raises:
        CodeTooLarge: together they are too large.
        ValidationFailed: names the field.
    """
    entry = entry_of(access.language)
    if not access.several_files:
        if others:
            raise ValidationFailed.of("files", _("This exercise is answered by one file, %(file)s.") % {"file": entry})
        check_size(text)
        return
    if len(others) >= MAX_FILES:
        raise ValidationFailed.of(
            "files",
            _("There are %(number)s files; send at most %(most)s.") % {"number": len(others) + 1, "most": MAX_FILES},
        )
    if fault := fault_of_paths(others, taken=[entry, *access.support_files]):
        raise ValidationFailed.of("files", f"{fault[:1].upper()}{fault[1:]}.")
    if size_of({entry: text, **others}) > MAX_FILES_BYTES:
        raise CodeTooLarge(MAX_FILES_BYTES)
