"""Every error of the learning service.

Forbidden         ├── NotEnrolled             403  not-enrolled
                  ├── OwnWork                 403  own-work
                  ├── ModuleLocked            403  module-locked          prerequisites: [title]
                  ├── ModuleNotYetOpen        403  module-not-yet-open    opens_at
                  ├── ItemNotYetOpen          403  item-not-yet-open      opens_at
                  ├── CoursesMissing          403  courses-missing        courses: [{title, href}]
                  ├── EnrolmentClosed         403  enrolment-closed
                  ├── EnrolmentHeld           403  enrolment-held
                  └── ReviewTooEarly          403  review-too-early
NotFound          └── CodeUnknown             404  code-unknown
Gone              ├── ContentArchived         410  content-archived
                  └── CodeUnusable            410  code-unusable
Conflict          ├── AnalysisChanged         409  analysis-changed       revision
                  ├── AttemptAlreadySubmitted 409  attempt-already-submitted
                  ├── AttemptExpired          409  attempt-expired
                  ├── AttemptSavedElsewhere   409  attempt-saved-elsewhere  revision
                  ├── AttemptsUsedUp          409  attempt-limit-reached  attempt_limit
                  ├── CohortClosed            409  cohort-closed
                  ├── ContentChangedElsewhere 409  content-changed-elsewhere  revision
                  ├── CourseHasLearners       409  course-has-learners
                  ├── DraftConflict           409  draft-conflict         draft
                  ├── ImportNotReady          409  import-not-ready
                  ├── GradingStale            409  grading-stale          grading_id
                  ├── ItemClosed              409  item-closed            closed_at
                  ├── HintOutOfOrder          409  hint-out-of-order
                  ├── PastDue                 409  past-due               due_at
                  ├── NothingToRun            409  nothing-to-run
                  ├── RegradeClosed           409  regrade-closed         regrade_status
                  ├── RequestRefused          409  request-refused
                  ├── RubricChanged           409  rubric-changed
                  ├── RegradeNotReady         409  regrade-not-ready
                  ├── RegradeStale            409  regrade-stale
                  ├── SlugTaken               409  slug-taken
                  ├── WorkClaimed             409  work-claimed
                  └── WorkUnfinished          409  work-unfinished
PayloadTooLarge   └── CodeTooLarge            413  code-too-large         limit_bytes
ValidationFailed  ├── AnswersNotAccepted      422  answers-not-accepted   errors
                  ├── IdempotencyKeyReused    422  idempotency-key-reused
                  ├── NotAnalysable           422  not-analysable
                  ├── NotHandedInSo           422  not-handed-in-so
                  ├── NotRunnable             422  not-runnable
                  ├── NotReady                422  not-ready              missing: [text]
                  └── PrerequisiteRefused     422  prerequisite-refused
TooManyRequests   ├── TooManyAnalyses         429  too-many-analyses      retry_after: seconds
                  └── TooManyUnfinished       429  too-many-submissions   retry_after: seconds
"""

from datetime import datetime
from typing import Any

from codezest.kit.errors import Conflict, Forbidden, Gone, NotFound, PayloadTooLarge, TooManyRequests, ValidationFailed
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


class ModuleNotYetOpen(Forbidden):
    code = "module-not-yet-open"
    title = "This module is not open yet"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(
            _("It opens for you on %(when)s. There is nothing you need to do.")
            % {"when": READER.get().datetime(opens_at)},
            opens_at=opens_at.isoformat(),
        )


class ItemNotYetOpen(Forbidden):
    code = "item-not-yet-open"
    title = "This is not open yet"

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(
            _("It opens on %(when)s.") % {"when": READER.get().datetime(opens_at)}, opens_at=opens_at.isoformat()
        )


class CoursesMissing(Forbidden):
    code = "courses-missing"
    title = "Other courses come first"

    def __init__(self, courses: list[dict[str, str]]) -> None:
        names = READER.get().listed(course["title"] for course in courses)
        super().__init__(
            _("This course builds on others. Complete first: %(names)s") % {"names": names}, courses=courses
        )


