"""What is said of learners' work, in the language of whoever reads it."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.analysers.wording import all_said, finding, said
from codezest.services.learning.policies import STAFF, Reader, caller
from codezest.services.learning.policies.permissions import Permission, holds
from codezest.services.learning.schemas.analysis import (
    EvidenceLine,
    QuizAnalysisDetail,
    Recommendation,
    Reviewing,
    SubmissionAnalysisDetail,
    TopicResult,
)
from codezest_db.enums import AnalysisPolicy, AnalysisStatus

FINISHED = frozenset({AnalysisStatus.READY, AnalysisStatus.APPROVED})


def _standing(work: str) -> str:
    return f"""{work}.user_id = $2 AS mine, {STAFF} AS staff, {holds(Permission.GRADE)} AS may_grade, c.analysis_policy,
    (to_jsonb(a) || jsonb_build_object('approved_by_name', p.display_name))::text AS body"""


def attempt_columns(attempt: str) -> str:
    """What `attempt_standing_of` reads of an attempt of this name, its course `c` and `attempt_joins`."""
    return f"{_standing(attempt)}, {attempt}.status IN ('GRADED', 'EXPIRED', 'LATE') AS analysable"


def attempt_joins(attempt: str) -> str:
    return f"""
LEFT JOIN learning.quiz_analyses a ON a.attempt_id = {attempt}.id
LEFT JOIN auth.public_users p ON p.id = a.approved_by"""


_COURSE = """
JOIN learning.modules m ON m.id = i.module_id
JOIN learning.courses c ON c.id = m.course_id"""
SUBMISSION = f"""
SELECT {_standing("w")},
    w.purpose = 'SUBMIT' AND w.status NOT IN ('PENDING', 'RUNNING') AND coalesce(w.code, '') <> '' AS analysable
FROM learning.submissions w
JOIN learning.assignments i ON i.id = w.assignment_id {_COURSE}
LEFT JOIN learning.submission_analyses a ON a.submission_id = w.id
LEFT JOIN auth.public_users p ON p.id = a.approved_by
WHERE w.id = $1 AND w.deleted_at IS NULL
"""
ATTEMPT = f"""
SELECT {attempt_columns("w")}
FROM learning.quiz_attempts w
JOIN learning.quizzes i ON i.id = w.quiz_id {_COURSE} {attempt_joins("w")}
WHERE w.id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionStanding:
    """What the caller may see and do about the analysis of a submission."""

    analysis: SubmissionAnalysisDetail | None
    mine: bool
    may_grade: bool
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStanding:
    analysis: QuizAnalysisDetail | None
    may_grade: bool
    may_ask: bool


async def submission_standing(reader: Reader, actor: Actor, submission_id: UUID) -> SubmissionStanding:
    """The learner's own once it is released; any in a course that the caller helps to teach.

    Raises:
        Unauthenticated, NotFound: nobody is signed in; there is no such submission, or none the caller may know of.
    """
    row = await _fetch(reader, actor, SUBMISSION, submission_id)
    found: dict[str, Any] | None = json.loads(row["body"]) if row["body"] else None
    analysis = submission_detail(found, staff=row["staff"]) if found else None
    allowed = row["analysable"] and (row["may_grade"] or (row["mine"] and row["analysis_policy"] != AnalysisPolicy.OFF))
    may_ask = allowed and (analysis is None or analysis.status is AnalysisStatus.FAILED)
    return SubmissionStanding(analysis=analysis, mine=row["mine"], may_grade=row["may_grade"], may_ask=may_ask)


async def submission_analysis(reader: Reader, actor: Actor, submission_id: UUID) -> SubmissionAnalysisDetail:
    """As above. Raises NotFound also where there is no analysis."""
    found = (await submission_standing(reader, actor, submission_id)).analysis
    if found is None:
        raise NotFound
    return found


async def attempt_standing(reader: Reader, actor: Actor, attempt_id: UUID) -> AttemptStanding:
    """The same of an attempt at a quiz; it is no analysis for its learner before it is released."""
    return attempt_standing_of(await _fetch(reader, actor, ATTEMPT, attempt_id))


def attempt_standing_of(row: Mapping[str, Any]) -> AttemptStanding:
    """Of a row with `attempt_columns` that the caller may read."""
    found: dict[str, Any] | None = json.loads(row["body"]) if row["body"] else None
    shown = found is not None and (row["staff"] or found["released_at"] is not None)
    allowed = row["analysable"] and (row["may_grade"] or (row["mine"] and row["analysis_policy"] != AnalysisPolicy.OFF))
    return AttemptStanding(
        analysis=quiz_detail(found, staff=row["staff"]) if found is not None and shown else None,
        may_grade=row["may_grade"],
        may_ask=allowed and found is None,
    )


async def attempt_analysis(reader: Reader, actor: Actor, attempt_id: UUID) -> QuizAnalysisDetail:
    """Raises Unauthenticated and NotFound, also where there is no analysis."""
    found = (await attempt_standing(reader, actor, attempt_id)).analysis
    if found is None:
        raise NotFound
    return found


async def _fetch(reader: Reader, actor: Actor, statement: str, target_id: UUID) -> Any:
    actor.require_user()
    row = await reader.fetchrow(statement, target_id, *caller(actor))
    if row is None or not (row["mine"] or row["staff"]):
        raise NotFound
    return row


def submission_detail(found: Mapping[str, Any], *, staff: bool) -> SubmissionAnalysisDetail:
    """A row put into words. What is not released is empty for its learner."""
    shown = found["status"] in FINISHED and (staff or found["released_at"] is not None)
    status = found["status"] if shown or staff or found["status"] not in FINISHED else AnalysisStatus.QUEUED
    evidence = [
        EvidenceLine(file=one["file"], line=one["line"], rule=one.get("rule"), message=message, why=why)
        for one in (found["evidence"] if shown else [])
        for message, why in [finding(one)]
    ]
    review = Reviewing.model_validate(found) if staff else None
    hidden: dict[str, Any] = {"code_quality": None, "overall_score": None, "detailed_feedback": None, "measures": {}}
    texts = {name: all_said(found[name]) if shown else [] for name in ("strengths", "weaknesses", "suggestions")}
    values = dict(found) | ({} if shown else hidden) | texts
    return SubmissionAnalysisDetail.model_validate(
        values | {"status": status, "evidence": [one.model_dump() for one in evidence], "review": review}
    )


def quiz_detail(found: Mapping[str, Any], *, staff: bool) -> QuizAnalysisDetail:
    """A row put into words."""
    breakdown = [
        TopicResult.model_validate({"topic": topic, **result})
        for topic, result in found["performance_breakdown"].items()
    ]
    recommendations = [
        Recommendation(text=said(one), material_id=_material_of(one)) for one in found["recommendations"]
    ]
    time = found["time_management"]
    return QuizAnalysisDetail.model_validate(
        dict(found)
        | {
            "performance_breakdown": [one.model_dump() for one in breakdown],
            "recommendations": [one.model_dump() for one in recommendations],
            "insights": all_said(found["insights"]),
            "time_management": said(time) if time is not None else None,
            "needs_review": found["needs_review"] if staff else None,
            "original": found["original"] if staff else None,
        }
    )


def _material_of(one: Any) -> UUID | None:
    material = one.get("parameters", {}).get("material_id") if isinstance(one, dict) else None
    return UUID(material) if material else None
