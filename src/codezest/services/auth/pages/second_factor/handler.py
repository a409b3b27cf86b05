"""The code that is owed after the password."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext, safe_next
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.kit.tokens import token_hash
from codezest.services.auth.actions.two_step.finish_sign_in import finish_sign_in
from codezest.services.auth.pages.entering import SECOND_STEP_COOKIE, enter
from codezest.services.auth.pages.forms import FormRefused, refusal, submitted
from codezest.services.auth.rules import Origin
from codezest.services.auth.ways_in.errors import CeremonyOver
from codezest.services.auth.ways_in.queries import waiting_ceremony
from codezest.services.auth.ways_in.schemas import PageCode
from codezest_db.enums import CeremonyKind

router = APIRouter()

TEMPLATE = "auth/pages/second_factor/template.html"


@router.get("/login/code")
async def show_form(context: Context, next: str = "") -> Response:  # noqa: A002 - the parameter's name
    """The form, for a browser that has given the first proof."""
    hashed = token_hash(context.cookies.get(SECOND_STEP_COOKIE, ""))
    if await waiting_ceremony(context.database.pool("auth"), hashed, CeremonyKind.SECOND_STEP) is None:
        return _over(context)
    return context.page(TEMPLATE, next=safe_next(next, ""), errors=[], messages={})


@router.post("/login/code")
async def give_code(request: Request, context: Context) -> Response:
    """Begin the session."""
    form = await submitted(request, PageCode)
    target = safe_next(str((await request.form()).get("next", "")), "")
    try:
        begun = await finish_sign_in(
            context.database,
            context.settings,
            ceremony=context.cookies.get(SECOND_STEP_COOKIE, ""),
            code=form.read().code,
            origin=Origin.of(context.client_address, context.user_agent),
        )
    except CeremonyOver:
        return _over(context)
    except (FormRefused, AppError) as error:
        return refusal(context, TEMPLATE, error, next=target)
    response = await enter(context, begun, target)
    context.delete_cookie(response, SECOND_STEP_COOKIE)
    return response


def _over(context: RequestContext) -> Response:
    response = context.redirect("/login", flash=_("That took too long. Please log in again."), kind="warning")
    context.delete_cookie(response, SECOND_STEP_COOKIE)
    return response
