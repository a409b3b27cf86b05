"""Hold published content to what learners need."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning import kinds, rules
from codezest.services.learning.actions.authoring.check_kind import columns_of, tests_of
from codezest.services.learning.errors import NotReady
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Assignment, Material, Option, Question, Quiz


async def check_ready(session: AsyncSession, item: Material | Assignment | Quiz) -> None:
    """Refuse a published item that lacks something. Call it after whatever was changed in it was flushed.

    Raises:
        NotReady: says what is missing.
    """
    if item.status is not PublicationStatus.PUBLISHED:
        return
    match item:
        case Material():
            missing = rules.missing_in_material(
                {column.key: getattr(item, column.key) for column in Material.__table__.columns}
            )
        case Assignment():
            missing = await _missing_in_assignment(session, item)
        case Quiz():
            missing = await _missing_in_quiz(session, item)
    if missing:
        raise NotReady(missing)


async def _missing_in_assignment(session: AsyncSession, assignment: Assignment) -> list[str]:
    tests = [columns_of(test) for test in await tests_of(session, assignment)]
    return [fault.message for fault in kinds.lacks(columns_of(assignment), tests)]


async def _missing_in_quiz(session: AsyncSession, quiz: Quiz) -> list[str]:
    found = await session.execute(
        select(
            Question.text,
            Question.type,
            func.count(Option.id).label("options"),
            func.count(Option.id).filter(Option.is_correct).label("right"),
        )
        .outerjoin(Option, (Option.question_id == Question.id) & Option.deleted_at.is_(None))
        .where(Question.quiz_id == quiz.id, Question.deleted_at.is_(None))
        .group_by(Question.id)
        .order_by(Question.position)
    )
    shapes = [
        rules.QuestionShape(text=row.text, type=row.type, options=row.options, right_options=row.right)
        for row in found.all()
    ]
    return rules.missing_in_quiz(shapes, quiz.draw_count)
