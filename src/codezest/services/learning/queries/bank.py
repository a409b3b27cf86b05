"""A course's bank of questions, as its authors read it."""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import LAST_ID, decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.authoring import QUESTION_BODY
from codezest.services.learning.schemas.authored import AuthoredQuestionPage, BankTopics
from codezest_db.enums import Difficulty, QuestionType

MOST_TOPICS = 500
LOOKED_AT = 5_000
"""Questions that one request looks through, at the most: its page may hold fewer than there are further on."""

BANK = f"""
WITH looked AS MATERIALIZED (
    SELECT q.id, q.text, q.topic, q.difficulty, q.type FROM learning.questions q
    WHERE q.course_id = $1 AND q.deleted_at IS NULL AND q.id < $6
    ORDER BY q.id DESC LIMIT $9)
SELECT coalesce(jsonb_agg(found.body ORDER BY found.id DESC), '[]')::text AS body,
    (SELECT l.id FROM looked l ORDER BY l.id DESC OFFSET $9 - 1) AS looked_to
FROM (
    SELECT q.id, {QUESTION_BODY} AS body
    FROM (
        SELECT l.id FROM looked l
        WHERE ($2::text IS NULL OR l.topic = $2) AND ($3::text IS NULL OR l.difficulty = $3)
          AND ($4::text IS NULL OR l.type = $4) AND ($5::text IS NULL OR strpos(lower(l.text), lower($5)) > 0)
          AND ($8::boolean IS NULL OR $8 = coalesce((
              SELECT true FROM learning.question_snapshots s WHERE s.question_id = l.id LIMIT 1), false))
        ORDER BY l.id DESC LIMIT $7) l
    CROSS JOIN LATERAL (SELECT x.* FROM learning.questions x WHERE x.id = l.id OFFSET 0) q) found
"""

TOPICS = f"""
SELECT coalesce(jsonb_agg(to_jsonb(found) ORDER BY found.topic NULLS LAST, found.difficulty), '[]')::text AS body FROM (
    SELECT q.topic, q.difficulty, count(*) AS questions FROM learning.questions q
    WHERE q.course_id = $1 AND q.deleted_at IS NULL
    GROUP BY q.topic, q.difficulty ORDER BY q.topic NULLS LAST, q.difficulty LIMIT {MOST_TOPICS}) found
"""


USED = """
SELECT coalesce(array_agg(DISTINCT question_id), '{}') AS found
FROM learning.question_snapshots WHERE question_id = ANY ($1)
"""
MOST_QUIZZES = 1_000
QUIZZES = f"""
SELECT coalesce(array_agg(found.id), '{{}}') AS ids, coalesce(array_agg(found.title), '{{}}') AS titles FROM (
    SELECT q.id, q.title FROM learning.quizzes q
    JOIN learning.modules m ON m.id = q.module_id AND m.deleted_at IS NULL
    WHERE m.course_id = $1 AND q.deleted_at IS NULL ORDER BY m.position, q.position, q.id LIMIT {MOST_QUIZZES}) found
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFilter:
    """Which questions are asked for; None does not matter."""

    topic: str | None = None
    difficulty: Difficulty | None = None
    type: QuestionType | None = None
    words: str | None = None
    """What stands somewhere in the text, whatever its case."""
    asked: bool | None = None
    """Whether an attempt has asked it already."""


async def bank(
    reader: Reader, actor: Actor, course_id: UUID, wanted: BankFilter, *, cursor: str | None, limit: int
) -> AuthoredQuestionPage:
    """Questions of a course's bank with their keys, the newest first.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_taught_course`; the caller may write there.
        BadRequest: the cursor is not one of ours.
    """
    await access_taught_course(reader, actor, course_id, Permission.AUTHOR)
    behind = decode_cursor(cursor) or LAST_ID
    row = await reader.fetchrow(
        BANK,
        course_id,
        wanted.topic,
        wanted.difficulty,
        wanted.type,
        wanted.words,
        behind,
        limit + 1,
        wanted.asked,
        LOOKED_AT,
    )
    page = AuthoredQuestionPage.model_validate_json(f'{{"items": {row["body"]}, "next_cursor": null}}')
    if len(page.items) > limit:
        del page.items[limit:]
        page.next_cursor = encode_cursor(page.items[-1].id)
    elif row["looked_to"] is not None:
        page.next_cursor = encode_cursor(row["looked_to"])
    return page


async def topics(reader: Reader, actor: Actor, course_id: UUID) -> BankTopics:
    """How many questions there are of each topic and difficulty. Raises as `bank`."""
    await access_taught_course(reader, actor, course_id, Permission.AUTHOR)
    row = await reader.fetchrow(TOPICS, course_id)
    return BankTopics.model_validate_json(f'{{"items": {row["body"]}}}')


async def used_in(reader: Reader, question_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these questions an attempt has asked already."""
    row = await reader.fetchrow(USED, list(question_ids))
    return set(row["found"])


async def quizzes_of_course(reader: Reader, course_id: UUID) -> list[tuple[UUID, str]]:
    """The quizzes of a course in order: ids and titles. Whoever asks has been let in already."""
    row = await reader.fetchrow(QUIZZES, course_id)
    return list(zip(row["ids"], row["titles"], strict=True))
