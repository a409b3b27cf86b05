"""What changed from one attempt at an assignment to another: its text line by line, its files by name, size and content."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.errors import NotFound
from codezest.services.learning.line_diff import FileDiff, compare_programs
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_course_of
from codezest.services.learning.queries.anonymity import FILE_NAME
from codezest.services.learning.queries.hand_grading import texts_of_row
from codezest.services.learning.schemas.hand_in_changes import (
    ComparedAttempt,
    FileChange,
    HandInChanges,
    TextChange,
)

OFFERED = 50
"""Attempts to choose from, the newest."""

ATTEMPTS = f"""
SELECT s.user_id = $2 AS own, s.assignment_id, i.title, (
    SELECT coalesce(json_agg(json_build_object('id', o.id, 'attempt_number', o.attempt_number,
        'submitted_at', o.submitted_at) ORDER BY o.id DESC), '[]')
    FROM (SELECT * FROM learning.submissions o WHERE o.user_id = s.user_id AND o.assignment_id = s.assignment_id
          AND o.purpose = 'SUBMIT' AND o.deleted_at IS NULL ORDER BY o.id DESC LIMIT {OFFERED}) o)::text AS attempts
FROM learning.submissions s JOIN learning.assignments i ON i.id = s.assignment_id
WHERE s.id = $1 AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL
"""
# The other one is of the same learner and assignment, whoever asks for whichever id.
ATTEMPT = f"""
SELECT s.id, s.attempt_number, s.submitted_at, s.code, s.files AS program_files, s.text_answer, s.language, (
    SELECT coalesce(json_agg(json_build_object('given', f.name, 'name', {FILE_NAME}, 'size_bytes', f.size_bytes,
        'sha256', f.sha256) ORDER BY f.position), '[]')
    FROM learning.hand_in_files f JOIN learning.assignments of_file ON of_file.id = f.assignment_id
    WHERE f.submission_id = s.id)::text AS handed
FROM learning.submissions s
JOIN learning.submissions asked ON asked.id = $1 AND asked.user_id = s.user_id AND asked.assignment_id = s.assignment_id
WHERE s.id = $3 AND s.purpose = 'SUBMIT' AND s.deleted_at IS NULL AND $2::uuid IS NOT NULL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two attempts, with all that a page shows of them."""

    assignment_id: UUID
    title: str
    course: TaughtCourse | None
    """For those who teach; None for the learner."""
    choices: list[ComparedAttempt]
    old: ComparedAttempt | None
    """None where there is one attempt alone."""
    new: ComparedAttempt
    texts: list[FileDiff]
    files: list[FileChange]


async def compared(reader: Reader, actor: Actor, submission_id: UUID, old_id: UUID | None) -> Compared:
    """An attempt beside an earlier or later one of the same learner; unless it is named, the one before.

    Raises:
        Unauthenticated, NotFound, Forbidden: it is neither the caller's own nor of a course that the caller helps to teach;
            or the other one is of another learner or assignment.
    """
    user_id = actor.require_user()
    around = await reader.fetchrow(ATTEMPTS, submission_id, user_id)
    if around is None:
        raise NotFound
    course = None
    if not around["own"]:
        course = await access_course_of(reader, actor, "submission", submission_id, Permission.VIEW)
    choices = [ComparedAttempt.model_validate(one) for one in json.loads(around["attempts"])]
    new = await _attempt(reader, submission_id, user_id, submission_id)
    if old_id is None:
        old_id = next((one.id for one in choices if one.id < submission_id), None)
    old = None if old_id is None else await _attempt(reader, submission_id, user_id, old_id)
    return Compared(
        assignment_id=around["assignment_id"],
        title=around["title"],
        course=course,
        choices=choices,
        old=None if old is None else ComparedAttempt.model_validate(dict(old)),
        new=ComparedAttempt.model_validate(dict(new)),
        texts=compare_programs(
            {} if old is None else texts_of_row(old, old["language"]), texts_of_row(new, new["language"])
        ),
        files=file_changes([] if old is None else json.loads(old["handed"]), json.loads(new["handed"])),
    )


async def _attempt(reader: Reader, submission_id: UUID, user_id: UUID, wanted: UUID) -> Any:
    row = await reader.fetchrow(ATTEMPT, submission_id, user_id, wanted)
    if row is None:
        raise NotFound
    return row


def file_changes(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> list[FileChange]:
    """File by file, in the order of `new`, what is gone last.

    Files of one name are the same file; what is left is told by its content, which says that it was only renamed.
    """
    left = {one["given"]: one for one in old}
    pairs = [(left.pop(one["given"], None), one) for one in new]
    by_content: dict[str, list[dict[str, Any]]] = {}
    for one in left.values():
        by_content.setdefault(one["sha256"], []).append(one)
    changes: list[FileChange] = []
    for before, after in pairs:
        alike = by_content.get(after["sha256"])
        renamed = before is None and bool(alike)
        was = alike.pop(0) if renamed and alike else before
        if renamed and was is not None:
            del left[was["given"]]
        changes.append(_change(was, after, renamed=renamed))
    return [*changes, *(_change(one, None, renamed=False) for one in left.values())]


def _change(before: dict[str, Any] | None, after: dict[str, Any] | None, *, renamed: bool) -> FileChange:
    shown = after or before
    assert shown is not None
    if before is None:
        kind = "added"
    elif after is None:
        kind = "removed"
    elif renamed:
        kind = "renamed"
    else:
        kind = "same" if before["sha256"] == after["sha256"] else "changed"
    return FileChange(
        name=shown["name"],
        former_name=before["name"] if renamed and before else None,
        kind=kind,
        old_size_bytes=before["size_bytes"] if before else None,
        new_size_bytes=after["size_bytes"] if after else None,
        old_sha256=before["sha256"] if before else None,
        new_sha256=after["sha256"] if after else None,
    )


async def hand_in_changes(reader: Reader, actor: Actor, submission_id: UUID, old_id: UUID | None) -> HandInChanges:
    """The same as the API tells it. Raises as `compared`."""
    found = await compared(reader, actor, submission_id, old_id)
    return HandInChanges(
        old=found.old, new=found.new, texts=[TextChange.model_validate(one) for one in found.texts], files=found.files
    )
