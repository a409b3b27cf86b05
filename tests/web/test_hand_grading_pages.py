"""Grading by hand without scripts: a learner writes, two graders work, the learner asks again."""

import re
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest_db.enums import AssignmentKind, Role, StaffRole
from codezest_db.models.learning import Course as CourseRow
from codezest_db.models.learning import CourseStaff
from factories.learning import Shelf
from fixtures.accounts import MakeUser, SignedIn, client_for

from .browser import Browser, text_of
from .conftest import Learner, Open


@pytest.fixture
async def teacher(make_user: MakeUser, learner: Learner, database: Database) -> SignedIn:
    user = await make_user(Role.INSTRUCTOR)
    async with database.write("learning") as session:
        row = await session.get_one(CourseRow, learner.course.path.course_id)
        row.instructor_user_id = user.id
    return user


@pytest.fixture
async def essay(learner: Learner, database: Database) -> UUID:
    return await Shelf(database).assignment(
        learner.course.module, kind=AssignmentKind.TEXT, language=None, tests=[], title="Essay", max_score=50,
        instructions="Write *well*.", position=9,
    )  # fmt: skip


async def hand_in(browser: Browser, essay: UUID, text: str) -> str:
    page = await browser.read(f"/assignments/{essay}")
    token = next(value for name, value in form_fields(page.text) if name == "csrf_token")
    once = next(value for name, value in form_fields(page.text) if name == "once")
    sent = await browser.client.post(
        f"/assignments/{essay}/hand-in",
        files={
            "csrf_token": (None, token), "revision": (None, "0"), "once": (None, once), "text": (None, text),
            "do": (None, "send"),
        },
    )  # fmt: skip
    assert sent.status_code == 303, text_of(sent)
    return str(sent.headers["location"]).rpartition("/")[2]


def form_fields(html: str) -> list[tuple[str, str]]:
    """The hidden fields of a page, as browsers send them with whatever button is pressed."""
    return re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', html)


async def test_work_goes_from_the_desk_to_a_grade_and_back(
    learner: Learner, teacher: SignedIn, essay: UUID, visit: Open, database: Database, make_user: MakeUser
) -> None:
    course = learner.course.path.course_id
    grader, staff = await make_user(Role.STUDENT), visit(teacher)
    async with database.write("learning") as session:
        session.add(CourseStaff(course_id=course, user_id=grader.id, role=StaffRole.GRADER))
    desk = await learner.browser.read(f"/assignments/{essay}")
    assert "Write well" in text_of(desk)
    submission = await hand_in(learner.browser, essay, "First <script>line</script>\nsecond line")
    waiting = await learner.browser.read(f"/submissions/{submission}")
    assert "A person will grade it" in text_of(waiting)
    assert "<script>line" not in waiting.text

    new = await staff.read(f"/teach/courses/{course}/rubrics/new")
    fields = {
        "title": "Essays", "c-0-title": "Argument", "l-0-0-title": "Clear", "l-0-0-points": "4", "l-0-1-title": "Vague",
        "l-0-1-points": "1", "do": "save",
    }  # fmt: skip
    url = f"/teach/courses/{course}/rubrics/new"
    refused = await staff.send(new, url, {k: v for k, v in fields.items() if k not in {"l-0-0-points", "do"}} | {})
    assert refused.status_code == 200  # without a button that saves, the form only changes
    token = dict(form_fields(new.text))["csrf_token"]
    bad = await staff.client.post(url, data=fields | {"csrf_token": token, "l-0-0-points": "many"})
    assert bad.status_code == 422
    assert 'value="Vague"' in bad.text
    assert (await staff.client.post(url, data=fields | {"csrf_token": token})).status_code == 303
    rubric = (
        (await staff.read(f"/teach/courses/{course}/rubrics")).text.partition("/teach/rubrics/")[2].partition('"')[0]
    )
    settings = f"/teach/courses/{course}/grading/settings"
    page = await staff.read(settings)
    changed = await staff.send(page, f"/teach/assignments/{essay}/grading", {"rubric_id": rubric})
    assert changed.status_code == 303
    scale = {"kind": "LETTERS", "grades": "A: 90\nB: 0", "regrade_days": "14"}
    wrong = await staff.client.post(settings, data=scale | {"csrf_token": token, "grades": "A 90"})
    assert wrong.status_code == 422
    assert "A 90" in wrong.text
    assert (await staff.client.post(settings, data=scale | {"csrf_token": token})).status_code == 303

    queue = await staff.read(f"/teach/courses/{course}/grading")
    assert "Essay" in text_of(queue)
    opened = await staff.follow(await staff.send(queue, f"/teach/courses/{course}/grading/next"))
    other = visit(grader)
    elsewhere = await other.read(f"/teach/submissions/{submission}")
    assert "Being graded by" in text_of(elsewhere)
    assert 'name="marks"' not in elsewhere.text
    level = opened.text.partition('data-points="4"')[0].rpartition('value="')[2].partition('"')[0]
    name = opened.text.partition(f'value="{level}"')[0].rpartition('name="')[2].partition('"')[0]
    remark = {"first-0": "1", "last-0": "2", "text-0": "<b>Why?</b>", "marks": "44", name: level}
    again = await _press(staff, opened, f"/teach/submissions/{submission}/remarks", remark | {"remark": "0"})
    assert again.status_code == 200
    assert "&lt;b&gt;Why?&lt;/b&gt;" in again.text
    assert 'value="44"' in again.text
    assert f'value="{level}" data-points="4" checked' in again.text
    over = await _press(
        staff, again, f"/teach/submissions/{submission}/grade", {"marks": "51", "feedback": "Fair enough."}
    )
    assert over.status_code == 422
    assert "At most 50 marks" in text_of(over)
    assert "Fair enough." in over.text
    done = await _press(
        staff,
        over,
        f"/teach/submissions/{submission}/grade",
        {"marks": "", name: level, "feedback": "Fair enough.", "do": "next"},
    )
    assert done.headers["location"] == f"/teach/courses/{course}/grading"

    graded = await learner.browser.read(f"/submissions/{submission}")
    said = text_of(graded)
    assert [words for words in ("50 of 50", "Fair enough.", "<b>Why?</b>", "Clear") if words not in said] == []
    asked = await learner.browser.send(
        graded, f"/submissions/{submission}/regrade-request", {"reason": "Please look at line 2."}
    )
    assert asked.status_code == 303
    replied = await learner.browser.send(graded, f"/submissions/{submission}/remarks", {"text": "Because."})
    assert replied.status_code == 303
    requests = await other.read(f"/teach/courses/{course}/grading?status=requests")
    assert "Please look at line 2." in text_of(requests)
    work = await other.read(f"/teach/submissions/{submission}")
    assert "Because." in text_of(work)
    request = work.text.partition("/requests/")[2].partition("/")[0]
    declined = await _press(
        other, work, f"/teach/submissions/{submission}/requests/{request}/decline", {"reply": "I looked."}
    )
    assert declined.status_code == 303
    assert "I looked." in text_of(await learner.browser.read(f"/submissions/{submission}"))


