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
    "questions": ("type", "text", "explanation", "points", "difficulty", "topic", "media", "answer_key", "updated_at"),
}
"""Columns by table. What decides about verdicts of an assignment, tests included, is in its `tests_revision`."""
PROGRAMS = "md5(jsonb_build_array(a.solution_code, a.solution_files, a.starter_code, a.starter_files)::text)"
"""The SQL expression that names an assignment's own programs; `a` is its row."""


def revision_in(table: str, alias: str) -> str:
    """The SQL expression of a row's revision."""
    columns = ", ".join(f"{alias}.{column}" for column in _SHOWN[table])
    return f"left(md5(jsonb_build_array({columns})::text), 20)"
