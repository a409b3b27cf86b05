"""Hand in the answers to a quiz."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.clock import now
from codezest.kit.database import driver_connection
from codezest.kit.errors import NotFound
from codezest.kit.i18n import gettext as _
from codezest.services.learning import rules
from codezest.services.learning.actions.draw_questions import asked_in
from codezest.services.learning.actions.grade_attempt import GivenAnswer, Place, grade_attempt, saved_answers
from codezest.services.learning.errors import (
    AnswersNotAccepted,
    AttemptAlreadySubmitted,
    AttemptExpired,
    AttemptSavedElsewhere,
)
from codezest.services.learning.policies import access_quiz
from codezest.services.learning.questions import kind_of
from codezest.services.learning.questions.asked import Asked, misfit
from codezest_db.enums import AttemptStatus
from codezest_db.models.learning import QuizAttempt


async def submit_attempt(
    session: AsyncSession,
    actor: Actor,
    attempt_id: UUID,
    answers: Sequence[GivenAnswer] | None,
    *,
    revision: int | None = None,
    page: str | None = None,
) -> None:
    """Grade the answers, store them and recount the progress. Questions without an answer count as wrong.

    Without `answers` those that were saved are handed in. `revision` is that of the saved answers which these continue; None
    where the caller does not save. `page` is the page that hands in, as `save_attempt` knows it.

    Raises:
        Unauthenticated, NotFound, ContentArchived, NotEnrolled: see `policies.admit`; an attempt of somebody else is not found.
        AttemptAlreadySubmitted, AttemptExpired: nothing is changed.
        AttemptSavedElsewhere: newer answers were saved; nothing is changed.
        AnswersNotAccepted: an answer does not fit; nothing is changed.
    """
    user_id = actor.require_user()
    attempt = await session.scalar(
        select(QuizAttempt).where(QuizAttempt.id == attempt_id, QuizAttempt.user_id == user_id).with_for_update()
    )
    if attempt is None:
        raise NotFound
    access = await access_quiz(await driver_connection(session), actor, attempt.quiz_id, even_locked=True)
    moment = now()
    if attempt.status is AttemptStatus.EXPIRED:
        raise AttemptExpired
    if attempt.status is not AttemptStatus.IN_PROGRESS:
        raise AttemptAlreadySubmitted
    if rules.is_past(attempt.deadline_at, moment, grace=rules.SUBMIT_GRACE):
        raise AttemptExpired
    mine = page is not None and attempt.saved.get("writer") == page
    if revision is not None and revision != attempt.saved_revision and not mine:
        raise AttemptSavedElsewhere(attempt.saved_revision)
    asked = await asked_in(session, attempt)
    if answers is None:
        answers = saved_answers(attempt.saved, asked)
    _check(asked, answers)
    await grade_attempt(
        session,
        attempt,
        asked,
        answers,
        place=Place(
            course_id=access.course_id,
            module_id=access.module_id,
            passing_score=access.passing_score,
            scoring=access.scoring,
            wrong_penalty_percent=access.wrong_penalty_percent,
        ),
        late=access.terms.lateness(moment),
        moment=moment,
        timezone=actor.timezone,
    )


def _check(asked: Mapping[UUID, Asked], answers: Sequence[GivenAnswer]) -> None:
    """Refuse answers that do not fit the questions.

    Raises:
        AnswersNotAccepted: names each answer that does not fit, and why.
    """
    seen: set[UUID] = set()
    errors: list[dict[str, object]] = []
    for index, answer in enumerate(answers):
        message = _misfit(asked.get(answer.question_id), answer, repeated=answer.question_id in seen)
        seen.add(answer.question_id)
        if message is not None:
            errors.append({"location": ["body", "answers", index], "message": message})
    if errors:
        raise AnswersNotAccepted(f"{_('Nothing was changed.')} {errors[0]['message']}", errors=errors)


def _misfit(question: Asked | None, answer: GivenAnswer, *, repeated: bool) -> str | None:
    if question is None:
        return _("This question does not belong to the attempt.")
    if repeated:
        return _("This question is answered twice.")
    if not {option.id for option in question.options}.issuperset(answer.option_ids):
        return _("An option does not belong to the question.")
    if len(set(answer.option_ids)) < len(answer.option_ids):
        return _("An option is chosen twice.")
    if question.type in rules.ONE_ANSWER_TYPES and len(answer.option_ids) > 1:
        return _("This question takes one option only.")
    return misfit(kind_of(question).fields(question, order=""), answer.entries)
