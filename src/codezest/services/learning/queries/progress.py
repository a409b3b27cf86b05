"""How far a learner is: everywhere, and the hot write that counts a view of a material."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import LOCKED_BY, STAFF, Reader, admit, caller, item_source
from codezest.services.learning.queries.fragments import ENROLLMENT, ITEM_ORDER, MODULE_ITEMS, TOTAL_ITEMS
from codezest.services.learning.schemas.items import MaterialDetail
from codezest.services.learning.schemas.progress import EnrollmentList, MaterialProgress, MyProgress
from codezest_db.ids import uuid7

_MATERIAL_PROGRESS = """json_build_object(
    'material_id', {p}.material_id, 'status', {p}.status, 'completed', {p}.completed, 'view_count', {p}.view_count,
    'last_viewed_at', {p}.last_viewed_at, 'completed_at', {p}.completed_at,
    'module', json_build_object('id', {q}.module_id, 'status', {q}.status, 'percent', {q}.progress_percent,
        'completed_items', {q}.completed_items))::text"""

# The order of locks is that of actions/record_progress: enrollment, material, module. Each step reads the one before, which
# is what makes PostgreSQL run them in this order.
_COUNTED = """
continued AS (
    UPDATE learning.enrollments e SET last_module_id = target.module_id
    FROM target
    WHERE e.id = target.enrollment_id AND target.access IN ('open', 'staff')
      AND e.last_module_id IS DISTINCT FROM target.module_id
    RETURNING e.id
), viewed AS (
    INSERT INTO learning.material_progress AS p
        (id, user_id, material_id, status, view_count, started_at, last_viewed_at)
    SELECT $4, $2, target.id, 'IN_PROGRESS', 1, now(), now()
    FROM target CROSS JOIN (SELECT count(*) FROM continued) continued
    WHERE target.access IN ('open', 'staff')
    ON CONFLICT (user_id, material_id) DO UPDATE SET
        view_count = p.view_count + 1,
        status = CASE WHEN p.status = 'NOT_STARTED' THEN 'IN_PROGRESS' ELSE p.status END,
        started_at = coalesce(p.started_at, now()),
        last_viewed_at = now(),
        updated_at = now()
    RETURNING p.material_id, p.status, p.completed, p.view_count, p.last_viewed_at, p.completed_at
), touched AS (
    INSERT INTO learning.module_progress AS q (id, user_id, module_id, status, started_at, last_accessed_at)
    SELECT $5, $2, target.module_id, 'IN_PROGRESS', now(), now()
    FROM target JOIN viewed ON viewed.material_id = target.id
    ON CONFLICT (user_id, module_id) DO UPDATE SET
        status = CASE WHEN q.status = 'NOT_STARTED' THEN 'IN_PROGRESS' ELSE q.status END,
        started_at = coalesce(q.started_at, now()),
        last_accessed_at = now(),
        updated_at = now()
    RETURNING q.module_id, q.status, q.progress_percent, q.completed_items
)
"""
"""What one view changes, of the material and the learner in `target`. `$4` and `$5` are ids for new rows."""

VIEW_MATERIAL = f"""
WITH target AS MATERIALIZED (
    SELECT a.access, {LOCKED_BY}, i.id, i.module_id, e.id AS enrollment_id, e.last_module_id
    {item_source("MATERIAL")}
    WHERE i.id = $1
), {_COUNTED}
SELECT target.access, target.locked_by, target.opens_at, {_MATERIAL_PROGRESS.format(p="viewed", q="touched")} AS body
FROM target LEFT JOIN viewed ON true LEFT JOIN touched ON true
"""
"""Hot: one view, counted, if the caller may see the material at all."""

VIEW_SHOWN = f"""
WITH target AS MATERIALIZED (
    SELECT 'open' AS access, i.id, i.module_id, e.id AS enrollment_id, e.last_module_id
    FROM learning.materials i
    JOIN learning.modules m ON m.id = i.module_id
    LEFT JOIN learning.enrollments e ON e.course_id = m.course_id AND e.user_id = $2
    WHERE i.id = $1 AND i.module_id = $3
), {_COUNTED}
SELECT FROM touched
"""
"""The same for who has just been let in: nothing is decided a second time. `$3` is the module that was looked at."""

MATERIAL_PROGRESS = f"""
SELECT {_MATERIAL_PROGRESS.format(p="p", q="q")} AS body
FROM learning.material_progress p
JOIN learning.materials i ON i.id = p.material_id
JOIN learning.module_progress q ON q.module_id = i.module_id AND q.user_id = p.user_id
WHERE p.material_id = $1 AND p.user_id = $2
"""

_COURSE = f"""
    'course_id', c.id, 'title', c.title, 'slug', c.slug, 'kind', c.kind,
    'archived', c.status = 'ARCHIVED' OR NOT coalesce(l.is_active, true),
    'language', CASE WHEN l.id IS NOT NULL THEN json_build_object(
        'id', l.id, 'slug', l.slug, 'name', l.name, 'icon', l.icon) END,
    'enrollment', {ENROLLMENT}"""

MY_PROGRESS = f"""
SELECT json_build_object('items', coalesce(json_agg(json_build_object({_COURSE},
    'modules', (
        SELECT coalesce(json_agg(json_build_object(
            'id', m.id, 'slug', m.slug, 'title', m.title, 'position', m.position,
            'status', coalesce(p.status, 'NOT_STARTED'), 'percent', coalesce(p.progress_percent, 0),
            'completed_items', coalesce(p.completed_items, 0), 'total_items', {TOTAL_ITEMS},
            'last_accessed_at', p.last_accessed_at,
            'items', (SELECT coalesce(json_agg(item ORDER BY {ITEM_ORDER}), '[]') FROM ({MODULE_ITEMS}) item))
            ORDER BY m.position, m.id), '[]')
        FROM learning.modules m
        LEFT JOIN learning.module_progress p ON p.module_id = m.id AND p.user_id = $2
        WHERE m.course_id = c.id AND m.status = 'PUBLISHED' AND m.deleted_at IS NULL)
    ) ORDER BY e.enrolled_at DESC, e.id), '[]'))::text AS body
