"""What the outline's forms do: add, rename, publish, order, delete and bring back. Each answers scripts with the outline anew."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError, ValidationFailed
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.authoring import write_item, write_module
from codezest.services.learning.actions.authoring.order_content import MODELS
from codezest.services.learning.actions.teaching import place_content, restore_content
from codezest.services.learning.actions.teaching.free_item_slug import free_module_slug
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.course.handler import outline_page
from codezest.services.learning.pages.teach.course.new_item import new_item
from codezest.services.learning.pages.teach.course.things import ThingKind, editor_path, thing_in
from codezest.services.learning.pages.teach.forms import FormRefused, read
from codezest.services.learning.rules import slug_of
from codezest.services.learning.schemas.authoring import MaterialChange, ModuleChange, NewModule, QuizChange
from codezest.services.learning.schemas.authoring_assignments import AssignmentChange

router = page_router()

Thing = Annotated[str, Form(max_length=60)]
Write = Callable[[AsyncSession], Awaitable[Any]]
SHOWN_ANYWAY = frozenset({401, 403, 404})
"""Refusals that concern the course itself, so that its outline is no answer to them."""


@router.post("/teach/courses/{course_id}/add-module")
async def add_module(course_id: UUID, context: Context, title: Annotated[str, Form()] = "") -> Response:
    """Add a module at the end, as a draft."""

    async def write(session: AsyncSession) -> None:
        slug = await free_module_slug(session, course_id, slug_of(title) or "module")
        new = read(NewModule, {**_titled(title), "slug": slug})
        await write_module.create_module_in(session, context.actor, course_id, new)

    return await _do(context, course_id, write, said=_("The module is added."), anchor="add", added={"title": title})


@router.post("/teach/courses/{course_id}/add-item")
async def add_item(
    course_id: UUID,
    context: Context,
    module_id: Annotated[UUID, Form()],
    type: Annotated[str, Form(max_length=60)],  # noqa: A002 - the field's name
    title: Annotated[str, Form()] = "",
) -> Response:
    """Add a lesson, an exercise or a quiz, and go on to write it."""
    made: list[tuple[ThingKind, UUID]] = []

    async def write(session: AsyncSession) -> None:
        made.append(await new_item(session, context.actor, module_id, type, title))

    typed = {"module_id": str(module_id), "type": type, "title": title}
    answer = await _do(context, course_id, write, said=_("Added."), anchor=f"module-{module_id}", added=typed)
    if made and not context.partial:
        return context.redirect(editor_path(*made[0]))
    return answer


@router.post("/teach/courses/{course_id}/rename")
async def rename(course_id: UUID, context: Context, thing: Thing, title: Annotated[str, Form()] = "") -> Response:
    """Give a module or an item another title; its address stays."""
    kind, target = thing_in(thing)
    return await _do(context, course_id, _changing(context.actor, kind, target, _titled(title)), said=_("Renamed."))


@router.post("/teach/courses/{course_id}/switch")
async def switch(
    course_id: UUID, context: Context, thing: Thing, status: Annotated[str, Form(max_length=32)]
) -> Response:
    """Publish a module or an item, or take it back."""
    kind, target = thing_in(thing)
    said = _("Published.") if status == "PUBLISHED" else _("It is a draft again.")
    return await _do(context, course_id, _changing(context.actor, kind, target, {"status": status}), said=said)


@router.post("/teach/courses/{course_id}/move")
async def move(  # noqa: PLR0917 - each is a field of the form
    course_id: UUID,
    context: Context,
    thing: Thing,
    step: Annotated[str, Form(max_length=10)] = "",
    module_id: Annotated[str, Form(max_length=60)] = "",
    before: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Put it one place up or down, or before another thing, in another module too."""
    kind, target = thing_in(thing)

    async def write(session: AsyncSession) -> None:
        neighbour = thing_in(before)[1] if before else None
        if step in {"up", "down"}:
            where: place_content.Step = "up" if step == "up" else "down"
            if kind == "MODULE":
                await place_content.step_module(session, context.actor, target, where)
            else:
                await place_content.step_item(session, context.actor, kind, target, where)
        elif kind == "MODULE":
            await place_content.place_module(session, context.actor, target, before=neighbour)
        else:
            place = thing_in(f"MODULE:{module_id}")[1]
            await place_content.place_item(session, context.actor, kind, target, module_id=place, before=neighbour)

    said = {"up": _("Moved up."), "down": _("Moved down.")}.get(step, _("Moved."))
    return await _do(context, course_id, write, said=said, anchor=f"thing-{target}")


@router.post("/teach/courses/{course_id}/remove")
async def remove(course_id: UUID, context: Context, thing: Thing) -> Response:
    """Delete a module or an item; the page that follows offers to undo that."""
    kind, target = thing_in(thing)

    async def write(session: AsyncSession) -> None:
        if kind == "MODULE":
            await write_module.remove_module(session, context.actor, target)
        else:
            await write_item.remove_item(session, context.actor, MODELS[kind], target)

    return await _do(context, course_id, write, said=_("Deleted. You can undo that."), undo=thing)


@router.post("/teach/courses/{course_id}/bring-back")
async def bring_back(course_id: UUID, context: Context, thing: Thing) -> Response:
    """Undo a deletion."""
    kind, target = thing_in(thing)

    async def write(session: AsyncSession) -> None:
        await restore_content.restore_content(session, context.actor, course_id, kind, target)

    return await _do(context, course_id, write, said=_("It is back where it was."), anchor=f"thing-{target}")


def _titled(title: str) -> dict[str, str]:
    return {"title": title.strip()}


def _changing(actor: Actor, kind: ThingKind, target: UUID, given: dict[str, str]) -> Write:
    async def write(session: AsyncSession) -> None:
        match kind:
            case "MODULE":
                await write_module.change_module(session, actor, target, read(ModuleChange, given))
            case "MATERIAL":
                await write_item.change_material(session, actor, target, read(MaterialChange, given))
            case "ASSIGNMENT":
                await write_item.change_assignment(session, actor, target, read(AssignmentChange, given))
            case "QUIZ":
                await write_item.change_quiz(session, actor, target, read(QuizChange, given))

    return write


async def _do(
    context: RequestContext,
    course_id: UUID,
    write: Write,
    *,
    said: str,
    anchor: str = "",
    undo: str = "",
    added: dict[str, str] | None = None,
) -> Response:
    """Write in one transaction, then show the outline: to scripts at once, to browsers where the form has led them."""
    try:
        async with context.database.write("learning") as session:
            await write(session)
    except FormRefused as error:
        refused = ValidationFailed.of(error.errors[0][0] or "title", error.errors[0][1])
        if context.partial:
            raise refused from error
        return await outline_page(context, course_id, error=refused, added=added)
    except AppError as error:
        if context.partial or error.status in SHOWN_ANYWAY:
            raise
        return await outline_page(context, course_id, error=error, added=added)
    if context.partial:
        return await outline_page(context, course_id, said=said, undo=undo)
    query = f"?undo={undo}" if undo else ""
    return context.redirect(
        f"/teach/courses/{course_id}{query}{f'#{anchor}' if anchor else ''}", flash="" if undo else said
    )
