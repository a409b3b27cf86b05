"""How one who teaches introduces oneself."""

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.auth.actions.write_introduction import write_introduction
from codezest.services.auth.pages.forms import FormRefused, refusal
from codezest.services.auth.pages.routing import account_router
from codezest.services.auth.queries import people
from codezest.services.auth.schemas.people import InstructorUpdate, update_in

router = account_router()

TEMPLATE = "auth/pages/instructor/template.html"


@router.get("/account/instructor")
async def show_introduction(context: Context) -> Response:
    """The form, filled in, for those who teach."""
    context.actor.require_author()
    found = await people.introduction_of(context.database.pool("auth"), context.actor)
    values = {"bio": found.bio or "", "expertise": ", ".join(found.expertise)}
    return context.page(TEMPLATE, errors=[], messages={}, values=values)


@router.post("/account/instructor")
async def save_introduction(request: Request, context: Context) -> Response:
    """Store what was entered."""
    context.actor.require_author()
    form = await request.form()
    values = {name: str(form.get(name, "")).replace("\r\n", "\n") for name in ("bio", "expertise")}
    listed = [word.strip() for word in values["expertise"].split(",") if word.strip()]
    try:
        changes = _read({"bio": values["bio"], "expertise": list(dict.fromkeys(listed))})
        async with context.database.write("auth") as session:
            await write_introduction(session, context.actor, changes)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, values=values)
    return context.redirect("/account/instructor", flash=_("Your introduction is saved."))


def _read(given: dict[str, object]) -> InstructorUpdate:
    changes, problems = update_in(given)
    if changes is None:
        words = {
            "bio": _("Use at most 4,000 characters, without control characters."),
            "expertise": _("Use at most 12 entries of at most 60 characters each, with commas between them."),
        }
        raise FormRefused([(name, words[name]) for name in problems])
    return changes
