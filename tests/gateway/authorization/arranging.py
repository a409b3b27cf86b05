"""What a request names is made before it is sent, so that nothing but the caller decides the answer."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg

from codezest.gateway.app import Application

from .accounts_arranged import give_own_things, give_way_in
from .courses_arranged import (
    GRANTED_OR_DRAWN,
    WAYS_INTO_A_COURSE,
    give_course_to_assess,
    give_course_to_teach,
    give_ways_into_course,
)
from .grading_arranged import ANALYSED, GRADED_BY_HAND, IN_GRADEBOOK, give_analysis, give_gradebook, give_work_to_grade
from .tables import BODIES, Route
from .world import World


async def give_something_to_delete(path: str, world: World) -> None:
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


async def order_that_stands(path: str, world: World) -> Any:
    """Everything that a request puts in order, as it stands already."""
    whole, within, listed = {
        "/languages/{slug}/modules/order": ("/languages/{slug}/authoring", "modules", "ids"),
        "/modules/{module_id}/order": ("/modules/{module_id}", "items", "items"),
        "/quizzes/{quiz_id}/questions/order": ("/quizzes/{quiz_id}/authoring", "questions", "ids"),
        "/questions/{question_id}/options/order": ("/questions/{question_id}/authoring", "options", "ids"),
        "/assignments/{assignment_id}/tests/order": ("/assignments/{assignment_id}/authoring", "tests", "ids"),
    }[path]
    found = await world.made("GET", whole.format(**world.ids))
    if listed == "items":
        return {listed: [{"kind": item["kind"], "id": item["id"]} for item in found[within]]}
    return {listed: [part["id"] for part in found[within]]}


async def anything_else(
    route: tuple[str, str], world: World, owner: asyncpg.Connection, application: Application
) -> Any:
    """Give this request something of its own where it destroys what it names; returns the body."""
    method, path = route
    if method == "DELETE":
        await give_something_to_delete(path, world)
    if route == ("POST", "/languages"):
        return {"name": uuid4().hex, "slug": f"s{uuid4().hex[:8]}", "runtime": "python"}
    if route == ("POST", "/languages/{slug}/modules"):
        return {"title": f"Module {uuid4().hex[:8]}"}
    if path.endswith("/order"):
        return await order_that_stands(path, world)
    if route == ("POST", "/questions/{question_id}/moves"):
        await give_something_to_delete("/questions/{question_id}", world)
    if path.startswith("/questions/{question_id}/") and path.endswith(("/copies", "/moves")):
        return {"quiz_id": world.ids["quiz_id"]}
    await give_way_in(path, world, owner)
    if "{regrade_id}" in path:
        body = BODIES["POST", "/assignments/{assignment_id}/regrades"]
        begun = await world.made("POST", f"/assignments/{world.ids['assignment_id']}/regrades", body)
        await owner.execute(
            "UPDATE learning.regrades SET status = 'READY', ready_at = now() WHERE id = $1", begun["id"]
        )
        world.ids["regrade_id"] = begun["id"]
    await give_own_things(path, world, owner, application)
    if "{user_id}" in path:
        world.ids["user_id"] = str(world.student.id)
    if path.startswith("/modules/{module_id}/") and method == "POST":
        return BODIES[route] | {"title": f"More {uuid4().hex[:8]}"}
    return BODIES.get(route)


async def arranged(route: Route, world: World, owner: asyncpg.Connection, application: Application) -> Any:
    """Make what the request names, something of its own where it destroys that; returns its body."""
    path = route[1]
    if ANALYSED.match(path):
        body = await give_analysis(route, world, owner)
    elif IN_GRADEBOOK.match(path):
        body = await give_gradebook(route, world, owner)
    elif GRADED_BY_HAND.match(path):
        body = await give_work_to_grade(route, world, owner)
    elif GRANTED_OR_DRAWN.match(path):
        body = await give_course_to_assess(route, world, owner, application)
    elif WAYS_INTO_A_COURSE.search(path):
        body = await give_ways_into_course(route, world, owner)
    elif path.startswith("/teach/courses/{course_id}"):
        body = await give_course_to_teach(route, world)
    else:
        body = await anything_else(route, world, owner, application)
    return body
