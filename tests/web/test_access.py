"""Who gets which page: everybody's status for every address."""

from urllib.parse import quote

import pytest

from codezest.kit.database import Database
from codezest_db.enums import PublicationStatus, Role
from factories.learning import Shelf
from fixtures.accounts import MakeUser, SignedIn

from .browser import Browser, form_to, text_of
from .conftest import Course, Learner, MakeCourse, Open

OUTLINES = ("/languages", "/languages/{slug}", "/modules/{module}", "/modules/{locked_module}")
ITEMS = ("/materials/{article}", "/assignments/{exercise}", "/quizzes/{quiz}")
OWN = ("/dashboard",)
POSTS = (
    "/materials/{article}/complete",
    "/materials/{example}/run",
    "/assignments/{exercise}/run",
    "/assignments/{exercise}/submit",
    "/quizzes/{quiz}/attempts",
)


def address(template: str, course: Course) -> str:
    return template.format(
        slug=course.path.slug,
        module=course.module,
        locked_module=course.locked_module,
        article=course.article,
        example=course.example,
        exercise=course.exercise,
        quiz=course.quiz.id,
    )


async def _post(browser: Browser, path: str, **fields: str) -> int:
    """Post with a proper form token, as a page that was opened earlier would."""
    page = await browser.read("/languages")
    token = next(value for name, value in form_to(page, "/preferences/theme").fields if name == "csrf_token")
    return (await browser.client.post(path, data={"csrf_token": token, "code": "AC AC"} | fields)).status_code


@pytest.mark.parametrize("template", OUTLINES)
async def test_outlines_are_open_to_everybody(
    template: str, course: Course, nobody: Browser, student: SignedIn, visit: Open
) -> None:
    await nobody.read(address(template, course))
    await visit(student).read(address(template, course))


@pytest.mark.parametrize("template", [*ITEMS, *OWN, "/modules/{module}/continue"])
async def test_strangers_are_led_to_the_login_and_back(template: str, course: Course, nobody: Browser) -> None:
    path = address(template, course)
    answer = await nobody.open(f"{path}?from=mail")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={quote(path + '?from=mail', safe='')}"


@pytest.mark.parametrize("template", POSTS)
async def test_a_strangers_form_leads_to_the_login_and_back_to_its_page(
    template: str, course: Course, nobody: Browser
) -> None:
    path = address(template, course)
    page = await nobody.read("/languages")
    token = next(value for name, value in form_to(page, "/preferences/theme").fields if name == "csrf_token")
    answer = await nobody.client.post(path, data={"csrf_token": token})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={quote(path.rpartition('/')[0], safe='')}"


@pytest.mark.parametrize("name", ["code", "answer-1"])
async def test_work_sent_after_the_session_has_ended_is_kept(
    name: str, course: Course, nobody: Browser, student: SignedIn, visit: Open
) -> None:
    work = "</textarea><script>alert(1)</script>\n\tprint('é')"
    action = f"/assignments/{course.exercise}/submit" if name == "code" else f"/quizzes/{course.quiz.id}/attempts"
    page = await nobody.read("/languages")
    token = next(value for field, value in form_to(page, "/preferences/theme").fields if field == "csrf_token")
    answer = await nobody.client.post(action, data={"csrf_token": token, name: work})
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text
    again = form_to(answer, action)
    assert (name, work) in again.fields
    assert [field for field, _ in again.fields] == ["csrf_token", name]
    assert f"/login?next={quote(action.rpartition('/')[0], safe='')}" in answer.text


@pytest.mark.parametrize("template", ITEMS)
async def test_who_is_not_enrolled_is_shown_the_way_in(
    template: str, course: Course, student: SignedIn, visit: Open
) -> None:
    page = await visit(student).open(address(template, course))
    assert page.status_code == 403
    assert "Enrol first" in text_of(page)
    form_to(page, f"/languages/{course.path.slug}/enroll")


@pytest.mark.parametrize("template", POSTS)
async def test_who_is_not_enrolled_cannot_send_anything(
    template: str, course: Course, student: SignedIn, visit: Open
) -> None:
    assert await _post(visit(student), address(template, course)) == 403


@pytest.mark.parametrize("template", POSTS)
async def test_learners_can_send_everything(template: str, learner: Learner) -> None:
    assert await _post(learner.browser, address(template, learner.course)) == 303


