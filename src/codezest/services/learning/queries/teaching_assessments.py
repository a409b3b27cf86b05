"""An assignment, a quiz and a question as the staff of their course reads them: one statement each, whatever the role."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader, caller
from codezest.services.learning.policies.permissions import ROLE, Permission
from codezest.services.learning.policies.teaching import TaughtCourse, taught_course
from codezest.services.learning.queries.authoring import QUESTION_BODY, QUIZ_BESIDES
from codezest.services.learning.queries.revisions import revision_in
from codezest.services.learning.schemas.teaching_assessments import StudioAssignment, StudioQuestion, StudioQuiz

_COURSE = "c.id, c.title, c.slug, c.kind, l.slug AS language_slug, c.status, r.role"
_STAFF = f"""
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
CROSS JOIN LATERAL (SELECT {ROLE} AS role) r
"""
_IN_COURSE = f"""
JOIN learning.modules m ON m.id = i.module_id AND m.deleted_at IS NULL
JOIN learning.courses c ON c.id = m.course_id AND c.deleted_at IS NULL {_STAFF}
"""

ASSIGNMENT = f"""
SELECT {_COURSE}, CASE WHEN r.role IS NOT NULL THEN (to_jsonb(i) || jsonb_build_object(
    'revision', {revision_in("assignments", "i")}, 'module_title', m.title,
    'rubric_title', (SELECT u.title FROM learning.rubrics u WHERE u.id = i.rubric_id),
    'tests', (
        SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.position), '[]')
        FROM learning.assignment_tests t WHERE t.assignment_id = i.id)))::text END AS body
FROM learning.assignments i {_IN_COURSE}
WHERE i.id = $1 AND i.deleted_at IS NULL AND l.deleted_at IS NULL
"""

QUIZ = f"""
SELECT {_COURSE}, CASE WHEN r.role IS NOT NULL THEN (to_jsonb(i) || jsonb_build_object(
    'module_title', m.title, {QUIZ_BESIDES}))::text END AS body
FROM learning.quizzes i {_IN_COURSE}
WHERE i.id = $1 AND i.deleted_at IS NULL AND l.deleted_at IS NULL
"""

QUESTION = f"""
SELECT {_COURSE}, CASE WHEN r.role IS NOT NULL THEN ({QUESTION_BODY} || jsonb_build_object(
    'quiz_title', i.title, 'quiz_status', i.status))::text END AS body
FROM learning.questions q
LEFT JOIN learning.quizzes i ON i.id = q.quiz_id AND i.deleted_at IS NULL
LEFT JOIN learning.modules m ON m.id = i.module_id AND m.deleted_at IS NULL
JOIN learning.courses c ON c.id = coalesce(q.course_id, m.course_id) AND c.deleted_at IS NULL {_STAFF}
WHERE q.id = $1 AND q.deleted_at IS NULL AND l.deleted_at IS NULL
"""


async def studio_assignment(
    reader: Reader, actor: Actor, assignment_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[TaughtCourse, StudioAssignment]:
    """An assignment with its tests and solution, and its course.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    actor.require_user()
    row = await reader.fetchrow(ASSIGNMENT, assignment_id, *caller(actor))
    course = taught_course(row, permission)
    return course, StudioAssignment.model_validate_json(row["body"])


async def studio_quiz(
    reader: Reader, actor: Actor, quiz_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[TaughtCourse, StudioQuiz]:
    """A quiz with its questions and their keys. Raises as above."""
    actor.require_user()
    row = await reader.fetchrow(QUIZ, quiz_id, *caller(actor))
    course = taught_course(row, permission)
    return course, StudioQuiz.model_validate_json(row["body"])


async def studio_question(
    reader: Reader, actor: Actor, question_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[TaughtCourse, StudioQuestion]:
    """A question with its options or its key. Raises as above."""
    actor.require_user()
    row = await reader.fetchrow(QUESTION, question_id, *caller(actor))
    course = taught_course(row, permission)
    return course, StudioQuestion.model_validate_json(row["body"])
