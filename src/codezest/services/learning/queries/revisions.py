"""What an author has seen of a thing, as a short hash, so that two who change it at once do not overwrite each other.

Only what its form shows counts: a learner who enrols meanwhile is no reason to refuse a new description.
"""

from collections.abc import Mapping, Sequence

_SHOWN: Mapping[str, Sequence[str]] = {
    "courses": (
        "title",
        "slug",
        "subtitle",
        "description",
        "level",
        "category",
        "tags",
        "spoken_language",
        "language_id",
        "price_minor",
        "currency",
        "image_url",
        "duration_minutes",
    ),
    "modules": ("title", "slug", "description", "syllabus", "estimated_minutes"),
    "materials": (
        "title",
        "slug",
        "type",
        "description",
        "content",
        "code",
        "sample_input",
        "video_url",
        "captions_url",
        "transcript",
        "image_url",
        "file_url",
        "duration_minutes",
        "quiz_id",
    ),
    "assignments": (
        "title",
        "slug",
        "description",
        "instructions",
        "kind",
        "language",
        "difficulty",
        "max_score",
        "hints",
        "status",
        "starter_code",
        "starter_files",
        "solution_code",
        "solution_files",
        "time_limit_minutes",
        "available_from",
        "available_until",
        "due_at",
        "late_policy",
        "late_penalty_percent",
        "late_floor_percent",
        "tests_revision",
    ),
    "quizzes": (
        "title",
        "slug",
        "description",
        "status",
        "passing_score",
        "time_limit_minutes",
        "attempt_limit",
        "shuffle",
        "draw_count",
        "draws",
        "shuffle_options",
        "scoring",
        "wrong_penalty_percent",
        "available_from",
        "available_until",
        "due_at",
        "late_policy",
        "late_penalty_percent",
        "late_floor_percent",
    ),
    "questions": ("type", "text", "explanation", "points", "difficulty", "topic", "media", "answer_key"),
}
"""Columns by table. What decides about verdicts of an assignment, tests included, is in its `tests_revision`."""
_BESIDES: Mapping[str, str] = {
    "modules": """, (
        SELECT jsonb_agg(p.prerequisite_id ORDER BY p.prerequisite_id)
        FROM learning.module_prerequisites p WHERE p.module_id = {alias}.id)""",
    "questions": """, (
        SELECT jsonb_agg(jsonb_build_array(o.id, o.text, o.is_correct) ORDER BY o.position, o.id)
        FROM learning.options o WHERE o.question_id = {alias}.id AND o.deleted_at IS NULL)""",
}
"""What a form shows of other tables."""
PROGRAMS = "md5(jsonb_build_array(a.solution_code, a.solution_files, a.starter_code, a.starter_files)::text)"
"""The SQL expression that names an assignment's own programs; `a` is its row."""


def revision_in(table: str, alias: str) -> str:
    """The SQL expression of a row's revision."""
    columns = ", ".join(f"{alias}.{column}" for column in _SHOWN[table])
    return f"left(md5(jsonb_build_array({columns}{_BESIDES.get(table, '').format(alias=alias)})::text), 20)"


def order_revision_in(alias: str) -> str:
    """The SQL expression that names which questions a quiz has, in which order; `alias` is the quiz's row."""
    return f"""left(md5(coalesce((
        SELECT jsonb_agg(q.id ORDER BY q.position, q.id)
        FROM learning.questions q WHERE q.quiz_id = {alias}.id AND q.deleted_at IS NULL), '[]')::text), 20)"""  # noqa: S608 - constants
