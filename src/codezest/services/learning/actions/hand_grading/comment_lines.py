"""Remarks on lines of what was handed in, and answers to them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.database import driver_connection
from codezest.kit.errors import Forbidden, NotFound, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.issue_receipt import program_files
from codezest.services.learning.errors import OwnWork
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.rules import grades
from codezest.services.learning.schemas.hand_grading import NewComment
from codezest_db.enums import SubmissionPurpose
from codezest_db.ids import uuid7
from codezest_db.models.learning import HandGrading, LineComment, Submission

MOST_COMMENTS = 500
"""Of one submission, answers included."""


async def comment_lines(session: AsyncSession, actor: Actor, submission_id: UUID, new: NewComment) -> LineComment:
    """Say something about lines, as a grader; or answer, as a grader or as the learner who sees the remark.

    Raises:
        Unauthenticated, NotFound, Forbidden: see `access_course_of`.
        OwnWork: nobody but its grader remarks on work.
        ValidationFailed: there are no such lines, no such remark, or too many already.
    """
    user_id = actor.require_user()
    submission = await session.scalar(
        select(Submission).where(Submission.id == submission_id, Submission.deleted_at.is_(None)).with_for_update()
    )
    if submission is None or submission.purpose is not SubmissionPurpose.SUBMIT:
        raise NotFound
    own = submission.user_id == user_id
    if own:
        await _check_released(session, submission_id)
        if new.parent_id is None:
            raise OwnWork
    else:
        reader = await driver_connection(session)
        await access_course_of(reader, actor, "submission", submission_id, Permission.GRADE)
    there = (await session.scalars(select(LineComment).where(LineComment.submission_id == submission_id))).all()
    if len(there) >= MOST_COMMENTS:
        raise ValidationFailed.of("text", _("There are %(most)s remarks already.") % {"most": MOST_COMMENTS})
    comment = LineComment(
        id=uuid7(), submission_id=submission_id, user_id=user_id, by_learner=own, text=new.text.strip()
    )
    if new.parent_id is not None:
        root = next((one for one in there if one.id == new.parent_id), None)
        if root is None:
            raise ValidationFailed.of("parent_id", _("This remark was removed."))
        comment.parent_id = root.parent_id or root.id
    else:
        comment.path, comment.first_line, comment.last_line = _anchor(submission, new)
    session.add(comment)
    await session.flush()
    return comment


def _anchor(submission: Submission, new: NewComment) -> tuple[str, int, int]:
    """The lines meant, in order.

    Raises:
        ValidationFailed: what was handed in has no such lines.
    """
    assert new.path is not None
    assert new.first_line is not None
    assert new.last_line is not None
    texts = texts_of(submission)
    if new.path not in texts:
        raise ValidationFailed.of("path", _("There is no such file in what was handed in."))
    first, last = sorted((new.first_line, new.last_line))
    if last > len(grades.lines_of(texts[new.path])):
        raise ValidationFailed.of("last_line", _("The file has no such line."))
    return new.path, first, last


def texts_of(submission: Submission) -> dict[str, str]:
    """What of a submission has lines, by path."""
    if submission.code is not None:
        return program_files(submission)
    return {grades.TEXT_NAME: submission.text_answer} if submission.text_answer else {}


async def _check_released(session: AsyncSession, submission_id: UUID) -> None:
    released = await session.scalar(
        select(HandGrading.released_grading_id).where(HandGrading.submission_id == submission_id)
    )
    if released is None:
        raise NotFound


async def remove_comment(session: AsyncSession, actor: Actor, comment_id: UUID) -> UUID:
    """Take one's own remark back, with the answers to it if they are one's own as well; returns the submission's id.

    Raises:
        Unauthenticated, NotFound: there is none, or none that the caller may know of.
        Forbidden: it is somebody else's, or somebody else has answered.
    """
    user_id = actor.require_user()
    comment = await session.scalar(select(LineComment).where(LineComment.id == comment_id).with_for_update())
    if comment is None:
        raise NotFound
    if comment.user_id != user_id:
        reader = await driver_connection(session)
        await access_course_of(reader, actor, "submission", comment.submission_id, Permission.GRADE)
        raise Forbidden(_("Only whoever made a remark can take it back."))
    answered = await session.scalar(
        select(LineComment.id)
        .where(LineComment.parent_id == comment_id, LineComment.user_id.is_distinct_from(user_id))
        .limit(1)
    )
    if answered is not None:
        raise Forbidden(_("Somebody has answered this remark, so it stays."))
    await session.delete(comment)
    await session.flush()
    return comment.submission_id
