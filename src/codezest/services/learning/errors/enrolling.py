"""Why somebody does not get into a course."""

from codezest.kit.errors import Conflict, Forbidden, Gone, NotFound
from codezest.kit.i18n import READER
from codezest.kit.i18n import gettext as _


class NotEnrolled(Forbidden):
    code = "not-enrolled"
    title = "Enrol first"
    default_detail = "This belongs to a course that you are not enrolled in. Enrolling in it opens it."


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


class ReviewTooEarly(Forbidden):
    code = "review-too-early"
    title = "Try the course first"
    default_detail = "You can review a course once you have completed a step of it."