async def _press(browser: Browser, page: httpx.Response, url: str, values: dict[str, str]) -> httpx.Response:
    fields = dict(form_fields(page.text))
    return await browser.client.post(url, data=fields | values)


async def test_a_short_answer_is_marked_on_a_page(
    learner: Learner, teacher: SignedIn, visit: Open, application: Application
) -> None:
    course, module = learner.course.path.course_id, learner.course.module
    async with client_for(application, headers=teacher.headers) as api:
        quiz = (await api.post(f"/api/v1/modules/{module}/quizzes", json={"title": "Words"})).json()["id"]
        question = {"type": "SHORT_ANSWER", "text": "What is a loop?", "points": 2, "answer_key": {"accepted": ["x"]}}
        asked = (await api.post(f"/api/v1/quizzes/{quiz}/questions", json=question)).json()["id"]
        assert (await api.patch(f"/api/v1/quizzes/{quiz}", json={"status": "PUBLISHED"})).status_code == 200
    async with client_for(application, headers=learner.user.headers) as api:
        attempt = (await api.post(f"/api/v1/quizzes/{quiz}/attempts")).json()["id"]
        given = [{"question_id": asked, "entries": {"text": "Doing it <b>again</b>"}}]
        assert (await api.post(f"/api/v1/attempts/{attempt}/submit", json={"answers": given})).status_code == 200
    staff = visit(teacher)
    queue = await staff.read(f"/teach/courses/{course}/grading?status=answers")
    assert f"/teach/attempts/{attempt}" in queue.text
    page = await staff.read(f"/teach/attempts/{attempt}")
    assert "Doing it <b>again</b>" in text_of(page)
    url = f"/teach/attempts/{attempt}/answers/{asked}"
    refused = await staff.send(page, url, {"points": "3", "comment": "Nearly."})
    assert (refused.status_code, "Nearly." in refused.text) == (422, True)
    assert (await staff.send(page, url, {"points": "1.5", "comment": "Nearly."})).status_code == 303
    assert "Nothing" not in text_of(await staff.read(f"/teach/attempts/{attempt}"))
    assert (
        f"/teach/attempts/{attempt}" not in (await staff.read(f"/teach/courses/{course}/grading?status=answers")).text
    )
    assert (await learner.browser.open(f"/teach/attempts/{attempt}")).status_code == 404


