"""What a member of a course's staff may do there, as SQL that every statement can carry.

    OWN     the owner            who teaches, what it costs, its end
    AUTHOR  + CO_INSTRUCTOR      writes and publishes, enrols, weighs grades
    GRADE   + GRADER             grades, comments, excuses, answers requests
    VIEW    + OBSERVER           sees everything, drafts and learners' work included

Administrators hold all of them everywhere. Owners and co-instructors hold theirs as long as they are instructors on the
platform; graders and observers may be anybody.
"""

from enum import StrEnum

from codezest_db.enums import StaffRole


class Permission(StrEnum):
    OWN = "OWN"
    AUTHOR = "AUTHOR"
    GRADE = "GRADE"
    VIEW = "VIEW"


OWNER = "OWNER"
_FREE_ROLES = {
    Permission.OWN: (),
    Permission.AUTHOR: (),
    Permission.GRADE: (StaffRole.GRADER,),
    Permission.VIEW: (StaffRole.GRADER, StaffRole.OBSERVER),
}
"""Roles of staff that do not depend on the role on the platform."""

ROLE = """CASE
    WHEN $3 = 'ADMIN' OR ($3 = 'INSTRUCTOR' AND c.instructor_user_id = $2) THEN 'OWNER'
    ELSE (SELECT staff.role FROM learning.course_staff staff
          WHERE staff.course_id = c.id AND staff.user_id = $2
            AND (staff.role <> 'CO_INSTRUCTOR' OR $3 = 'INSTRUCTOR')) END"""
"""The caller's role in course `c`: OWNER, a `StaffRole`, or null. `$2` is the user's id, `$3` the role on the platform."""


def holds(permission: Permission) -> str:
    """The SQL condition that the caller (`$2` the id, `$3` the role on the platform, both may be null) holds it in `c`."""
    owner = "$3 = 'ADMIN' OR ($3 = 'INSTRUCTOR' AND c.instructor_user_id = $2)"
    if permission is Permission.OWN:
        return f"coalesce({owner}, false)"
    roles = [f"(staff.role = '{StaffRole.CO_INSTRUCTOR}' AND $3 = 'INSTRUCTOR')"]
    roles += [f"staff.role = '{role}'" for role in _FREE_ROLES[permission]]
    return f"""coalesce({owner} OR EXISTS (
        SELECT FROM learning.course_staff staff
        WHERE staff.course_id = c.id AND staff.user_id = $2 AND ({" OR ".join(roles)})), false)"""


def permissions_of(role: str | None) -> frozenset[Permission]:
    """What a role in a course, as `ROLE` gives it, allows there."""
    match role:
        case "OWNER":
            return frozenset(Permission)
        case StaffRole.CO_INSTRUCTOR:
            return frozenset(Permission) - {Permission.OWN}
        case StaffRole.GRADER:
            return frozenset({Permission.GRADE, Permission.VIEW})
        case StaffRole.OBSERVER:
            return frozenset({Permission.VIEW})
        case _:
            return frozenset()
