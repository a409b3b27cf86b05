"""Every error of the learning service.

Forbidden         ├── NotEnrolled             403  not-enrolled
                  └── ModuleLocked            403  module-locked          prerequisites: [title]
Gone              └── ContentArchived         410  content-archived
Conflict          ├── AttemptAlreadySubmitted 409  attempt-already-submitted
                  ├── AttemptExpired          409  attempt-expired
                  ├── AttemptSavedElsewhere   409  attempt-saved-elsewhere  revision
                  ├── AttemptsUsedUp          409  attempt-limit-reached  attempt_limit
                  ├── DraftConflict           409  draft-conflict         draft
                  ├── HintOutOfOrder          409  hint-out-of-order
                  ├── PastDue                 409  past-due               due_at
                  ├── NothingToRun            409  nothing-to-run
                  ├── RegradeClosed           409  regrade-closed         regrade_status
                  ├── RegradeNotReady         409  regrade-not-ready
                  ├── RegradeStale            409  regrade-stale
                  └── SlugTaken               409  slug-taken
PayloadTooLarge   └── CodeTooLarge            413  code-too-large         limit_bytes
ValidationFailed  ├── AnswersNotAccepted      422  answers-not-accepted   errors
                  ├── IdempotencyKeyReused    422  idempotency-key-reused
                  ├── NotRunnable             422  not-runnable
                  ├── NotReady                422  not-ready              missing: [text]
                  └── PrerequisiteRefused     422  prerequisite-refused
TooManyRequests   └── TooManyUnfinished       429  too-many-submissions   retry_after: seconds
"""

from datetime import datetime
from typing import Any

from codezest.kit.errors import Conflict, Forbidden, Gone, PayloadTooLarge, TooManyRequests, ValidationFailed
from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _


class NotEnrolled(Forbidden):
    code = "not-enrolled"
    title = "Enrol first"
    default_detail = "This belongs to a course that you are not enrolled in. Enrolling in it opens it."


class ModuleLocked(Forbidden):
    code = "module-locked"
    title = "This module is still locked"

    def __init__(self, prerequisites: list[str]) -> None:
        super().__init__(
            _("Complete %(names)s first.") % {"names": READER.get().listed(prerequisites)}, prerequisites=prerequisites
        )


class ContentArchived(Gone):
    code = "content-archived"
    title = "No longer offered"
    default_detail = "This course is archived. What you achieved in it is kept."


class AttemptAlreadySubmitted(Conflict):
    code = "attempt-already-submitted"
    title = "This attempt was submitted already"
    default_detail = "The answers submitted first count; nothing was changed."


class AttemptExpired(Conflict):
    code = "attempt-expired"
    title = "The time for this attempt is over"
    default_detail = "This came after the time limit; nothing was changed. What was saved in time counts."


class AttemptSavedElsewhere(Conflict):
    code = "attempt-saved-elsewhere"
    title = "This attempt was continued somewhere else"

    def __init__(self, revision: int) -> None:
        super().__init__(
            _(
                "Another tab or device has saved answers since; nothing was changed. Read the attempt again to go on from there."
            ),
            revision=revision,
        )


class AttemptsUsedUp(Conflict):
    code = "attempt-limit-reached"
    title = "No attempts left"

    def __init__(self, attempt_limit: int) -> None:
        super().__init__(_("You have used all attempts at this quiz."), attempt_limit=attempt_limit)


class PastDue(Conflict):
    code = "past-due"
    title = "The deadline has passed"

    def __init__(self, due_at: datetime) -> None:
        super().__init__(_("Solutions are no longer accepted. You can still run your code."), due_at=due_at.isoformat())


class DraftConflict(Conflict):
    code = "draft-conflict"
    title = "The draft was changed elsewhere"

    def __init__(self, draft: dict[str, Any]) -> None:
        super().__init__(
            _(
                "Another tab or device has saved another program meanwhile; nothing was changed. Save again with its "
                "revision to replace it."
            ),
            draft=draft,
        )


class HintOutOfOrder(Conflict):
    code = "hint-out-of-order"
    title = "Hints come one after the other"
    default_detail = "Ask for the hints before this one first."


class NothingToRun(Conflict):
    code = "nothing-to-run"
    title = "There is nothing to run it on"
    default_detail = "This exercise shows no tests. Submit your solution to have it graded."


class RegradeClosed(Conflict):
    code = "regrade-closed"
    title = "This regrade is over"

    def __init__(self, status: str) -> None:
        super().__init__(f"It is {status.lower()}; nothing was changed.", regrade_status=status)


class RegradeNotReady(Conflict):
    code = "regrade-not-ready"
    title = "This regrade is still being graded"
    default_detail = (
        "Nothing was changed. Apply it once every submission is graded and you have seen what would change."
    )


class RegradeStale(Conflict):
    code = "regrade-stale"
    title = "This regrade is out of date"
    default_detail = (
        "The assignment or its submissions have changed since they were graded, so that what you saw is not what would "
        "happen. Nothing was changed. Ask for another regrade."
    )


class SlugTaken(Conflict):
    code = "slug-taken"
    title = "This name is taken"

    def __init__(self, field: str = "slug") -> None:
        super().__init__(f"Another one already has this {field}; nothing was changed.", field=field)


class CodeTooLarge(PayloadTooLarge):
    code = "code-too-large"
    title = "The program is too large"


class AnswersNotAccepted(ValidationFailed):
    code = "answers-not-accepted"
    title = "These answers do not fit the quiz"


class IdempotencyKeyReused(ValidationFailed):
    code = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"

    def __init__(self) -> None:
        super().__init__(_("The key was sent before with another program. Use a new key for a new submission."))


class NotRunnable(ValidationFailed):
    code = "not-runnable"
    title = "This cannot be run"


class NotReady(ValidationFailed):
    code = "not-ready"
    title = "Not ready for learners"

    def __init__(self, missing: list[str]) -> None:
        super().__init__("Nothing was changed. Missing: " + "; ".join(missing), missing=missing)


class PrerequisiteRefused(ValidationFailed):
    code = "prerequisite-refused"
    title = "This cannot be a prerequisite"


class TooManyUnfinished(TooManyRequests):
    code = "too-many-submissions"
    title = "Too many of your programs are waiting"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("At most %(most)s programs wait at once. Please wait for their results.") % {"most": limit}, retry_after=5
        )
