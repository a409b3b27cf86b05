"""Why a grade, a regrade or an analysis stays as it is."""

from codezest.kit.errors import Conflict, Forbidden, TooManyRequests, ValidationFailed
from codezest.kit.i18n import gettext as _


class OwnWork(Forbidden):
    code = "own-work"
    title = "This is your own work"
    default_detail = "Somebody else has to grade it."


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


class RequestRefused(Conflict):
    code = "request-refused"
    title = "This cannot be asked for"


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
