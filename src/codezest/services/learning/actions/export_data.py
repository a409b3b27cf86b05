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
        SELECT to_jsonb(e) || jsonb_build_object('course', c.title)
        FROM learning.enrollments e JOIN learning.courses c ON c.id = e.course_id WHERE e.user_id = $1 ORDER BY e.id""",
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
            FROM learning.submission_test_results t WHERE t.submission_id = s.id))
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
    "reviews": """
        SELECT to_jsonb(r) || jsonb_build_object('course', c.title)
        FROM learning.course_reviews r JOIN learning.courses c ON c.id = r.course_id WHERE r.user_id = $1 ORDER BY r.id""",
}
OTHER_TABLES = """
SELECT c.table_name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'learning' AND c.column_name = 'user_id' AND t.table_type = 'BASE TABLE' AND c.table_name <> ALL($1)
ORDER BY c.table_name
"""
KNOWN_TABLES = (
    "enrollments", "module_progress", "material_progress", "submissions", "submission_receipts", "quiz_attempts",
    "course_reviews",
)  # fmt: skip
"""Those that the statements above read; any other table of the learner's is given as it is."""


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
