"""Write, change and delete a review, answer it, report it, hide it; the course's averages follow in the same statement.

What a course keeps is how many gave each number of stars. Each statement below changes one review and those counts by the
difference, on the course's row as it is once its lock is granted: writers at the same time lose nothing of one another.
"""
# ruff: noqa: S608 - statements are put together from constants of this module, never from input

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import ReviewJudged
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden
from codezest.kit.features import feature_settings
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import NotEnrolled, ReviewTooEarly
from codezest.services.learning.policies import COURSE_JOINS, STAFF, admit, caller, decision
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.reviewing import MAY_REVIEW
from codezest.services.learning.policies.teaching import access_course_of
from codezest_db.ids import uuid7
from codezest_db.models.learning import ReviewReport

_ACCESS = f"""
SELECT {decision()} AS access, c.id AS course_id, e.status, {MAY_REVIEW} AS may_review, {STAFF} AS staff
FROM learning.courses c {COURSE_JOINS}
WHERE c.slug = $1 AND c.deleted_at IS NULL
"""

# The counts after the change: one less where a review stood, one more where it stands. Null is nowhere.
_COUNTED = """
    SELECT ARRAY(
        SELECT c.rating_counts[n] + coalesce((n = changed.rating)::int, 0) - coalesce((n = changed.former)::int, 0)
        FROM generate_series(1, 5) n ORDER BY n) AS counts"""
_RECOUNT = f"""
UPDATE learning.courses c SET
    rating_counts = ({_COUNTED}),
    rating_count = (SELECT sum(n) FROM unnest(({_COUNTED})) n),
    rating_average = (
        SELECT round(sum(n * stars)::numeric / nullif(sum(n), 0), 2) FROM unnest(({_COUNTED})) WITH ORDINALITY u(n, stars))
FROM changed
WHERE c.id = changed.course_id AND changed.rating IS DISTINCT FROM changed.former
"""

_WRITE = text(f"""
WITH changed AS (
    INSERT INTO learning.course_reviews AS r (id, user_id, course_id, rating, text)
    VALUES (:id, :user_id, :course_id, :rating, :text)
    ON CONFLICT (user_id, course_id) DO UPDATE SET rating = excluded.rating, text = excluded.text, updated_at = now()
    RETURNING r.course_id, CASE WHEN new.hidden_at IS NULL THEN new.rating END AS rating,
        CASE WHEN old.hidden_at IS NULL THEN old.rating END AS former),
counted AS ({_RECOUNT} RETURNING c.id)
SELECT count(*) FROM changed LEFT JOIN counted ON true
""")
_DELETE = text(f"""
WITH changed AS (
    DELETE FROM learning.course_reviews r WHERE r.user_id = :user_id AND r.course_id = :course_id
    RETURNING r.course_id, NULL::int AS rating, CASE WHEN r.hidden_at IS NULL THEN r.rating END AS former),
counted AS ({_RECOUNT} RETURNING c.id)
SELECT count(*) FROM changed LEFT JOIN counted ON true
""")
_SHOW = text(f"""
WITH changed AS (
    UPDATE learning.course_reviews r SET hidden_at = CASE WHEN :hidden THEN now() END,
        hidden_by = CASE WHEN :hidden THEN CAST(:user_id AS uuid) END
    WHERE r.id = :id AND (r.hidden_at IS NOT NULL) <> :hidden
    RETURNING r.course_id, CASE WHEN new.hidden_at IS NULL THEN new.rating END AS rating,
        CASE WHEN old.hidden_at IS NULL THEN old.rating END AS former),
counted AS ({_RECOUNT} RETURNING c.id)
SELECT count(*) FROM changed LEFT JOIN counted ON true
""")
_REPLY = text("""
UPDATE learning.course_reviews SET reply = :reply, replied_by = CASE WHEN CAST(:reply AS text) IS NOT NULL
    THEN CAST(:user_id AS uuid) END, replied_at = CASE WHEN CAST(:reply AS text) IS NOT NULL THEN now() END
WHERE id = :id
""")
_SETTLE = text("""
WITH settled AS (
    UPDATE learning.review_reports SET settled_at = now() WHERE review_id = :id AND settled_at IS NULL RETURNING id)
SELECT count(*) FROM settled
""")
_VISIBLE = f"""
SELECT {decision()} AS access, r.user_id
FROM learning.course_reviews r JOIN learning.courses c ON c.id = r.course_id {COURSE_JOINS}
WHERE r.id = $1 AND (r.hidden_at IS NULL OR {STAFF})
"""


