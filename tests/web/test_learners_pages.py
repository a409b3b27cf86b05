"""The pages around enrolling: for learners, and in the studio for those who teach."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from codezest.gateway.app import Application
from codezest.kit.clock import now
from codezest.kit.database import Database
from codezest_db.enums import Role
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser, SignedIn

from .browser import Browser, text_of, token_of


@pytest.fixture(scope="module")
async def teacher(make_user: MakeUser, owner: asyncpg.Connection) -> SignedIn:
    made = await make_user(Role.INSTRUCTOR)
    await owner.execute("UPDATE auth.users SET timezone = 'Europe/Madrid' WHERE id = $1", made.id)
    return made


@pytest.fixture
async def course(database: Database, teacher: SignedIn) -> MadePath:
    return await Shelf(database).course(instructor_id=teacher.id, title="Loops for all")


def _browser(application: Application, who: SignedIn | None = None) -> Browser:
    return Browser(application, who.token if who else None)


async def test_cohorts_and_dates_are_set_and_shown(
    application: Application, database: Database, course: MadePath, teacher: SignedIn, make_user: MakeUser
) -> None:
    module = await Shelf(database).module(course, title="First steps")
    browser, base = _browser(application, teacher), f"/teach/courses/{course.course_id}"
    page = await browser.read(f"{base}/cohorts")
    refused = await browser.send(page, f"{base}/cohorts", {"name": "Spring", "starts_at": "soon", "capacity": "many"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    assert 'value="Spring"' in refused.text
    day = (now() + timedelta(days=40)).strftime("%Y-%m-%d")
    saved = await browser.send(page, f"{base}/cohorts", {"name": "Spring", "starts_at": f"{day}T09:00"})
    assert "Spring" in text_of(await browser.follow(saved))
    found = await browser.read(f"{base}/cohorts")
    cohort = found.text.split("?cohort=")[1][:36]
    assert f'value="{day}T09:00"' in (await browser.read(f"{base}/cohorts?edit={cohort}")).text

    schedule = await browser.read(f"{base}/schedule")
    at, days = f"opens-at-{module}", f"opens-after-{module}"
    wrong = await browser.send(schedule, f"{base}/schedule", {at: f"{day}T10:00", days: "-1"})
    assert wrong.status_code == 422
    assert f'value="{day}T10:00"' in wrong.text
    await browser.follow(await browser.send(schedule, f"{base}/schedule", {at: f"{day}T10:00", days: "2"}))

    learner = _browser(application, await make_user())
    shown = await learner.read(f"/courses/{course.slug}")
    joined = await learner.send(shown, f"/courses/{course.slug}/enroll", {"cohort_id": cohort})
    assert "Opens on" in text_of(await learner.follow(joined))
    assert "Not open yet" in text_of(await learner.read(f"/modules/{module}"))


async def test_a_code_opens_a_closed_course(
    application: Application, course: MadePath, teacher: SignedIn, make_user: MakeUser
) -> None:
    browser, base = _browser(application, teacher), f"/teach/courses/{course.course_id}/codes"
    page = await browser.read(base)
    await browser.follow(
        await browser.client.post(f"{base}/rules", data={"csrf_token": token_of(page), "policy": "INVITED"})
    )
    made = await browser.follow(await browser.send(page, base, {"max_uses": "1", "note": "For Ada"}))
    code = made.text.split("/join/")[1][:10]
    somebody = await make_user()
    learner = _browser(application, somebody)
    shown = await learner.read(f"/courses/{course.slug}")
    assert f'action="/courses/{course.slug}/enroll"' not in shown.text
    unknown = await learner.send(shown, "/join", {"code": "no such code"})
    assert unknown.status_code == 404
    assert 'value="no such code"' in unknown.text
    offered = await learner.read(f"/join/{code.lower()}")
    assert "Loops for all" in text_of(offered)
    assert "You are in" in text_of(await learner.follow(await learner.send(offered, "/join")))
    stranger = await _browser(application).open(f"/join/{code}")
    assert stranger.headers["location"] == f"/login?next=%2Fjoin%2F{code}"


async def test_a_list_is_looked_at_then_applied(
    application: Application, course: MadePath, teacher: SignedIn, make_user: MakeUser, owner: asyncpg.Connection
) -> None:
    known, browser = await make_user(), _browser(application, teacher)
    base = f"/teach/courses/{course.course_id}/enrol"
    page = await browser.read(base)
    text = f"{known.email}\nsomebody-new@codezest.example\nnonsense"
    token = token_of(page)
    seen = await browser.client.post(base, data={"csrf_token": token, "text": text}, files={"file": ("", b"")})
    words = text_of(seen)
    assert seen.status_code == 200
    for expected in ("Will be enrolled", "gets a letter", "This is no e-mail address.", "Apply to 2 learners"):
        assert expected in words
    assert await owner.fetchval("SELECT count(*) FROM learning.enrollments WHERE user_id = $1", known.id) == 0
    again = {"csrf_token": token, "text": "x@y.example"}
    uploaded = await browser.client.post(base, data=again, files={"file": ("list.csv", known.email.encode("utf-16"))})
    assert "Apply to 1 learner" in text_of(uploaded)
    form = {"csrf_token": token, "text": text, "apply": "yes"}
    done = await browser.follow(await browser.client.post(base, data=form))
    assert "1 learner is enrolled. 1 letter is on its way." in text_of(done)
    invited = await browser.read(base)
    left = await browser.follow(await browser.send(invited, f"{base}/withdraw"))
    assert "somebody-new" not in text_of(left)


async def test_dropping_is_undone_on_the_next_page(
    application: Application,
    database: Database,
    course: MadePath,
    teacher: SignedIn,
    make_user: MakeUser,
    owner: asyncpg.Connection,
) -> None:
    learner, browser = await make_user(), _browser(application, teacher)
    enrollment = await Shelf(database).enroll(course, learner.id)
    base = f"/teach/courses/{course.course_id}/learners"
    status = "SELECT status FROM learning.enrollments WHERE id = $1"
    page = await browser.read(f"{base}?status=ACTIVE")
    nobody = await browser.client.post(base, data={"csrf_token": token_of(page), "change": "DROP"})
    assert nobody.status_code == 422
    ticked = {"csrf_token": token_of(page), "change": "DROP", "enrollment": str(enrollment), "status": "ACTIVE"}
    after = await browser.follow(await browser.client.post(base, data=ticked))
    assert await owner.fetchval(status, enrollment) == "DROPPED"
    assert "was removed from the course" in text_of(after)
    undo = {"csrf_token": token_of(after), "change": "RESTORE", "enrollment": str(enrollment)}
    await browser.follow(await browser.client.post(base, data=undo))
    assert await owner.fetchval(status, enrollment) == "ACTIVE"
    for query in (
        "?cohort=none&progress=none&q=test",
        "?status=nonsense&cohort=x&progress=y",
        f"?dropped={UUID(int=1)},x",
    ):
        await browser.read(f"{base}{query}")
    table = await browser.open(f"{base}.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="learners.csv"'
    assert (await _browser(application, learner).open(base)).status_code == 404


async def test_reviews_are_written_answered_and_hidden(
    application: Application,
    database: Database,
    course: MadePath,
    teacher: SignedIn,
    make_user: MakeUser,
    owner: asyncpg.Connection,
) -> None:
    learner = await make_user()
    await Shelf(database).enroll(course, learner.id)
    await owner.execute("UPDATE learning.enrollments SET completed_items = 1 WHERE user_id = $1", learner.id)
    browser, here = _browser(application, learner), f"/courses/{course.slug}/reviews"
    page = await browser.read(here)
    refused = await browser.send(page, here, {"text": "Kept words"})
    assert refused.status_code == 422
    assert "Kept words" in refused.text
    page = await browser.follow(await browser.send(page, here, {"rating": "4", "text": "<b>Good</b>"}))
    assert "&lt;b&gt;Good&lt;/b&gt;" in page.text
    staff, inbox = _browser(application, teacher), f"/teach/courses/{course.course_id}/reviews"
    found = await staff.read(inbox)
    review = found.text.split('id="review-')[1][:36]
    await staff.follow(await staff.send(found, f"{inbox}/{review}", {"reply": "Thank you."}))
    assert "Thank you." in text_of(await _browser(application).read(f"/courses/{course.slug}"))
    shown = await staff.read(f"{here}?rating=4")
    await staff.follow(await staff.send(shown, f"{here}/{review}/report", {"reason": "Bold"}))
    admin = _browser(application, await make_user(Role.ADMIN))
    shown = await admin.read(here)
    assert "1 report" in text_of(shown)
    await admin.follow(await admin.send(shown, f"{here}/{review}/visibility"))
    assert "Good" not in text_of(await _browser(application).read(here))
    own = await browser.read(here)
    assert "hidden it" in text_of(own)
    await browser.follow(await browser.send(own, f"{here}/delete"))
    assert await owner.fetchval("SELECT count(*) FROM learning.course_reviews WHERE id = $1", UUID(review)) == 0


async def test_what_is_missing_is_named_with_the_way_there(
    application: Application, database: Database, course: MadePath, teacher: SignedIn, make_user: MakeUser
) -> None:
    before = await Shelf(database).course(instructor_id=teacher.id, title="What comes before")
    browser, base = _browser(application, teacher), f"/teach/courses/{course.course_id}/codes"
    page = await browser.read(base)
    form = {"csrf_token": token_of(page), "policy": "OPEN", "another": str(before.course_id)}
    await browser.follow(await browser.client.post(f"{base}/rules", data=form))
    learner = _browser(application, await make_user())
    shown = await learner.read(f"/courses/{course.slug}")
    assert f'<a href="/courses/{before.slug}">What comes before</a>' in shown.text
    assert f'action="/courses/{course.slug}/enroll"' not in shown.text
    told = await learner.client.post(f"/courses/{course.slug}/enroll", data={"csrf_token": token_of(shown)})
    assert "Complete first: What comes before" in text_of(await learner.follow(told))
