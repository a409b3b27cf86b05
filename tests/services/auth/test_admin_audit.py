"""The audit trail: what is kept in it, how it is read, and how it leaves."""

import csv
import dataclasses
import importlib
import inspect
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from codezest import events
from codezest.events.learning import CourseStaffChanged, EnrollmentChanged
from codezest.events.ops import GivenUpEventSettled
from codezest.gateway.app import Application
from codezest.kit.clock import now
from codezest.kit.outbox import Event, publish
from codezest.kit.spreadsheets import csv_line
from codezest.services.auth.pages.admin.audit.details import detail_names
from codezest.services.auth.pages.admin.words import act_text, subjects
from codezest.services.auth.rules.audited import AUDITED
from codezest.services.auth.subscribers import subscriptions
from codezest.worker.relay import relay_batch
from codezest_db.enums import Role
from codezest_db.ids import uuid7
from fixtures.accounts import SignedIn
from services.auth.browser import logged_in
from services.auth.world import API, World, problem

AUDIT = f"{API}/admin/audit"
RECORDED_WHERE_IT_HAPPENS = {"auth.role_changed"}
"""Events whose act the service auth itself writes down in the transaction that does it."""


def _kinds() -> Iterator[type[Event]]:
    for name in ("auth", "learning", "ops"):
        module = importlib.import_module(f"{events.__name__}.{name}")
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, Event) and found.__module__ == module.__name__:
                yield found


def test_every_act_upon_others_is_kept() -> None:
    """An event that names who acted is kept in the trail, or was written down before it was published."""
    kept = {audited.event.topic for audited in AUDITED}
    for kind in _kinds():
        fields = {field.name for field in dataclasses.fields(kind)}
        if any(name == "actor_user_id" or name.endswith("_by") for name in fields):
            assert kind.topic in kept | RECORDED_WHERE_IT_HAPPENS, f"add {kind.__name__} to AUDITED"
    for audited in AUDITED:
        fields = {field.name for field in dataclasses.fields(audited.event)}
        assert {audited.actor, audited.subject, *([audited.by] if audited.by else [])} <= fields
        for action in (audited.action, *(name for _, name in audited.actions)):
            assert act_text(action) != action, f"give {action} words"
        assert audited.subject_type in subjects(), f"give {audited.subject_type} words"
        assert fields - {audited.actor, audited.subject, "event_id"} <= detail_names().keys(), audited.event.__name__


async def test_acts_of_other_services_are_kept_once(
    client: httpx.AsyncClient, world: World, admin: SignedIn, student: SignedIn
) -> None:
    course = uuid7()
    async with world.database.write("auth") as session:
        await publish(
            session,
            CourseStaffChanged(
                actor_user_id=admin.id, course_id=course, user_id=student.id, former_role=None, role="GRADER"
            ),
            EnrollmentChanged(
                user_id=student.id,
                course_id=course,
                enrollment_id=uuid7(),
                former_status="PENDING",
                status="ACTIVE",
                changed_by=admin.id,
            ),
            GivenUpEventSettled(actor_user_id=admin.id, outbox_id=uuid7(), about="x.y", act="DISCARDED"),
        )
    wanted = subscriptions(world.database)
    while await relay_batch(world.database, wanted):
        pass
    await world.owner.execute("UPDATE ops.outbox SET relayed_at = NULL")
    while await relay_batch(world.database, wanted):
        pass
    query = {"actor_user_id": str(admin.id)}
    entries = (await client.get(AUDIT, params=query, headers=admin.headers)).json()["items"]
    assert [(one["action"], one["subject_type"]) for one in entries] == [
        ("event.discarded", "event"),
        ("enrollment.changed", "user"),
        ("course.staff_changed", "course"),
    ]
    assert entries[2]["details"] == {"user_id": str(student.id), "role": "GRADER"}
    assert (entries[1]["subject_id"], entries[1]["details"]["status"]) == (str(student.id), "ACTIVE")


