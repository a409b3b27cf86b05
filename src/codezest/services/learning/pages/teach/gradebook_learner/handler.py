"""One learner in the gradebook: every result, how the grade came about, and what people have set."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.gradebook.set_entry import set_entry
from codezest.services.learning.gradebook.words import grade_text, percent_text
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, read, refusal, sent, shown_here
from codezest.services.learning.pages.teach.frame import frame
from codezest.services.learning.pages.teach.gradebook.groups import grouped
from codezest.services.learning.queries.gradebook import learners_standing
from codezest.services.learning.schemas.gradebook import NewEntry

router = page_router()
FIELDS = ("points", "reason")


@router.get("/teach/courses/{course_id}/gradebook/learners/{user_id}")
async def learner(course_id: UUID, user_id: UUID, context: Context) -> HTMLResponse:
    """All of it on one page, which is how a phone shows the gradebook."""
    return await _page(context, course_id, user_id)


@router.post("/teach/courses/{course_id}/gradebook/learners/{user_id}")
async def change(course_id: UUID, user_id: UUID, request: Request, context: Context) -> Response:
    """Set a mark, excuse, or take the last of these back."""
    form = await sent(request)
    action = form.text("action")
    given = {
        "user_id": user_id,
        "column_id": form.text("column_id"),
        "action": action,
        "points": (form.text("points").strip().replace(",", ".") or None) if action == "MARK" else None,
        "reason": form.text("reason"),
        "seen": form.text("seen") if not form.text("seen").isdecimal() else int(form.text("seen")),
    }
    try:
        new = read(NewEntry, given)
        async with context.database.write("learning") as session:
            await set_entry(session, context.actor, course_id, new)
    except (FormRefused, AppError) as error:
        return await _page(context, course_id, user_id, form=form, error=shown_here(error))
    return context.redirect(
        f"/teach/courses/{course_id}/gradebook/learners/{user_id}", flash=_("The gradebook is changed.")
    )


async def _page(
    context: RequestContext,
    course_id: UUID,
    user_id: UUID,
    *,
    form: Sent | None = None,
    error: FormRefused | AppError | None = None,
) -> HTMLResponse:
    pool = context.database.pool("learning")
    course, found = await learners_standing(pool, context.actor, course_id, user_id)
    return context.page(
        "learning/pages/teach/gradebook_learner/template.html",
        **frame(course, "gradebook"),
        **(refusal(error) if error else NO_ERRORS),
        found=found,
        here=f"/teach/courses/{course_id}/gradebook",
        groups=grouped(found.layout),
        cells={cell.column_id: cell for cell in found.row.cells},
        titles={column.id: column.title for column in found.layout.columns},
        grade_text=grade_text,
        percent_text=percent_text,
        edited=form.text("column_id") if form else None,
        typed=form.shown(FIELDS) if form else {},
        may_set=course.may("GRADE") and user_id != context.actor.user_id,
        kind_text={"MARK": _("Mark set"), "EXCUSE": _("Excused"), "CLEAR": _("As the work earned")},
    )
