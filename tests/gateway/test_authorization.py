"""Who may do what: every route of the API against every kind of caller.

A route that is missing from `TABLE` fails the test, so that none is added without a decision. Each request is well-formed
and names things that exist, so that nothing but the caller decides the answer.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit import tokens
from codezest.kit.files import Files
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from fixtures.accounts import MakeUser, SignedIn, client_for

API = "/api/v1"
CALLERS = ("anonymous", "student", "other student", "instructor", "other instructor", "admin")

OK = frozenset({200, 201, 202, 204})
UNKNOWN = frozenset({401})
NO = frozenset({403})
HIDDEN = frozenset({404})
REFUSED = NO | HIDDEN

Row = tuple[frozenset[int], ...]
EVERYBODY: Row = (OK,) * 6
SIGNED_IN: Row = (UNKNOWN, OK, OK, OK, OK, OK)
LEARNER: Row = (UNKNOWN, OK, NO, OK, NO, OK)
"""Enrolled learners and the staff of the course."""
OWNER_OR_STAFF: Row = (UNKNOWN, OK, HIDDEN, OK, HIDDEN, OK)
OWNER: Row = (UNKNOWN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
OWNER_OR_ADMINISTRATOR: Row = (UNKNOWN, OK, HIDDEN, HIDDEN, HIDDEN, OK)
AUTHOR: Row = (UNKNOWN, REFUSED, REFUSED, OK, REFUSED, OK)
"""The instructor of the course and administrators."""
ADMINISTRATOR: Row = (UNKNOWN, NO, NO, NO, NO, OK)
NEEDS_PROOF: Row = (UNKNOWN, *(NO,) * 5)
"""Signed in is not enough: these sessions have proved nothing lately."""
OPEN: Row = (frozenset(range(200, 500)),) * 6
"""Decided by what is sent (a password, a token), not by who sends it; never a failure of ours."""

TABLE: dict[tuple[str, str], Row] = {
    ("POST", "/auth/register"): OPEN,
    ("POST", "/auth/login"): OPEN,
    ("POST", "/auth/verify-email"): OPEN,
    ("POST", "/auth/resend-verification"): OPEN,
    ("POST", "/auth/forgot-password"): OPEN,
    ("POST", "/auth/reset-password"): OPEN,
    ("POST", "/auth/confirm-email-change"): OPEN,
    ("POST", "/auth/undo-email-change"): OPEN,
    ("POST", "/auth/second-step"): OPEN,
    ("POST", "/auth/passkey/options"): EVERYBODY,
    ("POST", "/auth/passkey"): OPEN,
    ("POST", "/auth/logout"): SIGNED_IN,
    ("GET", "/me"): SIGNED_IN,
    ("PATCH", "/me"): SIGNED_IN,
    ("GET", "/me/profile"): SIGNED_IN,
    ("PATCH", "/me/profile"): SIGNED_IN,
    ("POST", "/me/password"): (UNKNOWN, *(frozenset(range(400, 500)),) * 5),
    ("GET", "/me/ways-in"): SIGNED_IN,
    ("POST", "/me/proof"): (UNKNOWN, *(frozenset({422}),) * 5),
    ("POST", "/me/two-step"): NEEDS_PROOF,
    ("POST", "/me/two-step/confirm"): NEEDS_PROOF,
    ("DELETE", "/me/two-step"): NEEDS_PROOF,
    ("POST", "/me/two-step/recovery-codes"): NEEDS_PROOF,
    ("POST", "/me/passkeys/options"): NEEDS_PROOF,
    ("POST", "/me/passkeys"): NEEDS_PROOF,
    ("PATCH", "/me/passkeys/{passkey_id}"): OWNER,
    ("DELETE", "/me/passkeys/{passkey_id}"): NEEDS_PROOF,
    ("DELETE", "/me/connections/{connection_id}"): NEEDS_PROOF,
    ("GET", "/me/sessions"): SIGNED_IN,
    ("POST", "/me/email"): (UNKNOWN, *(frozenset(range(400, 500)),) * 5),
    ("PUT", "/me/avatar"): (UNKNOWN, *(frozenset({422}),) * 5),
    ("DELETE", "/me/avatar"): SIGNED_IN,
    ("GET", "/me/tokens"): SIGNED_IN,
    ("POST", "/me/tokens"): NEEDS_PROOF,
    ("DELETE", "/me/tokens/{token_id}"): OWNER,
    ("GET", "/me/exports"): SIGNED_IN,
    ("POST", "/me/exports"): NEEDS_PROOF,
    ("GET", "/me/exports/{export_id}/file"): (UNKNOWN, NO, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ("POST", "/me/deletion"): (UNKNOWN, *(frozenset(range(400, 500)),) * 5),
    ("DELETE", "/me/deletion"): SIGNED_IN,
    ("GET", "/people/{handle}"): (HIDDEN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN),
    ("DELETE", "/me/sessions/{session_id}"): (UNKNOWN, OK, *(HIDDEN,) * 4),
    ("GET", "/me/progress"): SIGNED_IN,
    ("GET", "/me/enrollments"): SIGNED_IN,
    ("GET", "/users"): ADMINISTRATOR,
    ("PATCH", "/users/{user_id}"): ADMINISTRATOR,
    ("GET", "/search"): EVERYBODY,
    ("GET", "/courses"): EVERYBODY,
    ("GET", "/courses/{slug}"): EVERYBODY,
    ("POST", "/courses/{slug}/enroll"): SIGNED_IN,
    ("GET", "/languages"): EVERYBODY,
    ("GET", "/languages/{slug}"): EVERYBODY,
    ("GET", "/languages/{slug}/modules"): EVERYBODY,
    ("GET", "/modules/{module_id}"): EVERYBODY,
    ("POST", "/languages/{slug}/enroll"): SIGNED_IN,
    ("DELETE", "/languages/{slug}/enroll"): (UNKNOWN, OK, NO, NO, NO, NO),
    ("GET", "/materials/{material_id}"): LEARNER,
    ("POST", "/materials/{material_id}/view"): LEARNER,
    ("POST", "/materials/{material_id}/complete"): LEARNER,
    ("PUT", "/materials/{material_id}/position"): LEARNER,
    ("PUT", "/materials/{material_id}/draft"): LEARNER,
    ("POST", "/materials/{material_id}/run"): LEARNER,
    ("GET", "/assignments/{assignment_id}"): LEARNER,
    ("POST", "/assignments/{assignment_id}/run"): LEARNER,
    ("POST", "/assignments/{assignment_id}/submissions"): LEARNER,
    ("GET", "/assignments/{assignment_id}/submissions"): LEARNER,
    ("GET", "/assignments/{assignment_id}/draft"): LEARNER,
    ("PUT", "/assignments/{assignment_id}/draft"): LEARNER,
    ("GET", "/assignments/{assignment_id}/hints"): LEARNER,
    ("POST", "/assignments/{assignment_id}/hints"): LEARNER,
    ("GET", "/submissions/{submission_id}"): OWNER_OR_STAFF,
    ("GET", "/submissions/{submission_id}/events"): OWNER_OR_STAFF,
    ("GET", "/submissions/{submission_id}/former-gradings"): OWNER_OR_STAFF,
    ("GET", "/submissions/{submission_id}/receipt"): OWNER_OR_ADMINISTRATOR,
    ("GET", "/receipts/keys"): EVERYBODY,
    ("GET", "/status"): EVERYBODY,
    ("GET", "/quizzes/{quiz_id}"): LEARNER,
    ("POST", "/quizzes/{quiz_id}/attempts"): LEARNER,
    ("GET", "/attempts/{attempt_id}"): OWNER_OR_STAFF,
    ("PUT", "/attempts/{attempt_id}/saved"): OWNER,
    ("POST", "/attempts/{attempt_id}/submit"): OWNER,
    ("POST", "/languages"): ADMINISTRATOR,
    ("PATCH", "/languages/{slug}"): ADMINISTRATOR,
    ("DELETE", "/languages/{slug}"): ADMINISTRATOR,
    ("GET", "/languages/{slug}/authoring"): AUTHOR,
    ("POST", "/languages/{slug}/modules"): AUTHOR,
    ("PUT", "/languages/{slug}/modules/order"): AUTHOR,
    ("GET", "/modules/{module_id}/authoring"): AUTHOR,
    ("PATCH", "/modules/{module_id}"): AUTHOR,
    ("DELETE", "/modules/{module_id}"): AUTHOR,
    ("PUT", "/modules/{module_id}/order"): AUTHOR,
    ("POST", "/modules/{module_id}/materials"): AUTHOR,
    ("POST", "/modules/{module_id}/assignments"): AUTHOR,
    ("POST", "/modules/{module_id}/quizzes"): AUTHOR,
    ("GET", "/materials/{material_id}/authoring"): AUTHOR,
    ("PATCH", "/materials/{material_id}"): AUTHOR,
    ("DELETE", "/materials/{material_id}"): AUTHOR,
    ("GET", "/assignments/{assignment_id}/authoring"): AUTHOR,
    ("PATCH", "/assignments/{assignment_id}"): AUTHOR,
    ("DELETE", "/assignments/{assignment_id}"): AUTHOR,
    ("PUT", "/assignments/{assignment_id}/tests"): AUTHOR,
    ("POST", "/assignments/{assignment_id}/tests"): AUTHOR,
    ("POST", "/assignments/{assignment_id}/regrades"): AUTHOR,
    ("GET", "/regrades/{regrade_id}"): AUTHOR,
    ("POST", "/regrades/{regrade_id}/apply"): AUTHOR,
    ("POST", "/regrades/{regrade_id}/cancel"): AUTHOR,
    ("PATCH", "/tests/{test_id}"): AUTHOR,
    ("DELETE", "/tests/{test_id}"): AUTHOR,
    ("GET", "/quizzes/{quiz_id}/authoring"): AUTHOR,
    ("PATCH", "/quizzes/{quiz_id}"): AUTHOR,
    ("DELETE", "/quizzes/{quiz_id}"): AUTHOR,
    ("POST", "/quizzes/{quiz_id}/questions"): AUTHOR,
    ("PATCH", "/questions/{question_id}"): AUTHOR,
    ("DELETE", "/questions/{question_id}"): AUTHOR,
    ("POST", "/questions/{question_id}/options"): AUTHOR,
    ("PATCH", "/options/{option_id}"): AUTHOR,
    ("DELETE", "/options/{option_id}"): AUTHOR,
}

OPTIONS = [{"text": "yes", "is_correct": True}, {"text": "no"}]
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/auth/register"): {
        "email": "new@codezest.example", "password": "a-long-enough-one", "first_name": "N", "last_name": "N",
    },
    ("POST", "/auth/login"): {"email": "new@codezest.example", "password": "wrong-password"},
    ("POST", "/auth/verify-email"): {"token": "czv_" + "x" * 43},
    ("POST", "/auth/resend-verification"): {"email": "new@codezest.example"},
    ("POST", "/auth/forgot-password"): {"email": "new@codezest.example"},
    ("POST", "/auth/reset-password"): {"token": "czr_" + "x" * 43, "password": "a-long-enough-one"},
    ("POST", "/auth/second-step"): {"ceremony": "czc_" + "x" * 43, "code": "123456"},
    ("POST", "/auth/passkey"): {"ceremony": "czc_" + "x" * 43, "credential": {}},
    ("POST", "/me/proof"): {"password": "not-the-one-set"},
    ("POST", "/me/two-step/confirm"): {"code": "123456"},
    ("POST", "/me/passkeys"): {"ceremony": "czc_" + "x" * 43, "name": "Mine", "credential": {}},
    ("PATCH", "/me/passkeys/{passkey_id}"): {"name": "Mine"},
    ("PATCH", "/me"): {"first_name": "Ada"},
    ("PATCH", "/me/profile"): {"bio": "Hello"},
    ("POST", "/auth/confirm-email-change"): {"token": "cze_" + "x" * 43},
    ("POST", "/auth/undo-email-change"): {"token": "czu_" + "x" * 43},
    ("POST", "/me/email"): {"new_email": "other@codezest.example", "current_password": "not-the-one-set"},
    ("POST", "/me/tokens"): {"name": "My script", "scopes": ["read"]},
    ("POST", "/me/deletion"): {"current_password": "not-the-one-set"},
    ("POST", "/me/password"): {"current_password": "not-the-one-set", "new_password": "a-long-enough-one"},
    ("PATCH", "/users/{user_id}"): {"role": "STUDENT"},
    ("POST", "/materials/{material_id}/run"): {"code": "print(1)"},
    ("POST", "/assignments/{assignment_id}/run"): {"code": "print(1)"},
    ("POST", "/assignments/{assignment_id}/submissions"): {"code": "print(1)"},
    ("PUT", "/assignments/{assignment_id}/draft"): {"code": "print(1)", "revision": 0},
    ("POST", "/assignments/{assignment_id}/hints"): {"position": 0},
    ("PUT", "/attempts/{attempt_id}/saved"): {"revision": 0, "questions": {}, "page": "the-same-page"},
    ("PUT", "/materials/{material_id}/position"): {"reading_position": 0.5},
    ("PUT", "/materials/{material_id}/draft"): {"code": "print(2)", "revision": 0},
    ("POST", "/attempts/{attempt_id}/submit"): {"answers": []},
    ("PATCH", "/languages/{slug}"): {"subtitle": "Again"},
    ("PATCH", "/modules/{module_id}"): {"description": "Again"},
    ("POST", "/modules/{module_id}/materials"): {"title": "More", "type": "ARTICLE", "content": "More"},
    ("POST", "/modules/{module_id}/assignments"): {"title": "More", "language": "python"},
    ("POST", "/modules/{module_id}/quizzes"): {"title": "More"},
    ("PATCH", "/materials/{material_id}"): {"description": "Again"},
    ("PATCH", "/assignments/{assignment_id}"): {"description": "Again"},
    ("PUT", "/assignments/{assignment_id}/tests"): {"tests": [{"name": "one", "expected": "1\n"}]},
    ("POST", "/assignments/{assignment_id}/tests"): {"name": "two", "expected": "1\n"},
    ("POST", "/assignments/{assignment_id}/regrades"): {"reason": "A test was wrong."},
    ("PATCH", "/tests/{test_id}"): {"points": 2},
    ("PATCH", "/quizzes/{quiz_id}"): {"description": "Again"},
    ("POST", "/quizzes/{quiz_id}/questions"): {"text": "Really?", "options": OPTIONS},
    ("PATCH", "/questions/{question_id}"): {"topic": "Again"},
    ("POST", "/questions/{question_id}/options"): {"text": "perhaps"},
    ("PATCH", "/options/{option_id}"): {"text": "yes, really"},
}  # fmt: skip


@dataclass(slots=True)
class World:
    """One published path, its people, and the ids of what it holds; `fresh` makes a new thing to change or delete."""

    admin: httpx.AsyncClient
    instructor: SignedIn
    student: SignedIn
    ids: dict[str, str] = field(default_factory=dict[str, str])

    async def made(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = await self.admin.request(method, f"{API}{path}", json=body)
        assert answer.status_code in OK, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def build(self) -> None:
        language = await self.language()
        self.ids["slug"] = language
        module = await self.module(language)
        self.ids["module_id"] = module
        self.ids["material_id"] = await self.material(module)
        self.ids["assignment_id"] = await self.assignment(module)
        self.ids["quiz_id"] = await self.quiz(module)
        await self.made("PATCH", f"/modules/{module}", {"status": "PUBLISHED"})
        await self.made("PATCH", f"/languages/{language}", {"status": "PUBLISHED"})

    async def language(self) -> str:
        slug = f"lang-{uuid4().hex[:8]}"
        body = {"name": slug, "slug": slug, "runtime": "python", "instructor_user_id": str(self.instructor.id)}
        await self.made("POST", "/languages", body)
        return slug

    async def module(self, language: str | None = None) -> str:
        title = f"Module {uuid4().hex[:8]}"
        return str(
            (await self.made("POST", f"/languages/{language or self.ids['slug']}/modules", {"title": title}))["id"]
        )

    async def material(self, module: str | None = None) -> str:
        body = {
            "title": "Program",
            "type": "CODE_EXAMPLE",
            "content": "Run it.",
            "code": "print(1)",
            "status": "PUBLISHED",
        }
        return str((await self.made("POST", f"/modules/{module or await self.module()}/materials", body))["id"])

    async def assignment(self, module: str | None = None) -> str:
        body = {"title": "Exercise", "language": "python", "instructions": "Print 1.", "hints": ["Call print."]}
        made = str((await self.made("POST", f"/modules/{module or await self.module()}/assignments", body))["id"])
        test = await self.made("POST", f"/assignments/{made}/tests", {"name": "one", "expected": "1\n"})
        self.ids["test_id"] = str(test["id"])
        await self.made("PATCH", f"/assignments/{made}", {"status": "PUBLISHED"})
        return made

    async def quiz(self, module: str | None = None) -> str:
        made = str(
            (await self.made("POST", f"/modules/{module or await self.module()}/quizzes", {"title": "Quiz"}))["id"]
        )
        body = {"text": "Really?", "options": OPTIONS, "explanation": "Yes."}
        question = await self.made("POST", f"/quizzes/{made}/questions", body)
        self.ids["question_id"] = str(question["id"])
        self.ids["option_id"] = str(question["options"][1]["id"])
        await self.made("PATCH", f"/quizzes/{made}", {"status": "PUBLISHED"})
        return made


@pytest.fixture
async def callers(make_user: MakeUser) -> dict[str, SignedIn | None]:
    return {
        "anonymous": None,
        "student": await make_user(Role.STUDENT),
        "other student": await make_user(Role.STUDENT),
        "instructor": await make_user(Role.INSTRUCTOR),
        "other instructor": await make_user(Role.INSTRUCTOR),
        "admin": await make_user(Role.ADMIN),
    }


@pytest.fixture
async def world(application: Application, callers: dict[str, SignedIn | None]) -> World:
    """Built anew for each row of the table, so that what one row deletes no other misses."""
    admin, instructor, student = callers["admin"], callers["instructor"], callers["student"]
    assert admin is not None
    assert instructor is not None
    assert student is not None
    built = World(client_for(application, headers=admin.headers), instructor, student)
    await built.build()
    async with client_for(application, headers=student.headers) as client:
        await client.post(f"{API}/languages/{built.ids['slug']}/enroll")
        sent = await client.post(
            f"{API}/assignments/{built.ids['assignment_id']}/submissions", json={"code": "print(1)"}
        )
        assert sent.status_code == 202, sent.text
        built.ids["submission_id"] = sent.json()["id"]
        attempt = await client.post(f"{API}/quizzes/{built.ids['quiz_id']}/attempts")
        assert attempt.status_code == 201, attempt.text
        built.ids["attempt_id"] = attempt.json()["id"]
    return built


async def _give_something_to_delete(path: str, world: World) -> None:
    """Make what a DELETE names anew, so that each caller finds it."""
    fresh: dict[str, tuple[str, Callable[[], Awaitable[str]]]] = {
        "/languages/{slug}": ("slug", world.language),
        "/modules/{module_id}": ("module_id", world.module),
        "/materials/{material_id}": ("material_id", world.material),
        "/assignments/{assignment_id}": ("assignment_id", world.assignment),
        "/quizzes/{quiz_id}": ("quiz_id", world.quiz),
        "/tests/{test_id}": ("", world.assignment),
        "/questions/{question_id}": ("", world.quiz),
        "/options/{option_id}": ("", world.quiz),
    }
    if path in fresh:
        name, make = fresh[path]
        made = await make()
        if name:
            world.ids[name] = made
        if path in {"/tests/{test_id}", "/questions/{question_id}", "/options/{option_id}"}:
            kind = "assignments" if "test" in path else "quizzes"
            await world.made("PATCH", f"/{kind}/{made}", {"status": "DRAFT"})


async def _give_way_in(path: str, world: World, owner: asyncpg.Connection) -> None:
    """Make what names a way to sign in anew."""
    if "{passkey_id}" in path:
        world.ids["passkey_id"] = str(
            await owner.fetchval(
                """INSERT INTO auth.webauthn_credentials (user_id, credential_id, public_key, name)
                   VALUES ($1, $2, 'x', 'x') RETURNING id""",
                world.student.id, uuid4().bytes,
            )
        )  # fmt: skip
    if "{connection_id}" in path:
        world.ids["connection_id"] = str(uuid7())


async def _with_export(owner: asyncpg.Connection, world: World, application: Application) -> str:
    """A download of the student's data that is ready."""
    export, key = uuid7(), f"exports/{uuid4()}/all.zip"
    await Files.of(application.settings).put(key, b"PK")
    await owner.execute(
        """INSERT INTO auth.data_exports (id, user_id, status, file_key, size_bytes, ready_at, expires_at)
           VALUES ($1, $2, 'READY', $3, 2, now(), now() + interval '1 day')""",
        export, world.student.id, key,
    )  # fmt: skip
    return str(export)


