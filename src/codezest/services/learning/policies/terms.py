"""The terms on which a learner works on an item, as columns and a join that any statement on quizzes and assignments can carry.

The rows are named as everywhere: `i` the item, `c` its course, `$2` the learner. What is granted for the item takes the place
of what is granted for the course.
"""
# ruff: noqa: S608 - statements are put together from constants of this package, never from input

from datetime import datetime
from typing import Literal

from codezest.services.learning.errors import ItemClosed, PastDue
from codezest.services.learning.rules.timing import Lateness, Terms
from codezest_db.enums import LatePolicy

_ITEM = {"QUIZ": "quiz_id", "ASSIGNMENT": "assignment_id"}


def granted(kind: Literal["QUIZ", "ASSIGNMENT"], learner: str = "$2") -> str:
    """The join that `terms` needs. `learner` is an expression for whose terms are asked for."""
    return f"""
    LEFT JOIN LATERAL (
        SELECT g.extra_days, g.extra_attempts, g.extra_minutes, g.extra_time_percent, g.due_at
        FROM learning.accommodations g
        WHERE g.user_id = {learner} AND g.course_id = c.id
          AND (g.{_ITEM[kind]} = i.id OR (g.quiz_id IS NULL AND g.assignment_id IS NULL))
        ORDER BY g.{_ITEM[kind]} NULLS LAST LIMIT 1) g ON true
    """


def terms(kind: Literal["QUIZ", "ASSIGNMENT"]) -> str:
    """Columns that `rules.timing.Terms.of` reads."""
    allow_late = "i.allow_late" if kind == "ASSIGNMENT" else "true AS allow_late"
    attempt_limit = "i.attempt_limit" if kind == "QUIZ" else "NULL::int AS attempt_limit"
    return f"""i.available_from, i.available_until, i.due_at, i.late_policy, i.late_penalty_percent, i.late_floor_percent,
    i.time_limit_minutes, {attempt_limit}, {allow_late}, g.due_at AS granted_due_at, g.extra_days, g.extra_attempts,
    g.extra_minutes, g.extra_time_percent, g.extra_days IS NOT NULL AS is_accommodated"""


def accept(terms: Terms, moment: datetime) -> Lateness:
    """How late work is that is handed in now.

    Raises:
        PastDue: it was due, and is cut off.
        ItemClosed: nothing is accepted any more.
    """
    late = terms.lateness(moment)
    if late.is_late and terms.late_policy is LatePolicy.CUT_OFF:
        assert terms.due_at is not None
        raise PastDue(terms.due_at)
    if terms.available_until is not None and moment > terms.available_until:
        raise ItemClosed(terms.available_until)
    return late
