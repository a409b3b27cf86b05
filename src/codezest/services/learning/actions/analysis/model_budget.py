"""What models may cost: every call is reserved before it is made, and counted when it has ended."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.analysis_settings import AnalysisSettings
from codezest.kit.clock import now
from codezest_db.enums import ModelCallStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import ModelCall

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('learning.model_calls', 0))"
"""One reservation at a time, so that two do not both take the last of a budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of a call: estimated before it, counted after it."""

    input_tokens: int
    output_tokens: int

    @property
    def total(self) -> int:
        return self.input_tokens + self.output_tokens


def cost_micros(settings: AnalysisSettings, usage: Usage) -> int:
    """In millionths of the prices' currency: a price is that of a million tokens."""
    return round(
        usage.input_tokens * settings.analysis_input_price + usage.output_tokens * settings.analysis_output_price
    )


async def reserve_call(
    session: AsyncSession,
    settings: AnalysisSettings,
    *,
    model: str,
    user_id: UUID,
    submission_id: UUID,
    most: Usage,
) -> UUID | str:
    """Put the most that a call can cost aside: the id of the call, or the key of what is used up."""
    await session.execute(text(LOCK))
    moment = now()
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    tokens = func.coalesce(func.sum(ModelCall.input_tokens + ModelCall.output_tokens), 0)
    since = ModelCall.created_at >= today
    all_tokens, spent, each = (
        await session.execute(
            select(
                tokens,
                func.coalesce(func.sum(ModelCall.cost_micros), 0),
                func.coalesce(
                    func.sum(ModelCall.input_tokens + ModelCall.output_tokens).filter(ModelCall.user_id == user_id), 0
                ),
            ).where(since)
        )
    ).one()
    lately = await session.scalar(select(func.count()).where(ModelCall.created_at > moment - timedelta(minutes=1)))
    cost = cost_micros(settings, most)
    most_spent = round(settings.analysis_daily_cost * 1_000_000)
    if (lately or 0) >= settings.analysis_calls_per_minute:
        return "rate-limit"
    if int(each) + most.total > settings.analysis_daily_tokens_each:
        return "budget-of-learner"
    if int(all_tokens) + most.total > settings.analysis_daily_tokens or (most_spent and int(spent) + cost > most_spent):
        return "budget"
    call = ModelCall(
        id=uuid7(),
        user_id=user_id,
        submission_id=submission_id,
        model=model,
        input_tokens=most.input_tokens,
        output_tokens=most.output_tokens,
        cost_micros=cost,
        created_at=moment,
    )
    session.add(call)
    await session.flush()
    return call.id


async def close_call(
    session: AsyncSession,
    settings: AnalysisSettings,
    call_id: UUID,
    *,
    usage: Usage,
    milliseconds: int,
    failure: str | None = None,
) -> None:
    """Count what a call really took. One that never gets here keeps its reservation for the day: it may have been answered."""
    await session.execute(
        update(ModelCall)
        .where(ModelCall.id == call_id)
        .values(
            status=ModelCallStatus.SUCCEEDED if failure is None else ModelCallStatus.FAILED,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cost_micros=cost_micros(settings, usage),
            milliseconds=milliseconds,
            failure=failure,
        )
    )
