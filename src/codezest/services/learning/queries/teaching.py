"""One course as its staff sees it: its settings and its outline, drafts included. Each is one statement."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader, caller
from codezest.services.learning.policies.permissions import ROLE, Permission
from codezest.services.learning.policies.teaching import TaughtCourse, taught_course
from codezest.services.learning.queries.asked import SOLUTION_FAILS
from codezest.services.learning.queries.asked_count import ASKED_COUNT
from codezest.services.learning.queries.readiness import readiness_of
from codezest.services.learning.queries.revisions import revision_in
from codezest.services.learning.schemas.teaching import CourseOutline, CourseSettings

MOST_REMOVED = 20
"""Deleted things that are offered to be brought back."""
KEPT = "interval '30 days'"
"""For how long they are."""

_SETTINGS = f"""
    to_jsonb(c) - ARRAY['language_id', 'instructor_user_id', 'content_revision', 'created_at', 'updated_at', 'deleted_at']
    || jsonb_build_object(
        'language_slug', l.slug, 'role', r.role, 'revision', {revision_in("courses", "c")},
        'owner', CASE WHEN u.id IS NOT NULL THEN jsonb_build_object(
            'id', u.id, 'display_name', u.display_name, 'avatar_url', u.avatar_url) END)"""

_UNANSWERABLE = """EXISTS (
    SELECT FROM learning.questions q
    WHERE q.quiz_id = i.id AND q.deleted_at IS NULL AND q.type IN ('SINGLE_CHOICE', 'MULTIPLE_CHOICE', 'TRUE_FALSE')
      AND NOT EXISTS (SELECT FROM learning.options o WHERE o.question_id = q.id AND o.deleted_at IS NULL AND o.is_correct))"""

_UNSOLVED = f"""EXISTS (
    SELECT FROM learning.questions q WHERE q.quiz_id = i.id AND q.deleted_at IS NULL AND {SOLUTION_FAILS})"""

_ITEMS = f"""
    SELECT 'MATERIAL' AS kind, i.id, i.title, i.slug, i.position, i.status, i.duration_minutes AS minutes,
        i.type AS material_type, NULL AS assignment_kind, 0 AS parts,
        CASE WHEN i.type = 'VIDEO' AND i.video_url IS NULL AND i.video_key IS NULL THEN ARRAY['video']
            WHEN i.type = 'ARTICLE' AND coalesce(i.content, '') = '' THEN ARRAY['text']
            WHEN i.type = 'CODE_EXAMPLE' AND coalesce(i.code, '') = '' THEN ARRAY['program']
            WHEN i.type = 'INTERACTIVE' AND coalesce(i.code, i.content, '') = '' THEN ARRAY['program_or_text']
            WHEN i.type IN ('PDF', 'DOCX') AND i.file_url IS NULL AND i.file_key IS NULL THEN ARRAY['file']
            WHEN i.type = 'QUIZ' AND i.quiz_id IS NULL THEN ARRAY['quiz'] ELSE '{{}}' END AS missing
    FROM learning.materials i WHERE i.module_id = m.id AND i.deleted_at IS NULL
    UNION ALL
    SELECT 'ASSIGNMENT', i.id, i.title, i.slug, i.position, i.status, i.time_limit_minutes, NULL, i.kind, t.tests,
        CASE WHEN i.kind = 'CODE' THEN array_remove(ARRAY[
            CASE WHEN t.tests = 0 THEN 'tests' END,
            CASE WHEN coalesce(i.solution_code, '') = '' AND i.solution_files = '{{}}' THEN 'solution' END], NULL)
            ELSE '{{}}' END
    FROM learning.assignments i
    CROSS JOIN LATERAL (SELECT count(*) AS tests FROM learning.assignment_tests x WHERE x.assignment_id = i.id) t
    WHERE i.module_id = m.id AND i.deleted_at IS NULL
    UNION ALL
    SELECT 'QUIZ', i.id, i.title, i.slug, i.position, i.status, i.time_limit_minutes, NULL, NULL, {ASKED_COUNT.format(quiz="i")},
        CASE WHEN t.questions = 0 AND i.draws = '[]' THEN ARRAY['questions'] ELSE array_remove(ARRAY[
            CASE WHEN {_UNANSWERABLE} THEN 'answers' END, CASE WHEN {_UNSOLVED} THEN 'programs' END], NULL) END
    FROM learning.quizzes i
    CROSS JOIN LATERAL (
        SELECT count(*) AS questions FROM learning.questions x WHERE x.quiz_id = i.id AND x.deleted_at IS NULL) t
    WHERE i.module_id = m.id AND i.deleted_at IS NULL
