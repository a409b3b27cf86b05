"""Lists of addresses: read whatever a spreadsheet writes, looked at first, applied as one set, and honoured later."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.events.auth import EmailVerified
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest.kit.errors import ValidationFailed
from codezest.kit.mail import Mail
from codezest.kit.settings import Settings
from codezest.services.learning import inviting
from codezest.services.learning.actions.enrolling.read_list import MOST_BYTES, MOST_LINES, decoded, lines_of
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser

from .conftest import People, Person, number, problem


@pytest.fixture
async def course(shelf: Shelf, teacher: Person) -> MadePath:
    """A course of the test's own, taught by `teacher`."""
    return await shelf.course(instructor_id=teacher.id)


class Post:
    """Takes letters in, or fails to."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.broken = False

    async def send(self, mail: Mail) -> None:
        if self.broken:
            raise OSError("no way out")
        self.sent.append(mail)


@pytest.fixture
async def post(owner: asyncpg.Connection) -> AsyncIterator[Post]:
    yield Post()
    await owner.execute("DELETE FROM learning.enrollment_invitations")


async def _list(who: Person, course: MadePath, text: str, **fields: Any) -> dict[str, Any]:
    answer = await who.post(f"/courses/{course.course_id}/learners/list", {"text": text, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbfE-mail;Cohort\r\na@b.example;Spring\r\n", [(2, "a@b.example", "Spring")]),
        ("cohort,email\nPrimavera,ñ@b.example\n".encode("cp1252"), [(2, "ñ@b.example", "Primavera")]),
        ("a@b.example\tX\n\n  \nb@b.example\n".encode("utf-16"), [(1, "a@b.example", "X"), (4, "b@b.example", None)]),
        (b'"a@b.example","Spring, ""late"""\n', [(1, "a@b.example", 'Spring, "late"')]),
    ],
    ids=["mark and semicolons", "windows and headings", "utf-16 and tabs", "quotes"],
)
def test_what_spreadsheets_write_is_read(content: bytes, expected: list[tuple[int, str, str | None]]) -> None:
    assert [(line.number, line.email, line.cohort) for line in lines_of(decoded(content))] == expected


def test_wrong_lines_are_named_and_no_other_suffers() -> None:
    text = "a@b.example\nnobody\n=cmd|'/c calc'!A0@x.example\nA@B.example\n<script>@x.example\nb@b.example"
    found = lines_of(text)
    assert [line.number for line in found if line.problem] == [2, 3, 4, 5]
    assert "1" in str(found[3].problem)


@pytest.mark.parametrize(
    "text",
    ["", " \n\n", "email\n", '"a@b.example\n', "\n".join(f"p{place}@b.example" for place in range(MOST_LINES + 1))],
    ids=["nothing", "blank", "only headings", "open quote", "too many"],
)
def test_lists_that_cannot_be_read_say_why(text: str) -> None:
    with pytest.raises(ValidationFailed):
        lines_of(text)


