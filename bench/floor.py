"""The floors: a bare ASGI application that sends the product's own two statements and nothing more, and an empty page.

The page of `GET /page` stands for the least a page of a signed-in person can cost on this stack: the session and four
rows by their keys, one at a time, and a Jinja template.

Run by uvicorn with the options of `codezest web`: `python bench/floor.py PORT DATABASE_URL`.
"""

import hashlib
import json
import sys
from typing import Any
from uuid import UUID

import asyncpg
import jinja2
import uvicorn

from codezest.services.auth import rules
from codezest.services.auth.queries import ACTOR_OF_SESSION
from codezest.services.learning.queries.catalog import LANGUAGE_MODULES
from codezest.services.learning.queries.progress import VIEW_MATERIAL
from codezest_db.ids import uuid7

STUDENT = "STUDENT"
"""The role of the caller, as the statements want to know it."""


BY_KEY = (
    "SELECT title, description FROM learning.modules WHERE id = $1",
    "SELECT title, description FROM learning.materials WHERE id = $1",
    "SELECT title, description FROM learning.assignments WHERE id = $1",
    "SELECT title, description FROM learning.quizzes WHERE id = $1",
)
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ name }}</title><link rel="stylesheet" href="/app.css"></head>
<body><main><h1>{{ name }}</h1><ul>{% for row in rows %}<li>{{ row.title if row else "nothing" }}</li>{% endfor %}</ul></main></body>
</html>"""


class Floor:
    """`GET /modules`, `GET /page` and `POST /view/{id}`, each behind the session look-up."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._auth: asyncpg.Pool | None = None
        self._learning: asyncpg.Pool | None = None
        self._page = jinja2.Environment(autoescape=True).from_string(PAGE)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self._auth = await _pool(self._url, "codezest_auth")
            self._learning = await _pool(self._url, "codezest_learning")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        assert self._auth is not None
        assert self._learning is not None
        token = next(value for name, value in scope["headers"] if name == b"authorization")[7:]
        actor = await self._auth.fetchrow(ACTOR_OF_SESSION, hashlib.sha256(token).digest(), rules.SEEN_EVERY)
        kind = b"application/json"
        if scope["path"] == "/page":
            rows = [await self._learning.fetchrow(statement, actor["user_id"]) for statement in BY_KEY]
            body, kind = self._page.render(name=actor["first_name"], rows=rows).encode(), b"text/html; charset=utf-8"
        elif scope["method"] == "GET":
            row = await self._learning.fetchrow(LANGUAGE_MODULES, "python", actor["user_id"], STUDENT)
            body = row["body"].encode()
        else:
            material = UUID(scope["path"].rsplit("/", 1)[1])
            row = await self._learning.fetchrow(VIEW_MATERIAL, material, actor["user_id"], STUDENT, uuid7(), uuid7())
            body = json.dumps({name: str(value) for name, value in row.items()}).encode()
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _keep(_connection: Any) -> None:
    """No reset between uses, as in the product."""


async def _pool(url: str, role: str) -> asyncpg.Pool:
    return await asyncpg.create_pool(url, min_size=1, max_size=10, reset=_keep, server_settings={"role": role})


if __name__ == "__main__":
    uvicorn.run(
        Floor(sys.argv[2]), port=int(sys.argv[1]), loop="uvloop", http="httptools", lifespan="on",
        access_log=False, log_level="warning", server_header=False, proxy_headers=False,
    )  # fmt: skip