class EnrolmentClosed(Forbidden):
    code = "enrolment-closed"
    title = "This course is not open to everybody"


class EnrolmentHeld(Forbidden):
    code = "enrolment-held"
    title = "Your place in this course is on hold"
    default_detail = "Those who teach it have paused or ended it. Ask them; what you achieved is kept."


class ReviewTooEarly(Forbidden):
    code = "review-too-early"
    title = "Try the course first"
    default_detail = "You can review a course once you have completed a step of it."


class CohortClosed(Conflict):
    code = "cohort-closed"
    title = "This cohort takes no more learners"


class CodeUnknown(NotFound):
    code = "code-unknown"
    title = "There is no such code"
    default_detail = "Check it letter by letter, or ask whoever gave it to you."


class CodeUnusable(Gone):
    code = "code-unusable"
    title = "This code is no longer good"


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


class ContentChangedElsewhere(Conflict):
    code = "content-changed-elsewhere"
    title = "This was changed somewhere else"

    def __init__(self, revision: str) -> None:
        super().__init__(
            _(
                "Another tab or another person has saved this meanwhile; nothing was changed. Save again with its revision "
                "to replace what they wrote."
            ),
            revision=revision,
        )


class CourseHasLearners(Conflict):
    code = "course-has-learners"
    title = "Somebody takes this course"
    default_detail = (
        "Learners are enrolled in it, so nothing was changed. Archive it instead: what they achieved is kept."
    )


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


class ImportNotReady(Conflict):
    code = "import-not-ready"
    title = "This import cannot be taken over now"
    default_detail = "It is still being checked, or was refused. Look at it again."


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


class ParentDeleted(Conflict):
    code = "parent-deleted"
    title = "What it stands in was deleted too"

    def __init__(self, title: str) -> None:
        super().__init__(_("Restore “%(title)s” first.") % {"title": title})


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


class OwnWork(Forbidden):
    code = "own-work"
    title = "This is your own work"
    default_detail = "Somebody else has to grade it."


class GradingStale(Conflict):
    code = "grading-stale"
    title = "This was graded meanwhile"

    def __init__(self, grading_id: str | None) -> None:
        super().__init__(
            _("Somebody else, or another tab of yours, has saved a grade since you opened this. Nothing was changed."),
            grading_id=grading_id,
        )


class RubricChanged(Conflict):
    code = "rubric-changed"
    title = "The rubric was changed meanwhile"
    default_detail = "Nothing was changed. Open the page again to go on with the rubric as it is now."


class WorkClaimed(Conflict):
    code = "work-claimed"
    title = "Somebody else is grading this"

    def __init__(self, name: str | None) -> None:
        detail = _("%(name)s is grading this at the moment.") % {"name": name} if name else ""
        super().__init__(detail or _("Another grader has it open at the moment."))


class WorkUnfinished(Conflict):
    code = "work-unfinished"
    title = "This is still being tested"
    default_detail = "It can be graded by hand once its tests have run."


class RequestRefused(Conflict):
    code = "request-refused"
    title = "This cannot be asked for"


class NotHandedInSo(ValidationFailed):
    code = "not-handed-in-so"
    title = "This assignment is handed in another way"


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


class AnalysisChanged(Conflict):
    code = "analysis-changed"
    title = "This feedback was changed elsewhere"

    def __init__(self, revision: int) -> None:
        super().__init__(
            _("Somebody has changed it since you opened it; nothing of theirs was overwritten. Read it again."),
            revision=revision,
        )


class NotAnalysable(ValidationFailed):
    code = "not-analysable"
    title = "There is nothing to analyse"
    default_detail = "Feedback of this kind is given on programs that were handed in and graded."


class TooManyAnalyses(TooManyRequests):
    code = "too-many-analyses"
    title = "You have asked for feedback very often"

    def __init__(self, limit: int) -> None:
        super().__init__(
            _("At most %(most)s times an hour. Your work is kept; ask again later.") % {"most": limit}, retry_after=600
        )
