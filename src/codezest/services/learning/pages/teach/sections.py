"""The pages behind the studio's tab *Learners*, and words that they share."""

from codezest.kit.i18n import gettext as _
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse
from codezest_db.enums import EnrollmentStatus


def sections(course: TaughtCourse) -> list[tuple[str, str, str]]:
    """The (key, label, address) of each that the caller may open."""
    base = f"/teach/courses/{course.id}"
    listed = [
        ("learners", _("All learners"), f"{base}/learners", Permission.VIEW),
        ("enrol", _("Enrol"), f"{base}/enrol", Permission.AUTHOR),
        ("cohorts", _("Cohorts"), f"{base}/cohorts", Permission.VIEW),
        ("codes", _("Ways in"), f"{base}/codes", Permission.AUTHOR),
        ("schedule", _("Opening dates"), f"{base}/schedule", Permission.VIEW),
        ("accommodations", _("Accommodations"), f"{base}/accommodations", Permission.GRADE),
        ("reviews", _("Reviews"), f"{base}/reviews", Permission.VIEW),
    ]
    return [(key, label, href) for key, label, href, needed in listed if needed in course.permissions]


def enrollment_text(status: EnrollmentStatus) -> str:
    return {
        EnrollmentStatus.PENDING: _("Waiting"),
        EnrollmentStatus.ACTIVE: _("Learning"),
        EnrollmentStatus.PAUSED: _("Paused"),
        EnrollmentStatus.COMPLETED: _("Completed"),
        EnrollmentStatus.DROPPED: _("Left"),
    }[status]
