"""Every page of the application with the addresses that show it, for ordinary and for extreme content.

The routes are the application's own: one that stands neither in `NO_PAGE` nor among the places fails the tests that visit
every page, so that a new page cannot be forgotten.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from fastapi.routing import iter_route_contexts

from codezest.gateway.app import Application
from codezest.kit.settings import Settings
from e2e.administration import administration
from e2e.course import API, AUTHOR, WRONG, Course
from e2e.extremes import LONG, MANY_SCRIPTS, MARKUP, RIGHT_TO_LEFT, Found, call, extreme_content, make_course, work
from e2e.feedback import feedback
from e2e.hand_graded import hand_graded
from e2e.taught import studio
from fixtures.journey import PASSWORD, register_and_sign_in

NO_PAGE = {
    "/manifest.webmanifest": "read by browsers",
    "/service-worker.js": "a script",
    "/robots.txt": "read by crawlers",
    "/sitemap.xml": "read by crawlers",
    "/sitemap-{number}.xml": "read by crawlers",
    "/cards/{signature}/{text}.png": "a picture",
    "/avatars/{name}.webp": "a picture",
    "/media/{language}/{name}": "a film or its captions",
    "/files/{signature}/{until}/{how}/{folder}/{stored}/{name}": "a stored file",
    "/uploads/{upload_id}": "leads on to a stored file",
    "/healthz": "read by probes",
    "/readyz": "read by probes",
    "/metrics": "read by probes",
    "/account/data/{export_id}/download": "a file",
    "/teach/courses/{course_id}/learners.csv": "a file",
    "/teach/courses/{course_id}/gradebook.csv": "a file",
    "/teach/courses/{course_id}/statistics.csv": "a file",
    "/teach/courses/{course_id}/export": "a file",
    "/submissions/{submission_id}/receipt": "a file",
    "/submissions/{submission_id}/files/{position}": "a file",
    "/attempts/{attempt_id}/questions/{question_id}/run": "a part of an attempt, looked at in test_program_questions.py",
    "/attempts/{attempt_id}/grading": "a part of the result, looked at in test_program_questions.py",
    "/submissions/{submission_id}/panel": "a part of the exercise page, looked at there",
    "/search/palette": "a part of every page, looked at in test_palette.py",
    "/search/options": "a part of every page, looked at in test_palette.py",
    "/continue": "leads on to a step",
    "/modules/{module_id}/continue": "leads on to a step",
    "/login/with/{provider}/callback": "leads on to a page of the account",
    "/login/code": "needs a password that was right a moment ago, looked at in test_passkeys.py",
}
"""What answers GET and is no page of its own, with the reason."""

PERSON = {"first_name": LONG[:80], "last_name": RIGHT_TO_LEFT}


@dataclass(frozen=True, slots=True)
class Place:
    """One address of a page, and who looks at it: nobody, or a learner by the name of their content."""

    name: str
    path: str
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class World:
    """The places by route, and the readers' session tokens."""

    places: Mapping[str, Sequence[Place]]
    tokens: Mapping[str, str]

    def of(self, route: str) -> Sequence[Place]:
        """The places of one route; none is a page that the tests do not know."""
        assert self.places.get(route), f"say in {__name__} where {route} is to be seen, or why it is no page"
        return self.places[route]


def page_routes() -> list[str]:
    """What answers GET with a page, as the application itself says."""
    application = Application(Settings(), "postgresql://unused")
    routes = {
        str(one.path)
        for one in iter_route_contexts(application.app.routes)
        if "GET" in (getattr(one, "methods", ()) or ())
    }
    pages = {route for route in routes if not route.startswith(f"{API}/") or route == f"{API}/docs"}
    assert not (unknown := NO_PAGE.keys() - routes), unknown
    return sorted(pages - NO_PAGE.keys())


READERS = ("ordinary", "empty", "extreme")


async def make_world(url: str, database_url: str, course: Course, readers: Sequence[str] = READERS) -> World:
    """Learners: one in the middle of the sample content, one who has done nothing, one of extreme content, to `hide` after."""
    places = {route: list(found) for route, found in OPEN.items()}
    tokens: dict[str, str] = {}
    async with _client(url) as author:
        token = (await call(author, "POST", "/auth/login", AUTHOR))["token"]
        author.headers["Authorization"] = f"Bearer {token}"
        taught: Found = []
        for reader in readers:
            async with _client(url) as client:
                await register_and_sign_in(client)
                tokens[reader] = client.headers["Authorization"].removeprefix("Bearer ")
                found = await _profile(client, reader)
                if reader == "ordinary":
                    found += await _ordinary(client, course, database_url)
                if reader == "extreme":
                    found += await extreme_content(author, client, database_url)
                    # The second of its modules is the one that is open.
                    opened = [path for route, path in found if route == "/modules/{module_id}"][1]
                    mine, theirs = await hand_graded(author, client, opened.rpartition("/")[2])
                    found += mine
                    taught += theirs
                for route, path in [*((path, path) for path in (OWN if reader == "ordinary" else OWN_CONTENT)), *found]:
                    places.setdefault(route, []).append(Place(reader, path, reader))
        letter = await _confirmation(author)
        tokens["teacher"] = token
        taught += await feedback(author, places)
        for route, path in [*await studio(author), *await administration(author, database_url), *taught]:
            places.setdefault(route, []).append(Place("teacher", path, "teacher"))
    places["/verify-email"] = [Place("ready", letter), Place("dead", "/verify-email?token=unknown")]
    return World(places, tokens)


