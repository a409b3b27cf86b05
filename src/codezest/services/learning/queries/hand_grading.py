"""Work that people grade: as graders see it, and as its learner does."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.errors import NotFound
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_course_of, access_taught_course
from codezest.services.learning.program_files import entry_of
from codezest.services.learning.queries.anonymity import FILE_NAME, LEARNER, pseudonym
from codezest.services.learning.rules import grades
from codezest.services.learning.schemas.hand_grading import CourseGradingDetail, GradingDesk, HandedFile, LearnersGrade
from codezest.services.learning.schemas.rubrics import RubricDetail, Rubrics


def rubric_json(alias: str) -> str:
    """A `RubricDetail`, but for its points."""
    return f"""json_build_object('id', {alias}.id, 'title', {alias}.title, 'version', {alias}.version,
        'criteria', {alias}.criteria, 'archived', {alias}.archived_at IS NOT NULL,
        'used', EXISTS (SELECT FROM learning.gradings used WHERE used.rubric_id = {alias}.id),
        'assignments', (SELECT coalesce(json_agg(using_it.title ORDER BY using_it.title), '[]')
            FROM learning.assignments using_it WHERE using_it.rubric_id = {alias}.id AND using_it.deleted_at IS NULL))"""


def gradings_json(condition: str) -> str:
    """The `GradingDetail`s of submission `s` for which the condition on `g` holds, the latest first."""
    return f"""(SELECT coalesce(json_agg(json_build_object(
        'id', g.id, 'marks', g.marks, 'max_marks', g.max_marks, 'grade', g.grade_scale, 'feedback', g.feedback,
        'reason', g.reason, 'is_manual', g.is_manual, 'graded_by', by_whom.display_name, 'graded_at', g.graded_at,
        'rubric', CASE WHEN r.id IS NOT NULL THEN {rubric_json("r")} END, 'scores', g.rubric_scores) ORDER BY g.id DESC), '[]')
    FROM learning.gradings g
    LEFT JOIN learning.rubrics r ON r.id = g.rubric_id
    LEFT JOIN auth.public_users by_whom ON by_whom.id = g.graded_by
    WHERE g.submission_id = s.id AND {condition})"""


def comments_json(learners_name: str) -> str:
    """The `CommentDetail`s of submission `s`; `learners_name` is what a learner's own are signed with."""
    return f"""(SELECT coalesce(json_agg(json_build_object(
        'id', k.id, 'parent_id', k.parent_id, 'path', k.path, 'first_line', k.first_line, 'last_line', k.last_line,
        'text', k.text, 'by_learner', k.by_learner, 'mine', coalesce(k.user_id = $2, false), 'created_at', k.created_at,
        'author', CASE WHEN k.by_learner THEN {learners_name} ELSE speaker.display_name END) ORDER BY k.id), '[]')
    FROM learning.line_comments k LEFT JOIN auth.public_users speaker ON speaker.id = k.user_id
    WHERE k.submission_id = s.id)"""


REQUESTS = """(SELECT coalesce(json_agg(json_build_object(
        'id', q.id, 'grading_id', q.grading_id, 'reason', q.reason, 'status', q.status, 'reply', q.reply,
        'decided_by', decider.display_name, 'decided_at', q.decided_at, 'created_at', q.created_at) ORDER BY q.id DESC), '[]')
    FROM learning.regrade_requests q LEFT JOIN auth.public_users decider ON decider.id = q.decided_by
    WHERE q.submission_id = s.id)"""
CLAIM = """(SELECT json_build_object('mine', k.user_id = $2, 'by', holder.display_name, 'expires_at', k.expires_at)
    FROM learning.grading_claims k LEFT JOIN auth.public_users holder ON holder.id = k.user_id
    WHERE k.submission_id = s.id AND k.released_at IS NULL AND k.expires_at > now())"""

HANDED_FILES = f"""(
    SELECT coalesce(json_agg(json_build_object('position', f.position, 'name', {FILE_NAME},
        'media_type', f.media_type, 'size_bytes', f.size_bytes, 'sha256', f.sha256) ORDER BY f.position), '[]')
    FROM learning.hand_in_files f JOIN learning.assignments of_file ON of_file.id = f.assignment_id
    WHERE f.submission_id = s.id)"""
"""The `HandedFile`s of submission `s`, as the caller (`$2`) may know them."""

