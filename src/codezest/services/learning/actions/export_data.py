"""Write what learning holds of somebody to the files, for a download they asked for.

Everything is written row by row to a file on disk, so that a long history costs no memory.
"""

import tempfile
from pathlib import Path
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

from codezest.events.learning import DataExportPartWritten
from codezest.kit.database import Database
from codezest.kit.files import Files
from codezest.kit.outbox import publish

# Hidden tests stay hidden: of their results the verdict alone is given, as the pages do.
ROWS: dict[str, str] = {
    "enrollments": """
        SELECT to_jsonb(e) || jsonb_build_object('course', c.title, 'cohort', k.name)
        FROM learning.enrollments e JOIN learning.courses c ON c.id = e.course_id
        LEFT JOIN learning.cohorts k ON k.id = e.cohort_id WHERE e.user_id = $1 ORDER BY e.id""",
    "module_progress": """
        SELECT to_jsonb(p) || jsonb_build_object('module', m.title)
        FROM learning.module_progress p JOIN learning.modules m ON m.id = p.module_id WHERE p.user_id = $1 ORDER BY p.id""",
    "material_progress": """
        SELECT to_jsonb(p) || jsonb_build_object('material', m.title)
        FROM learning.material_progress p JOIN learning.materials m ON m.id = p.material_id
        WHERE p.user_id = $1 ORDER BY p.id""",
    "submissions": """
        SELECT to_jsonb(s) - '{spec_sha256,idempotency_key}'::text[] || jsonb_build_object('assignment', a.title, 'tests', (
            SELECT coalesce(jsonb_agg(CASE WHEN t.visible THEN to_jsonb(t) - '{id,submission_id}'::text[]
                ELSE jsonb_build_object('position', t.position, 'verdict', t.verdict) END ORDER BY t.position), '[]')
            FROM learning.submission_test_results t WHERE t.submission_id = s.id),
            -- What people said of it, once it is released to its learner.
            'grades', (SELECT coalesce(jsonb_agg(to_jsonb(g) - '{submission_id,graded_by}'::text[] ORDER BY g.id), '[]')
                FROM learning.gradings g JOIN learning.hand_gradings h ON h.submission_id = g.submission_id
                WHERE g.submission_id = s.id AND g.id <= h.released_grading_id),
            'comments', (SELECT coalesce(jsonb_agg(to_jsonb(k) - '{submission_id,user_id}'::text[] ORDER BY k.id), '[]')
                FROM learning.line_comments k JOIN learning.hand_gradings h ON h.submission_id = k.submission_id
                WHERE k.submission_id = s.id AND h.released_grading_id IS NOT NULL),
            'handed_files', (SELECT coalesce(jsonb_agg(to_jsonb(f) - '{submission_id,user_id}'::text[]
                ORDER BY f.position), '[]') FROM learning.hand_in_files f WHERE f.submission_id = s.id))
        FROM learning.submissions s LEFT JOIN learning.assignments a ON a.id = s.assignment_id
        WHERE s.user_id = $1 ORDER BY s.id""",
    "receipts": """
        SELECT to_jsonb(r) || jsonb_build_object('signature', encode(r.signature, 'base64'))
        FROM learning.submission_receipts r WHERE r.user_id = $1 ORDER BY r.sequence""",
    "quiz_attempts": """
        SELECT to_jsonb(a) || jsonb_build_object('quiz', q.title, 'answers', (
            SELECT coalesce(jsonb_agg(to_jsonb(w) - '{id,attempt_id}'::text[] || jsonb_build_object(
                'question', u.text,
                'options', (SELECT coalesce(jsonb_agg(o.text), '[]') FROM learning.options o WHERE o.id = ANY(w.option_ids))
            ) ORDER BY w.id), '[]')
            FROM learning.quiz_answers w JOIN learning.questions u ON u.id = w.question_id WHERE w.attempt_id = a.id))
        FROM learning.quiz_attempts a JOIN learning.quizzes q ON q.id = a.quiz_id WHERE a.user_id = $1 ORDER BY a.id""",
    # As stored: of what rules said the keys, of what people and models said their words; once its learner may see it.
    "submission_analyses": """
        SELECT to_jsonb(n) - '{ai_prompt,original,cache_key,analyzed_by,approved_by,requested_by}'::text[]
        FROM learning.submission_analyses n JOIN learning.submissions s ON s.id = n.submission_id
        WHERE s.user_id = $1 AND n.released_at IS NOT NULL ORDER BY n.id""",
    "quiz_analyses": """
        SELECT to_jsonb(n) - '{original,analyzed_by,approved_by}'::text[]
        FROM learning.quiz_analyses n JOIN learning.quiz_attempts a ON a.id = n.attempt_id
        WHERE a.user_id = $1 AND n.released_at IS NOT NULL ORDER BY n.id""",
    "reviews": """
        SELECT to_jsonb(r) - '{replied_by,hidden_by}'::text[] || jsonb_build_object('course', c.title)
        FROM learning.course_reviews r JOIN learning.courses c ON c.id = r.course_id WHERE r.user_id = $1 ORDER BY r.id""",
    # What learners do not see, theirs too, they do not get either.
    "grade_entries": """
        SELECT to_jsonb(n) - '{set_by,batch_id,reason}'::text[] || jsonb_build_object('course', c.title,
            'column', coalesce(k.title, a.title, q.title))
        FROM learning.grade_entries n JOIN learning.grade_columns k ON k.id = n.column_id
        JOIN learning.courses c ON c.id = k.course_id
        LEFT JOIN learning.assignments a ON a.id = k.assignment_id LEFT JOIN learning.quizzes q ON q.id = k.quiz_id
        WHERE n.user_id = $1 AND k.visible ORDER BY n.id""",
    "invitations": """
        SELECT to_jsonb(i) - 'invited_by' || jsonb_build_object('course', c.title, 'cohort', k.name)
        FROM learning.enrollment_invitations i JOIN learning.courses c ON c.id = i.course_id
        LEFT JOIN learning.cohorts k ON k.id = i.cohort_id WHERE i.user_id = $1 ORDER BY i.id""",
}
OTHER_TABLES = """
SELECT c.table_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'learning' AND c.column_name = 'user_id' AND t.table_type = 'BASE TABLE' AND c.table_name <> ALL($1)
ORDER BY c.table_name
"""
KNOWN_TABLES = (
    "enrollments", "module_progress", "material_progress", "submissions", "submission_receipts", "quiz_attempts",
    "course_reviews", "enrollment_invitations", "hand_gradings", "hand_in_files",
    "grade_entries",
)  # fmt: skip
"""Those that the statements above read or must not give away (a grade that is held); any other table of the learner's is given as it is."""