async def _give_own_things(path: str, world: World, owner: asyncpg.Connection, application: Application) -> None:
    """Give the student what this request names of an account."""
    if "{token_id}" in path:
        token = uuid7()
        await owner.execute(
            """INSERT INTO auth.api_tokens (id, user_id, name, token_hash, prefix, scopes)
               VALUES ($1, $2, 'My script', $3, 'czt_', '{read}')""",
            token, world.student.id, tokens.token_hash(str(token)),
        )  # fmt: skip
        world.ids["token_id"] = str(token)
    if "{export_id}" in path:
        world.ids["export_id"] = await _with_export(owner, world, application)
    if "{handle}" in path:
        handle = f"h{uuid4().hex[:12]}"
        await owner.execute(
            "INSERT INTO auth.user_profiles (user_id, handle) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET handle = $2",
            world.student.id, handle,
        )  # fmt: skip
        world.ids["handle"] = handle


async def _arrange(route: tuple[str, str], world: World, owner: asyncpg.Connection, application: Application) -> Any:
    """Give this request something of its own where it destroys what it names; returns the body."""
    method, path = route
    if method == "DELETE":
        await _give_something_to_delete(path, world)
    if route == ("POST", "/languages"):
        return {"name": uuid4().hex, "slug": f"s{uuid4().hex[:8]}", "runtime": "python"}
    if route == ("POST", "/languages/{slug}/modules"):
        return {"title": f"Module {uuid4().hex[:8]}"}
    if route == ("PUT", "/languages/{slug}/modules/order"):
        found = await world.made("GET", f"/languages/{world.ids['slug']}/authoring")
        return {"ids": [module["id"] for module in found["modules"]]}
    if route == ("PUT", "/modules/{module_id}/order"):
        found = await world.made("GET", f"/modules/{world.ids['module_id']}")
        return {"items": [{"kind": item["kind"], "id": item["id"]} for item in found["items"]]}
    if route == ("DELETE", "/me/sessions/{session_id}"):
        session = uuid7()
        await owner.execute(
            "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')",
            session, world.student.id, tokens.token_hash(str(session)),
        )  # fmt: skip
        world.ids["session_id"] = str(session)
    await _give_way_in(path, world, owner)
    if "{regrade_id}" in path:
        body = BODIES["POST", "/assignments/{assignment_id}/regrades"]
        begun = await world.made("POST", f"/assignments/{world.ids['assignment_id']}/regrades", body)
        await owner.execute(
            "UPDATE learning.regrades SET status = 'READY', ready_at = now() WHERE id = $1", begun["id"]
        )
        world.ids["regrade_id"] = begun["id"]
    await _give_own_things(path, world, owner, application)
    if "{user_id}" in path:
        world.ids["user_id"] = str(world.student.id)
    if path.startswith("/modules/{module_id}/") and method == "POST":
        return BODIES[route] | {"title": f"More {uuid4().hex[:8]}"}
    return BODIES.get(route)


