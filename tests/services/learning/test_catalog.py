"""Languages, modules and enrolling, over HTTP."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from codezest.services.learning.schemas.catalog import (
    Enrollment,
    LanguageDetail,
    LanguageList,
    LanguageModules,
    ModuleDetail,
)
from codezest_db.enums import EnrollmentStatus, PublicationStatus, Role
from factories.learning import Shelf

from .conftest import People, Person, number, problem


async def test_languages_list_what_is_on_offer_with_the_callers_standing(
    shelf: Shelf, person: People, nobody: Person
) -> None:
    path = await shelf.path()
    hidden = [
        await shelf.path(status=PublicationStatus.DRAFT),
        await shelf.path(status=PublicationStatus.ARCHIVED),
        await shelf.path(is_active=False),
    ]
    module = await shelf.module(path)
    await shelf.material(module)
    await shelf.quiz(module)
    await shelf.assignment(module, status=PublicationStatus.DRAFT)
    await shelf.module(path, status=PublicationStatus.DRAFT)
    learner = await person(enrolled=path)

    response = await learner.get("/languages")
    assert response.status_code == 200
    found = {language.slug: language for language in LanguageList.model_validate_json(response.content).items}
    assert not found.keys() & {gone.slug for gone in hidden}
    mine = found[path.slug]
    assert (mine.module_count, mine.item_count, mine.enrolled, mine.progress_percent) == (1, 2, True, 0)

    stranger = LanguageList.model_validate_json((await nobody.get("/languages")).content)
    assert not any(language.enrolled for language in stranger.items)


async def test_a_language_shows_its_path_and_who_may_author_it(shelf: Shelf, person: People, nobody: Person) -> None:
    teacher = await person(Role.INSTRUCTOR)
    path = await shelf.path(instructor_id=teacher.id)
    seen = LanguageDetail.model_validate_json((await nobody.get(f"/languages/{path.slug}")).content)
    assert seen.instructor is not None
    assert (seen.instructor.id, seen.can_author, seen.enrollment) == (teacher.id, False, None)
    own = LanguageDetail.model_validate_json((await teacher.get(f"/languages/{path.slug}")).content)
    assert own.can_author


@pytest.mark.parametrize("rest", ["", "/modules"])
async def test_languages_that_are_not_offered(shelf: Shelf, person: People, rest: str) -> None:
    teacher = await person(Role.INSTRUCTOR)
    admin, learner = await person(Role.ADMIN), await person()
    draft = await shelf.path(status=PublicationStatus.DRAFT, instructor_id=teacher.id)
    archived = await shelf.path(status=PublicationStatus.ARCHIVED)
    inactive = await shelf.path(is_active=False)
    assert problem(await learner.get(f"/languages/{draft.slug}{rest}")) == (404, "not-found")
    assert problem(await learner.get(f"/languages/nothing-{uuid4().hex}{rest}")) == (404, "not-found")
    assert problem(await learner.get(f"/languages/{archived.slug}{rest}")) == (410, "content-archived")
    assert problem(await learner.get(f"/languages/{inactive.slug}{rest}")) == (410, "content-archived")
    for staff in (teacher, admin):
        assert (await staff.get(f"/languages/{draft.slug}{rest}")).status_code == 200


async def test_modules_come_in_order_with_progress_and_locks(shelf: Shelf, person: People, nobody: Person) -> None:
    path = await shelf.path()
    last = await shelf.module(path, position=3, title="Last")
    first = await shelf.module(path, position=1, title="First")
    empty = await shelf.module(path, position=4, title="Empty")
    locked = await shelf.module(path, position=2, title="Locked", prerequisites=[first, empty])
    material = await shelf.material(first)
    await shelf.material(first)
    learner = await person(enrolled=path)
    await learner.post(f"/materials/{material}/complete")

    response = await learner.get(f"/languages/{path.slug}/modules")
    assert response.headers["content-type"] == "application/json"
    body = LanguageModules.model_validate_json(response.content)
    assert [module.id for module in body.items] == [first, locked, last, empty]
    one, two, *_ = body.items
    assert (one.status, one.percent, one.completed_items, one.total_items) == ("IN_PROGRESS", 50, 1, 2)
    assert two.locked
    assert [module.id for module in two.locked_by] == [first], "a module without items locks nothing"
    assert body.enrollment is not None
    assert body.enrollment.progress_percent == 50
    stranger = LanguageModules.model_validate_json((await nobody.get(f"/languages/{path.slug}/modules")).content)
    assert [module.locked for module in stranger.items] == [False, True, False, False]


async def test_enrolling_twice_leaving_and_coming_back(shelf: Shelf, person: People, owner: asyncpg.Connection) -> None:
    path = await shelf.path()
    module = await shelf.module(path)
    material = await shelf.material(module)
    await shelf.material(module)
    learner = await person()

    async def count() -> int:
        return await number(owner, "SELECT enrollment_count FROM learning.courses WHERE id = $1", path.course_id)

    async def announced() -> int:
        return await number(
            owner,
            """SELECT count(*) FROM ops.outbox WHERE topic = 'learning.enrolled_in_course'
               AND payload->>'course_id' = $1""",
            str(path.course_id),
        )

    first = await learner.post(f"/languages/{path.slug}/enroll")
    assert first.status_code == 201
    enrollment = Enrollment.model_validate_json(first.content)
    again = await learner.post(f"/languages/{path.slug}/enroll")
    assert (again.status_code, Enrollment.model_validate_json(again.content)) == (200, enrollment)
    assert (await count(), await announced()) == (1, 1)

    await learner.post(f"/materials/{material}/complete")
    assert (await learner.delete(f"/languages/{path.slug}/enroll")).status_code == 204
    assert (await learner.delete(f"/languages/{path.slug}/enroll")).status_code == 204
    assert await count() == 0
    assert problem(await learner.get(f"/materials/{material}")) == (403, "not-enrolled")

    back = await learner.post(f"/languages/{path.slug}/enroll")
    assert back.status_code == 200
    assert (back.json()["status"], back.json()["progress_percent"]) == ("ACTIVE", 50)
    assert (await count(), await announced()) == (1, 2)


async def test_a_paused_enrollment_goes_on(shelf: Shelf, person: People, owner: asyncpg.Connection) -> None:
    path = await shelf.path()
    learner = await person()
    await shelf.enroll(path, learner.id, EnrollmentStatus.PAUSED)
    response = await learner.post(f"/languages/{path.slug}/enroll")
    assert (response.status_code, response.json()["status"]) == (200, "ACTIVE")
    assert await owner.fetchval("SELECT enrollment_count FROM learning.courses WHERE id = $1", path.course_id) == 1


async def test_parallel_enrolling_makes_one_enrollment(shelf: Shelf, person: People, owner: asyncpg.Connection) -> None:
    path = await shelf.path()
    learner = await person()
    answers = await asyncio.gather(*(learner.post(f"/languages/{path.slug}/enroll") for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 9 + [201]
    assert await owner.fetchval("SELECT enrollment_count FROM learning.courses WHERE id = $1", path.course_id) == 1
    assert await owner.fetchval("SELECT count(*) FROM learning.enrollments WHERE course_id = $1", path.course_id) == 1


async def test_enrolling_is_refused_where_nothing_is_offered(shelf: Shelf, person: People, nobody: Person) -> None:
    learner = await person()
    for method in (Person.post, Person.delete):
        draft = await shelf.path(status=PublicationStatus.DRAFT)
        archived = await shelf.path(status=PublicationStatus.ARCHIVED)
        assert problem(await method(learner, f"/languages/{draft.slug}/enroll")) == (404, "not-found")
        assert problem(await method(learner, f"/languages/{archived.slug}/enroll")) == (410, "content-archived")
        assert problem(await method(nobody, f"/languages/{archived.slug}/enroll")) == (401, "unauthenticated")
    offered = await shelf.path()
    assert problem(await learner.delete(f"/languages/{offered.slug}/enroll")) == (403, "not-enrolled")


async def test_a_module_lists_its_items_in_one_order_and_by_kind(shelf: Shelf, person: People, nobody: Person) -> None:
    path = await shelf.path()
    module = await shelf.module(path)
    quiz = await shelf.quiz(module, position=1)
    assignment = await shelf.assignment(module, position=3)
    material = await shelf.material(module, position=2)
    await shelf.material(module, position=0, status=PublicationStatus.DRAFT)
    learner = await person(enrolled=path)
    await learner.post(f"/materials/{material}/complete")

    body = ModuleDetail.model_validate_json((await learner.get(f"/modules/{module}")).content)
    assert [(item.kind, item.id) for item in body.items] == [
        ("QUIZ", quiz.id),
        ("MATERIAL", material),
        ("ASSIGNMENT", assignment),
    ]
    assert [item.status for item in body.items] == ["NOT_STARTED", "COMPLETED", "NOT_STARTED"]
    assert [item.id for item in (*body.materials, *body.assignments, *body.quizzes)] == [material, assignment, quiz.id]
    assert (body.total_items, body.completed_items, body.percent) == (3, 1, 33)
    assert body.quizzes[0].question_count == 1

    stranger = ModuleDetail.model_validate_json((await nobody.get(f"/modules/{module}")).content)
    assert [item.status for item in stranger.items] == ["NOT_STARTED"] * 3


async def test_modules_that_are_not_shown(shelf: Shelf, person: People) -> None:
    learner = await person()
    path, archived = await shelf.path(), await shelf.path(status=PublicationStatus.ARCHIVED)
    draft = await shelf.module(path, status=PublicationStatus.DRAFT)
    gone = await shelf.module(archived)
    assert problem(await learner.get(f"/modules/{draft}")) == (404, "not-found")
    assert problem(await learner.get(f"/modules/{uuid4()}")) == (404, "not-found")
    assert problem(await learner.get(f"/modules/{gone}")) == (410, "content-archived")
    assert problem(await learner.get("/modules/not-an-id")) == (422, "validation-failed")
    empty = await shelf.module(path)
    body = ModuleDetail.model_validate_json((await learner.get(f"/modules/{empty}")).content)
    assert (body.items, body.percent, body.total_items) == ([], 0, 0)