FROM learning.enrollments e
JOIN learning.courses c ON c.id = e.course_id AND c.deleted_at IS NULL
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
WHERE e.user_id = $2 AND e.status <> $1 AND (c.status <> 'DRAFT' OR {STAFF})
"""

MY_ENROLLMENTS = f"""
SELECT json_build_object('items', coalesce(
    json_agg(json_build_object({_COURSE}) ORDER BY e.enrolled_at DESC, e.id), '[]'))::text AS body
FROM learning.enrollments e
JOIN learning.courses c ON c.id = e.course_id AND c.deleted_at IS NULL
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
WHERE e.user_id = $1
"""


async def view_material_json(reader: Reader, actor: Actor, material_id: UUID) -> str:
    """Count a view of a material by the caller, in its own transaction. A `MaterialProgress`.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled, ModuleLocked: see `policies.admit`.
    """
    actor.require_user()
    row = await reader.fetchrow(VIEW_MATERIAL, material_id, *caller(actor), uuid7(), uuid7())
    admit(row)
    return row["body"]


async def count_view(reader: Reader, actor: Actor, material: MaterialDetail) -> None:
    """Count a view of a material that the caller has just read, and so may see."""
    await reader.fetchrow(VIEW_SHOWN, material.id, actor.require_user(), material.module.id, uuid7(), uuid7())


async def view_material(reader: Reader, actor: Actor, material_id: UUID) -> MaterialProgress:
    return MaterialProgress.model_validate_json(await view_material_json(reader, actor, material_id))


async def material_progress_json(reader: Reader, actor: Actor, material_id: UUID) -> str:
    """How the caller stands in a material that was viewed or completed before. A `MaterialProgress`."""
    row = await reader.fetchrow(MATERIAL_PROGRESS, material_id, actor.require_user())
    return row["body"]


async def my_progress_json(reader: Reader, actor: Actor) -> str:
    """Every course the caller takes, module by module, item by item. A `MyProgress`.

    Courses that were left are not shown, nor those that went back to being drafts: what is in them is their authors' secret.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    actor.require_user()
    row = await reader.fetchrow(MY_PROGRESS, "DROPPED", *caller(actor))
    return row["body"]


async def my_progress(reader: Reader, actor: Actor) -> MyProgress:
    return MyProgress.model_validate_json(await my_progress_json(reader, actor))


async def my_enrollments_json(reader: Reader, actor: Actor) -> str:
    """Every course the caller takes or took. An `EnrollmentList`.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    row = await reader.fetchrow(MY_ENROLLMENTS, actor.require_user())
    return row["body"]


async def my_enrollments(reader: Reader, actor: Actor) -> EnrollmentList:
    return EnrollmentList.model_validate_json(await my_enrollments_json(reader, actor))
