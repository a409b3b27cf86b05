"""What every page of administration does: strangers log in, others are refused, an address that names nothing is not found."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from codezest.kit.context import context_of
from codezest.kit.errors import NotFound
from codezest.services.auth.pages.routing import AccountRoute


class AdminRoute(AccountRoute):
    """A route that only an administrator can use."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            actor = context_of(request.scope).actor
            if actor.signed_in:
                actor.require_admin()
            try:
                return await handle(request)
            except RequestValidationError as error:
                if any(item["loc"][0] == "path" for item in error.errors()):
                    raise NotFound from error
                raise

        return answer


def admin_router() -> APIRouter:
    """A router for one page of administration."""
    return APIRouter(route_class=AdminRoute)


def address(path: str, query: Mapping[str, str | None]) -> str:
    """The path with what of the query is not empty."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