async def write_review(session: AsyncSession, actor: Actor, slug: str, *, rating: int, words: str | None) -> None:
    """Write the caller's review of a course, or change it.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
        NotEnrolled, ReviewTooEarly: the caller does not learn it, or has done nothing in it yet.
        Forbidden: the caller teaches it, or an administrator has turned reviews off.
    """
    user_id = actor.require_user()
    row = await _access(session, actor, slug)
    if not (await feature_settings(await driver_connection(session))).reviews:
        raise Forbidden(_("Reviews are turned off on this platform."))
    if row["staff"]:
        raise Forbidden(_("Those who teach a course do not review it."))
    if row["status"] not in {"ACTIVE", "COMPLETED"}:
        raise NotEnrolled
    if not row["may_review"]:
        raise ReviewTooEarly
    values = {"id": uuid7(), "user_id": user_id, "course_id": row["course_id"], "rating": rating, "text": words or None}
    await session.execute(_WRITE, values)


async def delete_review(session: AsyncSession, actor: Actor, slug: str) -> None:
    """Delete the caller's review; without one nothing happens.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
    """
    user_id = actor.require_user()
    row = await _access(session, actor, slug)
    await session.execute(_DELETE, {"user_id": user_id, "course_id": row["course_id"]})


async def reply_to_review(session: AsyncSession, actor: Actor, review_id: UUID, reply: str | None) -> None:
    """Answer a review as one of those who teach; an empty answer takes it back.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
    """
    await access_course_of(await driver_connection(session), actor, "review", review_id, Permission.AUTHOR)
    await session.execute(_REPLY, {"id": review_id, "reply": reply or None, "user_id": actor.user_id})


async def report_review(session: AsyncSession, actor: Actor, review_id: UUID, reason: str) -> None:
    """Ask administrators to look at a review; doing it again replaces the reason.

    Raises:
        Unauthenticated, NotFound, ContentArchived: see `policies.admit`.
        Forbidden: it is the caller's own.
    """
    user_id = actor.require_user()
    row = await (await driver_connection(session)).fetchrow(_VISIBLE, review_id, *caller(actor))
    admit(row)
    assert row is not None
    if row["user_id"] == user_id:
        raise Forbidden(_("This review is yours. You can change or delete it."))
    statement = insert(ReviewReport).values(review_id=review_id, user_id=user_id, reason=reason)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["review_id", "user_id"], set_={"reason": reason, "settled_at": None}
        )
    )


async def show_review(
    session: AsyncSession, actor: Actor, review_id: UUID, *, hidden: bool, reason: str | None = None
) -> None:
    """Hide a review, or show it again; either settles what was reported of it. What changes nothing is no act.

    `reason` is for the audit trail: nobody else reads it.

    Raises:
        Unauthenticated, Forbidden: the caller is no administrator.
        NotFound: there is none.
    """
    user_id = actor.require_admin()
    course = await access_course_of(await driver_connection(session), actor, "review", review_id, Permission.OWN)
    changed = await session.scalar(_SHOW, {"id": review_id, "hidden": hidden, "user_id": user_id})
    settled = await session.scalar(_SETTLE, {"id": review_id})
    if not changed and not settled:
        return
    await outbox.publish(
        session,
        ReviewJudged(
            actor_user_id=user_id,
            course_id=course.id,
            review_id=review_id,
            hidden=hidden,
            settled_reports=settled or 0,
            reason=reason,
        ),
    )


async def _access(session: AsyncSession, actor: Actor, slug: str) -> Any:
    row = await (await driver_connection(session)).fetchrow(_ACCESS, slug, *caller(actor))
    admit(row)
    return row
