"""Imports as their sender reads them, and what tells whether a course is still what an import was compared with."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.imports import ImportDetail, ImportList
from codezest_db.enums import ImportStatus

MOST_LISTED = 20
_COUNTED = """ARRAY['created_at', 'updated_at', 'content_revision', 'enrollment_count', 'rating_average', 'rating_count',
    'rating_counts', 'published_at']"""
_MODULES = "SELECT id FROM learning.modules WHERE course_id = $1"
_QUIZZES = f"SELECT id FROM learning.quizzes WHERE module_id IN ({_MODULES})"
_QUESTIONS = f"SELECT id FROM learning.questions WHERE quiz_id IN ({_QUIZZES}) OR course_id = $1"
_PARTS = (
    ("courses", "x.id = $1"),
    ("course_prerequisites", "x.course_id = $1"),
    ("modules", "x.course_id = $1"),
    ("module_prerequisites", f"x.module_id IN ({_MODULES})"),
    ("materials", f"x.module_id IN ({_MODULES})"),
    ("assignments", f"x.module_id IN ({_MODULES})"),
    ("assignment_tests", f"x.assignment_id IN (SELECT id FROM learning.assignments WHERE module_id IN ({_MODULES}))"),
    ("quizzes", f"x.module_id IN ({_MODULES})"),
    ("questions", f"x.id IN ({_QUESTIONS})"),
    ("options", f"x.question_id IN ({_QUESTIONS})"),
    ("rubrics", "x.course_id = $1"),
    ("uploads", "x.course_id = $1"),
)
_HASHES = " UNION ALL ".join(
    f"SELECT md5((to_jsonb(x) - {_COUNTED})::text) AS hash FROM learning.{table} x WHERE {condition}"
    for table, condition in _PARTS
)
FINGERPRINT = f"SELECT md5(coalesce(string_agg(part.hash, '' ORDER BY part.hash), '')) AS hash FROM ({_HASHES}) part"

_DETAIL = """json_build_object(
    'id', i.id, 'course_id', i.course_id, 'target_id', i.target_id, 'name', i.name, 'size_bytes', i.size_bytes,
    'status', i.status, 'outdated', i.outdated, 'created_at', i.created_at, 'problems', i.problems,
    'title', coalesce(i.preview->>'title', c.title)) AS body"""
ONE = f"""
SELECT ({_DETAIL[: -len(" AS body")]}::jsonb || jsonb_build_object('preview', i.preview))::text AS body
FROM learning.imports i LEFT JOIN learning.courses c ON c.id = i.course_id
WHERE i.id = $1 AND i.user_id = $2
"""
LISTED = f"""
SELECT coalesce(json_agg(found.body), '[]')::text AS items FROM (
    SELECT {_DETAIL} FROM learning.imports i LEFT JOIN learning.courses c ON c.id = i.course_id
    WHERE i.user_id = $1 AND ($2::uuid IS NULL OR i.course_id = $2) AND i.status <> 'APPLIED'
    ORDER BY i.id DESC LIMIT {MOST_LISTED}) found
"""


async def fingerprint(reader: Reader, course_id: UUID) -> str:
    """A hash of all that authors wrote in a course."""
    row = await reader.fetchrow(FINGERPRINT, course_id)
    assert row is not None
    return str(row["hash"])


async def one_import(reader: Reader, actor: Actor, import_id: UUID) -> ImportDetail:
    """An import of the caller's. Why it was refused they may read whatever they write now; what is in a course, only while they
    write it.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound, Forbidden: there is none, it is somebody else's, or the caller no longer writes its course.
    """
    row = await reader.fetchrow(ONE, import_id, actor.require_user())
    if row is None:
        raise NotFound
    found = ImportDetail.model_validate_json(row["body"])
    if found.course_id is not None and found.status is not ImportStatus.REFUSED:
        await access_taught_course(reader, actor, found.course_id, Permission.AUTHOR)
    return found


async def my_imports(reader: Reader, actor: Actor, *, course_id: UUID | None = None) -> ImportList:
    """What the caller has sent and not taken over, newest first; of one course, if it is named."""
    row = await reader.fetchrow(LISTED, actor.require_user(), course_id)
    return ImportList.model_validate({"items": json.loads(row["items"]) if row else []})
