"""SQL that several reads are made of. `m` is a module, `e` the caller's enrollment, `$2` the caller's id or null."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from codezest.services.learning.queries.asked_count import ASKED_COUNT

ITEM_TABLES = ("learning.materials", "learning.assignments", "learning.quizzes")

TOTAL_ITEMS = "(" + " + ".join(
    f"(SELECT count(*) FROM {table} x WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL)"
    for table in ITEM_TABLES
) + ")"  # fmt: skip
"""How many items of module `m` learners see."""

ENROLLMENT = """CASE WHEN e.id IS NOT NULL THEN json_build_object(
    'id', e.id, 'course_id', e.course_id, 'status', e.status, 'progress_percent', e.progress_percent,
    'completed_items', e.completed_items, 'enrolled_at', e.enrolled_at, 'completed_at', e.completed_at,
    'last_module_id', e.last_module_id, 'begins_at', e.begins_at) END"""

MODULE_ITEMS = f"""
    SELECT 'MATERIAL' AS kind, x.id, x.slug, x.title, x.description, x.position,
        coalesce(p.status, 'NOT_STARTED') AS status,
        x.type AS material_type, NULL::text AS assignment_kind, x.duration_minutes, NULL::text AS difficulty,
        NULL::int AS best_score, NULL::int AS max_score, NULL::bigint AS question_count
    FROM learning.materials x
    LEFT JOIN learning.material_progress p ON p.material_id = x.id AND p.user_id = $2
    WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL
    UNION ALL
    SELECT 'ASSIGNMENT', x.id, x.slug, x.title, x.description, x.position,
        CASE WHEN s.passed THEN 'COMPLETED' WHEN s.tries > 0 THEN 'IN_PROGRESS' ELSE 'NOT_STARTED' END,
        NULL, x.kind, x.time_limit_minutes, x.difficulty, s.best, x.max_score, NULL
    FROM learning.assignments x
    CROSS JOIN LATERAL (
        SELECT count(*) AS tries, bool_or(s.status = 'PASSED' OR s.accepted) AS passed, max(s.score) AS best
        FROM learning.submissions s
        WHERE s.user_id = $2 AND s.assignment_id = x.id AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL) s
    WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL
    UNION ALL
    SELECT 'QUIZ', x.id, x.slug, x.title, x.description, x.position,
        CASE WHEN t.passed THEN 'COMPLETED' WHEN t.tries > 0 THEN 'IN_PROGRESS' ELSE 'NOT_STARTED' END,
        NULL, NULL, x.time_limit_minutes, NULL, t.best, 100,
        {ASKED_COUNT.format(quiz="x")}
    FROM learning.quizzes x
    CROSS JOIN LATERAL (
        SELECT count(*) AS tries, bool_or(t.passed) AS passed, max(t.score) AS best
        FROM learning.quiz_attempts t WHERE t.user_id = $2 AND t.quiz_id = x.id) t
    WHERE x.module_id = m.id AND x.status = 'PUBLISHED' AND x.deleted_at IS NULL
"""
"""The items of module `m` that learners see, with how the caller stands; unordered."""

ITEM_ORDER = "item.position, item.kind, item.id"
