"""Which course somebody may enrol in or leave, and what stands in the way."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from dataclasses import dataclass
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader, admit, caller, decision
from codezest_db.enums import EnrollmentPolicy

MISSING_COURSES = """
    FROM learning.course_prerequisites needed
    JOIN learning.courses before ON before.id = needed.prerequisite_id
    LEFT JOIN learning.programming_languages spoken ON spoken.id = before.language_id
    WHERE needed.course_id = c.id AND before.status = 'PUBLISHED' AND before.deleted_at IS NULL
      AND coalesce(spoken.is_active AND spoken.deleted_at IS NULL, true)
      AND NOT EXISTS (
          SELECT FROM learning.enrollments reached
          WHERE reached.course_id = before.id AND reached.user_id = $2 AND reached.first_completed_at IS NOT NULL)
"""
"""What follows `SELECT …`: the courses (`before`) that user `$2` has to complete before course `c`. One that is no longer
offered can no longer be completed, and so keeps nobody out; whoever completed one has completed it for good."""

COURSE_LINK = """CASE WHEN before.kind = 'PATH' AND spoken.slug IS NOT NULL
    THEN '/languages/' || spoken.slug ELSE '/courses/' || before.slug END"""

_FIELDS = f"""{decision()} AS access, c.id AS course_id, c.title, c.price_minor > 0 AS priced, c.enrollment_policy,
    ARRAY(SELECT json_build_object('title', before.title, 'href', {COURSE_LINK})::text
          {MISSING_COURSES} ORDER BY before.title) AS missing"""

PATH_BY_SLUG = f"""
SELECT {_FIELDS}
FROM learning.programming_languages l
JOIN learning.courses c ON c.language_id = l.id AND c.kind = 'PATH' AND c.deleted_at IS NULL
WHERE l.slug = $1 AND l.deleted_at IS NULL
"""

_COURSE = f"""
SELECT {_FIELDS}
FROM learning.courses c
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
"""
COURSE_BY_SLUG = f"{_COURSE} WHERE c.slug = $1 AND c.deleted_at IS NULL"
COURSE_BY_ID = f"{_COURSE} WHERE c.id = $1 AND c.deleted_at IS NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseAccess:
    """A course, such as a language's path, that the caller may enrol in or leave."""

    course_id: UUID
    title: str = ""
    priced: bool = False
    staff: bool = False
    policy: EnrollmentPolicy = EnrollmentPolicy.OPEN
    missing: tuple[str, ...] = ()
    """Courses to complete first, each the JSON of its title and page."""


async def access_path(reader: Reader, actor: Actor, slug: str) -> CourseAccess:
    """The path of a language that is offered to learners.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `admit`.
    """
    return await _access(reader, actor, PATH_BY_SLUG, slug)


async def access_course(reader: Reader, actor: Actor, slug: str) -> CourseAccess:
    """A course that is offered to learners, by its own slug; raises as above."""
    return await _access(reader, actor, COURSE_BY_SLUG, slug)


async def access_course_by_id(reader: Reader, actor: Actor, course_id: UUID) -> CourseAccess:
    """The same by its id."""
    return await _access(reader, actor, COURSE_BY_ID, course_id)


async def _access(reader: Reader, actor: Actor, statement: str, key: str | UUID) -> CourseAccess:
    actor.require_user()
    row = await reader.fetchrow(statement, key, *caller(actor))
    admit(row)
    return CourseAccess(
        course_id=row["course_id"],
        title=row["title"],
        priced=row["priced"],
        staff=row["access"] == "staff",
        policy=EnrollmentPolicy(row["enrollment_policy"]),
        missing=tuple(row["missing"]),
    )
