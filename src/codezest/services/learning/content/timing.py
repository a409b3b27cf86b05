"""Reads when an item can be worked on, when it is due, and what lateness costs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from codezest.services.learning.content.parsing import Fields
from codezest_db.enums import LatePolicy

MOMENTS = ("available_from", "available_until", "due_at")
SETTINGS = (
    ("available_from", "available_until"),
    ("due_at",),
    ("late_policy", "late_penalty_percent", "late_floor_percent"),
)
"""What is also set in the studio. Where a file names none of a group, the group stays as it is set there."""


def read_timing(fields: Fields) -> dict[str, Any]:
    """Columns of ``learning.quizzes`` and ``learning.assignments``."""
    moments = {name: read_moment(fields, name) for name in MOMENTS}
    opens, closes = moments["available_from"], moments["available_until"]
    if opens is not None and closes is not None and closes <= opens:
        fields.problem("available_until", "`available_until` has to come after `available_from`")
    policy = fields.choice("late_policy", LatePolicy, LatePolicy.NO_PENALTY)
    penalty = fields.integer("late_penalty_percent", low=0, high=100) or 0
    if policy is LatePolicy.PENALTY_PER_DAY and not penalty:
        fields.advise("late_policy", "PENALTY_PER_DAY takes nothing away: add `late_penalty_percent`")
    return {
        **moments,
        "late_policy": policy,
        "late_penalty_percent": penalty,
        "late_floor_percent": fields.integer("late_floor_percent", low=0, high=100) or 0,
    }


def unnamed(fields: Fields, groups: Iterable[tuple[str, ...]] = SETTINGS) -> frozenset[str]:
    """Columns of settings that a file leaves to the studio. An export says everything: what it does not name is empty."""
    if fields.problems.lenient:
        return frozenset()
    return frozenset(name for group in groups for name in group if not set(group) & fields.values.keys())


def read_moment(fields: Fields, key: str) -> datetime | None:
    """A date and time that says its zone."""
    fields.asked.add(key)
    value = fields.values.get(key)
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        fields.problem(
            key, f"`{key}` must be a moment with its zone, such as 2026-12-01T23:59:00+01:00, without quotation marks"
        )
        return None
    return value
