"""What waits for somebody who teaches to look at it."""

import json
from uuid import UUID

from codezest.kit.actor import Actor
from codezest.kit.pagination import decode_cursor, encode_cursor
from codezest.services.learning.policies import Reader
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries.anonymity import hidden, pseudonym
from codezest.services.learning.schemas.analysis import WaitingAnalyses

# Two short index scans, merged: neither reads more than a page.
WAITING = f"""
SELECT c.analysis_policy, (SELECT coalesce(json_agg(json_build_object(
    'id', f.id, 'kind', f.kind, 'target_id', f.target_id, 'title', f.title,
    'hidden', f.hidden, 'number', f.number, 'user_id', CASE WHEN NOT f.hidden THEN f.user_id END,
    'user_name', CASE WHEN NOT f.hidden THEN p.display_name END, 'status', f.status, 'fallback', f.fallback, 'created_at', f.created_at) ORDER BY f.id), '[]')
  FROM (
    (SELECT a.id, 'SUBMISSION' AS kind, s.id AS target_id, g.title, s.user_id, a.status, a.fallback, a.created_at,
        {hidden("s", "g")} AS hidden, h.learner_number AS number
     FROM learning.submission_analyses a
     JOIN learning.submissions s ON s.id = a.submission_id
     JOIN learning.assignments g ON g.id = s.assignment_id
     LEFT JOIN learning.hand_gradings h ON h.submission_id = s.id
     WHERE a.course_id = $1 AND a.needs_review AND ($2::uuid IS NULL OR a.id > $2)
     ORDER BY a.id LIMIT $3)
    UNION ALL
    (SELECT a.id, 'ATTEMPT', t.id, q.title, t.user_id, a.status, NULL, a.created_at, false, NULL
     FROM learning.quiz_analyses a
     JOIN learning.quiz_attempts t ON t.id = a.attempt_id
     JOIN learning.quizzes q ON q.id = t.quiz_id
     WHERE a.course_id = $1 AND a.needs_review AND ($2::uuid IS NULL OR a.id > $2)
     ORDER BY a.id LIMIT $3)
    ORDER BY id LIMIT $3) f
  LEFT JOIN auth.public_users p ON p.id = f.user_id)::text AS items
FROM learning.courses c WHERE c.id = $1
"""  # noqa: S608 - put together from constants


async def analyses_to_review(
    reader: Reader, actor: Actor, course_id: UUID, *, cursor: str | None, limit: int
) -> WaitingAnalyses:
    """The oldest first.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_taught_course`.
        BadRequest: the cursor is not one of ours.
    """
    await access_taught_course(reader, actor, course_id, Permission.VIEW)
    row = await reader.fetchrow(WAITING, course_id, decode_cursor(cursor), limit + 1)
    items = json.loads(row["items"])
    for one in items:
        if one["hidden"]:
            one["user_name"] = pseudonym(one["number"])
    found = WaitingAnalyses(policy=row["analysis_policy"], items=items)
    if len(found.items) > limit:
        del found.items[limit:]
        found.next_cursor = encode_cursor(found.items[-1].id)
    return found
