"""Hold published content to what learners need."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.services.learning import rules
from codezest.services.learning.errors import NotReady
from codezest_db.enums import PublicationStatus
from codezest_db.models.learning import Assignment, AssignmentTest, Material, Option, Question, Quiz


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
    found = await session.execute(
        select(func.count(), func.coalesce(func.sum(AssignmentTest.points), 0)).where(
            AssignmentTest.assignment_id == assignment.id
        )
    )
    tests, points = found.one()
    return rules.missing_in_assignment(assignment.kind, tests, points)


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