DESK = f"""
SELECT s.code, s.files AS program_files, s.text_answer, json_build_object(
    'submission_id', s.id, 'assignment_id', i.id, 'assignment_title', i.title, 'course_id', m.course_id, 'kind', i.kind,
    'state', h.state, 'status', s.status, 'learner', {LEARNER}, 'own', s.user_id = $2,
    'attempt_number', s.attempt_number, 'submitted_at', s.submitted_at, 'is_late', s.is_late,
    'late_penalty_percent', s.late_penalty_percent, 'score', s.score, 'max_score', i.max_score, 'language', s.language, 'texts', '{{}}'::json,
    'files', {HANDED_FILES},
    'attempts', (SELECT coalesce(json_agg(json_build_object('id', o.id, 'attempt_number', o.attempt_number,
            'submitted_at', o.submitted_at, 'status', o.status, 'state', oh.state, 'is_late', o.is_late)
            ORDER BY o.id DESC), '[]')
        FROM (SELECT * FROM learning.submissions o WHERE o.user_id = s.user_id AND o.assignment_id = s.assignment_id
              AND o.purpose = 'SUBMIT' AND o.deleted_at IS NULL ORDER BY o.submitted_at DESC, o.id DESC LIMIT 20) o
        LEFT JOIN learning.hand_gradings oh ON oh.submission_id = o.id),
    'claim', {CLAIM}, 'rubric', CASE WHEN rubric.id IS NOT NULL THEN {rubric_json("rubric")} END,
    'gradings', {gradings_json("true")}, 'comments', {comments_json("NULL")}, 'requests', {REQUESTS},
    'passing_score', i.passing_score, 'hold_grades', i.hold_grades)::text AS body
FROM learning.submissions s
JOIN learning.assignments i ON i.id = s.assignment_id
JOIN learning.modules m ON m.id = i.module_id
LEFT JOIN learning.hand_gradings h ON h.submission_id = s.id
LEFT JOIN learning.rubrics rubric ON rubric.id = i.rubric_id AND rubric.archived_at IS NULL
LEFT JOIN auth.public_users learner ON learner.id = s.user_id
WHERE s.id = $1 AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
"""

GRADE = f"""
SELECT h.released_at, coalesce(i.regrade_days, c.regrade_days) AS days, json_build_object(
    'submission_id', s.id, 'accepted', CASE WHEN h.released_at IS NOT NULL THEN s.accepted END,
    'state', CASE WHEN h.released_at IS NOT NULL THEN 'GRADED' WHEN h.submission_id IS NULL THEN 'NONE' ELSE 'WAITING' END,
    'grading', CASE WHEN h.released_at IS NOT NULL THEN {gradings_json("g.id = h.released_grading_id")} -> 0 END,
    'earlier', {gradings_json("g.id < h.released_grading_id")},
    'comments', CASE WHEN h.released_at IS NOT NULL THEN {comments_json("learner.display_name")} ELSE '[]' END,
    'requests', {REQUESTS}, 'asked_until', NULL)::text AS body
FROM learning.submissions s
JOIN learning.assignments i ON i.id = s.assignment_id
JOIN learning.modules m ON m.id = i.module_id
JOIN learning.courses c ON c.id = m.course_id
LEFT JOIN learning.hand_gradings h ON h.submission_id = s.id
LEFT JOIN auth.public_users learner ON learner.id = s.user_id
WHERE s.id = $1 AND s.user_id = $2 AND s.deleted_at IS NULL
"""

HANDED = f"""
SELECT f.file_key, {FILE_NAME} AS name, f.media_type, f.size_bytes, f.sha256, s.user_id = $2 AS own
FROM learning.hand_in_files f
JOIN learning.submissions s ON s.id = f.submission_id
JOIN learning.assignments of_file ON of_file.id = f.assignment_id
WHERE f.submission_id = $1 AND f.position = $3 AND s.deleted_at IS NULL
"""

RUBRICS = f"""
SELECT coalesce(json_agg(listed.body ORDER BY listed.title, listed.id), '[]')::text FROM (
    SELECT r.id, r.title, {rubric_json("r")} AS body FROM learning.rubrics r
    WHERE r.course_id = $1 AND r.archived_at IS NULL ORDER BY r.title, r.id LIMIT 200) listed
"""
RUBRIC = f"SELECT r.course_id, {rubric_json('r')}::text AS body FROM learning.rubrics r WHERE r.id = $1"

SETTINGS = """
SELECT c.grade_scale, c.regrade_days, (
    SELECT coalesce(json_agg(json_build_object('assignment_id', i.id, 'title', i.title, 'kind', i.kind,
        'graded_by_hand', i.graded_by_hand, 'anonymous_grading', i.anonymous_grading, 'hold_grades', i.hold_grades,
        'passing_score', i.passing_score, 'regrade_days', i.regrade_days, 'rubric_id', i.rubric_id,
        'waiting', (SELECT count(*) FROM learning.hand_gradings h WHERE h.assignment_id = i.id AND h.state = 'WAITING'),
        'held', (SELECT count(*) FROM learning.hand_gradings h WHERE h.assignment_id = i.id AND h.state = 'HELD'))
        ORDER BY m.position, i.position, i.id), '[]')
    FROM learning.assignments i JOIN learning.modules m ON m.id = i.module_id
    WHERE m.course_id = c.id AND i.deleted_at IS NULL AND m.deleted_at IS NULL)::text AS assignments
FROM learning.courses c WHERE c.id = $1
"""


