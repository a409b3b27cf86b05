"""Viewing, completing, and how far that brings one."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.actions.record_progress import record_progress
from codezest.services.learning.jobs import refresh_progress
from codezest.services.learning.schemas.items import MaterialDetail
from codezest.services.learning.schemas.progress import EnrollmentList, MaterialProgress, MyProgress
from codezest_db.enums import EnrollmentStatus, MaterialType, PublicationStatus, Role
from factories.learning import MadePath, Shelf

from .conftest import People, Person, number, problem


async def _events(owner: asyncpg.Connection, topic: str, user_id: UUID) -> int:
    return await number(
        owner,
        "SELECT count(*) FROM ops.outbox WHERE topic = $1 AND payload->>'user_id' = $2",
        f"learning.{topic}",
        str(user_id),
    )


async def test_a_material_shows_itself_and_its_neighbours(shelf: Shelf, path: MadePath, person: People) -> None:
    module = await shelf.module(path)
    before = await shelf.assignment(module, position=1)
    material = await shelf.material(
        module, position=2, type=MaterialType.VIDEO, video_key="clips/one.webm", title="A video", content=None
    )
    after = await shelf.quiz(module, position=3)
    learner = await person(enrolled=path)
    shown = MaterialDetail.model_validate_json((await learner.get(f"/materials/{material}")).content)
    assert (shown.video_url, shown.runnable, shown.status) == ("/media/clips/one.webm", False, "NOT_STARTED")
    assert shown.previous is not None
    assert shown.next is not None
    assert (shown.previous.id, shown.next.id, shown.module.id) == (before, after.id, module)
    assert shown.language is not None
    assert shown.language.slug == path.slug


async def test_only_programs_are_runnable(shelf: Shelf, path: MadePath, person: People) -> None:
    module = await shelf.module(path)
    learner = await person(enrolled=path)
    for kind, runnable in (
        (MaterialType.CODE_EXAMPLE, True),
        (MaterialType.INTERACTIVE, True),
        (MaterialType.ARTICLE, False),
    ):
        material = await shelf.material(module, type=kind, code="print(1)")
        assert (await learner.get(f"/materials/{material}")).json()["runnable"] is runnable


async def test_views_are_counted_and_begin_the_module(shelf: Shelf, path: MadePath, person: People) -> None:
    module = await shelf.module(path)
    material = await shelf.material(module)
    learner = await person(enrolled=path)
    first = MaterialProgress.model_validate_json((await learner.post(f"/materials/{material}/view")).content)
    second = MaterialProgress.model_validate_json((await learner.post(f"/materials/{material}/view")).content)
    assert (first.view_count, first.status, first.completed) == (1, "IN_PROGRESS", False)
    assert (second.view_count, second.module.id, second.module.status) == (2, module, "IN_PROGRESS")
    enrolled = EnrollmentList.model_validate_json((await learner.get("/me/enrollments")).content)
    assert enrolled.items[0].enrollment.last_module_id == module


async def test_a_hundred_parallel_views_count_a_hundred(shelf: Shelf, path: MadePath, person: People) -> None:
    module = await shelf.module(path)
    material = await shelf.material(module)
    learner = await person(enrolled=path)
    answers = await asyncio.gather(*(learner.post(f"/materials/{material}/view") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await learner.get(f"/materials/{material}")).json()["view_count"] == 100


async def test_reading_and_viewing_are_one_statement_each(
    shelf: Shelf, path: MadePath, module: UUID, learner: Person, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    material, assignment, quiz = await shelf.material(module), await shelf.assignment(module), await shelf.quiz(module)
    for _ in range(3):
        await shelf.material(await shelf.module(path, prerequisites=[module]))
        await shelf.quiz(module)
        await learner.post(f"/assignments/{assignment}/submissions", {"code": "AC"})
    attempt = (await learner.post(f"/quizzes/{quiz.id}/attempts")).json()["id"]
    monkeypatch.delattr(Database, "write")
    for request in (
        learner.post(f"/materials/{material}/view"),
        learner.get(f"/languages/{path.slug}/modules"),
        learner.get("/languages"),
        learner.get(f"/languages/{path.slug}"),
        learner.get(f"/modules/{module}"),
        learner.get(f"/materials/{material}"),
        learner.get(f"/assignments/{assignment}"),
        learner.get(f"/assignments/{assignment}/submissions"),
        learner.get(f"/quizzes/{quiz.id}"),
        learner.get(f"/attempts/{attempt}"),
        learner.get("/me/progress"),
        learner.get("/me/enrollments"),
    ):
        statements.clear()
        assert (await request).status_code == 200
        assert len(statements) == 1


async def test_completing_is_idempotent_and_counts(
    shelf: Shelf, path: MadePath, person: People, owner: asyncpg.Connection
) -> None:
    module = await shelf.module(path)
    materials = [await shelf.material(module) for _ in range(3)]
    await shelf.material(module, status=PublicationStatus.DRAFT)
    learner = await person(enrolled=path)
    percents: list[int] = []
    for material in materials:
        for _ in range(2):
            answer = MaterialProgress.model_validate_json(
                (await learner.post(f"/materials/{material}/complete")).content
            )
            percents.append(answer.module.percent)
            assert answer.completed
    assert percents == [33, 33, 66, 66, 100, 100]
    viewed = await learner.post(f"/materials/{materials[0]}/view")
    assert viewed.json()["status"] == "COMPLETED", "looking again takes nothing back"
    assert await _events(owner, "material_completed", learner.id) == 3
    assert await _events(owner, "module_completed", learner.id) == 1
    assert await _events(owner, "course_completed", learner.id) == 1
    enrolled = (await learner.get("/me/enrollments")).json()["items"][0]["enrollment"]
    assert (enrolled["status"], enrolled["progress_percent"], enrolled["completed_items"]) == ("COMPLETED", 100, 3)
    assert enrolled["completed_at"] is not None


async def test_twenty_parallel_completions_lose_nothing(
    shelf: Shelf, path: MadePath, person: People, owner: asyncpg.Connection
) -> None:
    module, other = await shelf.module(path), await shelf.module(path)
    materials = [await shelf.material(module) for _ in range(16)] + [await shelf.material(other) for _ in range(4)]
    learner = await person(enrolled=path)
    requests = [learner.post(f"/materials/{material}/complete") for material in materials]
    requests += [learner.post(f"/materials/{material}/view") for material in materials]
    answers = await asyncio.gather(*requests)
    assert {answer.status_code for answer in answers} == {200}
    mine = MyProgress.model_validate_json((await learner.get("/me/progress")).content).items[0]
    assert [standing.percent for standing in mine.modules] == [100, 100]
    assert (mine.enrollment.progress_percent, mine.enrollment.completed_items) == (100, 20)
    assert await _events(owner, "module_completed", learner.id) == 2
    assert await _events(owner, "course_completed", learner.id) == 1


async def test_the_same_material_completed_in_parallel_counts_once(
    shelf: Shelf, path: MadePath, person: People, owner: asyncpg.Connection
) -> None:
    module = await shelf.module(path)
    material = await shelf.material(module)
    await shelf.material(module)
    learner = await person(enrolled=path)
    await asyncio.gather(*(learner.post(f"/materials/{material}/complete") for _ in range(20)))
    assert await _events(owner, "material_completed", learner.id) == 1
    assert (await learner.get("/me/progress")).json()["items"][0]["modules"][0]["percent"] == 50


async def test_my_progress_goes_down_to_the_items(shelf: Shelf, path: MadePath, person: People, nobody: Person) -> None:
    module = await shelf.module(path)
    material = await shelf.material(module, position=1)
    quiz = await shelf.quiz(module, position=2)
    left = await shelf.path()
    learner = await person(enrolled=path)
    await shelf.enroll(left, learner.id, EnrollmentStatus.DROPPED)
    await learner.post(f"/materials/{material}/complete")
    mine = MyProgress.model_validate_json((await learner.get("/me/progress")).content)
    assert [course.course_id for course in mine.items] == [path.course_id]
    assert [(item.id, item.status) for item in mine.items[0].modules[0].items] == [
        (material, "COMPLETED"),
        (quiz.id, "NOT_STARTED"),
    ]
    took = EnrollmentList.model_validate_json((await learner.get("/me/enrollments")).content)
    assert {course.course_id for course in took.items} == {path.course_id, left.course_id}
    assert problem(await nobody.get("/me/progress")) == (401, "unauthenticated")
    assert problem(await nobody.get("/me/enrollments")) == (401, "unauthenticated")


@pytest.mark.parametrize("action", ["", "/view", "/complete", "/run"])
async def test_materials_that_are_closed_to_the_caller(
    shelf: Shelf, path: MadePath, person: People, nobody: Person, owner: asyncpg.Connection, action: str
) -> None:
    async def ask(who: Person, material: UUID) -> tuple[int, str]:
        url = f"/materials/{material}{action}"
        if not action:
            return problem(await who.get(url))
        return problem(await who.post(url, {"code": "print(1)"} if action == "/run" else None))

    module = await shelf.module(path)
    code = {"type": MaterialType.CODE_EXAMPLE, "code": "print(1)"}
    material = await shelf.material(module, **code)
    draft = await shelf.material(module, status=PublicationStatus.DRAFT, **code)
    draft_module = await shelf.module(path, status=PublicationStatus.DRAFT)
    in_draft = await shelf.material(draft_module, **code)
    locked = await shelf.material(await shelf.module(path, prerequisites=[module]), **code)
    archived = await shelf.path(status=PublicationStatus.ARCHIVED)
    gone = await shelf.material(await shelf.module(archived), **code)
    inactive = await shelf.path(is_active=False)
    switched_off = await shelf.material(await shelf.module(inactive), **code)
    deleted = await shelf.material(module, **code)
    await owner.execute("UPDATE learning.materials SET deleted_at = now() WHERE id = $1", deleted)

    learner = await person(enrolled=path)
    await shelf.enroll(archived, learner.id)
    await shelf.enroll(inactive, learner.id)
    stranger = await person()
    paused = await person()
    await shelf.enroll(path, paused.id, EnrollmentStatus.PAUSED)
    foreign_teacher = await person(Role.INSTRUCTOR)

    assert await ask(nobody, material) == (401, "unauthenticated")
    for outside in (stranger, paused, foreign_teacher):
        assert await ask(outside, material) == (403, "not-enrolled")
    assert await ask(learner, locked) == (403, "module-locked")
    for missing in (draft, in_draft, deleted, uuid4()):
        assert await ask(learner, missing) == (404, "not-found")
    for closed in (gone, switched_off):
        assert await ask(learner, closed) == (410, "content-archived")
    assert await owner.fetchval("SELECT count(*) FROM learning.material_progress WHERE material_id = ANY($1)",
                                [material, locked, draft, in_draft, deleted, gone, switched_off]) == 0  # fmt: skip


async def test_a_lock_names_what_to_complete_and_opens(shelf: Shelf, path: MadePath, person: People) -> None:
    first = await shelf.module(path, title="Begin here")
    material = await shelf.material(first)
    second = await shelf.material(await shelf.module(path, prerequisites=[first]))
    learner = await person(enrolled=path)
    refused = await learner.get(f"/materials/{second}")
    assert problem(refused) == (403, "module-locked")
    assert refused.json()["prerequisites"] == ["Begin here"]
    await learner.post(f"/materials/{material}/complete")
    assert (await learner.get(f"/materials/{second}")).status_code == 200


async def test_staff_need_no_enrollment_and_see_drafts(shelf: Shelf, person: People) -> None:
    teacher, admin = await person(Role.INSTRUCTOR), await person(Role.ADMIN)
    path = await shelf.path(instructor_id=teacher.id, status=PublicationStatus.DRAFT)
    first = await shelf.module(path, status=PublicationStatus.DRAFT)
    await shelf.material(first)
    second = await shelf.module(path, prerequisites=[first])
    material = await shelf.material(second, status=PublicationStatus.DRAFT)
    for staff in (teacher, admin):
        assert (await staff.get(f"/materials/{material}")).json()["can_author"] is True
        assert (await staff.post(f"/materials/{material}/view")).json()["view_count"] == 1
        assert (await staff.post(f"/materials/{material}/complete")).json()["completed"] is True


async def test_refreshing_follows_changed_content(
    shelf: Shelf, path: MadePath, person: People, database: Database, owner: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("codezest.services.learning.actions.refresh_progress.BATCH", 2)
    module = await shelf.module(path)
    material, extra = await shelf.material(module), await shelf.material(module)
    learners = [await person(enrolled=path) for _ in range(5)]
    for learner in learners:
        await learner.post(f"/materials/{material}/complete")
    await owner.execute("UPDATE learning.materials SET deleted_at = now() WHERE id = $1", extra)
    for _ in range(2):
        await refresh_progress(database, path.course_id)
    for learner in learners:
        mine = (await learner.get("/me/progress")).json()["items"][0]
        assert (mine["enrollment"]["status"], mine["modules"][0]["percent"]) == ("COMPLETED", 100)
        assert await _events(owner, "module_completed", learner.id) == 1
        assert await _events(owner, "course_completed", learner.id) == 1

    await shelf.material(module)
    await refresh_progress(database, path.course_id)
    mine = (await learners[0].get("/me/progress")).json()["items"][0]
    assert (mine["enrollment"]["status"], mine["enrollment"]["progress_percent"]) == ("ACTIVE", 50)
    assert (mine["modules"][0]["status"], mine["enrollment"]["completed_at"]) == ("IN_PROGRESS", None)


async def test_a_dropped_enrollment_stays_dropped_when_recounted(
    shelf: Shelf, path: MadePath, person: People, database: Database
) -> None:
    module = await shelf.module(path)
    material, learner = await shelf.material(module), await person(enrolled=path)
    await learner.post(f"/materials/{material}/complete")
    await learner.delete(f"/languages/{path.slug}/enroll")
    async with database.write("learning") as session:
        await record_progress(session, learner.id, course_id=path.course_id, module_id=module)
    enrolled = (await learner.get("/me/enrollments")).json()["items"][0]["enrollment"]
    assert (enrolled["status"], enrolled["progress_percent"]) == ("DROPPED", 100)
    back = await learner.post(f"/languages/{path.slug}/enroll")
    assert back.json()["status"] == "COMPLETED"


async def test_a_course_that_became_a_draft_again_is_its_authors_alone(
    shelf: Shelf, person: People, admin: Person, teacher: Person
) -> None:
    path = await shelf.path(instructor_id=teacher.id)
    await shelf.material(await shelf.module(path, title="Known"))
    learner = await person(enrolled=path)
    await shelf.enroll(path, teacher.id)
    assert (await admin.patch(f"/languages/{path.slug}", {"status": "DRAFT"})).status_code == 200
    await shelf.material(await shelf.module(path, title="Not for learners yet"))
    assert (await learner.get("/me/progress")).json() == {"items": []}
    assert "Not for learners yet" in (await teacher.get("/me/progress")).text
    assert (await admin.patch(f"/languages/{path.slug}", {"status": "PUBLISHED"})).status_code == 200
    assert len((await learner.get("/me/progress")).json()["items"]) == 1
