"""One course: what it teaches, chapter by chapter, and the way into it."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit import markdown
from codezest.kit.context import Context
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.drop_enrollment import drop_course
from codezest.services.learning.actions.enroll import enroll_in_course
from codezest.services.learning.pages.courses.handler import course_path, price_amount, price_text, spoken_name
from codezest.services.learning.pages.files.links import picture_link, with_pictures
from codezest.services.learning.pages.join.entering import enter, entrance
from codezest.services.learning.pages.outline import (
    difficulty_text,
    is_learning,
    minutes_text,
    modules_text,
    next_module,
    path_steps,
    steps_text,
)
from codezest.services.learning.pages.prose import prose
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.queries.courses import course as read_course
from codezest.services.learning.schemas.courses import CourseDetail
from codezest_db.enums import CourseKind, EnrollmentStatus
from codezest_db.models.learning import Enrollment

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
        description=await with_pictures(context, found.id, prose(found.description)) if found.description else None,
        picture=picture_link(context, found.image_url),
        facts=_facts(found),
        price=price_text(found),
        amount=price_amount(found),
        steps=path_steps(found),
        learning=is_learning(found.enrollment),
        pending=found.enrollment is not None and found.enrollment.status is EnrollmentStatus.PENDING,
        going_on=next_module(found),
        opens_at=next((module.opens_at for module in found.modules if module.opens_at), None),
        entrance=entrance(context, f"/courses/{found.slug}/enroll", found, found.enrollment),
        reviewable=context.resources.features.known.reviews,
        initials=_initials(found),
        bio=_bio(found),
    )


@router.post("/courses/{slug}/enroll")
async def enroll_in(slug: str, context: Context, cohort_id: Annotated[str, Form()] = "") -> Response:
    """Enrol; doing it twice changes nothing."""

    async def take(session: AsyncSession, chosen: UUID | None) -> tuple[Enrollment, bool]:
        return await enroll_in_course(session, context.actor, slug, cohort_id=chosen)

    return await enter(context, f"/courses/{slug}", cohort_id, take)


@router.post("/courses/{slug}/leave")
async def leave(slug: str, context: Context) -> RedirectResponse:
    """Leave; what was achieved is kept."""
    async with context.database.write("learning") as session:
        await drop_course(session, context.actor, slug)
    return context.redirect(f"/courses/{slug}", flash=_("You have left the course. What you did in it is kept."))


def _bio(found: CourseDetail) -> Markup | None:
    """How whoever teaches introduces themselves."""
    text = found.introduction.bio if found.introduction else None
    return Markup(markdown.render_brief(text)) if text else None  # noqa: S704 - sanitised


def _initials(found: CourseDetail) -> str:
    name = found.instructor.display_name if found.instructor else None
    return (name or "")[:1]


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
