"""Grant a learner more time, attempts or days, or take that back."""

from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import AccommodationChanged
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.expire_attempts import terms_of_learner
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.schemas.accommodations import Grant
from codezest_db.enums import AttemptStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Accommodation, Assignment, Enrollment, Module, Quiz, QuizAttempt

KEY = ("course_id", "user_id", "quiz_id", "assignment_id")
GRANTED = ("extra_time_percent", "extra_minutes", "extra_attempts", "extra_days", "due_at")


async def grant_accommodation(session: AsyncSession, actor: Actor, course_id: UUID, grant: Grant) -> tuple[UUID, bool]:
    """Keep what is granted, in place of what was granted for the same. Attempts that are running get their time at once.

    Returns:
        its id, and whether it is new.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_taught_course`; the caller may grade there.
        ValidationFailed: it is no learner or no item of the course.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.GRADE)
    await _check(session, course_id, grant)
    values = grant.model_dump() | {"course_id": course_id, "granted_by": actor.user_id}
    made = uuid7()
    kept = await session.scalar(
        insert(Accommodation)
        .values(id=made, **values)
        .on_conflict_do_update(
            constraint="uq_accommodations_course_id_user_id_quiz_id_assignment_id",
            set_={name: value for name, value in values.items() if name not in KEY},
        )
        .returning(Accommodation)
        .execution_options(populate_existing=True)
    )
    assert kept is not None
    await _extend_running(session, course_id, grant.user_id)
    await _announce(session, actor, kept, revoked=False)
    return kept.id, kept.id == made


async def revoke_accommodation(session: AsyncSession, actor: Actor, course_id: UUID, accommodation_id: UUID) -> None:
    """Take back what was granted. Attempts that are running keep the time they were promised.

    Raises:
        Unauthenticated, Forbidden, NotFound: see `access_taught_course`; the caller may grade there.
    """
    await access_taught_course(await driver_connection(session), actor, course_id, Permission.GRADE)
    gone = await session.scalar(
        delete(Accommodation)
        .where(Accommodation.id == accommodation_id, Accommodation.course_id == course_id)
        .returning(Accommodation)
    )
    if gone is None:
        raise NotFound
    await _announce(session, actor, gone, revoked=True)


async def _announce(session: AsyncSession, actor: Actor, row: Accommodation, *, revoked: bool) -> None:
    granted = {name: value for name in GRANTED if (value := getattr(row, name))}
    await outbox.publish(
        session,
        AccommodationChanged(
            actor_user_id=actor.require_user(),
            course_id=row.course_id,
            user_id=row.user_id,
            accommodation_id=row.id,
            quiz_id=row.quiz_id,
            assignment_id=row.assignment_id,
            granted=granted,
            revoked=revoked,
        ),
    )


async def _check(session: AsyncSession, course_id: UUID, grant: Grant) -> None:
    learns = exists().where(Enrollment.course_id == course_id, Enrollment.user_id == grant.user_id)
    if not await session.scalar(select(learns)):
        raise ValidationFailed.of("user_id", _("This is nobody who learns this course."))
    for name, model, item_id in (("quiz_id", Quiz, grant.quiz_id), ("assignment_id", Assignment, grant.assignment_id)):
        if item_id is None:
            continue
        belongs = exists().where(model.id == item_id, model.module_id == Module.id, Module.course_id == course_id)
        if not await session.scalar(select(belongs)):
            raise ValidationFailed.of(name, _("This is nothing of this course."))


async def _extend_running(session: AsyncSession, course_id: UUID, user_id: UUID) -> None:
    """Give attempts that are under way the deadline that they would have now, where that is later."""
    running = await session.scalars(
        select(QuizAttempt)
        .join(Quiz, Quiz.id == QuizAttempt.quiz_id)
        .join(Module, Module.id == Quiz.module_id)
        .where(
            QuizAttempt.user_id == user_id,
            QuizAttempt.status == AttemptStatus.IN_PROGRESS,
            QuizAttempt.deadline_at.is_not(None),
            Module.course_id == course_id,
        )
        .with_for_update(of=QuizAttempt)
    )
    for attempt in running.all():
        terms = await terms_of_learner(session, attempt.quiz_id, user_id)
        deadline = terms.deadline(attempt.started_at)
        if deadline is None or (attempt.deadline_at is not None and deadline > attempt.deadline_at):
            attempt.deadline_at = deadline
    await session.flush()