OPEN: Mapping[str, Sequence[Place]] = {
    "/": [Place("nobody", "/")],
    "/login": [Place("nobody", "/login"), Place("to go on", "/login?next=/dashboard")],
    "/register": [Place("nobody", "/register")],
    "/register/sent": [Place("nobody", "/register/sent")],
    "/forgot-password": [Place("nobody", "/forgot-password")],
    "/forgot-password/sent": [Place("nobody", "/forgot-password/sent")],
    "/resend-verification": [Place("nobody", "/resend-verification")],
    "/resend-verification/sent": [Place("nobody", "/resend-verification/sent")],
    "/reset-password": [Place("dead", "/reset-password?token=unknown")],
    "/change-email": [Place("dead", "/change-email?token=unknown")],
    "/undo-email-change": [Place("dead", "/undo-email-change?token=unknown")],
    "/offline": [Place("nobody", "/offline")],
    "/status": [Place("nobody", "/status")],
    "/mailbox": [Place("nobody", "/mailbox")],
    "/languages": [Place("nobody", "/languages")],
    "/languages/{slug}": [Place("nobody", "/languages/python"), Place("missing", "/languages/nowhere")],
    "/courses": [
        Place("nobody", "/courses"), Place("nothing found", "/courses?q=nothing-of-this-name"), Place("words", f"/courses?q={LONG}"),
    ],
    "/search": [
        Place("asked nothing", "/search"), Place("found", "/search?q=loop"), Place("not found", f"/search?q={RIGHT_TO_LEFT}"),
    ],
    f"{API}/docs": [Place("nobody", f"{API}/docs")],
}  # fmt: skip
"""Those that need nobody and nothing."""

OWN = (
    "/dashboard", "/languages", "/courses", "/account", "/account/connections", "/account/data", "/account/email",
    "/account/passkeys", "/account/password", "/account/preferences", "/account/profile", "/account/confirm",
    "/account/sessions", "/account/tokens", "/account/two-step",
)  # fmt: skip
"""Pages of whoever is signed in."""
OWN_CONTENT = ("/dashboard", "/languages", "/courses", "/account", "/account/profile", "/account/tokens")
"""Those of them that show what somebody has written or done."""


def _client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=60)


async def _confirmation(client: httpx.AsyncClient) -> str:
    """The address in the letter to somebody who has just registered."""
    email = f"grace-{uuid4().hex[:8]}@codezest.example"
    person = {"email": email, "password": PASSWORD, "first_name": "Grace", "last_name": "Hopper"}
    await call(client, "POST", "/auth/register", person)
    for _ in range(600):
        letter = (await client.get("/mailbox")).text.partition(email)[2]
        if found := re.search(r"/verify-email\?token=[\w-]+", letter):
            return found.group()
    raise AssertionError(f"no letter to {email}")


async def _profile(client: httpx.AsyncClient, reader: str) -> Found:
    """A public profile, of little or of as much as fits."""
    handle = f"{reader}-{uuid4().hex[:8]}"
    shown: dict[str, Any] = {"handle": handle, "visibility": "PUBLIC", "shows_progress": True, "shows_streak": True}
    if reader == "extreme":
        await call(client, "PATCH", "/me", PERSON)
        shown |= {"bio": f"{MARKUP} {MANY_SCRIPTS} {LONG}", "location": RIGHT_TO_LEFT[:60]}
        await call(client, "POST", "/me/tokens", {"name": f"{RIGHT_TO_LEFT[:40]} {LONG[:50]}", "scopes": ["read"]})
    await call(client, "PATCH", "/me/profile", shown)
    return [("/people/{handle}", f"/people/{handle}")]


async def _ordinary(client: httpx.AsyncClient, course: Course, database_url: str) -> Found:
    """Two steps into the first module of Python; the second module is still locked."""
    await call(client, "POST", "/languages/python/enroll")
    for material in course.materials[:2]:
        await call(client, "POST", f"/materials/{material['id']}/complete")
    locked = (await call(client, "GET", f"/modules/{course.next_module}"))["materials"][0]["id"]
    priced = await make_course(database_url, "Data structures", subtitle="What holds what", category="Programming")
    return [
        ("/courses/{slug}", f"/courses/{priced}"),
        ("/languages/{slug}", "/languages/python"),
        ("/modules/{module_id}", f"/modules/{course.module}"),
        ("/modules/{module_id}", f"/modules/{course.next_module}"),
        *(("/materials/{material_id}", f"/materials/{material['id']}") for material in course.materials),
        ("/materials/{material_id}", f"/materials/{locked}"),
        *await work(client, course.assignment, course.quiz, WRONG),
    ]
