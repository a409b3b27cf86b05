"""What requests about grades name: work that waits for a person, a gradebook, an analysis."""

import re
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from .samples import RUBRIC
from .tables import BODIES
from .world import World


async def give_hand_in(path: str, world: World, owner: asyncpg.Connection) -> None:
    key = f"hand-ins/{uuid4()}"
    await owner.execute("DELETE FROM learning.hand_in_files WHERE user_id = $1", world.student.id)
    world.ids["file_id"] = str(
        await owner.fetchval(
            """INSERT INTO learning.hand_in_files
                   (user_id, assignment_id, submission_id, name, media_type, size_bytes, sha256, file_key)
               VALUES ($1, $2, $3, 'a.txt', 'text/plain', 1, repeat('0', 64), $4) RETURNING id""",
            world.student.id, world.ids["assignment_id"], world.ids["submission_id"] if "position" in path else None, key,
        )
    )  # fmt: skip
    await world.files.put(key, b"x")


GRADED_BY_HAND = re.compile(
    r"/courses/\{course_id\}/(grading|rubrics)|/(rubrics|comments|regrade-requests|hand-in-files)/"
    r"|/submissions/\{submission_id\}/(grading|gradings|grade|claim|comments|files|regrade-requests)(/|$)"
    r"|/assignments/\{assignment_id\}/(grading|grades|answers|files)(/|$)"
)


async def give_work_to_grade(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """Let the student's program wait for a person, whom nobody is before; returns the body where it depends on that."""
    method, path = route
    submission, assignment = world.ids["submission_id"], world.ids["assignment_id"]
    course = await owner.fetchval(
        "SELECT m.course_id FROM learning.modules m JOIN learning.assignments i ON i.module_id = m.id WHERE i.id = $1",
        assignment,
    )
    world.ids |= {"course_id": str(course), "position": "0"}
    await owner.execute(
        "UPDATE learning.submissions SET status = 'FAILED', graded_at = now() WHERE id = $1", submission
    )
    await owner.execute("DELETE FROM learning.hand_gradings WHERE submission_id = $1", submission)
    await owner.execute("DELETE FROM learning.gradings WHERE submission_id = $1", submission)
    await owner.execute("DELETE FROM learning.grading_claims WHERE submission_id = $1", submission)
    grading = await owner.fetchval(
        "INSERT INTO learning.gradings (submission_id, marks, max_marks) VALUES ($1, 1, 100) RETURNING id", submission
    )
    waits = path.endswith(("/gradings", "/claim"))
    await owner.execute(
        """INSERT INTO learning.hand_gradings (submission_id, course_id, assignment_id, user_id, learner_number, state,
               grading_id, graded_at, released_grading_id, released_at)
           VALUES ($1, $2, $3, $4, 1, $5, $6, CASE WHEN $7 THEN now() END, $6, CASE WHEN $7 THEN now() END)""",
        submission, course, assignment, world.student.id, "WAITING" if waits else "RELEASED", None if waits else grading,
        not waits,
    )  # fmt: skip
    if "{rubric_id}" in path:
        world.ids["rubric_id"] = str((await world.made("POST", f"/courses/{course}/rubrics", RUBRIC))["id"])
    if "{comment_id}" in path:
        world.ids["comment_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.line_comments (submission_id, user_id, path, first_line, last_line, text)
                   VALUES ($1, $2, 'main.py', 1, 1, 'x') RETURNING id""",
                submission, world.instructor.id,
            )
        )  # fmt: skip
    if "{request_id}" in path:
        world.ids["request_id"] = str(
            await owner.fetchval(
                """INSERT INTO learning.regrade_requests (submission_id, grading_id, course_id, user_id, reason)
                   VALUES ($1, $2, $3, $4, 'x') RETURNING id""",
                submission, grading, course, world.student.id,
            )
        )  # fmt: skip
    if path.endswith("/answers") or path == "/assignments/{assignment_id}/files":
        kind = "TEXT" if path.endswith("/answers") else "FILE"
        await owner.execute("UPDATE learning.assignments SET kind = $2 WHERE id = $1", assignment, kind)
    if "file_id" in path or "position" in path:
        await give_hand_in(path, world, owner)
    if path.endswith("/regrade-requests"):
        return {"grading_id": str(grading), "reason": "Look again."}
    return BODIES.get((method, path))


IN_GRADEBOOK = re.compile(r"/courses/\{course_id\}/(gradebook|insights|statistics)")


async def give_gradebook(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """A column that people fill in, with nothing in it yet; returns the body of the request."""
    module = UUID(world.ids["module_id"])
    course = await owner.fetchval("SELECT course_id FROM learning.modules WHERE id = $1", module)
    column = await owner.fetchval(
        "INSERT INTO learning.grade_columns (course_id, title, max_points) VALUES ($1, 'Talk', 10) RETURNING id", course
    )
    world.ids |= {"course_id": str(course), "user_id": str(world.student.id), "column_id": str(column)}
    if route[1].endswith("/entries"):
        return {"user_id": str(world.student.id), "column_id": str(column), "action": "MARK", "points": 5}
    if route[1].endswith("/list"):
        return {"text": f"learner id,Talk [{column}]\n{world.student.id},5\n"}
    return BODIES.get(route)


ANALYSED = re.compile(r"/(submissions|attempts)/\{\w+\}/analysis")


async def give_analysis(route: tuple[str, str], world: World, owner: asyncpg.Connection) -> Any:
    """The student's program and attempt, graded and analysed, as if nobody had asked for anything before."""
    submission, attempt = UUID(world.ids["submission_id"]), UUID(world.ids["attempt_id"])
    await owner.execute(
        "UPDATE learning.submissions SET status = 'FAILED', graded_at = now() WHERE id = $1", submission
    )
    await owner.execute(
        "UPDATE learning.quiz_attempts SET status = 'GRADED', completed_at = now() WHERE id = $1", attempt
    )
    module = UUID(world.ids["module_id"])
    for table, column, target in (
        ("submission_analyses", "submission_id", submission),
        ("quiz_analyses", "attempt_id", attempt),
    ):
        await owner.execute(f"DELETE FROM learning.{table} WHERE {column} = $1", target)  # noqa: S608
        await owner.execute(
            f"""INSERT INTO learning.{table} (course_id, {column}, released_at)
                SELECT course_id, $2, now() FROM learning.modules WHERE id = $1""",  # noqa: S608
            module, target,
        )  # fmt: skip
    return BODIES.get(route)
