"""Analyse a submission whose analysis was asked for, and store what came of it."""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.analysis_settings import AnalysisSettings
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.services.learning.actions.analysis.model_budget import Usage, close_call, cost_micros, reserve_call
from codezest.services.learning.analysers.analyser import Analyser, Analysis, AnalysisUnavailable, Program
from codezest.services.learning.analysers.chosen import Analysers, Estimating, is_doubtful
from codezest.services.learning.program_files import entry_of
from codezest_db.enums import AnalysisPolicy, AnalysisStatus, AnalysisType, Difficulty, Verdict
from codezest_db.models.learning import Course, SubmissionAnalysis

QUEUED = """
SELECT s.user_id, s.code, s.files::text AS files, s.language, s.verdict, s.tests_revision, g.id AS assignment_id, g.title,
    coalesce(g.instructions, '') AS instructions, g.difficulty, g.content_revision, c.spoken_language,
    (SELECT count(*) FROM learning.submission_test_results r WHERE r.submission_id = s.id) AS tests,
    (SELECT count(*) FROM learning.submission_test_results r WHERE r.submission_id = s.id AND r.verdict = 'AC') AS passed
FROM learning.submission_analyses a
JOIN learning.submissions s ON s.id = a.submission_id
JOIN learning.assignments g ON g.id = s.assignment_id
JOIN learning.modules m ON m.id = g.module_id
JOIN learning.courses c ON c.id = m.course_id
WHERE a.submission_id = $1 AND a.status = 'QUEUED'
"""
KEPT = """
SELECT to_jsonb(a)::text FROM learning.submission_analyses a
WHERE a.cache_key = $1 AND a.status IN ('READY', 'APPROVED') AND a.analysis_type = 'AI' LIMIT 1
"""
COPIED = (
    "overall_score", "code_quality", "strengths", "weaknesses", "suggestions", "evidence", "measures",
    "detailed_feedback", "ai_model", "ai_prompt", "provider",
)  # fmt: skip

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    submission_id: UUID
    user_id: UUID
    program: Program
    revision: str
    """Of what the program was written for."""


async def analyse_submission(
    database: Database, settings: AnalysisSettings, analysers: Analysers, submission_id: UUID
) -> None:
    """Analyse it where that is still wanted; a second run changes nothing. No transaction is open meanwhile.

    A model is asked where there is one and the budgets allow it; else, and where it fails, rules say what they can, and
    somebody who teaches is asked to look at it. Where they cannot say anything either, that person is left alone with it.
    """
    task = await _task(database, submission_id)
    if task is None:
        return
    fallback: str | None = None
    if analysers.endpoint is not None:
        version = analysers.endpoint.version_for(task.program)
        try:
            metered = _Metered(database, settings, analysers, task)
            await _analyse(database, task, version, metered)
        except AnalysisUnavailable as reason:
            fallback = reason.reason
            log.warning("analysis_fell_back", submission_id=str(submission_id), reason=fallback)
        else:
            return
    try:
        await _analyse(database, task, analysers.local_version, analysers.local, fallback=fallback)
    except AnalysisUnavailable as reason:
        async with database.write("learning") as session:
            await _fail(session, submission_id, fallback or reason.reason)


