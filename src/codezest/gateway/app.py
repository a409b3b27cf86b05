"""Assembles the web application from the services' routers."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

import codezest
from codezest.gateway import administration, api_docs, cards, health, installable, preferences, problems, status
from codezest.gateway.edge import Edge
from codezest.gateway.page_index import PageIndex
from codezest.gateway.static import ImmutableStatic
from codezest.kit.broadcast import SUBMISSIONS_CHANNEL, Broadcast
from codezest.kit.context import Resources
from codezest.kit.database import Database
from codezest.kit.features import Features
from codezest.kit.files import Files
from codezest.kit.mail import mailbox_for
from codezest.kit.ratelimit import RateLimiter
from codezest.kit.settings import Settings
from codezest.kit.templates import STATIC, Assets, Templates
from codezest.services.auth import pages as auth_pages
from codezest.services.auth import routes as auth_routes
from codezest.services.learning import pages as learning_pages
from codezest.services.learning import routes as learning_routes

API_PREFIX = "/api/v1"

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
    },
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": title, "content": {"application/problem+json": {"schema": PROBLEM_SCHEMA}}}
    for status, title in (
        (400, "The request cannot be read"),
        (401, "Sign in first"),
        (403, "Not allowed"),
        (404, "Not found, or not visible to you"),
        (409, "Contradicts what is already there"),
        (410, "No longer available"),
        (413, "Too large"),
        (422, "Some of the input is not valid"),
        (429, "Too many requests"),
        (503, "The database does not answer right now"),
    )
}


class Application:
    """The ASGI application: the edge around FastAPI. `app` is the FastAPI application inside."""

    def __init__(self, settings: Settings, database_url: str) -> None:
        self.settings = settings
        self.database = Database(database_url, pool_size=settings.database_pool_size)
        self.app = _fastapi(self)
        self.edge = Edge(self.app, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.edge(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self, _app: FastAPI) -> AsyncGenerator[None]:
        """Open what the process holds, and close it in reverse."""
        await self.database.open("auth", "learning", "ops")
        try:
            async with Broadcast(self.database, "learning", SUBMISSIONS_CHANNEL) as submissions:
                resources = Resources(
                    settings=self.settings,
                    database=self.database,
                    templates=Templates(Assets(), reload=not self.settings.production, site=self.settings.public_url),
                    submissions=submissions,
                    limiter=RateLimiter(self.settings.requests_per_minute),
                    files=await Files.of(self.settings).with_origin(),
                    mailbox=None if self.settings.production or self.settings.smtp_url else mailbox_for(self.settings),
                    features=Features(self.database.pool("auth")),
                )
                self.edge.open(resources)
                yield
        finally:
            self.edge.resources = None
            await self.database.close()


def _fastapi(application: Application) -> FastAPI:
    app = FastAPI(
        title="CodeZest",
        version=codezest.__version__,
        description="Learn to code and run courses. Errors are RFC 9457 problems; lists are paged by cursor.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=f"{API_PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=application.lifespan,
        responses=PROBLEMS,
    )
    problems.install(app)
    for router in (auth_routes.router, learning_routes.router, status.router, administration.routes):
        app.include_router(router, prefix=API_PREFIX)
    for router in (
        installable.router,
        cards.router,
        preferences.router,
        health.router,
        status.pages,
        administration.pages,
        api_docs.router,
        auth_pages.router,
        learning_pages.router,
    ):
        app.include_router(router, include_in_schema=False)
    app.router.routes.insert(0, PageIndex(app.router.routes, beside=API_PREFIX))
    app.mount("/static", ImmutableStatic(directory=STATIC))
    return app