@pytest.mark.parametrize("content", [b"\x00\x01\x02" * 9, b"x" * (MOST_BYTES + 1)], ids=["binary", "too large"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationFailed):
        decoded(content)


async def test_first_looked_at_then_applied_as_one_set(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, person: People, make_user: MakeUser, post: Post
) -> None:
    new, unverified = await make_user(), await make_user(verified=False)
    already, gone = await make_user(), await make_user()
    for status, who in (("ACTIVE", already), ("DROPPED", gone)):
        await owner.execute(
            "INSERT INTO learning.enrollments (user_id, course_id, status) VALUES ($1, $2, $3)",
            who.id, course.course_id, status,
        )  # fmt: skip
    cohort = {"name": "Spring", "starts_at": now().isoformat(), "capacity": 2}
    await teacher.post(f"/courses/{course.course_id}/cohorts", cohort)
    text = "\n".join(
        ["email,cohort", new.email.upper(), f"{unverified.email},spring", already.email, f"{gone.email},Spring",
         "nobody@codezest.example,Winter", "wrong"]
    )  # fmt: skip
    seen = await _list(teacher, course, text)
    outcomes = ["enrol", "invite", "nothing", "return", "wrong", "wrong"]
    assert [line["outcome"] for line in seen["lines"]] == outcomes
    rows = "SELECT count(*) FROM learning.enrollments WHERE course_id = $1 AND status = 'ACTIVE'"
    assert await number(owner, rows, course.course_id) == 1
    done = await _list(teacher, course, text, apply=True)
    assert ([line["outcome"] for line in done["lines"]], done["counts"]["enrol"]) == (outcomes, 1)
    assert await number(owner, rows, course.course_id) == 3
    again = await _list(teacher, course, text, apply=True)
    assert [line["outcome"] for line in again["lines"]] == ["nothing", "invite", "nothing", "nothing", "wrong", "wrong"]
    # Those whose addresses the teacher brought are known by them; the table is safe to open.
    await owner.execute("UPDATE auth.users SET first_name = '=1+1' WHERE id = $1", new.id)
    exported = await teacher.get(f"/courses/{course.course_id}/learners.csv")
    table = list(csv.reader(io.StringIO(exported.text.removeprefix("\ufeff"))))
    assert {row[1].lower() for row in table[1:]} == {new.email, already.email, gone.email}
    assert "'=1+1 Person" in {row[0] for row in table}


async def test_a_set_that_does_not_fit_changes_nothing(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, make_user: MakeUser, post: Post
) -> None:
    cohort = {"name": "Small", "starts_at": now().isoformat(), "capacity": 1}
    await teacher.post(f"/courses/{course.course_id}/cohorts", cohort)
    text = "\n".join([f"{(await make_user()).email},Small", f"{(await make_user()).email},Small"])
    refused = await teacher.post(f"/courses/{course.course_id}/learners/list", {"text": text, "apply": True})
    assert problem(refused) == (409, "cohort-closed")
    assert await number(owner, "SELECT count(*) FROM learning.enrollments WHERE course_id = $1", course.course_id) == 0
    assert await number(owner, "SELECT count(*) FROM learning.enrollment_invitations") == 0


async def test_prerequisites_are_waived_only_when_asked(
    shelf: Shelf, course: MadePath, teacher: Person, make_user: MakeUser, post: Post
) -> None:
    before = await shelf.course(instructor_id=teacher.id, title="What comes before")
    await teacher.patch(f"/courses/{course.course_id}/enrolling", {"prerequisite_ids": [str(before.course_id)]})
    learner = await make_user()
    kept_out = await _list(teacher, course, learner.email, apply=True)
    assert kept_out["lines"][0]["outcome"] == "missing"
    assert "What comes before" in kept_out["lines"][0]["problem"]
    waived = await _list(teacher, course, learner.email, apply=True, waive_prerequisites=True)
    assert waived["lines"][0]["outcome"] == "enrol"


async def test_an_invited_address_gets_one_letter_and_its_place(
    owner: asyncpg.Connection,
    database: Database,
    settings: Settings,
    course: MadePath,
    teacher: Person,
    make_user: MakeUser,
    post: Post,
) -> None:
    cohort = {"name": "Spring", "starts_at": (now() + timedelta(days=3)).isoformat()}
    made = await teacher.post(f"/courses/{course.course_id}/cohorts", cohort)
    newcomer = await make_user(verified=False)
    await _list(teacher, course, f"{newcomer.email.upper()},Spring", apply=True)
    post.broken = True
    with pytest.raises(OSError, match="no way out"):
        await inviting.send_invitations(database, settings, post)
    post.broken = False
    for _again in range(2):
        await inviting.send_invitations(database, settings, post)
    assert [mail.to.lower() for mail in post.sent] == [newcomer.email]
    assert "/register" in post.sent[0].text

    async def honour() -> None:
        (job,) = [job for job in inviting.jobs(database, settings, post) if job.name == inviting.HONOUR_INVITATIONS]
        await job.handler({"user_id": str(newcomer.id)})

    await honour()
    enrolled = "SELECT count(*) FROM learning.enrollments WHERE user_id = $1"
    assert await number(owner, enrolled, newcomer.id) == 0
    await owner.execute("UPDATE auth.users SET email_verified_at = now() WHERE id = $1", newcomer.id)
    (look,) = [one for one in inviting.subscriptions(database) if one.topic == EmailVerified.topic]
    await look.handler({"user_id": str(newcomer.id)})
    for _again in range(2):
        await honour()
    row = await owner.fetchrow("SELECT status, cohort_id FROM learning.enrollments WHERE user_id = $1", newcomer.id)
    assert row is not None
    assert (row["status"], str(row["cohort_id"])) == ("ACTIVE", made.json()["id"])


async def test_an_invitation_can_be_withdrawn(
    owner: asyncpg.Connection, course: MadePath, teacher: Person, post: Post
) -> None:
    await _list(teacher, course, "nobody@codezest.example", apply=True)
    (waiting,) = (await teacher.get(f"/courses/{course.course_id}/invitations")).json()["items"]
    assert (await teacher.delete(f"/invitations/{waiting['id']}")).status_code == 204
    left = "SELECT count(*) FROM learning.enrollment_invitations WHERE id = $1"
    assert await number(owner, left, UUID(waiting["id"])) == 0