@pytest.mark.parametrize("route", TABLE, ids=" ".join)
async def test_each_caller_gets_what_the_table_says(
    route: tuple[str, str],
    world: World,
    callers: dict[str, SignedIn | None],
    application: Application,
    owner: asyncpg.Connection,
    make_user: MakeUser,
) -> None:
    method, path = route
    for caller, expected in zip(CALLERS, TABLE[route], strict=True):
        person = callers[caller]
        if route == ("POST", "/auth/logout") and person is not None:
            person = await make_user(person.role)  # its session ends here
        body = await _arrange(route, world, owner, application)
        async with client_for(application, headers=person.headers if person else {}) as client:
            if path.endswith("/events"):
                # Staff may not watch for ever: a finished submission ends the stream at once.
                await owner.execute(
                    "UPDATE learning.submissions SET status = 'ERROR', graded_at = now() WHERE id = $1",
                    world.ids["submission_id"],
                )
            answer = await client.request(method, API + path.format(**world.ids), json=body)
        assert answer.status_code in expected, f"{caller}: {answer.status_code} {answer.text[:300]}"


def test_every_route_is_in_the_table(application: Application) -> None:
    document = application.app.openapi()
    routes = {
        (method.upper(), path.removeprefix(API)) for path, methods in document["paths"].items() for method in methods
    }
    assert routes == set(TABLE)
