"""What every page of this service does when it cannot answer: strangers sign in, and come back."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from codezest.kit.context import RequestContext, context_of
from codezest.kit.errors import NotFound, Unauthenticated
from codezest.services.learning.pages.forms import shown_again

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route that answers with HTML."""

    def get_route_handler(self) -> Answer:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            context = context_of(request.scope)
            try:
                return await _with_addresses_checked(handle, request)
            except Unauthenticated:
                if context.partial:
                    raise
                return await sign_in_first(request, context)

        return answer


async def _with_addresses_checked(handle: Answer, request: Request) -> Response:
    """A page whose address holds no proper id does not exist; to a reader that is no matter of validation."""
    try:
        return await handle(request)
    except RequestValidationError as error:
        if any(item["loc"][0] == "path" for item in error.errors()):
            raise NotFound from error
        raise


def page_router() -> APIRouter:
    """A router for one page."""
    return APIRouter(route_class=PageRoute)


async def sign_in_first(request: Request, context: RequestContext) -> Response:
    """The way to the sign-in page and back again.

    A form's address names what it does below the page it stands on (`/materials/{id}/complete`), so that page is where
    the reader comes back to. Work that was sent after a session had ended is not thrown away: the answer holds it, ready to
    be sent again.
    """
    target = request.url.path if request.method in {"GET", "HEAD"} else request.url.path.rpartition("/")[0]
    if request.method == "GET" and request.url.query:
        target = f"{target}?{request.url.query}"
    login = f"/login?next={quote(target, safe='')}"
    sent = await request.form() if request.method == "POST" else FormData()
    work = [(name, value) for name, value in sent.multi_items() if isinstance(value, str) and name != "csrf_token"]
    if not any(value.strip() for _, value in work):
        return context.redirect(login)
    return context.page(
        "learning/pages/signed_out/template.html",
        status=401,
        login=login,
        action=request.url.path,
        code=next((shown_again(value) for name, value in work if name == "code"), None),
        fields=[(name, shown_again(value)) for name, value in work if name != "code"],
    )
