"""How learners come into courses and paths, and what administrators can turn off of it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.clock import now
from codezest_db.enums import Role
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser

from .browser import Browser, form_to, forms_of, text_of


@pytest.fixture
async def path(application: Application, make_user: MakeUser) -> MadePath:
    teacher = await make_user(Role.INSTRUCTOR)
    return await Shelf(application.database).path(instructor_id=teacher.id)


async def turn(application: Application, owner: asyncpg.Connection, key: str, value: Any) -> None:
    await owner.execute(
        """INSERT INTO auth.feature_settings (key, value) VALUES ($1, $2::text::jsonb)
           ON CONFLICT (key) DO UPDATE SET value = excluded.value""", key, json.dumps(value),
    )  # fmt: skip
    assert application.edge.resources is not None
    application.edge.resources.features.forget()


async def cohort_of(owner: asyncpg.Connection, path: MadePath, name: str) -> UUID:
    made = await owner.fetchval(
        "INSERT INTO learning.cohorts (course_id, name, starts_at) VALUES ($1, $2, $3) RETURNING id",
        path.course_id, name, now() + timedelta(days=30),
    )  # fmt: skip
    assert isinstance(made, UUID)
    return made


async def test_a_path_has_cohorts_and_takes_codes(
    application: Application, make_user: MakeUser, owner: asyncpg.Connection, path: MadePath
) -> None:
    cohort = await cohort_of(owner, path, "Spring")
    await owner.execute(
        "INSERT INTO learning.enrollment_codes (course_id, code, cohort_id) VALUES ($1, 'PQRSTVWXYZ', $2)",
        path.course_id, cohort,
    )  # fmt: skip
    here = f"/languages/{path.slug}"
    chooser, holder = [Browser(application, (await make_user()).token) for _ in range(2)]
    page = await chooser.read(here)
    assert form_to(page, f"{here}/enroll").choices["cohort_id"] == [str(cohort), ""]
    wrong = await chooser.follow(await chooser.send(page, f"{here}/enroll", {"cohort_id": "nonsense"}))
    assert "Choose a cohort" in text_of(wrong)
    joined = text_of(await chooser.follow(await chooser.send(page, f"{here}/enroll", {"cohort_id": str(cohort)})))
    assert "You are enrolled" in joined
    assert "Spring" in joined
    entered = await holder.send(await holder.read(here), "/join", {"code": "pqrst-vwxyz"})
    assert entered.headers["location"] == here
    assert "Spring" in text_of(await holder.follow(entered))
    await owner.execute(
        "UPDATE learning.enrollments SET held_at = now(), status = 'PAUSED' WHERE cohort_id = $1", cohort
    )
    held = await chooser.read(here)
    assert "Your place is on hold" in text_of(held)
    assert f"{here}/enroll" not in [form.action for form in forms_of(held)]


async def test_where_nobody_joins_by_themselves_codes_are_asked_for(
    application: Application, make_user: MakeUser, owner: asyncpg.Connection, path: MadePath
) -> None:
    shelf = Shelf(application.database)
    course = await shelf.course(instructor_id=(await make_user(Role.INSTRUCTOR)).id, title="Loops for all")
    lesson = await shelf.material(await shelf.module(path))
    module = await shelf.module(course)
    part = await shelf.material(module)
    left, stranger = await make_user(), Browser(application, (await make_user()).token)
    await shelf.enroll(path, left.id)
    await owner.execute("UPDATE learning.enrollments SET status = 'DROPPED' WHERE user_id = $1", left.id)
    form_to(await stranger.read(f"/courses/{course.slug}"), f"/courses/{course.slug}/enroll")
    refused = await stranger.open(f"/materials/{part}")
    form_to(refused, f"/courses/{course.slug}/enroll")
    # The module of a course leads to its own page, whatever language the course is about.
    outline = await stranger.read(f"/modules/{module}")
    assert f'href="/courses/{course.slug}"' in outline.text

    await turn(application, owner, "self_enrollment", False)
    try:
        for here in (f"/courses/{course.slug}", f"/languages/{path.slug}"):
            page = await stranger.read(here)
            assert [form.action for form in forms_of(page) if form.action.endswith("/enroll")] == []
            assert "You get in with a code" in text_of(page)
            assert '<details class="code-entry" open>' in page.text
            form_to(page, "/join")
        for closed in (f"/materials/{lesson}", f"/materials/{part}"):
            shown = await stranger.open(closed)
            assert shown.status_code == 403
            assert [form.action for form in forms_of(shown) if form.action.endswith("/enroll")] == []
            assert "See the course" in text_of(shown)
        known = Browser(application, left.token)
        form_to(await known.read(f"/languages/{path.slug}"), f"/languages/{path.slug}/enroll")
    finally:
        await turn(application, owner, "self_enrollment", True)


async def test_where_reviews_are_off_none_can_be_written(
    application: Application, make_user: MakeUser, owner: asyncpg.Connection
) -> None:
    shelf = Shelf(application.database)
    course = await shelf.course(instructor_id=(await make_user(Role.INSTRUCTOR)).id)
    who = await make_user()
    await shelf.enroll(course, who.id)
    await owner.execute("UPDATE learning.enrollments SET completed_items = 1 WHERE user_id = $1", who.id)
    learner, here = Browser(application, who.token), f"/courses/{course.slug}/reviews"
    assert "Write a review" in text_of(await learner.read(f"/courses/{course.slug}"))
    await learner.follow(await learner.send(await learner.read(here), here, {"rating": "5"}))
    await turn(application, owner, "reviews", False)
    try:
        page = await learner.read(here)
        assert here not in [form.action for form in forms_of(page)]
        assert "Reviews are turned off" in text_of(page)
        assert "Write a review" not in text_of(await learner.read(f"/courses/{course.slug}"))
        await learner.follow(await learner.send(page, f"{here}/delete"))
        assert here not in [form.action for form in forms_of(await learner.read(here))]
    finally:
        await turn(application, owner, "reviews", True)
