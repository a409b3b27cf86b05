"""What the forms for feedback on submissions and on attempts have in common."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.actor import Actor
from codezest.kit.context import Context, RequestContext
from codezest.kit.errors import AppError
from codezest.kit.i18n import gettext as _
from codezest.services.learning.errors import AnalysisChanged
from codezest.services.learning.pages.routing import page_router
from codezest.services.learning.pages.teach.forms import (
    NO_ERRORS,
    FormRefused,
    Refused,
    Sent,
    read,
    refusal,
    sent,
    shown_here,
    whole_number,
)
from codezest.services.learning.schemas.analysis import QuizAnalysisEdit, SubmissionAnalysisEdit

Edit = TypeVar("Edit", SubmissionAnalysisEdit, QuizAnalysisEdit)


class Page(Protocol):
    """The page with its form; `form` and `error` are what was sent, and why it was not kept."""

    async def __call__(
        self, context: RequestContext, about: UUID, /, *, form: Sent | None = None, error: Refused | None = None
    ) -> HTMLResponse: ...


def editing_routes(
    kind: Literal["submission", "attempt"],
    page: Page,
    edit: type[Edit],
    *,
    given: Callable[[Sent], Mapping[str, Any]],
    store: Callable[[AsyncSession, Actor, UUID, Edit], Awaitable[None]],
) -> APIRouter:
    """The page, and the two buttons of its form.

    Args:
        kind: what the feedback is about.
        page: the page.
        edit: the form, as the API takes it.
        given: the fields of `edit` that are not in the form of every kind. May raise FormRefused.
        store: the action that keeps it.
    """
    router = page_router()
    address = f"/teach/{kind}s/{{{kind}_id}}/analysis"

    async def keep(context: RequestContext, about: UUID, form: Sent, *, approve: bool) -> Response:
        try:
            fields = {**given(form), "revision": whole_number("revision", form.text("revision")) or 0}
            wanted = read(edit, fields | {"approve": approve})
            async with context.database.write("learning") as session:
                await store(session, context.actor, about, wanted)
        except (FormRefused, AppError) as error:
            return await page(context, about, form=form, error=shown_here(error))
        said = _("The learner can read it now.") if approve else _("Saved.")
        return context.redirect(address.format(**{f"{kind}_id": about}), flash=said)

    @router.get(address)
    async def analysis(context: Context, about: Annotated[UUID, Path(alias=f"{kind}_id")]) -> HTMLResponse:
        """What is there, and the form."""
        return await page(context, about)

    @router.post(f"{address}/save")
    async def save(context: Context, about: Annotated[UUID, Path(alias=f"{kind}_id")], request: Request) -> Response:
        """Keep what was written."""
        return await keep(context, about, await sent(request), approve=False)

    @router.post(f"{address}/approve")
    async def approve(context: Context, about: Annotated[UUID, Path(alias=f"{kind}_id")], request: Request) -> Response:
        """Keep what was written, and let the learner see it from now on."""
        return await keep(context, about, await sent(request), approve=True)

    return router


def filled(
    stored: Mapping[str, str],
    labels: Mapping[str, str],
    *,
    revision: int,
    form: Sent | None,
    error: Refused | None,
) -> dict[str, Any]:
    """What the template shows: the values of the form, what somebody else has stored meanwhile, and what is wrong.

    `stored` is what is kept at `revision`. Unless it changed meanwhile, a form goes on with the revision that it was made of.
    """
    values = dict(stored)
    changed = isinstance(error, AnalysisChanged)
    if form is not None:
        values = form.over(stored)
        typed = form.text("revision")
        if not changed:
            revision = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    differing = [
        (label, stored[name]) for name, label in labels.items() if stored[name].strip() != values[name].strip()
    ]
    return {
        **(refusal(error) if error else NO_ERRORS),
        "values": values,
        "revision": revision,
        "labels": labels,
        "differing": differing if changed else [],
    }
