"""The others who learn the sample course, in development: how far each is, what they wrote, and on which days they worked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.services.learning.actions.complete_material import complete_material
from codezest.services.learning.actions.grade_attempt import GivenAnswer
from codezest.services.learning.actions.start_attempt import start_attempt
from codezest.services.learning.actions.submit_attempt import submit_attempt
from codezest.services.learning.actions.submit_work import submit_work
from codezest.services.learning.receipts import Signer
from codezest_db.models.learning import Material, Module, Option, Quiz, QuizAttempt, StudyDay

WEEKS = 12
RESTING = 7
"""Of nine days, two are days off: the calendar shows streaks of different lengths."""

SHORT = """\
## Answer

Buses of line 12 are late more often in the rain: 4 of 10 rainy mornings, and 1 of 10 dry ones.

## Evidence

| Mornings | Late by more than five minutes |
|---|---|
| 10 rainy | 4 |
| 10 dry | 1 |

## Limits

Twenty mornings are few, and all of them were in October.
"""
ROUGH = """\
The canteen sells most on Wednesdays. I think that is because of the pancakes, everybody likes them.

I asked my friends and they said so too. So there should be pancakes every day.
"""


@dataclass(frozen=True, slots=True)
class Classmate:
    """Lessons of the first module that are done, choices of its quiz that went wrong, and the report."""

    lessons: int
    mistakes: int | None = None
    report: str | None = None


CLASSMATES = (
    Classmate(lessons=4, mistakes=0, report=SHORT),
    Classmate(lessons=4, mistakes=1),
    Classmate(lessons=3, mistakes=2, report=ROUGH),
    Classmate(lessons=2, mistakes=3),
    Classmate(lessons=1),
)


async def fill_demo_class(
    session: AsyncSession, learners: Sequence[Actor], course_id: UUID, report_id: UUID, *, signer: Signer
) -> None:
    """What the classmates did, as they would have by hand. Those who are more than `CLASSMATES` have only enrolled."""
    lessons = (
        await session.scalars(
            select(Material.id).join(Module, Module.id == Material.module_id)
            .where(Module.course_id == course_id, Module.deleted_at.is_(None), Material.deleted_at.is_(None))
            .order_by(Module.position, Material.position)
        )
    ).all()  # fmt: skip
    for learner, mate in zip(learners, CLASSMATES, strict=False):
        for lesson in lessons[: mate.lessons]:
            await complete_material(session, learner, lesson)
        if mate.mistakes is not None:
            await take_first_quiz(session, learner, course_id, mistakes=mate.mistakes)
        if mate.report is not None:
            await submit_work(session, learner, report_id, mate.report, signer=signer)


async def take_first_quiz(session: AsyncSession, learner: Actor, course_id: UUID, *, mistakes: int = 0) -> None:
    """Hand in the course's first quiz: of its choices the first `mistakes` wrong, the others right, and all else left open."""
    quiz_id = await session.scalar(
        select(Quiz.id).join(Module, Module.id == Quiz.module_id)
        .where(Module.course_id == course_id, Module.deleted_at.is_(None), Quiz.deleted_at.is_(None))
        .order_by(Module.position, Quiz.position).limit(1)
    )  # fmt: skip
    assert quiz_id is not None
    attempt_id, _new = await start_attempt(session, learner, quiz_id)
    attempt = await session.get_one(QuizAttempt, attempt_id)
    right: dict[UUID, list[UUID]] = {}
    wrong: dict[UUID, list[UUID]] = {}
    for option in await session.scalars(
        select(Option).where(Option.question_id.in_(attempt.question_ids), Option.deleted_at.is_(None))
        .order_by(Option.question_id, Option.position)
    ):  # fmt: skip
        (right if option.is_correct else wrong).setdefault(option.question_id, []).append(option.id)
    answers = [
        GivenAnswer(question_id=question, option_ids=wrong[question][:1] if number < mistakes else options)
        for number, (question, options) in enumerate(right.items())
    ]
    await submit_attempt(session, learner, attempt_id, answers)


async def work_for_weeks(session: AsyncSession, learner: Actor, moment: datetime) -> None:
    """Days of work before today, so that the calendar of a learner who has just been made is not empty."""
    await session.execute(
        insert(StudyDay)
        .values(
            [
                {
                    "user_id": learner.require_user(),
                    "day": (moment - timedelta(days=days)).date(),
                    "steps": 1 + days * days % 3,
                    "submissions": days * 5 % 4,
                }
                for days in range(1, 7 * WEEKS)
                if days * days % 9 < RESTING
            ]
        )
        .on_conflict_do_nothing()
    )
