"""Ask for another look at a grade, and decide about it."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.events.learning import RegradeRequestDecided
from codezest.kit import outbox
from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import GradingStale, OwnWork, RequestRefused
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.rules import grades
from codezest.services.learning.schemas.regrade_requests import NewRequest
from codezest_db.enums import RegradeRequestStatus
from codezest_db.ids import uuid7
from codezest_db.models.learning import Assignment, Course, HandGrading, RegradeRequest, Submission


async def ask_regrade(session: AsyncSession, actor: Actor, submission_id: UUID, new: NewRequest) -> RegradeRequest:
    """Ask, as the learner, once for each grade and within its time. Asked the same twice, the first stands.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: it is not the caller's, or its grade is not released.
        GradingStale: there is another grade than the one that was looked at.
        RequestRefused: this grade was asked about, or its time is over.
    """
    user_id = actor.require_user()
    # Whoever grades locks the submission first, and what is asked refers to it.
    await session.execute(
        select(Submission.id)
        .where(Submission.id == submission_id, Submission.user_id == user_id)
        .with_for_update(read=True, key_share=True)
    )
    work = await session.scalar(
        select(HandGrading)
        .where(
            HandGrading.submission_id == submission_id,
            HandGrading.user_id == user_id,
            HandGrading.released_grading_id.is_not(None),
        )
        .with_for_update()
    )
    if work is None:
        raise NotFound
    assert work.released_at is not None
    before = await session.scalar(select(RegradeRequest).where(RegradeRequest.grading_id == new.grading_id))
    if before is not None and before.submission_id == submission_id:
        if before.reason == new.reason.strip():
            return before
        raise RequestRefused(_("You have asked about this grade already."))
    if work.released_grading_id != new.grading_id:
        raise GradingStale(str(work.released_grading_id))
    assignment = await session.get_one(Assignment, work.assignment_id)
    course = await session.get_one(Course, work.course_id)
    days = course.regrade_days if assignment.regrade_days is None else assignment.regrade_days
    until = grades.asked_until(work.released_at, days=days)
    if until is None or now() > until:
        raise RequestRefused(_("The time to ask about this grade is over."))
    request = RegradeRequest(
        id=uuid7(),
        submission_id=submission_id,
        grading_id=new.grading_id,
        course_id=work.course_id,
        user_id=user_id,
        reason=new.reason.strip(),
    )
    session.add(request)
    await session.flush()
    return request


async def decline_request(session: AsyncSession, actor: Actor, request_id: UUID, reply: str) -> RegradeRequest:
    """Leave the grade as it is, and say why.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
        OwnWork: the caller has asked.
        RequestRefused: it was decided before.
    """
    user_id = actor.require_user()
    request = await session.scalar(select(RegradeRequest).where(RegradeRequest.id == request_id).with_for_update())
    if request is None:
        raise NotFound
    await access_course_of(
        await driver_connection(session), actor, "submission", request.submission_id, Permission.GRADE
    )
    if request.user_id == user_id:
        raise OwnWork
    if request.status is not RegradeRequestStatus.OPEN:
        raise RequestRefused(_("This request was decided already."))
    request.status, request.reply, request.decided_by = RegradeRequestStatus.DECLINED, reply.strip(), user_id
    request.decided_at = func.now()
    await session.flush()
    await session.refresh(request)
    await announce_decision(session, actor, request)
    return request


async def announce_decision(session: AsyncSession, actor: Actor, request: RegradeRequest) -> None:
    """Say that a request was decided, by whom and how."""
    await outbox.publish(
        session,
        RegradeRequestDecided(
            actor_user_id=actor.require_user(),
            course_id=request.course_id,
            submission_id=request.submission_id,
            request_id=request.id,
            status=request.status.value,
            reply=request.reply,
        ),
    )