"""

_MODULES = f"""(
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', m.id, 'title', m.title, 'slug', m.slug, 'position', m.position, 'status', m.status,
        'estimated_minutes', m.estimated_minutes,
        'prerequisites', (SELECT count(*) FROM learning.module_prerequisites p WHERE p.module_id = m.id),
        'items', (
            SELECT coalesce(jsonb_agg(item ORDER BY item.position, item.kind, item.id), '[]') FROM ({_ITEMS}) item)
    ) ORDER BY m.position, m.id), '[]')
    FROM learning.modules m WHERE m.course_id = c.id AND m.deleted_at IS NULL)"""

_REMOVED_ITEMS = "\n".join(
    f"""UNION ALL
    SELECT '{kind}', i.id, i.title, i.deleted_at FROM learning.{table} i JOIN learning.modules m ON m.id = i.module_id
    WHERE m.course_id = c.id AND m.deleted_at IS NULL AND i.deleted_at > now() - {KEPT}"""
    for kind, table in (("MATERIAL", "materials"), ("ASSIGNMENT", "assignments"), ("QUIZ", "quizzes"))
)
_REMOVED = f"""(
    SELECT coalesce(jsonb_agg(gone ORDER BY gone.deleted_at DESC), '[]') FROM (
        SELECT * FROM (
            SELECT 'MODULE' AS kind, m.id, m.title, m.deleted_at FROM learning.modules m
            WHERE m.course_id = c.id AND m.deleted_at > now() - {KEPT}
            {_REMOVED_ITEMS}) anything
        ORDER BY deleted_at DESC LIMIT {MOST_REMOVED}) gone)"""


def _statement(body: str) -> str:
    return f"""
SELECT c.id, c.title, c.slug, c.kind, l.slug AS language_slug, c.status, r.role,
    CASE WHEN r.role IS NOT NULL THEN ({body})::text END AS body
FROM learning.courses c
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
LEFT JOIN auth.public_users u ON u.id = c.instructor_user_id
CROSS JOIN LATERAL (SELECT {ROLE} AS role) r
WHERE c.id = $1 AND c.deleted_at IS NULL AND l.deleted_at IS NULL
"""


SETTINGS = _statement(_SETTINGS)
OUTLINE = _statement(f"{_SETTINGS} || jsonb_build_object('modules', {_MODULES}, 'removed', {_REMOVED})")


async def settings_of_course(
    reader: Reader, actor: Actor, course_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[TaughtCourse, CourseSettings]:
    """A course with all that its settings hold.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    actor.require_user()
    row = await reader.fetchrow(SETTINGS, course_id, *caller(actor))
    course = taught_course(row, permission)
    return course, CourseSettings.model_validate_json(row["body"])


async def outline_of_course(
    reader: Reader, actor: Actor, course_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[TaughtCourse, CourseOutline]:
    """A course with its modules and items, what was deleted lately, and what it lacks. Raises as above."""
    actor.require_user()
    row = await reader.fetchrow(OUTLINE, course_id, *caller(actor))
    course = taught_course(row, permission)
    outline = CourseOutline.model_validate(json.loads(row["body"]) | {"readiness": []})
    return course, outline.model_copy(update={"readiness": readiness_of(outline)})
