"""Which questions of a course's bank a quiz may draw."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, text
from sqlalchemy.orm import aliased

from codezest.services.learning.queries.asked import SOLUTION_FAILS
from codezest_db.models.learning import Question

BANKED = aliased(Question, name="q")
_NOT_FAILING = text(f"NOT {SOLUTION_FAILS}")


def drawable(course_id: UUID | ColumnElement[UUID], draw: Mapping[str, Any]) -> Select[UUID]:
    """The ids of those that fit one draw of a quiz, in any order. A program whose own solution fails its tests is none."""
    found = select(BANKED.id).where(BANKED.course_id == course_id, BANKED.deleted_at.is_(None), _NOT_FAILING)
    if draw.get("topic"):
        found = found.where(BANKED.topic == draw["topic"])
    if draw.get("difficulty"):
        found = found.where(BANKED.difficulty == draw["difficulty"])
    return found
