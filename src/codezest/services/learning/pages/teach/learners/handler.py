"""The learners of a course: found by filters in the address, changed several at a time, with a way back."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import ngettext
from codezest.services.learning.actions.enrolling.change_learners import change_learners
from codezest.services.learning.pages.forms import id_in
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, read, refusal, sent, shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.sections import enrollment_text, sections
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_taught_course
from codezest.services.learning.queries import enrolling
from codezest.services.learning.queries.cohorts_and_codes import cohort_choices
from codezest.services.learning.routes.enrolling import export_learners
from codezest.services.learning.schemas.enrolling import LearnerChange, LearnersToChange, ProgressRange
from codezest_db.enums import EnrollmentStatus

router = page_router()

PAGE = 50
WITHOUT = "none"
"""The filter for learners who are in no cohort."""


@router.get("/teach/courses/{course_id}/learners")
async def learners(  # noqa: PLR0917 - each is a parameter of the address
    course_id: UUID,
    context: Context,
    status: str = "",
    cohort: str = "",
    progress: str = "",
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    dropped: Annotated[str, Query(max_length=5_000)] = "",
) -> HTMLResponse:
    """A page of them. A filter of no meaning lets everybody through."""
    chosen = {"status": status, "cohort": cohort, "progress": progress, "q": q.strip()}
    return await _page(context, course_id, chosen, cursor=cursor, dropped=dropped)


@router.get("/teach/courses/{course_id}/learners.csv")
async def export(course_id: UUID, context: Context) -> Response:
    """All of them as a table for a spreadsheet."""
    return await export_learners(context, course_id)


@router.post("/teach/courses/{course_id}/learners")
async def change(course_id: UUID, request: Request, context: Context) -> Response:
    """Change those who are ticked; dropping them can be undone on the page that follows."""
    form = await sent(request)
    chosen = {name: form.text(name)[:100] for name in ("status", "cohort", "progress", "q")}
    try:
        wanted = read(
            LearnersToChange,
            {
                "change": form.text("change"),
                "enrollment_ids": form.many("enrollment"),
                "cohort_id": form.text("cohort_id") or None,
            },
        )
        async with context.database.write("learning") as session:
            changed = await change_learners(
                session,
                context.actor,
                course_id,
                wanted.change,
                wanted.enrollment_ids,
                cohort_id=wanted.cohort_id,
            )
    except FormRefused:
        context.actor.require_user()
        refused = FormRefused([(None, _("Tick the learners, and say what is to happen to them."))])
        return await _page(context, course_id, chosen, error=refused)
    except AppError as error:
        return await _page(context, course_id, chosen, error=shown_here(error))
    kept = {name: value for name, value in chosen.items() if value}
    if wanted.change is LearnerChange.DROP and changed:
        kept["dropped"] = ",".join(str(one) for one in changed)
    address = f"/teach/courses/{course_id}/learners"
    return context.redirect(
        f"{address}?{urlencode(kept)}" if kept else address,
        flash=ngettext("%(num)s learner was changed.", "%(num)s learners were changed.", len(changed))
        % {"num": len(changed)},
        kind="success" if changed else "info",
    )


async def _page(
    context: RequestContext,
    course_id: UUID,
    chosen: dict[str, str],
    *,
    cursor: str | None = None,
    dropped: str = "",
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course = await access_taught_course(pool, context.actor, course_id, Permission.VIEW)
    found = await enrolling.learners(pool, context.actor, course_id, _filter(chosen), cursor=cursor, limit=PAGE)
    cohorts = await cohort_choices(pool, course_id, id_in(chosen["cohort"]))
    kept = {name: value for name, value in chosen.items() if value}
    return context.page(
        "learning/pages/teach/learners/template.html",
        **frame(course, "learners"),
        **(refusal(error) if error else NO_ERRORS),
        sections=sections(course),
        section="learners",
        found=found,
        chosen=chosen,
        filtered=bool(kept),
        first=cursor is None,
        next_page=f"?{urlencode(kept | {'cursor': found.next_cursor})}" if found.next_cursor else None,
        dropped=[one for one in map(id_in, dropped.split(",")) if one is not None][:PAGE],
        cohorts=cohorts,
        statuses=[("", _("Any"))] + [(status.value, enrollment_text(status)) for status in EnrollmentStatus],
        cohort_filters=[
            ("", _("Any")),
            (WITHOUT, _("None")),
            *cohorts,
        ],
        progress_filters=[
            ("", _("Any")),
            ("none", _("Not begun")),
            ("some", _("Under way")),
            ("all", _("Everything done")),
        ],
        status_text_of=enrollment_text,
    )


def _filter(chosen: dict[str, str]) -> enrolling.Filter:
    ranges: dict[str, ProgressRange] = {"none": "none", "some": "some", "all": "all"}
    status = chosen["status"]
    return enrolling.Filter(
        statuses=(EnrollmentStatus(status),) if status in set(EnrollmentStatus) else (),
        cohort_id=id_in(chosen["cohort"]),
        without_cohort=chosen["cohort"] == WITHOUT,
        progress=ranges.get(chosen["progress"]),
        words=chosen["q"],
    )
