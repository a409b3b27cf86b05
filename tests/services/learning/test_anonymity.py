"""Where an assignment hides names, nothing that those who grade can open tells whose work it is.

Every address of the application is asked for, so that one that is added later is held to it as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from fastapi.routing import iter_route_contexts

from codezest.gateway.app import Application
from codezest.kit.context import SESSION_COOKIE
from codezest_db.enums import AssignmentKind, Role, StaffRole
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser, SignedIn, client_for
from fixtures.teaching import give_role

from .conftest import People, Person, Work, submit

API = "/api/v1"
FIRST, LAST = "Xanthippe", "Quillfeather"
ENDLESS = {f"{API}/submissions/{{submission_id}}/events"}
"""Streams. What they send at the end is what the submission itself says."""
NAMES_LEARNERS = {
    f"{API}/courses/{{course_id}}/gradebook",
    f"{API}/courses/{{course_id}}/gradebook.csv",
    f"{API}/courses/{{course_id}}/gradebook/learners/{{user_id}}",
    f"{API}/courses/{{course_id}}/learners",
    f"{API}/courses/{{course_id}}/learners.csv",
    "/teach/courses/{course_id}/accommodations",
    "/teach/courses/{course_id}/gradebook",
    "/teach/courses/{course_id}/gradebook.csv",
    "/teach/courses/{course_id}/gradebook/learners/{user_id}",
    "/teach/courses/{course_id}/learners",
    "/teach/courses/{course_id}/learners.csv",
}
"""What is about learners and not about their work: a name may stand there, but nothing that leads to the work."""
ALSO = (
    "/api/v1/courses/{course_id}/grading?status=graded",
    "/api/v1/courses/{course_id}/gradebook?order=name",
    "/teach/courses/{course_id}/grading?status=graded",
    "/teach/courses/{course_id}/grading?status=requests",
)
MUST_ANSWER = {
    f"{API}/courses/{{course_id}}/grading",
    f"{API}/courses/{{course_id}}/insights",
    f"{API}/regrades/{{regrade_id}}",
    f"{API}/submissions/{{submission_id}}",
    f"{API}/submissions/{{submission_id}}/analysis",
    f"{API}/submissions/{{submission_id}}/changes",
    f"{API}/submissions/{{submission_id}}/files/{{position}}",
    f"{API}/submissions/{{submission_id}}/grading",
    f"{API}/teach/assignments/{{assignment_id}}/mistakes",
    f"{API}/teach/courses/{{course_id}}/analyses",
    "/submissions/{submission_id}",
    "/teach/courses/{course_id}/grading",
    "/teach/courses/{course_id}/insights",
    "/teach/courses/{course_id}/insights/analyses",
    "/teach/submissions/{submission_id}",
    "/teach/submissions/{submission_id}/analysis",
    "/submissions/{submission_id}/files/{position}",
    "/teach/submissions/{submission_id}/compare",
    *NAMES_LEARNERS,
}


@dataclass(frozen=True, slots=True)
class Hidden:
    """A learner, their work by what it was handed in as, and the ids that stand in addresses."""

    learner: Person
    words: tuple[str, ...]
    """What gives the learner away."""
    work: dict[str, str]
    ids: dict[str, str]


@pytest.fixture
async def hidden(
    shelf: Shelf, path: MadePath, module: UUID, teacher: Person, person: People, work: Work, owner: asyncpg.Connection
) -> Hidden:
    """A text, files, and programs that failed again and again, were analysed, and are in a regrade."""
    learner = await person(enrolled=path)
    email = await owner.fetchval(
        "UPDATE auth.users SET first_name = $2, last_name = $3 WHERE id = $1 RETURNING email::text",
        learner.id, FIRST, LAST,
    )  # fmt: skip
    settings: dict[str, Any] = {"anonymous_grading": True, "hold_grades": True}
    essay = await shelf.assignment(
        module, kind=AssignmentKind.TEXT, language=None, tests=[], title="Essay", max_score=50, **settings
    )
    project = await shelf.assignment(
        module, kind=AssignmentKind.FILE, language=None, tests=[], title="Project", **settings
    )
    program = await shelf.assignment(module, title="Program", graded_by_hand=True, **settings)
    text = await learner.post(f"/assignments/{essay}/answers", {"text": "My words."})
    laid = await learner.api.post(
        f"/assignments/{project}/files", files={"file": (f"{FIRST} {LAST}.txt", b"My words.")}
    )
    assert laid.status_code == 201, laid.text
    files = await learner.post(f"/assignments/{project}/answers", {"text": ""})
    assert files.status_code == 201, files.text
    failed = [await submit(learner, program, "WA") for _again in range(6)]
    for one in failed:
        await work(one)
    code = failed[-1]
    await owner.execute("UPDATE learning.assignment_tests SET expected = '4' WHERE assignment_id = $1", program)
    await owner.execute("UPDATE learning.assignments SET tests_revision = 'second' WHERE id = $1", program)
    await owner.execute(
        """INSERT INTO learning.submission_analyses (submission_id, course_id, status, needs_review, requested_by)
           VALUES ($1, $2, 'QUEUED', true, $3)
           ON CONFLICT (submission_id) DO UPDATE SET needs_review = true""",
        UUID(code), path.course_id, learner.id,
    )  # fmt: skip
    asked = await teacher.post(f"/assignments/{program}/regrades", {"reason": "Another answer."})
    assert asked.status_code == 202, asked.text
    return Hidden(
        learner,
        (FIRST, LAST, str(email), str(learner.id), learner.id.hex),
        {"TEXT": text.json()["id"], "FILE": files.json()["id"], "CODE": code},
        {
            "course_id": str(path.course_id),
            "slug": path.slug,
            "module_id": str(module),
            "user_id": str(learner.id),
            "regrade_id": asked.json()["id"],
            "position": "0",
        },
    )


@pytest.fixture
async def graders(
    application: Application, make_user: MakeUser, path: MadePath, owner: asyncpg.Connection
) -> list[SignedIn]:
    """Who owns the course, and a grader who is nothing else."""
    made = [await make_user(Role.INSTRUCTOR), await make_user(Role.STUDENT)]
    for who, role in zip(made, (StaffRole.CO_INSTRUCTOR, StaffRole.GRADER), strict=True):
        await give_role(owner, path.course_id, who.id, role)
    return made


def addresses(application: Application) -> Iterator[str]:
    for one in iter_route_contexts(application.app.routes):
        if "GET" in (getattr(one, "methods", None) or ()):
            yield str(one.path)
    yield from ALSO


def filled(route: str, ids: dict[str, str]) -> str | None:
    """The address, or None where it asks for something that is not there."""
    names = re.findall(r"{(\w+)}", route)
    if any(name not in ids for name in names):
        return None
    return re.sub(r"{(\w+)}", lambda found: ids[found[1]], route)


async def read_all(
    application: Application, who: SignedIn, ids: dict[str, str], routes: list[str]
) -> dict[str, httpx.Response]:
    """Every answer that is one, by its route."""
    answers: dict[str, httpx.Response] = {}
    async with (
        client_for(application, headers=who.headers) as api,
        client_for(application, cookies={SESSION_COOKIE: who.token}) as browser,
    ):
        for route in routes:
            address = filled(route, ids)
            if address is None:
                continue
            answer = await (api if route.startswith(API) else browser).get(address)
            assert answer.status_code < 500, route
            if answer.status_code == 200:
                answers[route] = answer
    return answers


def told(answer: httpx.Response, words: tuple[str, ...]) -> list[str]:
    """What of the words stands in an answer or its headers."""
    whole = f"{answer.headers} {answer.text}".casefold()
    return [word for word in words if word.casefold() in whole]


async def test_nothing_tells_whose_work_it_is(
    application: Application, hidden: Hidden, graders: list[SignedIn], owner: asyncpg.Connection
) -> None:
    every = [route for route in addresses(application) if route not in ENDLESS and route.count("{") > 0]
    answered: set[str] = set()
    wrong: list[str] = []
    for who in graders:
        for kind, submission in hidden.work.items():
            assignment = await owner.fetchval(
                "SELECT assignment_id::text FROM learning.submissions WHERE id = $1", UUID(submission)
            )
            ids = hidden.ids | {"submission_id": submission, "assignment_id": str(assignment)}
            # What is about no single work is the same for all of them.
            routes = [one for one in every if kind == "TEXT" or re.search("{(submission|assignment)_id}", one)]
            for route, answer in (await read_all(application, who, ids, routes)).items():
                answered.add(route)
                about_learners = route.partition("?")[0] in NAMES_LEARNERS
                if found := told(answer, tuple(hidden.work.values()) if about_learners else hidden.words):
                    wrong.append(f"{route} of a {kind}: {found}")
    assert wrong == []
    assert answered >= MUST_ANSWER, MUST_ANSWER - answered


async def test_names_come_with_the_grade_and_go_with_the_next_attempt(
    application: Application, hidden: Hidden, teacher: Person, owner: asyncpg.Connection
) -> None:
    first = hidden.work["TEXT"]
    assignment = await owner.fetchval("SELECT assignment_id FROM learning.submissions WHERE id = $1", UUID(first))
    assert (await teacher.post(f"/submissions/{first}/gradings", {"marks": 31})).status_code == 201
    desk, book = f"/submissions/{first}/grading", f"/courses/{hidden.ids['course_id']}/gradebook"
    assert told(await teacher.get(desk), hidden.words) == []
    assert "31.0" not in (await teacher.get(book)).text
    released = await teacher.post(f"/assignments/{assignment}/grades/release")
    assert released.status_code == 200, released.text
    assert told(await teacher.get(desk), hidden.words) == [FIRST, LAST, str(hidden.learner.id)]
    shown = await teacher.get(book)
    assert told(shown, (first, "31.0")) == [first, "31.0"]

    second = (await hidden.learner.post(f"/assignments/{assignment}/answers", {"text": "Better words."})).json()["id"]
    assert first in (await teacher.get(f"/submissions/{second}/grading")).text
    for submission in (first, second):
        assert told(await teacher.get(f"/submissions/{submission}/grading"), hidden.words) == []
    # The grade stays in the gradebook; what leads from the name to the work does not.
    assert told(await teacher.get(book), (first, second, "31.0")) == ["31.0"]
    mine = await hidden.learner.get(f"/me/courses/{hidden.ids['slug']}/grades")
    assert mine.status_code in {200, 404}
