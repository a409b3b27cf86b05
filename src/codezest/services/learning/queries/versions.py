"""Versions of what authors wrote: their list, one of them, and what two differ in."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.kit.errors import NotFound
from codezest.kit.pagination import Page, decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import TaughtCourse, access_course_of
from codezest.services.learning.schemas.versions import VersionDetail, VersionSummary

PAGE_SIZE = 30
PARTS = {"tests": "name", "questions": "text", "options": "text"}
"""Lists within a snapshot that are shown piece by piece, and what each piece is called by."""

_SUMMARY = """
SELECT v.id, v.kind, v.subject_id, v.number, v.title, v.source, u.display_name AS author, v.created_at, v.updated_at,
    NOT EXISTS (SELECT FROM learning.versions n WHERE n.subject_id = v.subject_id AND n.number > v.number) AS is_latest
"""
_FROM = "FROM learning.versions v LEFT JOIN auth.public_users u ON u.id = v.user_id"
LISTED = f"{_SUMMARY} {_FROM} WHERE v.course_id = $1 AND ($2::uuid IS NULL OR v.id < $2) ORDER BY v.id DESC LIMIT $3"
OF_SUBJECT = f"""{_SUMMARY} {_FROM}
WHERE v.course_id = $1 AND v.subject_id = $4
    AND v.number < coalesce((SELECT p.number FROM learning.versions p WHERE p.id = $2), 2147483647)
ORDER BY v.number DESC LIMIT $3"""
ONE = f"""{_SUMMARY}, v.snapshot::text AS snapshot,
    (SELECT p.id FROM learning.versions p WHERE p.subject_id = v.subject_id AND p.number < v.number
        ORDER BY p.number DESC LIMIT 1) AS previous_id,
    (SELECT p.digest FROM learning.versions p WHERE p.subject_id = v.subject_id ORDER BY p.number DESC LIMIT 1)
        AS latest_digest
{_FROM} WHERE v.id = $1"""


async def versions_of_course(
    reader: Pool, course_id: UUID, *, subject_id: UUID | None = None, cursor: str | None = None
) -> Page[VersionSummary]:
    """Newest first; of one subject, or of all. The caller has been let in.

    Raises:
        BadRequest: the cursor is not one of ours.
    """
    after = decode_cursor(cursor)
    subject = [] if subject_id is None else [subject_id]
    rows = await reader.fetch(OF_SUBJECT if subject else LISTED, course_id, after, PAGE_SIZE + 1, *subject)
    items = [VersionSummary.model_validate(dict(row)) for row in rows[:PAGE_SIZE]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].id) if len(rows) > PAGE_SIZE else None)


async def version(reader: Reader, actor: Actor, version_id: UUID) -> tuple[TaughtCourse, VersionDetail]:
    """A version, and the course that it is part of.

    Raises:
        Unauthenticated, NotFound, Forbidden: the caller does not write the course, or there is none.
    """
    course = await access_course_of(reader, actor, "version", version_id, Permission.AUTHOR)
    row = await reader.fetchrow(ONE, version_id)
    if row is None:
        raise NotFound
    return course, VersionDetail.model_validate(dict(row) | {"snapshot": json.loads(row["snapshot"])})


def texts_of(snapshot: Mapping[str, Any], *, prefix: str = "") -> dict[str, str]:
    """A snapshot as texts by what they are called: one for each column, and for each column of each part. Pure."""
    found: dict[str, str] = {}
    for name, value in snapshot.items():
        if name in PARTS and isinstance(value, list):
            for number, part in enumerate(value, start=1):
                found |= texts_of(part, prefix=f"{prefix}{name} {number} · ")
        elif name != "id" and value is not None:
            found[prefix + name] = value if isinstance(value, str) else _as_json(value)
    return found


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