async def grading_desk(reader: Reader, actor: Actor, submission_id: UUID) -> tuple[TaughtCourse, GradingDesk]:
    """A piece of work, with all that a grader needs.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
    """
    course = await access_course_of(reader, actor, "submission", submission_id, Permission.VIEW)
    row = await reader.fetchrow(DESK, submission_id, actor.user_id)
    if row is None:
        raise NotFound
    body = json.loads(row["body"])
    body["learner"]["name"] = body["learner"]["name"] or pseudonym(body["learner"]["number"])
    body["texts"] = texts_of_row(row, body["language"])
    for one in body["comments"]:
        one["author"] = body["learner"]["name"] if one["by_learner"] else one["author"]
    _count_points(body)
    return course, GradingDesk.model_validate(body)


def texts_of_row(row: Mapping[str, Any], language: str | None) -> dict[str, str]:
    """What of a submission has lines, by path; the row holds its `code`, `program_files` and `text_answer`."""
    if row["code"] is not None and language is not None:
        return {entry_of(language): row["code"], **row["program_files"]}
    return {grades.TEXT_NAME: row["text_answer"]} if row["text_answer"] else {}


def _count_points(body: Any) -> None:
    """Add to every rubric in a JSON value what it can give."""
    if isinstance(body, list):
        for one in body:
            _count_points(one)
    elif isinstance(body, dict):
        if "criteria" in body:
            body["max_points"] = grades.rubric_points(body["criteria"])
            return
        for key in ("rubric", "grading", "gradings", "earlier"):
            _count_points(body.get(key))


async def learners_grade(reader: Reader, actor: Actor, submission_id: UUID) -> LearnersGrade:
    """What the caller may know of how their own work was graded: nothing before it is released.

    Raises:
        Unauthenticated, NotFound: there is no such work of the caller's.
    """
    user_id = actor.require_user()
    row = await reader.fetchrow(GRADE, submission_id, user_id)
    if row is None:
        raise NotFound
    body = json.loads(row["body"])
    _count_points(body)
    found = LearnersGrade.model_validate(body)
    asked = {request.grading_id for request in found.requests}
    if found.grading is not None and found.grading.id not in asked:
        found.asked_until = _open_until(row["released_at"], row["days"])
    return found


def _open_until(released_at: datetime, days: int) -> datetime | None:
    until = grades.asked_until(released_at, days=days)
    return until if until is not None and now() <= until else None


async def handed_file(reader: Reader, actor: Actor, submission_id: UUID, position: int) -> tuple[str, HandedFile]:
    """The storage key of a file that was handed in, for its learner and the course's staff.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
    """
    user_id = actor.require_user()
    row = await reader.fetchrow(HANDED, submission_id, user_id, position)
    if row is None:
        raise NotFound
    if not row["own"]:
        await access_course_of(reader, actor, "submission", submission_id, Permission.VIEW)
    return row["file_key"], HandedFile(
        position=position,
        name=row["name"],
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
    )


async def rubrics(reader: Reader, actor: Actor, course_id: UUID) -> tuple[TaughtCourse, Rubrics]:
    """The rubrics that a course offers.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    row = await reader.fetchrow(RUBRICS, course_id)
    found = json.loads(row[0])
    _count_points(found)
    return course, Rubrics(items=[RubricDetail.model_validate(one) for one in found])


async def rubric(reader: Reader, actor: Actor, rubric_id: UUID) -> tuple[TaughtCourse, RubricDetail]:
    """One rubric, replaced or not.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    actor.require_user()
    row = await reader.fetchrow(RUBRIC, rubric_id)
    if row is None:
        raise NotFound
    course = await access_taught_course(reader, actor, row["course_id"], Permission.VIEW)
    body = json.loads(row["body"])
    _count_points(body)
    return course, RubricDetail.model_validate(body)


async def grading_settings(reader: Reader, actor: Actor, course_id: UUID) -> tuple[TaughtCourse, CourseGradingDetail]:
    """How the course names grades, and how each of its assignments is graded.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    course = await access_taught_course(reader, actor, course_id, Permission.VIEW)
    row = await reader.fetchrow(SETTINGS, course_id)
    scale = row["grade_scale"]
    return course, CourseGradingDetail.model_validate(
        {
            "kind": scale.get("kind", "POINTS"),
            "grades": scale.get("grades", []),
            "regrade_days": row["regrade_days"],
            "assignments": json.loads(row["assignments"]),
        }
    )
