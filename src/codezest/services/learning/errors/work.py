"""Why something that a learner sends is not taken."""

from datetime import datetime
from typing import Any

from codezest.kit.errors import Conflict, PayloadTooLarge, TooManyRequests, ValidationFailed
from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _


class ItemClosed(Conflict):
    code = "item-closed"
    title = "This is closed"

    def __init__(self, closed_at: datetime) -> None:
        super().__init__(
            _("It closed on %(when)s. What you handed in before counts.") % {"when": READER.get().datetime(closed_at)},
            closed_at=closed_at.isoformat(),
        )


class PastDue(Conflict):
    code = "past-due"
    title = "The deadline has passed"

    def __init__(self, due_at: datetime) -> None:
        super().__init__(_("Solutions are no longer accepted. You can still run your code."), due_at=due_at.isoformat())


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


class AnswersNotAccepted(ValidationFailed):
    code = "answers-not-accepted"
    title = "These answers do not fit the quiz"


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


class NotRunnable(ValidationFailed):
    code = "not-runnable"
    title = "This cannot be run"


class NotHandedInSo(ValidationFailed):
    code = "not-handed-in-so"
    title = "This assignment is handed in another way"


class CodeTooLarge(PayloadTooLarge):
    code = "code-too-large"
    title = "The program is too large"


class IdempotencyKeyReused(ValidationFailed):
    code = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"

    def __init__(self) -> None:
        super().__init__(_("The key was sent before with another program. Use a new key for a new submission."))


class TooManyUnfinished(TooManyRequests):
    code = "too-many-submissions"
    title = "Too many of your programs are waiting"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("At most %(most)s programs wait at once. Please wait for their results.") % {"most": limit}, retry_after=5
        )