async def export_data(database: Database, files: Files, *, user_id: UUID, export_id: UUID) -> None:
    """Write the part and announce it. Another run writes the same again."""
    key = f"exports/{export_id}/learning.zip"
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "part.zip"
        await _write(database, archive, user_id)
        await files.put(key, archive)
    async with database.write("learning") as session:
        await publish(session, DataExportPartWritten(user_id=user_id, export_id=export_id, file_key=key))


async def _write(database: Database, archive: Path, user_id: UUID) -> None:
    connection = await database.connect("learning")
    try:
        with ZipFile(archive, "w", ZIP_DEFLATED) as part:
            others = [row[0] for row in await connection.fetch(OTHER_TABLES, list(KNOWN_TABLES))]
            more = {name: f'SELECT to_jsonb(t) FROM learning."{name}" t WHERE user_id = $1' for name in others}  # noqa: S608
            for name, statement in (ROWS | more).items():
                async with connection.transaction(readonly=True):
                    with part.open(f"{name}.json", "w", force_zip64=True) as target:
                        separator = b"["
                        async for (row,) in connection.cursor(statement, user_id, prefetch=50):
                            target.write(separator + b"\n" + str(row).encode())
                            separator = b","
                        target.write(b"\n]\n" if separator == b"," else b"[]\n")
    finally:
        await connection.close()
