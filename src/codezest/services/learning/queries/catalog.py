"""What can be learned: languages, their modules, a module's items; each with how the caller stands. Open to everybody."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import COURSE_JOINS, UNMET_PREREQUISITES, Reader, admit, caller, decision
from codezest.services.learning.policies.opening import NOT_YET, OPENS_AT
from codezest.services.learning.queries.fragments import ENROLLMENT, ITEM_ORDER, MODULE_ITEMS, TOTAL_ITEMS
from codezest.services.learning.schemas.catalog import LanguageDetail, LanguageList, LanguageModules, ModuleDetail

_LANGUAGE_FIELDS = """
    'id', l.id, 'slug', l.slug, 'name', l.name, 'description', l.description, 'icon', l.icon,
    'difficulty', l.difficulty, 'runtime', l.runtime,
    'course_id', c.id, 'title', c.title, 'subtitle', c.subtitle, 'duration_minutes', c.duration_minutes,
    'module_count', n.modules, 'item_count', n.items,
    'enrollment_count', c.enrollment_count,
    'enrolled', coalesce(e.status IN ('ACTIVE', 'COMPLETED'), false),
    'enrollment_status', e.status,
    'progress_percent', coalesce(e.progress_percent, 0)"""

_COUNTS = f"""
CROSS JOIN LATERAL (
    SELECT count(*) AS modules, coalesce(sum({TOTAL_ITEMS}), 0) AS items
    FROM learning.modules m
    WHERE m.course_id = c.id AND m.status = 'PUBLISHED' AND m.deleted_at IS NULL) n
"""

LANGUAGES = f"""
SELECT json_build_object('items', coalesce(json_agg(
    json_build_object({_LANGUAGE_FIELDS}) ORDER BY l.position, l.name), '[]'))::text AS body
FROM learning.programming_languages l
JOIN learning.courses c ON c.language_id = l.id AND c.kind = 'PATH' AND c.deleted_at IS NULL AND c.status = 'PUBLISHED'
LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $1
{_COUNTS}
WHERE l.is_active AND l.deleted_at IS NULL
"""

LANGUAGE = f"""
SELECT a.access, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object({_LANGUAGE_FIELDS},
    'long_description', c.description, 'level', c.level, 'category', c.category, 'tags', c.tags,
    'spoken_language', c.spoken_language, 'rating_average', c.rating_average, 'rating_count', c.rating_count,
    'status', c.status,
    'instructor', CASE WHEN u.id IS NOT NULL THEN json_build_object(
        'id', u.id, 'display_name', u.display_name, 'avatar_url', u.avatar_url) END,
    'can_author', a.access = 'staff', 'course_slug', c.slug, 'cohort', (
        SELECT json_build_object('id', k.id, 'name', k.name, 'starts_at', k.starts_at, 'ends_at', k.ends_at, 'full', false)
        FROM learning.cohorts k WHERE k.id = e.cohort_id),
    'enrollment', {ENROLLMENT})::text END AS body
FROM learning.programming_languages l
JOIN learning.courses c ON c.language_id = l.id AND c.kind = 'PATH' AND c.deleted_at IS NULL
LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $2
LEFT JOIN auth.public_users u ON u.id = c.instructor_user_id
CROSS JOIN LATERAL (SELECT {decision()} AS access OFFSET 0) a
{_COUNTS}
WHERE l.slug = $1 AND l.deleted_at IS NULL
"""

MODULE_LOCK = f"""
CROSS JOIN LATERAL (
    SELECT count(*) > 0 AS locked, coalesce(json_agg(json_build_object(
        'id', before.id, 'slug', before.slug, 'title', before.title) ORDER BY before.position), '[]') AS locked_by
    {UNMET_PREREQUISITES} AND a.access <> 'staff') lock
"""

MODULE_FIELDS = f"""
    'id', m.id, 'slug', m.slug, 'title', m.title, 'description', m.description, 'syllabus', m.syllabus,
    'position', m.position, 'estimated_minutes', m.estimated_minutes,
    'status', coalesce(p.status, 'NOT_STARTED'), 'percent', coalesce(p.progress_percent, 0),
    'completed_items', coalesce(p.completed_items, 0), 'total_items', total.items,
    'locked', lock.locked OR (a.access <> 'staff' AND {NOT_YET}), 'locked_by', lock.locked_by,
    'opens_at', CASE WHEN a.access <> 'staff' AND {NOT_YET} THEN {OPENS_AT} END,
    'opens_after_days', CASE WHEN e.id IS NULL THEN m.opens_after_days END"""

MODULES = f"""(
    SELECT coalesce(json_agg(json_build_object({MODULE_FIELDS}) ORDER BY m.position, m.id), '[]')
    FROM learning.modules m
    LEFT JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = $2
    CROSS JOIN LATERAL (SELECT {TOTAL_ITEMS} AS items) total
    {MODULE_LOCK}
    WHERE m.course_id = c.id AND m.status = 'PUBLISHED' AND m.deleted_at IS NULL)"""
"""The published modules of course `c`, with how the caller stands."""

LANGUAGE_MODULES = f"""
SELECT a.access, CASE WHEN a.access IN ('open', 'staff') THEN json_build_object(
    'language', json_build_object('id', l.id, 'slug', l.slug, 'name', l.name, 'icon', l.icon),
    'course_id', c.id,
    'enrollment', {ENROLLMENT},
    'items', {MODULES}
    )::text END AS body