async def test_a_locked_module_says_what_opens_it(learner: Learner) -> None:
    course = learner.course
    outline = await learner.browser.read(f"/modules/{course.locked_module}")
    assert f"/materials/{course.locked_material}" not in outline.text
    assert f'href="/modules/{course.module}"' in outline.text
    page = await learner.browser.open(f"/materials/{course.locked_material}")
    assert page.status_code == 403
    assert "First module" in text_of(page)
    assert f'href="/languages/{course.path.slug}"' in page.text


async def test_work_belongs_to_its_learner(learner: Learner, other_student: SignedIn, visit: Open) -> None:
    browser, other = learner.browser, visit(other_student)
    exercise, quiz = f"/assignments/{learner.course.exercise}", f"/quizzes/{learner.course.quiz.id}"
    submission = (await browser.send(await browser.read(exercise), f"{exercise}/submit", {"code": "AC AC"})).headers[
        "location"
    ]
    attempt = (await browser.send(await browser.read(quiz), f"{quiz}/attempts")).headers["location"]
    for path in (submission, f"{submission}/panel", attempt):
        assert (await browser.open(path)).status_code == 200
        assert (await other.open(path)).status_code == 404
    assert (await other.open(f"{attempt}/result")).status_code == 404
    assert await _post(other, f"{attempt}/submit") == 404


async def test_who_teaches_a_course_sees_it_without_being_enrolled(
    make_user: MakeUser, database: Database, visit: Open
) -> None:
    teacher, foreign = await make_user(Role.INSTRUCTOR), await make_user(Role.INSTRUCTOR)
    shelf = Shelf(database)
    module = await shelf.module(await shelf.path(instructor_id=teacher.id))
    material = await shelf.material(module)
    assert (await visit(teacher).open(f"/materials/{material}")).status_code == 200
    assert (await visit(foreign).open(f"/materials/{material}")).status_code == 403


@pytest.mark.parametrize(
    "template",
    [
        "/languages/none",
        "/modules/{id}",
        "/materials/{id}",
        "/assignments/{id}",
        "/submissions/{id}",
        "/submissions/{id}/panel",
        "/quizzes/{id}",
        "/attempts/{id}",
        "/attempts/{id}/result",
    ],
)
@pytest.mark.parametrize("wrong", ["01a1fb80-0000-7000-8000-000000000000", "nonsense", "%F0%9F%8D%8A", "..%2f..%2fetc"])
async def test_what_does_not_exist_is_a_page_that_says_so(
    template: str, wrong: str, student: SignedIn, visit: Open
) -> None:
    page = await visit(student).open(template.replace("{id}", wrong).replace("none", f"none{wrong[:3]}"))
    assert page.status_code == 404
    assert "There is nothing here" in text_of(page)


async def test_drafts_are_not_there(make_course: MakeCourse, database: Database, learner: Learner) -> None:
    shelf = Shelf(database)
    draft = await shelf.material(learner.course.module, title="A draft", status=PublicationStatus.DRAFT)
    assert (await learner.browser.open(f"/materials/{draft}")).status_code == 404
    assert "A draft" not in (await learner.browser.read(f"/modules/{learner.course.module}")).text


async def test_what_was_archived_is_gone_and_the_dashboard_keeps_it(
    make_user: MakeUser, database: Database, visit: Open
) -> None:
    user, shelf = await make_user(Role.STUDENT), Shelf(database)
    path = await shelf.path(status=PublicationStatus.ARCHIVED)
    module = await shelf.module(path, title="Archived module")
    material = await shelf.material(module)
    await shelf.enroll(path, user.id)
    browser = visit(user)
    for gone in (f"/languages/{path.slug}", f"/modules/{module}", f"/materials/{material}"):
        page = await browser.open(gone)
        assert page.status_code == 410
        assert "No longer offered" in text_of(page)
    dashboard = await browser.read("/dashboard")
    assert "Archived module" in text_of(dashboard)
    assert f"/modules/{module}" not in dashboard.text


async def test_the_start_page_is_for_strangers(nobody: Browser, student: SignedIn, visit: Open) -> None:
    page = await nobody.read("/")
    assert 'href="/languages' in page.text
    answer = await visit(student).open("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard")
