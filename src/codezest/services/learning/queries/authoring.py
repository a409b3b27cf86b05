"""What authors read: drafts, hidden tests, right answers. Whoever may not write a thing does not find it here."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.policies import Reader, caller
from codezest.services.learning.policies.permissions import Permission, holds
from codezest.services.learning.queries.asked_count import ASKED_COUNT
from codezest.services.learning.queries.revisions import order_revision_in, revision_in

AUTHORS = holds(Permission.AUTHOR)
_IN_MODULE = """
JOIN learning.modules m ON m.id = i.module_id AND m.deleted_at IS NULL
JOIN learning.courses c ON c.id = m.course_id AND c.deleted_at IS NULL
"""
_MINE = f"WHERE i.id = $1 AND i.deleted_at IS NULL AND {AUTHORS}"
_HIDDEN = "ARRAY['deleted_at', 'answer_key', 'content_revision']"

_ITEMS = """
    SELECT 'MATERIAL' AS kind, x.id, x.slug, x.title, x.position, x.status FROM learning.materials x
    WHERE x.module_id = m.id AND x.deleted_at IS NULL
    UNION ALL
    SELECT 'ASSIGNMENT', x.id, x.slug, x.title, x.position, x.status FROM learning.assignments x
    WHERE x.module_id = m.id AND x.deleted_at IS NULL
    UNION ALL
    SELECT 'QUIZ', x.id, x.slug, x.title, x.position, x.status FROM learning.quizzes x
    WHERE x.module_id = m.id AND x.deleted_at IS NULL
"""

_MODULE = f"""
    to_jsonb(m) - {_HIDDEN} || jsonb_build_object(
        'revision', {revision_in("modules", "m")},
        'prerequisite_ids', (
            SELECT coalesce(jsonb_agg(needed.prerequisite_id), '[]') FROM learning.module_prerequisites needed
            JOIN learning.modules before ON before.id = needed.prerequisite_id AND before.deleted_at IS NULL
            WHERE needed.module_id = m.id),
        'items', (
            SELECT coalesce(jsonb_agg(item ORDER BY item.position, item.kind, item.id), '[]') FROM ({_ITEMS}) item))
"""

LANGUAGE = f"""
SELECT (to_jsonb(l) - {_HIDDEN} || jsonb_build_object(
    'course_id', c.id, 'title', c.title, 'subtitle', c.subtitle, 'long_description', c.description,
    'category', c.category, 'tags', c.tags, 'spoken_language', c.spoken_language,
    'instructor_user_id', c.instructor_user_id, 'status', c.status, 'published_at', c.published_at,
    'enrollment_count', c.enrollment_count,
    'modules', (
        SELECT coalesce(jsonb_agg({_MODULE} ORDER BY m.position, m.id), '[]')
        FROM learning.modules m WHERE m.course_id = c.id AND m.deleted_at IS NULL)))::text AS body
FROM learning.programming_languages l
JOIN learning.courses c ON c.language_id = l.id AND c.kind = 'PATH' AND c.deleted_at IS NULL
WHERE l.slug = $1 AND l.deleted_at IS NULL AND {AUTHORS}
"""

MODULE = f"""
SELECT ({_MODULE})::text AS body
FROM learning.modules m JOIN learning.courses c ON c.id = m.course_id AND c.deleted_at IS NULL
WHERE m.id = $1 AND m.deleted_at IS NULL AND {AUTHORS}
"""

MATERIAL = f"""
SELECT (to_jsonb(i) - {_HIDDEN} || jsonb_build_object('revision', {revision_in("materials", "i")}))::text AS body
FROM learning.materials i {_IN_MODULE} {_MINE}
"""

_TEST = f"to_jsonb(t) - {_HIDDEN}"

ASSIGNMENT = f"""
SELECT (to_jsonb(i) - {_HIDDEN} || jsonb_build_object('revision', {revision_in("assignments", "i")}, 'tests', (
    SELECT coalesce(jsonb_agg({_TEST} ORDER BY t.position), '[]')
    FROM learning.assignment_tests t WHERE t.assignment_id = i.id)))::text AS body
