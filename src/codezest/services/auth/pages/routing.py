"""What every page of an account does for a stranger: lead to the login and back."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from codezest.kit.context import context_of
from codezest.kit.errors import Unauthenticated


class AccountRoute(APIRoute):
    """A route that only a signed-in user can use."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            context = context_of(request.scope)
            try:
                context.actor.require_user()
                return await handle(request)
            except Unauthenticated:
                back = request.url.path if request.method in {"GET", "HEAD"} else "/account"
                return context.redirect(f"/login?next={quote(back, safe='')}")

        return answer


def account_router() -> APIRouter:
    """A router for one page of an account."""
    return APIRouter(route_class=AccountRoute)
