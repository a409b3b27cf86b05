"""One piece of work to be graded: the work, the rubric, the grade, and what is said about it."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.context import Context, RequestContext
from codezest.kit.database import driver_connection
from codezest.kit.downloads import stored_file
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.hand_grading.ask_regrade import decline_request
from codezest.services.learning.actions.hand_grading.claim_work import claim_work, give_back
from codezest.services.learning.actions.hand_grading.comment_lines import comment_lines, remove_comment
from codezest.services.learning.actions.hand_grading.give_grade import give_grade
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import FormRefused, Sent, read, sent, shown_here
from codezest.services.learning.pages.teach.grading.filters import Wanted, query_of
from codezest.services.learning.pages.teach.grading.handler import on_to_next
from codezest.services.learning.pages.teach.submission.desk import Again, grading_page
from codezest.services.learning.pages.teach.submission.form import grading_in, remark_in, values_in
from codezest.services.learning.policies.permissions import Permission
from codezest.services.learning.policies.teaching import access_course_of
from codezest.services.learning.queries import hand_grading
from codezest.services.learning.schemas.grading_queue import QueueFilter
from codezest.services.learning.schemas.hand_grading import NewComment
from codezest.services.learning.schemas.regrade_requests import Refusal

router = page_router()


@router.get("/teach/submissions/{submission_id}")
async def submission(submission_id: UUID, context: Context, wanted: Wanted) -> HTMLResponse:
    """The work, for whoever teaches in its course; with a form for whoever has claimed it."""
    return await grading_page(context, submission_id, wanted)


@router.post("/teach/submissions/{submission_id}/claim")
async def claim(submission_id: UUID, context: Context, wanted: Wanted) -> Response:
    """Take it, or hold it for longer."""
    try:
        async with context.database.write("learning") as session:
            await claim_work(session, context.actor, submission_id)
    except AppError as error:
        if context.partial:
            raise
        return await grading_page(context, submission_id, wanted, Again(error=shown_here(error)))
    if context.partial:
        return Response(status_code=204)
    return context.redirect(f"/teach/submissions/{submission_id}{query_of(wanted)}")


@router.post("/teach/submissions/{submission_id}/leave")
async def leave(
    submission_id: UUID, context: Context, wanted: Wanted, do: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Leave it to others, and go on to the next where it was skipped."""
    reader = context.database.pool("learning")
    course = await access_course_of(reader, context.actor, "submission", submission_id, Permission.GRADE)
    async with context.database.write("learning") as session:
        await give_back(session, context.actor, submission_id, skipped=do == "skip")
    if do == "skip":
        return await on_to_next(context, course.id, wanted)
    return context.redirect(f"/teach/courses/{course.id}/grading{query_of(wanted)}")


@router.post("/teach/submissions/{submission_id}/grade")
async def grade(submission_id: UUID, context: Context, request: Request, wanted: Wanted) -> Response:
    """Save the grade, and open the next where that was asked for."""
    form = await sent(request)
    try:
        new = grading_in(form)
        async with context.database.write("learning") as session:
            await give_grade(session, context.actor, submission_id, new)
    except (FormRefused, AppError) as error:
        return await _again(context, submission_id, wanted, form, error)
    said = _("The grade is saved.")
    if form.text("do") == "next":
        reader = context.database.pool("learning")
        course = await access_course_of(reader, context.actor, "submission", submission_id, Permission.GRADE)
        return await on_to_next(context, course.id, wanted, said=said)
    return context.redirect(f"/teach/submissions/{submission_id}{query_of(wanted)}", flash=said)


@router.post("/teach/submissions/{submission_id}/remarks")
async def remark(submission_id: UUID, context: Context, request: Request, wanted: Wanted) -> Response:
    """Keep a remark or an answer, or take one back. What is typed for the grade stays as it is."""
    form = await sent(request)
    try:
        taken_back = form.text("remove")
        async with context.database.write("learning") as session:
            if taken_back:
                await remove_comment(session, context.actor, UUID(taken_back))
            else:
                await _keep_once(context, session, submission_id, remark_in(form))
    except ValueError:
        return await grading_page(context, submission_id, wanted, Again(values=values_in(form)))
    except (FormRefused, AppError) as error:
        return await _again(context, submission_id, wanted, form, error)
    return await grading_page(context, submission_id, wanted, Again(values=values_in(form)))


@router.post("/teach/submissions/{submission_id}/requests/{request_id}/decline")
async def decline(
    submission_id: UUID, request_id: UUID, context: Context, request: Request, wanted: Wanted
) -> Response:
    """Leave the grade as it is, and say why."""
    form = await sent(request)
    try:
        refusal = read(Refusal, {"reply": form.text("reply")})
        async with context.database.write("learning") as session:
            await decline_request(session, context.actor, request_id, refusal.reply)
    except (FormRefused, AppError) as error:
        return await _again(context, submission_id, wanted, form, error)
    said = _("The grade stays as it is, and the learner reads why.")
    return context.redirect(f"/teach/submissions/{submission_id}{query_of(wanted)}", flash=said)


@router.get("/submissions/{submission_id}/files/{position}")
async def handed_file(submission_id: UUID, position: int, context: Context, request: Request) -> Response:
    """A file that was handed in, to be saved."""
    key, file = await hand_grading.handed_file(
        context.database.pool("learning"), context.actor, submission_id, position
    )
    return await stored_file(
        context.resources.files, key, asked=request.headers, media_type=file.media_type, filename=file.name
    )


async def _again(
    context: RequestContext,
    submission_id: UUID,
    wanted: QueueFilter,
    form: Sent,
    error: FormRefused | AppError,
) -> Response:
    """The page with everything that was typed, and what is wrong with it."""
    remarks = {
        name: text for name, text in form.texts.items() if name.startswith(("text-", "first-", "last-", "answer-"))
    }
    again = Again(values=values_in(form) | {"reply": form.text("reply")}, remarks=remarks, error=shown_here(error))
    return await grading_page(context, submission_id, wanted, again)


async def _keep_once(context: RequestContext, session: AsyncSession, submission_id: UUID, new: NewComment) -> None:
    """A page that is sent again, because it was reloaded, says nothing twice."""
    _course, found = await hand_grading.grading_desk(await driver_connection(session), context.actor, submission_id)
    said = {(one.parent_id, one.path, one.first_line, one.last_line, one.text) for one in found.comments if one.mine}
    if (new.parent_id, new.path, new.first_line, new.last_line, new.text.strip()) not in said:
        await comment_lines(session, context.actor, submission_id, new)