FROM learning.assignments i {_IN_MODULE} {_MINE}
"""

TEST = f"""
SELECT ({_TEST})::text AS body
FROM learning.assignment_tests t
JOIN learning.assignments i ON i.id = t.assignment_id AND i.deleted_at IS NULL {_IN_MODULE}
WHERE t.id = $1 AND {AUTHORS}
"""

QUESTION_BODY = f"""
    to_jsonb(q) - ARRAY['deleted_at', 'content_revision'] || jsonb_build_object(
        'revision', {revision_in("questions", "q")},
        'options', (
            SELECT coalesce(jsonb_agg(to_jsonb(o) - {_HIDDEN} ORDER BY o.position, o.id), '[]')
            FROM learning.options o WHERE o.question_id = q.id AND o.deleted_at IS NULL))
"""

QUIZ_BESIDES = f"""
    'revision', {revision_in("quizzes", "i")}, 'order_revision', {order_revision_in("i")},
    'asked_count', {ASKED_COUNT.format(quiz="i")}, 'questions', (
        SELECT coalesce(jsonb_agg({QUESTION_BODY} ORDER BY q.position, q.id), '[]')
        FROM learning.questions q WHERE q.quiz_id = i.id AND q.deleted_at IS NULL)
"""
"""What a quiz `i` is read with, besides its columns."""

QUIZ = f"""
SELECT (to_jsonb(i) - {_HIDDEN} || jsonb_build_object({QUIZ_BESIDES}))::text AS body
FROM learning.quizzes i {_IN_MODULE} {_MINE}
"""

QUESTION = f"""
SELECT ({QUESTION_BODY})::text AS body
FROM learning.questions q
LEFT JOIN learning.quizzes i ON i.id = q.quiz_id AND i.deleted_at IS NULL
LEFT JOIN learning.modules m ON m.id = i.module_id AND m.deleted_at IS NULL
JOIN learning.courses c ON c.id = coalesce(q.course_id, m.course_id) AND c.deleted_at IS NULL
WHERE q.id = $1 AND q.deleted_at IS NULL AND {AUTHORS}
"""


async def _authored(reader: Reader, actor: Actor, statement: str, target: UUID | str) -> str:
    actor.require_author()
    row = await reader.fetchrow(statement, target, *caller(actor))
    if row is None:
        raise NotFound
    return row["body"]


async def language_json(reader: Reader, actor: Actor, slug: str) -> str:
    """A language with all its modules and items. An `AuthoredLanguage`.

    Raises:
        Unauthenticated, Forbidden: the caller is no author at all.
        NotFound: there is none, or it is somebody else's.
    """
    return await _authored(reader, actor, LANGUAGE, slug)


async def module_json(reader: Reader, actor: Actor, module_id: UUID) -> str:
    """An `AuthoredModule`. Raises as `language_json`."""
    return await _authored(reader, actor, MODULE, module_id)


async def material_json(reader: Reader, actor: Actor, material_id: UUID) -> str:
    """An `AuthoredMaterial`. Raises as `language_json`."""
    return await _authored(reader, actor, MATERIAL, material_id)


async def assignment_json(reader: Reader, actor: Actor, assignment_id: UUID) -> str:
    """An `AuthoredAssignment`, hidden tests and solution included. Raises as `language_json`."""
    return await _authored(reader, actor, ASSIGNMENT, assignment_id)


async def test_json(reader: Reader, actor: Actor, test_id: UUID) -> str:
    """An `AuthoredTest`. Raises as `language_json`."""
    return await _authored(reader, actor, TEST, test_id)


async def quiz_json(reader: Reader, actor: Actor, quiz_id: UUID) -> str:
    """An `AuthoredQuiz`, right answers included. Raises as `language_json`."""
    return await _authored(reader, actor, QUIZ, quiz_id)


async def question_json(reader: Reader, actor: Actor, question_id: UUID) -> str:
    """An `AuthoredQuestion`. Raises as `language_json`."""
    return await _authored(reader, actor, QUESTION, question_id)
