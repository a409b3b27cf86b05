"""A module, and a material, as the staff of their course reads them: one statement each, whatever the role."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from uuid import UUID

from codezest.kit.actor import Actor
from codezest.services.learning.policies import Reader, caller
from codezest.services.learning.policies.permissions import ROLE, Permission
from codezest.services.learning.policies.teaching import TaughtCourse, taught_course
from codezest.services.learning.queries.revisions import revision_in
from codezest.services.learning.schemas.teaching_content import StudioMaterial, StudioModule

_COURSE = "c.id, c.title, c.slug, c.kind, l.slug AS language_slug, c.status, r.role"
_IN_COURSE = f"""
JOIN learning.courses c ON c.id = m.course_id AND c.deleted_at IS NULL
LEFT JOIN learning.programming_languages l ON l.id = c.language_id
CROSS JOIN LATERAL (SELECT {ROLE} AS role) r
"""

MODULE = f"""
SELECT {_COURSE}, CASE WHEN r.role IS NOT NULL THEN (to_jsonb(m) || jsonb_build_object(
    'revision', {revision_in("modules", "m")},
    'prerequisite_ids', (
        SELECT coalesce(jsonb_agg(p.prerequisite_id), '[]') FROM learning.module_prerequisites p WHERE p.module_id = m.id),
    'others', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'title', o.title) ORDER BY o.position, o.id), '[]')
        FROM learning.modules o WHERE o.course_id = c.id AND o.id <> m.id AND o.deleted_at IS NULL)))::text END AS body
FROM learning.modules m {_IN_COURSE}
WHERE m.id = $1 AND m.deleted_at IS NULL AND l.deleted_at IS NULL
"""

MATERIAL = f"""
SELECT {_COURSE}, CASE WHEN r.role IS NOT NULL THEN (to_jsonb(i) || jsonb_build_object(
    'revision', {revision_in("materials", "i")}, 'runtime', l.runtime, 'module_title', m.title,
    'quizzes', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'title', q.title) ORDER BY o.position, q.position), '[]')
        FROM learning.quizzes q JOIN learning.modules o ON o.id = q.module_id AND o.deleted_at IS NULL
        WHERE i.type = 'QUIZ' AND o.course_id = c.id AND q.deleted_at IS NULL)))::text END AS body
FROM learning.materials i JOIN learning.modules m ON m.id = i.module_id AND m.deleted_at IS NULL {_IN_COURSE}
WHERE i.id = $1 AND i.deleted_at IS NULL AND l.deleted_at IS NULL
"""


async def studio_module(
    reader: Reader, actor: Actor, module_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[TaughtCourse, StudioModule]:
    """A module and the course it belongs to.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    actor.require_user()
    row = await reader.fetchrow(MODULE, module_id, *caller(actor))
    course = taught_course(row, permission)
    return course, StudioModule.model_validate_json(row["body"])


async def studio_material(
    reader: Reader, actor: Actor, material_id: UUID, permission: Permission = Permission.VIEW
) -> tuple[TaughtCourse, StudioMaterial]:
    """A material and the course it belongs to. Raises as above."""
    actor.require_user()
    row = await reader.fetchrow(MATERIAL, material_id, *caller(actor))
    course = taught_course(row, permission)
    return course, StudioMaterial.model_validate_json(row["body"])
