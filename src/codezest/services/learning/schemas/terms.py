"""When an item can be worked on, and what lateness costs, as one learner gets it."""

from datetime import datetime
from typing import Any

from pydantic import Field

from codezest.kit.clock import now
from codezest.kit.schemas import ApiResponse
from codezest.services.learning.rules.timing import Terms, Window
from codezest_db.enums import LatePolicy


class ItemTerms(ApiResponse):
    """What is granted to the learner alone is in it already."""

    window: Window = Field(description="Whether it can be worked on now.")
    available_from: datetime | None
    available_until: datetime | None
    due_at: datetime | None
    closes_at: datetime | None = Field(description="From then on nothing is accepted.")
    late_policy: LatePolicy
    late_penalty_percent: int = Field(description="Of the score, for every day begun after it was due.")
    late_floor_percent: int = Field(description="Of the score, which lateness never takes away.")
    days_late: int = Field(description="If it were handed in now.")
    penalty_now_percent: int = Field(description="Of the score, which handing it in now would cost.")
    is_accommodated: bool = Field(description="Whether something of it is granted to this learner alone.")


def terms_now(terms: Terms) -> dict[str, Any]:
    """An `ItemTerms` as JSON values."""
    moment = now()
    late = terms.lateness(moment)
    return {
        "window": terms.window(moment),
        "available_from": _iso(terms.available_from),
        "available_until": _iso(terms.available_until),
        "due_at": _iso(terms.due_at),
        "closes_at": _iso(terms.closes_at),
        "late_policy": terms.late_policy,
        "late_penalty_percent": terms.late_penalty_percent,
        "late_floor_percent": terms.late_floor_percent,
        "days_late": late.days,
        "penalty_now_percent": late.percent,
        "is_accommodated": terms.is_accommodated,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
