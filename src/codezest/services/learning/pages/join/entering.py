"""The way into a course, as the pages of courses and of languages show it and take it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.context import RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import CohortClosed, CoursesMissing, EnrolmentClosed, EnrolmentHeld
from codezest.services.learning.schemas.catalog import Enrollment, OpenCohort
from codezest.services.learning.schemas.courses import WaysIn
from codezest_db.enums import EnrollmentPolicy, EnrollmentStatus
from codezest_db.models.learning import Enrollment as EnrollmentRow

REFUSALS = (CohortClosed, CoursesMissing, EnrolmentClosed, EnrolmentHeld)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """What `way_in.html` needs to know of one reader."""

    action: str
    """Where its form is sent to."""
    cohorts: Sequence[OpenCohort]
    """Those with a seat left."""
    paused: bool
    by_code_alone: bool
    """Whether the reader cannot enrol by themselves."""


def entrance(context: RequestContext, action: str, ways: WaysIn, enrollment: Enrollment | None) -> Entrance:
    """As the course and the platform have it: where learners may not join by themselves, only who was in before goes on."""
    paused = enrollment is not None and enrollment.status is EnrollmentStatus.PAUSED
    closed = not context.resources.features.known.self_enrollment and enrollment is None
    return Entrance(
        action=action,
        cohorts=[cohort for cohort in ways.cohorts if not cohort.full],
        paused=paused,
        by_code_alone=closed or (ways.enrollment_policy is EnrollmentPolicy.INVITED and not paused),
    )


async def enter(
    context: RequestContext,
    here: str,
    cohort_id: str,
    take: Callable[[AsyncSession, UUID | None], Awaitable[tuple[EnrollmentRow, bool]]],
) -> Response:
    """Enrol by `take`, into the cohort that was chosen, if any; a refusal is told on the page `here`."""
    context.actor.require_user()
    try:
        chosen = UUID(cohort_id) if cohort_id else None
        async with context.database.write("learning") as session:
            enrollment, _new = await take(session, chosen)
    except (ValueError, *REFUSALS) as error:
        told = error.detail if isinstance(error, AppError) else _("Choose a cohort that takes learners in.")
        return context.redirect(here, flash=told, kind="error")
    if enrollment.status is EnrollmentStatus.PENDING:
        return context.redirect(here, flash=_("Your place is asked for. You get in once it is confirmed."))
    return context.redirect(here, flash=_("You are enrolled. Your first module is open."))
