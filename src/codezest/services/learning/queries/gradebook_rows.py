"""The statements of the gradebook: what it is made of, and what learners have in it."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from codezest.services.learning.queries.anonymity import HIDDEN

MOST_COLUMNS = 500
MOST_COHORTS = 200


def _items(table: str, kind: str, most: str, own: str) -> str:
    return f"""SELECT i.id, '{kind}' AS kind, i.title, {most} AS max_points, i.due_at, k.category_id,
        coalesce(k.counts, true) AS counts, coalesce(k.visible, true) AS visible, k.extra_percent,
        k.id AS column_id, m.position AS chapter, i.position, 0 AS last
    FROM learning.modules m JOIN learning.{table} i ON i.module_id = m.id
    LEFT JOIN learning.grade_columns k ON k.{own} = i.id
    WHERE m.course_id = $1 AND m.deleted_at IS NULL AND i.deleted_at IS NULL
      AND m.status = 'PUBLISHED' AND i.status = 'PUBLISHED'"""


LAYOUT = f"""
SELECT json_build_object(
    'counted_attempt', coalesce(b.counted_attempt, 'BEST'), 'missing_work', coalesce(b.missing_work, 'WHEN_DUE'),
    'passing_percent', coalesce(b.passing_percent, 50), 'revision', coalesce(b.revision, 0),
    'grade_scale', c.grade_scale,
    'categories', (SELECT coalesce(json_agg(to_json(g) ORDER BY g.position, g.id), '[]')
        FROM learning.grade_categories g WHERE g.course_id = c.id),
    'columns', (SELECT coalesce(json_agg(to_json(x) ORDER BY x.last, x.chapter, x.position, x.id), '[]') FROM (
        SELECT * FROM (
            {_items("assignments", "ASSIGNMENT", "i.max_score::numeric", "assignment_id")}
            UNION ALL {_items("quizzes", "QUIZ", "100::numeric", "quiz_id")}
            UNION ALL SELECT k.id, 'FILLED', k.title, k.max_points, k.due_at, k.category_id, k.counts, k.visible,
                k.extra_percent, k.id, 0, 0, 1
            FROM learning.grade_columns k WHERE k.course_id = $1 AND k.title IS NOT NULL AND k.archived_at IS NULL) every
        ORDER BY every.last DESC, every.chapter, every.position, every.id LIMIT {MOST_COLUMNS}) x),
    'cohorts', (SELECT coalesce(json_agg(json_build_object('id', h.id, 'name', h.name) ORDER BY h.name), '[]')
        FROM (SELECT * FROM learning.cohorts h WHERE h.course_id = c.id AND h.archived_at IS NULL
              ORDER BY h.name LIMIT {MOST_COHORTS}) h))::text AS body