FROM learning.programming_languages l
JOIN learning.courses c ON c.language_id = l.id AND c.kind = 'PATH' AND c.deleted_at IS NULL
LEFT JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $2
CROSS JOIN LATERAL (SELECT {decision()} AS access OFFSET 0) a
WHERE l.slug = $1 AND l.deleted_at IS NULL
"""
"""Hot: the page every learner sees most."""

MODULE = f"""
SELECT a.access, CASE WHEN a.access IN ('open', 'staff') THEN (
    SELECT json_build_object({MODULE_FIELDS},
        'course_id', c.id, 'course', json_build_object('title', c.title, 'slug', c.slug, 'kind', c.kind),
        'language', CASE WHEN l.id IS NOT NULL THEN json_build_object(
            'id', l.id, 'slug', l.slug, 'name', l.name, 'icon', l.icon) END,
        'can_author', a.access = 'staff',
        'enrollment', {ENROLLMENT},
        'items', coalesce(json_agg(item ORDER BY {ITEM_ORDER}) FILTER (WHERE item.id IS NOT NULL), '[]'),
        'materials', coalesce(json_agg(item ORDER BY {ITEM_ORDER}) FILTER (WHERE item.kind = 'MATERIAL'), '[]'),
        'assignments', coalesce(json_agg(item ORDER BY {ITEM_ORDER}) FILTER (WHERE item.kind = 'ASSIGNMENT'), '[]'),
        'quizzes', coalesce(json_agg(item ORDER BY {ITEM_ORDER}) FILTER (WHERE item.kind = 'QUIZ'), '[]'))
    FROM (SELECT) one LEFT JOIN ({MODULE_ITEMS}) item ON true)::text END AS body
FROM learning.modules m
JOIN learning.courses c ON c.id = m.course_id
{COURSE_JOINS}
LEFT JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = $2
CROSS JOIN LATERAL (SELECT {decision(module=True)} AS access OFFSET 0) a
CROSS JOIN LATERAL (SELECT {TOTAL_ITEMS} AS items) total
{MODULE_LOCK}
WHERE m.id = $1
"""


async def languages_json(reader: Reader, actor: Actor) -> str:
    """The languages on offer. A `LanguageList`."""
    row = await reader.fetchrow(LANGUAGES, actor.user_id)
    return row["body"]


async def languages(reader: Reader, actor: Actor) -> LanguageList:
    return LanguageList.model_validate_json(await languages_json(reader, actor))


async def language_json(reader: Reader, actor: Actor, slug: str) -> str:
    """One language with its path. A `LanguageDetail`.

    Raises:
        NotFound, ContentArchived: see `policies.admit`.
    """
    row = await reader.fetchrow(LANGUAGE, slug, *caller(actor))
    admit(row)
    return row["body"]


async def language(reader: Reader, actor: Actor, slug: str) -> LanguageDetail:
    return LanguageDetail.model_validate_json(await language_json(reader, actor, slug))


async def language_modules_json(reader: Reader, actor: Actor, slug: str) -> str:
    """The modules of a language's path. A `LanguageModules`.

    Raises:
        NotFound, ContentArchived: see `policies.admit`.
    """
    row = await reader.fetchrow(LANGUAGE_MODULES, slug, *caller(actor))
    admit(row)
    return row["body"]


async def language_modules(reader: Reader, actor: Actor, slug: str) -> LanguageModules:
    return LanguageModules.model_validate_json(await language_modules_json(reader, actor, slug))


async def module_json(reader: Reader, actor: Actor, module_id: UUID) -> str:
    """A module with what it lists. A `ModuleDetail`; locked ones too, since an outline gives nothing away.

    Raises:
        NotFound, ContentArchived: see `policies.admit`.
    """
    row = await reader.fetchrow(MODULE, module_id, *caller(actor))
    admit(row)
    return row["body"]


async def module(reader: Reader, actor: Actor, module_id: UUID) -> ModuleDetail:
    return ModuleDetail.model_validate_json(await module_json(reader, actor, module_id))
