"""A browser without scripts, logged in where that is asked for."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE
from services.auth.world import PASSWORD, World, csrf_token, visitor


class Browser:
    """Remembers cookies and sends forms with their token."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def open(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def send(
        self, path: str, page: str, *, files: dict[str, Any] | None = None, **fields: str | list[str]
    ) -> httpx.Response:
        """Open the page that holds the form, then send the form."""
        token = csrf_token(await self.client.get(page))
        return await self.client.post(path, data={"csrf_token": token} | fields, files=files)


@asynccontextmanager
async def logged_in(
    application: Application, world: World, email: str, *, password: str = PASSWORD
) -> AsyncGenerator[Browser]:
    """A browser with a new session of the account."""
    async with visitor(application) as client:
        token = await world.log_in(client, email, password)
        client.cookies.clear()
        client.cookies.set(SESSION_COOKIE, token)
        yield Browser(client)
