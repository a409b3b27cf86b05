"""What came of the programs of questions, for learners and for authors."""
# ruff: noqa: S608 - statements are put together from constants of this module, never from input

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.i18n import gettext as _
from codezest.services.learning.policies import Reader
from codezest.services.learning.queries.asked import KEY_SHA256
from codezest.services.learning.queries.teaching_assessments import studio_question
from codezest.services.learning.question_results import NOT_RUN_HERE
from codezest.services.learning.schemas.question_runs import ProgramRun, SolutionCheck
from codezest_db.enums import Verdict

RUN = """json_build_object('status', r.status, 'result', r.result, 'problem', r.problem,
    'requested_at', r.requested_at, 'finished_at', r.finished_at)"""
"""A run `r` as `run_of` reads it."""

SAMPLES = f"""
SELECT coalesce(json_object_agg(r.question_id, {RUN}), '{{}}')::text AS runs
FROM learning.question_runs r JOIN learning.quiz_attempts t ON t.id = r.attempt_id
WHERE r.attempt_id = $1 AND t.user_id = $2 AND r.purpose = 'SAMPLE' AND ($3::uuid IS NULL OR r.question_id = $3)
"""

CHECK = f"""
SELECT {RUN}::text AS run, q.type = 'CODE' AND r.key_sha256 = {KEY_SHA256} AS current
FROM learning.question_runs r JOIN learning.questions q ON q.id = r.question_id
WHERE r.question_id = $1 AND r.purpose = 'CHECK'
"""


def run_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A `ProgramRun`: the tests that are kept in full, and how many there are besides."""
    result: Mapping[str, Any] = stored["result"] or {}
    tests: list[dict[str, Any]] = result.get("tests", [])
    hidden = [test for test in tests if "stdout" not in test]
    return {
        "status": stored["status"],
        "verdict": result.get("verdict"),
        "compile_output": result.get("compile_output"),
        "function": result.get("function"),
        "tests": [
            {name: value for name, value in test.items() if name != "index"} for test in tests if "stdout" in test
        ],
        "hidden": len(hidden),
        "hidden_passed": sum(test["verdict"] == Verdict.AC for test in hidden),
        "problem": problem_text(stored["problem"]) if stored["problem"] else None,
        "requested_at": stored["requested_at"],
        "finished_at": stored["finished_at"],
    }


def problem_text(code: str) -> str:
    """Why a program was not run, in words."""
    if code == NOT_RUN_HERE:
        return _("Programs in this language are not run on this server at the moment.")
    return _("It could not be run. Please try again later.")


async def sample_runs(
    reader: Reader, actor: Actor, attempt_id: UUID, question_id: UUID | None = None
) -> dict[UUID, ProgramRun]:
    """What the caller tried last in an attempt of their own, by question; of one question only where one is named."""
    row = await reader.fetchrow(SAMPLES, attempt_id, actor.require_user(), question_id)
    return {UUID(name): ProgramRun.model_validate(run_of(run)) for name, run in json.loads(row["runs"]).items()}


async def solution_check(reader: Reader, actor: Actor, question_id: UUID) -> SolutionCheck | None:
    """The latest check of a question's solution; None where there was none.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    await studio_question(reader, actor, question_id)
    row = await reader.fetchrow(CHECK, question_id)
    if row is None:
        return None
    return SolutionCheck.model_validate(run_of(json.loads(row["run"])) | {"current": bool(row["current"])})
