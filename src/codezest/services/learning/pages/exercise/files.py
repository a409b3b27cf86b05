"""The files of a program on the desk: add one, call it something else, take one away. Each of these saves the draft."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from codezest.kit.context import Context
from codezest.kit.errors import ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.exercise.form import program_of
from codezest.services.learning.pages.exercise.keeping import keep_program
from codezest.services.learning.pages.exercise.programs import ProgramFiles
from codezest.services.learning.pages.routing import page_router

router = page_router()

NEW = "new_file"
NAME = "name:"
"""Begins the name of the field that holds what a file is to be called; its path follows."""


@router.post("/assignments/{assignment_id}/files")
async def change_files(assignment_id: UUID, context: Context, request: Request) -> Response:
    """Do what the button says: `add`, `rename:PATH` or `remove:PATH`."""
    form = await request.form()
    shown = await keep_program(context, assignment_id, form, lambda: _changed(program_of(form), form))
    return shown or context.redirect(f"/assignments/{assignment_id}?view=code")


def _changed(program: ProgramFiles, form: FormData) -> ProgramFiles:
    """The program with its files as they are to be. Which paths may be is for `save_draft` to say.

    Raises:
        ValidationFailed: there is no such file, or one already.
    """
    action, _colon, path = str(form.get("do", "")).partition(":")
    others = dict(program.others)
    if action == "add":
        name = str(form.get(NEW, "")).strip()
        if not name:
            raise ValidationFailed.of(NEW, _("Say what the new file is called."))
        if name in others:
            raise ValidationFailed.of(NEW, _("There is a file of this name already."))
        return ProgramFiles(program.entry, {**others, name: ""})
    if path not in others:
        raise ValidationFailed.of("do", _("There is no such file."))
    text = others.pop(path)
    if action == "rename":
        name = str(form.get(NAME + path, "")).strip()
        if name in others:
            raise ValidationFailed.of(NAME + path, _("There is a file of this name already."))
        others[name] = text
    elif action != "remove":
        raise ValidationFailed.of("do", _("There is no such file."))
    return ProgramFiles(program.entry, others)
