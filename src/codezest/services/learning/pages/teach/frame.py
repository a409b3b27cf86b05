"""What stands around every page of the studio that belongs to one course: its name, its state and its tabs."""

from typing import Any

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.outline import course_page
from codezest.services.learning.policies.permissions import OWNER, Permission
from codezest.services.learning.policies.teaching import TaughtCourse
from codezest_db.enums import PublicationStatus, StaffRole


def frame(course: TaughtCourse, tab: str) -> dict[str, Any]:
    """The values that `layouts/studio.html` needs. `tab` is a key of the tabs below."""
    base = f"/teach/courses/{course.id}"
    tabs = [
        ("content", _("Content"), base, Permission.VIEW),
        ("learners", _("Learners"), f"{base}/learners", Permission.VIEW),
        ("grading", _("Grading"), f"{base}/grading", Permission.VIEW),
        ("gradebook", _("Gradebook"), f"{base}/gradebook", Permission.VIEW),
        ("insights", _("Insights"), f"{base}/insights", Permission.VIEW),
        ("bank", _("Question bank"), f"{base}/bank", Permission.AUTHOR),
        ("files", _("Files"), f"{base}/files", Permission.VIEW),
        ("versions", _("Versions"), f"{base}/versions", Permission.AUTHOR),
        ("staff", _("Staff"), f"{base}/staff", Permission.VIEW),
        ("settings", _("Settings"), f"{base}/settings", Permission.AUTHOR),
    ]
    return {
        "course": course,
        "course_href": public_path(course),
        "status_text": status_text(course.status),
        "tab": tab,
        "tabs": [(key, text, href) for key, text, href, needed in tabs if needed in course.permissions],
    }


def public_path(course: TaughtCourse) -> str:
    """The page of the course as learners see it."""
    return course_page(course.kind, course.slug, course.language_slug)


def status_text(status: PublicationStatus) -> str:
    return {
        PublicationStatus.DRAFT: _("Draft"),
        PublicationStatus.PUBLISHED: _("Published"),
        PublicationStatus.ARCHIVED: _("Archived"),
    }[status]


def role_text(role: str) -> str:
    """A role in a course: OWNER or a `StaffRole`."""
    return {
        OWNER: _("Owner"),
        StaffRole.CO_INSTRUCTOR: _("Co-instructor"),
        StaffRole.GRADER: _("Grader"),
        StaffRole.OBSERVER: _("Observer"),
    }[role]
