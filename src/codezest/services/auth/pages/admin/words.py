"""Roles and states of accounts in words, and what the acts of the audit trail are called."""

from codezest.kit.i18n import gettext as _
from codezest.services.auth.schemas import ManagedUserOut
from codezest_db.enums import Role

Badge = tuple[str, str | None]
"""Words and tone."""


def role_text(role: Role) -> str:
    return {Role.STUDENT: _("Learner"), Role.INSTRUCTOR: _("Instructor"), Role.ADMIN: _("Administrator")}[role]


def roles() -> list[tuple[str, str]]:
    """The options of a field."""
    return [(role.value, role_text(role)) for role in (Role.STUDENT, Role.INSTRUCTOR, Role.ADMIN)]


def states() -> list[tuple[str, str]]:
    """The options of a field."""
    return [
        ("ACTIVE", _("Active")),
        ("UNVERIFIED", _("Address not confirmed")),
        ("SUSPENDED", _("Suspended")),
        ("DELETION", _("Waits for deletion")),
    ]


def badges(user: ManagedUserOut) -> list[Badge]:
    """What is special about an account; none where it is simply active."""
    names = dict(states())
    found: list[Badge] = []
    if user.deletion_requested_at is not None:
        found.append((names["DELETION"], "bad"))
    if user.suspended_at is not None:
        found.append((names["SUSPENDED"], "warn"))
    if user.email_verified_at is None:
        found.append((names["UNVERIFIED"], "info"))
    return found


def subjects() -> dict[str, str]:
    """By the kind of thing that acts are done to, what it is called."""
    return {
        "user": _("Account"),
        "course": _("Course"),
        "content": _("Content"),
        "assignment": _("Assignment"),
        "submission": _("Submission"),
        "analysis": _("Analysis"),
        "review": _("Review"),
        "language": _("Language"),
        "feature": _("Setting"),
        "api_token": _("Token"),
        "table": _("Table"),
        "event": _("Event"),
        "audit": _("Audit trail"),
    }


def act_text(action: str) -> str:
    """What was done; the name itself for acts that have no words yet."""
    return {
        "accommodation.granted": _("Granted a learner an accommodation"),
        "accommodation.revoked": _("Took back a learner's accommodation"),
        "analysis.approved": _("Let a learner see an analysis"),
        "analysis.edited": _("Changed an analysis"),
        "answer.marked": _("Marked an answer"),
        "audit.downloaded": _("Downloaded the audit trail"),
        "content.deleted": _("Deleted content"),
        "content.restored": _("Restored content"),
        "course.archived": _("Archived a course"),
        "course.created": _("Made a course"),
        "course.imported": _("Imported files into a course"),
        "course.deleted": _("Deleted a course"),
        "course.price_changed": _("Changed the price of a course"),
        "course.published": _("Published a course"),
        "course.restored": _("Restored a course"),
        "course.staff_changed": _("Changed who teaches a course"),
        "course.unpublished": _("Took a course back into draft"),
        "data.browsed": _("Looked at a table"),
        "enrolling.changed": _("Changed how learners enrol"),
        "enrollment.changed": _("Changed an enrolment"),
        "event.discarded": _("Discarded an event"),
        "event.retried": _("Had an event tried again"),
        "feature.changed": _("Changed a setting"),
        "grade_request.accepted": _("Graded anew on request"),
        "grade_request.declined": _("Declined a request to grade anew"),
        "grades.released": _("Showed learners their grades"),
        "grading.changed": _("Changed how work is graded"),
        "language.changed": _("Changed a language"),
        "learners.listed": _("Enrolled a list of learners"),
        "mail.requested": _("Asked for a letter"),
        "password.changed": _("Changed the password"),
        "password.reset": _("Chose a new password by letter"),
        "grade.set": _("Set a mark in a gradebook"),
        "regrade.applied": _("Applied a regrade"),
        "regrade.cancelled": _("Gave up a regrade"),
        "regrade.requested": _("Asked for a regrade"),
        "review.hidden": _("Hid a review"),
        "review.kept": _("Let a review stand"),
        "token.created": _("Made a token"),
        "token.revoked": _("Revoked a token"),
        "two_step.disabled": _("Turned two-step login off"),
        "two_step.enabled": _("Turned two-step login on"),
        "two_step.lifted": _("Had two-step login turned off"),
        "user.created": _("Made an account by command"),
        "user.deleted": _("The account was deleted"),
        "user.deletion_cancelled": _("Took a deletion back"),
        "user.deletion_requested": _("Asked for deletion"),
        "user.invited": _("Invited somebody"),
        "user.reinstated": _("Lifted a suspension"),
        "user.reset_requested": _("Had a password letter sent"),
        "user.role_changed": _("Changed a role"),
        "user.session_ended": _("Ended a session"),
        "user.sessions_ended": _("Ended all sessions"),
        "user.suspended": _("Suspended an account"),
        "user.verified": _("Confirmed an address"),
        "work.graded": _("Graded work"),
        "work.regraded": _("Changed a grade"),
    }.get(action, action)
