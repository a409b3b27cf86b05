"""One course: what it teaches, chapter by chapter, and the way into it."""

from fastapi.responses import RedirectResponse, Response

from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.enroll import enroll_in_course
from codezest.services.learning.pages.courses.handler import course_path, price_amount, price_text, spoken_name
from codezest.services.learning.pages.outline import (
    difficulty_text,
    is_learning,
    minutes_text,
    modules_text,
    next_module,
    path_steps,
    steps_text,
)
from codezest.services.learning.pages.prose import prose_or_none
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.courses import course as read_course
from codezest.services.learning.schemas.courses import CourseDetail
from codezest_db.enums import CourseKind, EnrollmentStatus

router = page_router()


@router.get("/courses/{slug}")
async def course(slug: str, context: Context) -> Response:
    """The course with the reader's progress; a path has its page with its language."""
    found = await read_course(context.database.pool("learning"), context.actor, slug)
    if found.kind is CourseKind.PATH and found.language_slug:
        return RedirectResponse(course_path(found), 308)
    return context.page(
        "learning/pages/course/template.html",
        course=found,
        description=prose_or_none(found.description),
        facts=_facts(found),
        price=price_text(found),
        amount=price_amount(found),
        steps=path_steps(found),
        learning=is_learning(found.enrollment),
        pending=found.enrollment is not None and found.enrollment.status is EnrollmentStatus.PENDING,
        going_on=next_module(found),
    )


@router.post("/courses/{slug}/enroll")
async def enroll_in(slug: str, context: Context) -> RedirectResponse:
    """Enrol; doing it twice changes nothing."""
    async with context.database.write("learning") as session:
        enrollment, _new = await enroll_in_course(session, context.actor, slug)
    if enrollment.status is EnrollmentStatus.PENDING:
        return context.redirect(
            f"/courses/{slug}", flash=_("Your place is asked for. You get in once it is confirmed.")
        )
    return context.redirect(f"/courses/{slug}", flash=_("You are enrolled. Your first module is open."))


def _facts(found: CourseDetail) -> list[tuple[str, str]]:
    facts = [
        ("target", difficulty_text(found.level)),
        ("book", modules_text(len(found.modules))),
        ("list", steps_text(sum(module.total_items for module in found.modules))),
    ]
    if found.duration_minutes:
        facts.append(("clock", minutes_text(found.duration_minutes)))
    facts.append(("info", spoken_name(found.spoken_language)))
    return facts