@pytest.fixture
async def trail(world: World, admin: SignedIn, student: SignedIn) -> list[UUID]:
    """Five entries of this test alone, the oldest first."""
    ids = [uuid7() for _ in range(5)]
    await world.owner.execute("DELETE FROM auth.audit_entries")
    for number, one in enumerate(ids):
        await world.owner.execute(
            """INSERT INTO auth.audit_entries (id, actor_user_id, action, subject_type, subject_id, ip_address, details)
               VALUES ($1, $2, $3, 'user', $4, '192.0.2.1', $5::text::jsonb)""",
            one, admin.id if number % 2 else None, "mail.requested" if number == 4 else "user.suspended", student.id,
            '{"reason": "=cmd()", "address": "keyed"}',
        )  # fmt: skip
    return ids


async def test_the_trail_is_read_by_pages_and_filters(
    client: httpx.AsyncClient, trail: list[UUID], admin: SignedIn, student: SignedIn
) -> None:
    async def found(**query: Any) -> list[str]:
        answer = await client.get(AUDIT, params=query, headers=admin.headers)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    names = [str(one) for one in trail]
    assert await found() == names[3::-1]
    assert await found(action="mail.requested") == names[4:]
    assert await found(actor_user_id=str(admin.id)) == [names[3], names[1]]
    assert await found(subject_id=str(student.id), action="user.suspended") == names[3::-1]
    assert await found(subject_type="course") == []
    assert await found(made_from=(now() + timedelta(hours=1)).isoformat()) == []
    assert await found(made_before=(now() + timedelta(hours=1)).isoformat()) == names[3::-1]
    first = (await client.get(AUDIT, params={"limit": 3}, headers=admin.headers)).json()
    assert await found(limit=3, cursor=first["next_cursor"]) == names[:1]
    assert first["items"][0]["details"] == {"reason": "=cmd()"}
    problem(await client.get(AUDIT, params={"cursor": "x"}, headers=admin.headers), 400, "bad-request")


async def test_the_file_is_whole_harmless_and_recorded(
    client: httpx.AsyncClient, trail: list[UUID], admin: SignedIn, world: World
) -> None:
    answer = await client.get(f"{AUDIT}/file", headers=admin.headers)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["cache-control"] == "private, no-store"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["id", "time", "action"]
    assert [row[0] for row in rows[2:]] == [str(one) for one in trail[3::-1]]
    assert rows[1][2] == "audit.downloaded"
    count = "SELECT count(*) FROM auth.audit_entries WHERE action = 'audit.downloaded' AND actor_user_id = $1"
    assert await world.owner.fetchval(count, admin.id) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_line([cell, -1, None, "a,b", Decimal("-1.5")])))
    assert row[0].startswith("'")
    assert row[1:] == ["-1", "", "a,b", "-1.5"]


async def test_the_page_says_it_in_words(
    application: Application, world: World, trail: list[UUID], student: SignedIn
) -> None:
    async with logged_in(application, world, await world.account(Role.ADMIN)) as browser:
        page = (await browser.open(f"/admin/audit?subject={student.email}&action=user.suspended")).text
        assert page.count("Suspended an account</th>") == len(trail) - 1
        assert "=cmd()" in page
        assert "keyed" not in page
        course = uuid7()
        await world.owner.execute(
            "INSERT INTO auth.audit_entries (id, action, subject_type, subject_id) VALUES ($1, 'course.archived', 'course', $2)",
            uuid7(), course,
        )  # fmt: skip
        page = (await browser.open("/admin/audit?subject_type=course")).text
        assert f'<a href="/teach/courses/{course}">Course</a> <code>{course}</code>' in page
        assert '<option value="course" selected>' in page
        for nothing in ("actor=nobody@codezest.example", "since=2999-01-01", "subject=nonsense"):
            assert "No act fits all of this" in (await browser.open(f"/admin/audit?{nothing}")).text
        assert (await browser.open("/admin/audit?since=nonsense&cursor=x")).status_code == 303
        assert (await browser.open("/admin/audit?format=csv")).headers["content-type"].startswith("text/csv")
