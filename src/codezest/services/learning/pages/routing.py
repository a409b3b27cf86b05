"""What every page of this service does when it cannot answer: strangers sign in, and come back."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute

from codezest.kit.context import RequestContext, context_of
from codezest.kit.errors import NotFound, Unauthenticated

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
                return sign_in_first(request, context)

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


def sign_in_first(request: Request, context: RequestContext) -> Response:
    """The way to the sign-in page and back again.

    A form's address names what it does below the page it stands on (`/materials/{id}/complete`), so that page is where
    the reader comes back to.
    """
    target = request.url.path if request.method in {"GET", "HEAD"} else request.url.path.rpartition("/")[0]
    if request.method == "GET" and request.url.query:
        target = f"{target}?{request.url.query}"
    return context.redirect(f"/login?next={quote(target, safe='')}")
