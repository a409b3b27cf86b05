"""Keeping a program that a form has sent, without handing it in."""

from collections.abc import Callable
from uuid import UUID

from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from codezest.kit.context import RequestContext
from codezest.kit.errors import ValidationFailed
from codezest.services.learning.actions.save_draft import save_draft
from codezest.services.learning.errors import CodeTooLarge, DraftConflict
from codezest.services.learning.pages.exercise.desk import desk
from codezest.services.learning.pages.exercise.form import revision_of, sent_again
from codezest.services.learning.pages.exercise.programs import ProgramFiles
from codezest.services.learning.pages.guard import guarded
from codezest.services.learning.schemas.drafts import DraftDetail


async def keep_program(
    context: RequestContext, assignment_id: UUID, form: FormData, read: Callable[[], ProgramFiles]
) -> HTMLResponse | None:
    """Save as a draft what `read` makes of the form; the desk with everything sent where that is refused, else None."""
    async with guarded(context, "ASSIGNMENT", assignment_id):
        try:
            program = read()
            async with context.database.write("learning") as session:
                await save_draft(
                    session,
                    context.actor,
                    assignment_id,
                    program.entry,
                    files=program.others,
                    revision=revision_of(form),
                )
        except DraftConflict as conflict:
            other = DraftDetail.model_validate(conflict.members["draft"])
            return await desk(context, assignment_id, sent=sent_again(form, status=409, conflict=other))
        except (CodeTooLarge, ValidationFailed) as error:
            return await desk(
                context, assignment_id, sent=sent_again(form, status=error.status, problem=error.problem())
            )
    return None
