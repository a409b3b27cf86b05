"""Files of courses: their lists, where they are used, and who may see one."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

import json
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.database import Pool
from codezest.kit.errors import NotFound
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import COURSE_JOINS, Reader, caller, decision
from codezest.services.learning.policies.permissions import Permission, holds
from codezest.services.learning.schemas.uploads import UploadDetail, UploadPage
from codezest_db.enums import UploadKind

PAGE_SIZE = 30
MEGABYTE = 1 << 20

_SAID = "'%/uploads/' || u.id || '%'"
_USES = f"""
    SELECT 0 AS place, 'COURSE' AS kind, c.id, c.title, c.status = 'DRAFT' AS is_draft
    FROM learning.courses c
    WHERE c.id = u.course_id AND (c.image_key = 'uploads/' || u.id OR c.description LIKE {_SAID})
    UNION ALL
    SELECT 1, 'MATERIAL', i.id, i.title, i.status = 'DRAFT'
    FROM learning.modules m JOIN learning.materials i ON i.module_id = m.id
    WHERE m.course_id = u.course_id AND m.deleted_at IS NULL AND i.deleted_at IS NULL
      AND ('uploads/' || u.id IN (i.video_key, i.image_key, i.file_key) OR i.captions_url = '/uploads/' || u.id
        OR u.content_key = i.file_key
        OR i.content LIKE {_SAID} OR i.transcript LIKE {_SAID})
    UNION ALL
    SELECT 2, 'ASSIGNMENT', i.id, i.title, i.status = 'DRAFT'
    FROM learning.modules m JOIN learning.assignments i ON i.module_id = m.id
    WHERE m.course_id = u.course_id AND m.deleted_at IS NULL AND i.deleted_at IS NULL AND i.instructions LIKE {_SAID}
    UNION ALL
    SELECT 3, 'QUESTION', q.id, left(q.text, 80), i.status = 'DRAFT'
    FROM learning.modules m JOIN learning.quizzes i ON i.module_id = m.id JOIN learning.questions q ON q.quiz_id = i.id
    WHERE m.course_id = u.course_id AND m.deleted_at IS NULL AND i.deleted_at IS NULL AND q.deleted_at IS NULL
      AND (q.text LIKE {_SAID} OR q.explanation LIKE {_SAID} OR q.media::text LIKE {_SAID})"""

_DETAIL = f"""json_build_object(
    'id', u.id, 'kind', u.kind, 'name', u.name, 'media_type', u.media_type, 'size_bytes', u.size_bytes,
    'sha256', encode(u.sha256, 'hex'), 'width', u.width, 'height', u.height, 'pages', u.pages,
    'url', '/uploads/' || u.id, 'uploaded_at', u.created_at,
    'uploaded_by', CASE WHEN p.id IS NOT NULL THEN json_build_object(
        'id', p.id, 'display_name', p.display_name, 'avatar_url', p.avatar_url) END,
    'used_in', (SELECT coalesce(json_agg(json_build_object(
        'kind', used.kind, 'id', used.id, 'title', used.title, 'is_draft', used.is_draft) ORDER BY used.place, used.id), '[]')
        FROM ({_USES} LIMIT 20) used))"""

LISTED = f"""
WITH page AS MATERIALIZED (
    SELECT * FROM learning.uploads u
    WHERE u.course_id = $1 AND u.parent_id IS NULL AND ($2::uuid IS NULL OR u.id < $2)
      AND ($3::text IS NULL OR u.kind = $3) AND ($4 = '' OR u.name ILIKE $4)
    ORDER BY u.id DESC LIMIT $5)
SELECT (SELECT coalesce(sum(size_bytes), 0) FROM learning.uploads WHERE course_id = $1)::bigint AS used_bytes,
    (SELECT coalesce(json_agg({_DETAIL} ORDER BY u.id DESC), '[]')::text
     FROM page u LEFT JOIN auth.public_users p ON p.id = u.user_id) AS items
