"""Finds the route of a page by the first part of its address, before the routes of the API are tried one by one."""

from collections.abc import Sequence

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

CHOSEN = "codezest.page"


class PageIndex(BaseRoute):
    """The pages among an application's routes. A page costs a few comparisons; routers within routers cost hundreds.

    What is not found here (a first part that holds a parameter) is found by the ordinary routes behind it.
    """

    def __init__(self, routes: Sequence[BaseRoute], *, beside: str) -> None:
        """Everything but what stands below the path `beside`."""
        self._by_part: dict[str, list[APIRoute]] = {}
        for one in iter_route_contexts(routes):
            route = one.original_route
            if isinstance(route, APIRoute) and not str(one.path).startswith(f"{beside}/"):
                self._by_part.setdefault(_first_part(route.path), []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        partial: tuple[Match, Scope] = (Match.NONE, {})
        for route in self._by_part.get(_first_part(scope["path"]), ()):
            match, child = route.matches(scope)
            if match is Match.FULL:
                return match, {**child, CHOSEN: route}
            if match is Match.PARTIAL and partial[0] is Match.NONE:
                partial = (match, {**child, CHOSEN: route})
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope[CHOSEN].handle(scope, receive, send)


def _first_part(path: str) -> str:
    return path.split("/", 2)[1] if path.startswith("/") else ""
