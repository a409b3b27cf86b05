"""The pages of administration with something to show on each."""

from uuid import UUID

import asyncpg
import httpx

from codezest_db.ids import uuid7
from e2e.extremes import LONG, MARKUP, Found, call


async def administration(admin: httpx.AsyncClient, database_url: str) -> Found:
    """Places of every page, for the administrator whose client this is."""
    me = (await call(admin, "GET", "/me"))["id"]
    people = (await call(admin, "GET", "/users?role=STUDENT&limit=1"))["items"]
    rows = await call(admin, "GET", "/admin/tables/auth/audit_entries/rows?limit=1")
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            """INSERT INTO ops.outbox (id, topic, payload, attempts, last_error, given_up_at)
               VALUES ($1, 'learning.nothing_happened', '{"a": [1, 2]}', 20, $2, now())""",
            uuid7(), f"{MARKUP} {LONG}",
        )  # fmt: skip
        await connection.execute(
            """INSERT INTO learning.deleted_content (content_id, kind, title, deleted_at)
               VALUES ($1, 'COURSE', $2, now())""",
            uuid7(), f"{MARKUP} {LONG}",
        )  # fmt: skip
        await connection.execute(
            """INSERT INTO learning.enrollments (user_id, course_id)
               SELECT $1, c.id FROM learning.courses c WHERE c.kind = 'PATH' ORDER BY c.id LIMIT 1
               ON CONFLICT DO NOTHING""",
            UUID(me),
        )
        review = await connection.fetchval(
            """INSERT INTO learning.course_reviews (user_id, course_id, rating, text)
               SELECT e.user_id, e.course_id, 1, $2 FROM learning.enrollments e WHERE e.user_id = $1 LIMIT 1
               ON CONFLICT (user_id, course_id) DO UPDATE SET text = excluded.text RETURNING id""",
            UUID(me), f"{MARKUP} {LONG}",
        )  # fmt: skip
        await connection.execute(
            """INSERT INTO learning.review_reports (review_id, user_id, reason) VALUES ($1, $2, $3)
               ON CONFLICT DO NOTHING""",
            review, UUID(me), f"{LONG} {MARKUP}"[:500],
        )  # fmt: skip
    finally:
        await connection.close()
    return [
        ("/admin", "/admin"),
        ("/admin/events", "/admin/events"),
        ("/admin/users", "/admin/users"),
        ("/admin/users", f"/admin/users?q={LONG}&state=DELETION"),
        ("/admin/users/new", "/admin/users/new"),
        *(("/admin/users/{user_id}", f"/admin/users/{one}") for one in (me, *(one["id"] for one in people))),
        ("/admin/audit", "/admin/audit"),
        ("/admin/audit", "/admin/audit?action=nothing-of-this-name"),
        ("/admin/features", "/admin/features"),
        ("/admin/content", "/admin/content"),
        ("/admin/content/deleted", "/admin/content/deleted"),
        ("/admin/reviews", "/admin/reviews"),
        ("/admin/reviews", "/admin/reviews?state=hidden"),
        ("/admin/languages", "/admin/languages"),
        ("/admin/languages/new", "/admin/languages/new"),
        ("/admin/languages/{slug}", "/admin/languages/python"),
        ("/admin/enrollments", "/admin/enrollments"),
        ("/admin/enrollments", "/admin/enrollments?user=nobody"),
        ("/admin/data", "/admin/data"),
        ("/admin/data/{schema}/{name}", "/admin/data/auth/users"),
        ("/admin/data/{schema}/{name}", "/admin/data/auth/users?column=id&value=nonsense"),
        ("/admin/data/{schema}/{name}/row", f"/admin/data/auth/audit_entries/row?key={rows['keys'][0]}"),
    ]
