"""Reviews that somebody has reported, and those that were hidden: an administrator decides about each."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from codezest.kit.context import Context, RequestContext
from codezest.kit.i18n import gettext as _
from codezest.services.learning.actions.write_review import show_review
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import NO_ERRORS, FormRefused, Sent, read, refusal, sent
from codezest.services.learning.queries.reviews import reported_reviews
from codezest.services.learning.schemas.reviews import ReviewVisibility

router = page_router()

HOME = "/admin/reviews"
TEMPLATE = "learning/pages/admin/reviews/template.html"
PAGE_SIZE = 20
DECISIONS = {"hide": True, "show": False}
"""By the button that was pressed: whether the review is hidden from then on."""


@router.get(HOME)
async def show_reviews(context: Context, state: str = "", cursor: str = "") -> Response:
    """The list of those reported, or with `state=hidden` of those hidden."""
    return context.page(TEMPLATE, **NO_ERRORS, **await _shown(context, state=state, cursor=cursor))


@router.post("/admin/reviews/{review_id}")
async def decide(review_id: UUID, request: Request, context: Context) -> Response:
    """Hide it, or let it stand; either settles what was reported."""
    context.actor.require_admin()
    form = await sent(request)
    state = form.text("state")
    try:
        wanted = read(ReviewVisibility, {"hidden": _decision(form), "reason": form.text("reason")})
    except FormRefused as error:
        shown: dict[str, Any] = await _shown(context, state=state, cursor="")
        shown["refused"], shown["values"] = review_id, form.shown(["reason"])
        return context.page(TEMPLATE, **refusal(error), **shown)
    async with context.database.write("learning") as session:
        await show_review(session, context.actor, review_id, hidden=wanted.hidden, reason=wanted.reason or None)
    told = _("The review is hidden.") if wanted.hidden else _("The review stands.")
    return context.redirect(_address(state, None), flash=told)


def _decision(form: Sent) -> bool:
    """Raises FormRefused: no button of the form was pressed."""
    decision = DECISIONS.get(form.text("do"))
    if decision is None:
        raise FormRefused([(None, _("Say whether it is hidden or stands."))])
    return decision


def _address(state: str, cursor: str | None) -> str:
    wanted = {name: value for name, value in (("state", state), ("cursor", cursor)) if value}
    return f"{HOME}?{urlencode(wanted)}" if wanted else HOME


async def _shown(context: RequestContext, *, state: str, cursor: str) -> dict[str, Any]:
    hidden = state == "hidden"
    pool = context.database.pool("learning")
    found = await reported_reviews(pool, context.actor, hidden=hidden, cursor=cursor or None, limit=PAGE_SIZE)
    state = "hidden" if hidden else ""
    return {
        "reviews": found.items,
        "state": state,
        "states": [("", _("Reported"), HOME), ("hidden", _("Hidden"), _address("hidden", None))],
        "next_page": _address(state, found.next_cursor) if found.next_cursor else None,
        "first_page": _address(state, None) if cursor else None,
        "refused": None,
        "values": {},
    }
