"""Somebody who has learned a little, made directly in the tables."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from codezest_db.ids import uuid7

SECRET = "print('my secret diary')"


@dataclass(frozen=True, slots=True)
class Learned:
    """A language with an exercise that somebody has solved."""

    slug: str
    submission_id: UUID


async def learned(owner: asyncpg.Connection, user_id: UUID, *, days_ago: tuple[int, ...] = (0,)) -> Learned:
    """Let somebody be half through a new language, having solved one exercise on each of these days."""
    language, course, module, assignment = uuid7(), uuid7(), uuid7(), uuid7()
    slug = f"lang-{language.hex[-12:]}"
    await owner.execute(
        "INSERT INTO learning.programming_languages (id, name, slug, runtime) VALUES ($1, $2, $2, 'python')",
        language,
        slug,
    )
    await owner.execute(
        """INSERT INTO learning.courses (id, kind, language_id, title, slug, status, published_at)
           VALUES ($1, 'PATH', $2, 'Path', $3, 'PUBLISHED', now())""",
        course, language, slug,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO learning.modules (id, course_id, title, slug, position) VALUES ($1, $2, 'Basics', 'basics', 0)",
        module, course,
    )  # fmt: skip
    await owner.execute(
        """INSERT INTO learning.assignments (id, module_id, title, slug, position, language)
           VALUES ($1, $2, 'First steps', 'first', 0, 'python')""",
        assignment, module,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO learning.enrollments (user_id, course_id, progress_percent) VALUES ($1, $2, 50)", user_id, course
    )
    submission = uuid7()
    for number, days in enumerate(days_ago, 1):
        submission = uuid7()
        await owner.execute(
            """INSERT INTO learning.submissions
                   (id, user_id, assignment_id, code, language, status, verdict, score, attempt_number, submitted_at, graded_at)
               VALUES ($1, $2, $3, $4, 'python', 'PASSED', 'AC', 100, $5, now() - make_interval(days => $6), now())""",
            submission, user_id, assignment, SECRET, number, days,
        )  # fmt: skip
        for position, (name, visible) in enumerate([("shown", True), ("hidden", False)]):
            await owner.execute(
                """INSERT INTO learning.submission_test_results (submission_id, position, name, verdict, visible, stdout)
                   VALUES ($1, $2, $3, 'AC', $4, $5)""",
                submission, position, name, visible, f"{name} output",
            )  # fmt: skip
    return Learned(slug, submission)