FROM learning.courses c LEFT JOIN learning.gradebooks b ON b.course_id = c.id
WHERE c.id = $1
"""

# $7 assignments, $8 quizzes, $9 columns with a row of their own, $10 whether the best attempt counts,
# $11 whether those who teach ask: they see grades that are held, unless names are hidden.
_SUBMISSIONS = f"""
    SELECT coalesce(json_agg(json_build_array(x.assignment_id, x.id, x.marks, x.max_marks, x.is_late, x.held, x.hidden,
        x.waiting, x.submitted_at)), '[]')
    FROM (
        SELECT DISTINCT ON (s.assignment_id) s.assignment_id, s.id, v.marks, v.max_marks, s.is_late, s.submitted_at,
            v.held, v.hidden,
            bool_or(s.status IN ('PENDING', 'RUNNING', 'SUBMITTED', 'LATE') OR coalesce(h.state = 'WAITING', false)
                OR (NOT $11::boolean AND coalesce(h.state = 'HELD', false)))
                OVER (PARTITION BY s.assignment_id) AS waiting
        FROM learning.submissions s
        JOIN learning.assignments i ON i.id = s.assignment_id
        LEFT JOIN learning.hand_gradings h ON h.submission_id = s.id
        LEFT JOIN learning.gradings g ON g.id = h.grading_id
        CROSS JOIN LATERAL (
            SELECT $11 AND {HIDDEN} AS hidden, $11 AND i.anonymous_grading AND h.submission_id IS NOT NULL
                AND h.released_grading_id IS NULL AS unreleased, coalesce(h.state = 'HELD', false) AS held OFFSET 0) w
        CROSS JOIN LATERAL (
            SELECT w.hidden, w.held AND $11 AND NOT w.hidden AS held,
                CASE WHEN w.held AND $11 AND NOT w.hidden THEN g.marks * (100 - s.late_penalty_percent) / 100
                    WHEN NOT w.unreleased THEN s.score END AS marks,
                CASE WHEN w.held AND $11 AND NOT w.hidden THEN g.max_marks ELSE s.max_score END AS max_marks OFFSET 0) v
        WHERE s.user_id = p.user_id AND s.assignment_id = ANY ($7::uuid[]) AND s.purpose = 'SUBMIT'
          AND s.deleted_at IS NULL
        ORDER BY s.assignment_id, v.marks IS NULL,
            CASE WHEN $10::boolean THEN v.marks::numeric / nullif(v.max_marks, 0) END DESC NULLS LAST,
            s.attempt_number DESC) x"""
_ATTEMPTS = """
    SELECT coalesce(json_agg(json_build_array(x.quiz_id, x.id, x.score, x.is_late, x.waiting, x.completed_at)), '[]')
    FROM (
        SELECT DISTINCT ON (t.quiz_id) t.quiz_id, t.id, v.score, t.is_late, t.completed_at,
            bool_or(t.status = 'SUBMITTED') OVER (PARTITION BY t.quiz_id) AS waiting
        FROM learning.quiz_attempts t
        CROSS JOIN LATERAL (SELECT CASE WHEN t.status <> 'SUBMITTED' THEN t.score END AS score OFFSET 0) v
        WHERE t.user_id = p.user_id AND t.quiz_id = ANY ($8::uuid[]) AND t.status <> 'IN_PROGRESS'
        ORDER BY t.quiz_id, v.score IS NULL, CASE WHEN $10 THEN v.score END DESC NULLS LAST, t.attempt_number DESC) x"""
_ENTRIES = """
    SELECT coalesce(json_agg(json_build_array(x.column_id, x.kind, x.points, x.revision)), '[]')
    FROM (
        SELECT DISTINCT ON (n.column_id) n.column_id, n.kind, n.points, n.revision
        FROM learning.grade_entries n
        WHERE n.user_id = p.user_id AND n.column_id = ANY ($9::uuid[])
        ORDER BY n.column_id, n.revision DESC) x"""
_GRANTED = """
    SELECT coalesce(json_agg(json_build_array(coalesce(a.quiz_id, a.assignment_id), a.due_at, a.extra_days)), '[]')
    FROM learning.accommodations a WHERE a.course_id = $1 AND a.user_id = p.user_id"""
_BY_NAME = "lower(coalesce(u.display_name, '\U0010ffff')), e.id"
_ORDERS = {
    "newest": ("e.id DESC", "e.id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')"),
    "name": (
        _BY_NAME,
        f"""($4::uuid IS NULL OR ({_BY_NAME}) > (
            SELECT lower(coalesce(y.display_name, '\U0010ffff')), z.id FROM learning.enrollments z
            LEFT JOIN auth.public_users y ON y.id = z.user_id WHERE z.id = $4))""",
    ),
}


def _learners(*, sought: bool) -> str:
    """What stands behind `SELECT …`: the learners of course `$1` in cohort `$2` who are among `$3`."""
    fit = "e.user_id = ANY ($3::uuid[])" if sought else "$3::uuid[] IS NULL"
    return f"""FROM learning.enrollments e
        WHERE e.course_id = $1 AND e.status <> 'DROPPED' AND ($2::uuid IS NULL OR e.cohort_id = $2) AND {fit}"""


def _how_many(*, sought: bool) -> str:
    return f"SELECT count(*) AS learners FROM (SELECT {_learners(sought=sought)} LIMIT $4) found"


HOW_MANY = {sought: _how_many(sought=sought) for sought in (False, True)}
"""How many fit, up to `$4`; by whether somebody is looked for."""


def _rows(order: str, *, sought: bool) -> str:
    by, after = _ORDERS[order]
    return f"""
    WITH p AS MATERIALIZED (
        SELECT e.id, e.user_id, e.cohort_id, u.display_name, row_number() OVER (ORDER BY {by}) AS place
        FROM (SELECT e.* {_learners(sought=sought)}) e LEFT JOIN auth.public_users u ON u.id = e.user_id
        WHERE {after}
          AND ($6::uuid IS NULL OR e.user_id = $6) AND ($12::uuid[] IS NULL OR e.id = ANY ($12))
        ORDER BY {by} LIMIT $5)
    SELECT coalesce(json_agg(json_build_object('enrollment_id', p.id, 'user_id', p.user_id, 'name', p.display_name,
        'cohort_name', (SELECT k.name FROM learning.cohorts k WHERE k.id = p.cohort_id),
        'submissions', ({_SUBMISSIONS}), 'attempts', ({_ATTEMPTS}), 'entries', ({_ENTRIES}), 'granted', ({_GRANTED}))
        ORDER BY p.place), '[]')::text AS body
    FROM p
    """


ROWS = {(order, sought): _rows(order, sought=sought) for order in _ORDERS for sought in (False, True)}
"""By order, and by whether somebody is looked for."""

HISTORY = """
SELECT coalesce(json_agg(json_build_object('column_id', coalesce(k.assignment_id, k.quiz_id, k.id), 'revision', n.revision,
    'kind', n.kind, 'points', n.points, 'reason', n.reason, 'set_by', u.display_name, 'created_at', n.created_at)
    ORDER BY n.id DESC), '[]')::text AS body
FROM (SELECT n.* FROM learning.grade_entries n JOIN learning.grade_columns k ON k.id = n.column_id
      WHERE k.course_id = $1 AND n.user_id = $2 ORDER BY n.id DESC LIMIT 500) n
JOIN learning.grade_columns k ON k.id = n.column_id
LEFT JOIN auth.public_users u ON u.id = n.set_by
"""

OWN_COURSE = """
SELECT c.id, c.title, c.kind, l.slug AS language_slug, c.slug
FROM learning.courses c LEFT JOIN learning.programming_languages l ON l.id = c.language_id
JOIN learning.enrollments e ON e.course_id = c.id AND e.user_id = $2 AND e.status <> 'DROPPED'
WHERE c.slug = $1 AND c.deleted_at IS NULL
"""