async def _task(database: Database, submission_id: UUID) -> _Task | None:
    row = await database.pool("learning").fetchrow(QUEUED, submission_id)
    if row is None:
        return None
    language: str = row["language"] or ""
    others: dict[str, str] = json.loads(row["files"])
    program = Program(
        language=language,
        files={entry_of(language): row["code"] or "", **others},
        title=row["title"],
        instructions=row["instructions"],
        difficulty=Difficulty(row["difficulty"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        tests=row["tests"],
        tests_passed=row["passed"],
        spoken_language=row["spoken_language"],
    )
    revision = f"{row['assignment_id']}:{row['tests_revision']}:{row['content_revision']}"
    return _Task(submission_id=submission_id, user_id=row["user_id"], program=program, revision=revision)


def cache_key(program: Program, revision: str, analyser: str) -> str:
    """The same for programs that differ in blanks at line ends alone, so that lines stay the same lines."""
    texts = {
        path: "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")
        for path, text in program.files.items()
    }
    asked = [
        analyser,
        revision,
        program.language,
        program.verdict,
        program.tests_passed,
        program.spoken_language,
        texts,
    ]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


class _Metered:
    """An analyser that costs: within the budgets, each call counted."""

    def __init__(self, database: Database, settings: AnalysisSettings, analysers: Analysers, task: _Task) -> None:
        assert analysers.endpoint is not None
        self._database = database
        self._settings = settings
        self._endpoint: Estimating = analysers.endpoint
        self._local = analysers.local
        self._task = task

    async def analyse(self, program: Program) -> Analysis:
        task, model = self._task, self._endpoint.model_for(program)
        most = self._endpoint.most(program)
        async with self._database.write("learning") as session:
            call = await reserve_call(
                session,
                self._settings,
                model=model,
                user_id=task.user_id,
                submission_id=task.submission_id,
                most=Usage(input_tokens=most[0], output_tokens=most[1]),
            )
        if isinstance(call, str):
            raise AnalysisUnavailable(call)
        began = time.monotonic()
        try:
            analysis = await self._endpoint.analyse(program)
        except AnalysisUnavailable as reason:
            usage = Usage(input_tokens=reason.input_tokens, output_tokens=reason.output_tokens)
            await self._close(call, usage, began, reason.reason)
            raise
        usage = Usage(input_tokens=analysis.input_tokens, output_tokens=analysis.output_tokens)
        await self._close(call, usage, began, None)
        if is_doubtful(analysis, await self._by_rules(program)):
            raise AnalysisUnavailable("doubtful")
        return analysis

    async def _by_rules(self, program: Program) -> Analysis | None:
        try:
            return await self._local.analyse(program)
        except AnalysisUnavailable:
            return None

    async def _close(self, call: UUID, usage: Usage, began: float, failure: str | None) -> None:
        milliseconds = round((time.monotonic() - began) * 1000)
        async with self._database.write("learning") as session:
            await close_call(session, self._settings, call, usage=usage, milliseconds=milliseconds, failure=failure)

    def cost(self, analysis: Analysis) -> int:
        usage = Usage(input_tokens=analysis.input_tokens, output_tokens=analysis.output_tokens)
        return cost_micros(self._settings, usage)


async def _analyse(
    database: Database, task: _Task, version: str, analyser: Analyser, *, fallback: str | None = None
) -> None:
    """Store what this analyser has said of the same program before, or what it says now. Raises AnalysisUnavailable."""
    key = cache_key(task.program, task.revision, version)
    kept = await database.pool("learning").fetchval(KEPT, key)
    if kept is not None:
        found: dict[str, Any] = json.loads(kept)
        values = {name: found[name] for name in COPIED}
    else:
        values = _columns(await analyser.analyse(task.program), analyser)
    async with database.write("learning") as session:
        await _store(session, task.submission_id, values | {"cache_key": key, "fallback": fallback})


def _columns(analysis: Analysis, analyser: Analyser) -> dict[str, Any]:
    return {
        "overall_score": analysis.overall_score,
        "code_quality": dict(analysis.code_quality) if analysis.code_quality is not None else None,
        "strengths": analysis.strengths,
        "weaknesses": analysis.weaknesses,
        "suggestions": analysis.suggestions,
        "evidence": [one.stored() for one in analysis.evidence],
        "measures": dict(analysis.measures),
        "detailed_feedback": analysis.detailed_feedback,
        "ai_model": analysis.model,
        "ai_prompt": analysis.prompt,
        "provider": analysis.provider,
        "input_tokens": analysis.input_tokens,
        "output_tokens": analysis.output_tokens,
        "cost_micros": analyser.cost(analysis) if isinstance(analyser, _Metered) else 0,
    }


async def _store(session: AsyncSession, submission_id: UUID, values: dict[str, Any]) -> None:
    """Fill the row in, unless somebody was faster."""
    found = await _waiting(session, submission_id)
    if found is None:
        return
    analysis, policy = found
    for name, value in values.items():
        setattr(analysis, name, value)
    analysis.status = AnalysisStatus.READY
    analysis.analysis_type = AnalysisType.AI
    analysis.finished_at = now()
    if policy is AnalysisPolicy.AUTOMATIC:
        analysis.released_at = analysis.finished_at
    analysis.needs_review = policy is not AnalysisPolicy.AUTOMATIC or analysis.fallback is not None
    analysis.revision += 1


async def _fail(session: AsyncSession, submission_id: UUID, reason: str) -> None:
    found = await _waiting(session, submission_id)
    if found is None:
        return
    analysis, _policy = found
    analysis.status = AnalysisStatus.FAILED
    analysis.fallback = reason
    analysis.finished_at = now()
    analysis.needs_review = True
    analysis.revision += 1


async def _waiting(session: AsyncSession, submission_id: UUID) -> tuple[SubmissionAnalysis, AnalysisPolicy] | None:
    row = (
        await session.execute(
            select(SubmissionAnalysis, Course.analysis_policy)
            .join(Course, Course.id == SubmissionAnalysis.course_id)
            .where(
                SubmissionAnalysis.submission_id == submission_id, SubmissionAnalysis.status == AnalysisStatus.QUEUED
            )
            .with_for_update(of=SubmissionAnalysis)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])
