"""What pages that change ways to sign in do for an actor who has not proved lately who they are: ask, and come back."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from codezest.kit.context import context_of
from codezest.services.auth.pages.routing import AccountRoute
from codezest.services.auth.ways_in.errors import ProofNeeded


def proved_router(home: str) -> APIRouter:
    """A router for one page of an account; `home` is its address, to which the way leads back."""

    class ProvedRoute(AccountRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                try:
                    return await handle(request)
                except ProofNeeded:
                    return context_of(request.scope).redirect(f"/account/confirm?next={quote(home, safe='')}")

            return answer

    return APIRouter(route_class=ProvedRoute)