async def test_two_tabs_and_files_lose_nothing(
    learner: Learner, teacher: SignedIn, essay: UUID, visit: Open, database: Database
) -> None:
    browser, here = learner.browser, f"/assignments/{essay}/hand-in"
    page = await browser.read(f"/assignments/{essay}")
    fields = dict(form_fields(page.text))

    async def send(text: str, do: str, **more: str) -> httpx.Response:
        return await browser.client.post(here, data=fields | {"text": text, "do": do} | more)

    assert (await send("One tab.", "save")).status_code == 303
    conflict = await send("Another tab.", "save")
    assert (conflict.status_code, "Another tab." in conflict.text) == (409, True)
    kept = await send("Another tab.", "save", revision=dict(form_fields(conflict.text))["revision"])
    assert kept.status_code == 303
    assert "Another tab." in (await browser.read(f"/assignments/{essay}")).text
    saved = await send("Kept by a script.", "", autosave="1", revision="2")
    assert (saved.status_code, saved.json()["revision"]) == (200, "3")
    assert (await send(" ", "send", revision="3")).status_code == 422

    project = await Shelf(database).assignment(
        learner.course.module, kind=AssignmentKind.FILE, language=None, tests=[], title="Project", position=10
    )
    desk = f"/assignments/{project}"
    token = {"csrf_token": (None, fields["csrf_token"])}

    async def upload(name: str, content: bytes) -> httpx.Response:
        files = token | {"do": (None, "add"), "text": (None, "A note."), "file": (name, content)}
        return await browser.client.post(f"{desk}/hand-in", files=files)

    refused = await upload("virus.exe", b"\x00\x01")
    assert (refused.status_code, "A note." in refused.text) == (422, True)
    assert (await upload("report.md", b"# Report\n")).status_code == 303
    shown = await browser.read(desk)
    assert "report.md" in shown.text
    assert "A note." in shown.text
    handed = await browser.client.post(f"{desk}/hand-in", data=dict(form_fields(shown.text)) | {"do": "send"})
    submission = await browser.follow(handed)
    assert "report.md" in submission.text
    staff = visit(teacher)
    seen = await staff.read(f"/teach/{submission.url.path.strip('/')}")
    assert f"{submission.url.path}/files/0" in seen.text


async def test_the_queue_leads_on_and_back_and_a_claim_ends(
    learner: Learner, teacher: SignedIn, essay: UUID, visit: Open, application: Application, make_user: MakeUser,
    database: Database, owner: asyncpg.Connection,
) -> None:  # fmt: skip
    course = learner.course.path
    classmate, grader = await make_user(), await make_user()
    await Shelf(database).enroll(course, classmate.id)
    async with database.write("learning") as session:
        session.add(CourseStaff(course_id=course.course_id, user_id=grader.id, role=StaffRole.GRADER))
    work: list[str] = []
    for who in (learner.user, classmate):
        async with client_for(application, headers=who.headers) as api:
            sent = await api.post(f"/api/v1/assignments/{essay}/answers", json={"text": "Words."})
            work.append(sent.json()["id"])
    staff, other = visit(teacher), visit(grader)
    queue = await staff.read(f"/teach/courses/{course.course_id}/grading")
    first = await staff.follow(await staff.send(queue, f"/teach/courses/{course.course_id}/grading/next"))
    assert first.url.path == f"/teach/submissions/{work[0]}"
    assert re.search(r'rel="(prev|next)"', first.text) is None
    saved = await _press(staff, first, f"/teach/submissions/{work[0]}/grade", {"marks": "40", "do": "next"})
    assert saved.headers["location"] == f"/teach/submissions/{work[1]}"
    second = await staff.read(f"/teach/submissions/{work[1]}")
    assert 'name="marks"' in second.text
    assert re.findall(r'rel="(prev|next)" href="([^"]+)" data-key="(.)"', second.text) == [
        ("prev", f"/teach/submissions/{work[0]}", "k")
    ]
    back = await staff.read(f"/teach/submissions/{work[0]}")
    assert re.findall(r'rel="(prev|next)" href="([^"]+)" data-key="(.)"', back.text) == [
        ("next", f"/teach/submissions/{work[1]}", "j")
    ]

    assert "Being graded by" in text_of(await other.read(f"/teach/submissions/{work[1]}"))
    await owner.execute("UPDATE learning.grading_claims SET expires_at = now() WHERE submission_id = $1", UUID(work[1]))
    assert 'name="marks"' not in (await staff.read(f"/teach/submissions/{work[1]}")).text
    waiting = await other.read(f"/teach/courses/{course.course_id}/grading")
    taken = await other.send(waiting, f"/teach/courses/{course.course_id}/grading/next")
    assert taken.headers["location"] == f"/teach/submissions/{work[1]}"
    typed = {"marks": "30", "feedback": "Much of this <is> right.", "do": "next"}
    late = await _press(staff, second, f"/teach/submissions/{work[1]}/grade", typed)
    assert late.status_code == 409
    assert [words for words in ("Marks: 30", "Much of this <is> right.") if words not in text_of(late)] == []