"""

ONE = f"""
SELECT u.course_id, {_DETAIL}::text AS body
FROM learning.uploads u LEFT JOIN auth.public_users p ON p.id = u.user_id
WHERE u.id = $1 AND u.parent_id IS NULL
"""

_SHOWN_BY = """'uploads/' || root.id IN (i.video_key, i.image_key, i.file_key) OR i.captions_url = '/uploads/' || root.id
            OR root.content_key = i.file_key"""
SEEN = f"""
SELECT u.id, u.name, u.kind
FROM learning.uploads u
JOIN learning.uploads root ON root.id = coalesce(u.parent_id, u.id)
JOIN learning.courses c ON c.id = u.course_id
{COURSE_JOINS}
WHERE u.id = $1 AND c.deleted_at IS NULL AND l.deleted_at IS NULL AND (
    {holds(Permission.VIEW)}
    OR ({decision()} = 'open' AND (
        c.image_key = 'uploads/' || u.id OR c.description LIKE {_SAID}
        OR (e.status IN ('ACTIVE', 'COMPLETED') AND root.kind IN ('PICTURE', 'ATTACHMENT'))))
    OR EXISTS (
        SELECT FROM learning.modules m JOIN learning.materials i ON i.module_id = m.id
        WHERE m.course_id = c.id AND ({_SHOWN_BY}) AND {decision(module=True, item=True, learner=True)} = 'open'))
"""
"""A file that the caller may see: staff all of the course, others what a page that is open to them shows. Pictures and
attachments stand in texts all over a course; who learns it may see them."""

NAMED = """
SELECT u.id, u.name, u.kind, u.width, u.height, u.pages, u.media_type, u.size_bytes, u.content_key,
    CASE WHEN $3 THEN u.page_texts ELSE '{}' END AS page_texts, CASE WHEN $3 THEN u.html END AS html
FROM learning.uploads u WHERE u.course_id = $1 AND (u.id = ANY ($2::uuid[]) OR u.content_key = $4)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRow:
    """What a page needs to show a file."""

    id: UUID
    name: str
    kind: UploadKind
    media_type: str = ""
    size_bytes: int = 0
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    page_texts: tuple[str, ...] = ()
    html: str | None = None
    content_key: str | None = None
    """Of a file of the content folder."""


async def uploads_of_course(
    reader: Reader,
    course_id: UUID,
    *,
    limit_mb: int,
    words: str = "",
    kind: UploadKind | None = None,
    cursor: str | None = None,
    rows: int = PAGE_SIZE,
) -> UploadPage:
    """One page of a course's files, newest first. Whether the caller may see it is decided before.

    Raises:
        BadRequest: the cursor is not one of this list.
    """
    escaped = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"%{escaped}%" if escaped else ""
    row = await reader.fetchrow(LISTED, course_id, decode_cursor(cursor), kind, pattern, rows + 1)
    items = [UploadDetail.model_validate(item) for item in json.loads(row["items"])]
    more = len(items) > rows
    return UploadPage(
        items=items[:rows],
        next_cursor=encode_cursor(items[rows - 1].id) if more else None,
        used_bytes=row["used_bytes"],
        limit_bytes=limit_mb * MEGABYTE,
    )


async def upload(reader: Reader, upload_id: UUID) -> tuple[UUID, UploadDetail]:
    """The course of a file, and what is known of it. Whether the caller may see it is decided after, by that course.

    Raises:
        NotFound: there is none.
    """
    row = await reader.fetchrow(ONE, upload_id)
    if row is None:
        raise NotFound
    return row["course_id"], UploadDetail.model_validate_json(row["body"])


async def seen_upload(reader: Reader, actor: Actor, upload_id: UUID) -> UploadRow:
    """A file that the caller, who may be nobody, may see.

    Raises:
        NotFound: there is none, or none for them.
    """
    row = await reader.fetchrow(SEEN, upload_id, *caller(actor))
    if row is None:
        raise NotFound
    return UploadRow(id=row["id"], name=row["name"], kind=UploadKind(row["kind"]))


async def named_uploads(
    pool: Pool, course_id: UUID, ids: Iterable[UUID], *, texts: bool = False, content_key: str | None = None
) -> dict[UUID, UploadRow]:
    """Those of a course's files that are named, by id or as a file of the content folder; with their texts only if asked for."""
    wanted = list(dict.fromkeys(ids))
    if not wanted and content_key is None:
        return {}
    found = await pool.fetch(NAMED, course_id, wanted, texts, content_key)
    return {
        row["id"]: UploadRow(
            **{
                name: row[name]
                for name in (
                    "id",
                    "name",
                    "media_type",
                    "size_bytes",
                    "width",
                    "height",
                    "pages",
                    "html",
                    "content_key",
                )
            },
            kind=UploadKind(row["kind"]),
            page_texts=tuple(row["page_texts"]),
        )
        for row in found
    }
