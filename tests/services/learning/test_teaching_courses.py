"""Courses from the studio's side, through the API: begun, changed, published, copied, taught by several."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from codezest_db.enums import PublicationStatus, QuestionType, Role
from factories.learning import AskedQuestion, MadePath, Shelf

from .conftest import People, Person, number, problem

Body = dict[str, Any]
Begin = Callable[..., Awaitable[Body]]


def title() -> str:
    return f"Course {uuid4().hex[:8]}"


@pytest.fixture
def begin(teacher: Person) -> Begin:
    """Begins a course of the teacher's, and returns it."""

    async def make(who: Person = teacher, **fields: Any) -> Body:
        answer = await who.post("/teach/courses", {"title": title(), **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.fixture
def fill(shelf: Shelf) -> Callable[[Body], Awaitable[MadePath]]:
    """Gives a course a published module with an article, an exercise and a quiz."""

    async def make(course: Body) -> MadePath:
        place = MadePath(course["slug"], UUID(int=0), UUID(course["id"]))
        first = await shelf.module(place, title="First", slug="first")
        second = await shelf.module(place, title="Second", slug="second", position=1, prerequisites=[first])
        quiz = await shelf.quiz(first, [AskedQuestion(), AskedQuestion(type=QuestionType.MULTIPLE_CHOICE, right=2)])
        await shelf.material(first, title="Article", position=0)
        await shelf.material(second, title="To the quiz", type="QUIZ", content=None, quiz_id=quiz.id)
        await shelf.assignment(first, title="Exercise", solution_code="print(3)", position=1)
        return place

    return make


async def test_a_course_gets_an_address_of_its_own_and_keeps_what_was_said(teacher: Person, begin: Begin) -> None:
    name = f"Über große Bäume {uuid4().hex[:6]}"
    first = await begin(title=name, price_minor=4900, currency="EUR", tags=["trees"], category="Data")
    again = await begin(title=name)
    assert first["slug"].startswith("uber-gro-e-baume") or first["slug"].startswith("uber-groe-baume")
    assert again["slug"] == f"{first['slug']}-2"
    assert (first["status"], first["role"], first["kind"], first["price_minor"]) == ("DRAFT", "OWNER", "COURSE", 4900)
    assert [lack["key"] for lack in first["readiness"] if not lack["met"]] == ["description", "content"]
    taken = await teacher.post("/teach/courses", {"title": "Other", "slug": first["slug"]})
    assert problem(taken) == (409, "slug-taken")
    for refused in (
        {"title": " "},
        {"title": "x", "currency": "euro"},
        {"title": "x", "price_minor": -1},
        {"title": "漢字"},
    ):
        assert problem(await teacher.post("/teach/courses", refused)) == (422, "validation-failed")
    nowhere = await teacher.post("/teach/courses", {"title": title(), "language_slug": "no-such-language"})
    assert nowhere.json()["errors"][0]["location"] == ["body", "language_slug"]


async def test_a_stale_change_is_refused_and_says_what_is_newest(teacher: Person, begin: Begin) -> None:
    course = await begin()
    path = f"/teach/courses/{course['id']}"
    seen = course["revision"]
    changed = await teacher.patch(path, {"subtitle": "One", "revision": seen})
    assert changed.status_code == 200
    late = await teacher.patch(path, {"subtitle": "Two", "revision": seen})
    assert problem(late) == (409, "content-changed-elsewhere")
    newest = late.json()["revision"]
    assert newest == changed.json()["revision"] != seen
    assert (await teacher.get(path)).json()["subtitle"] == "One"
    assert (await teacher.patch(path, {"subtitle": "Two", "revision": newest})).json()["subtitle"] == "Two"
    # What learners do is no change of the settings.
    assert (await teacher.patch(path, {})).json()["revision"] != newest


async def test_publishing_asks_for_everything_at_once(
    teacher: Person, begin: Begin, shelf: Shelf, person: People, owner: asyncpg.Connection
) -> None:
    course = await begin()
    path = f"/teach/courses/{course['id']}"
    refused = await teacher.put(f"{path}/status", {"status": "PUBLISHED"})
    assert problem(refused) == (422, "not-ready")
    assert len(refused.json()["missing"]) == 3

    place = MadePath(course["slug"], UUID(int=0), UUID(course["id"]))
    module = await shelf.module(place)
    quiz = await shelf.quiz(module, [AskedQuestion(right=0, wrong=2)])
    await shelf.assignment(module, tests=[], position=1)
    empty = await shelf.module(place, title="Nothing in it", position=1)
    await teacher.patch(path, {"description": "About trees.", "category": "Data"})
    lacks = {(lack["kind"], lack["key"]) for lack in (await teacher.get(path)).json()["readiness"] if not lack["met"]}
    assert lacks == {("QUIZ", "answers"), ("ASSIGNMENT", "tests-solution"), ("MODULE", "items")}

    for table in ("quizzes", "assignments"):
        await owner.execute(f"UPDATE learning.{table} SET status = 'DRAFT' WHERE module_id = $1", module)  # noqa: S608
    await teacher.patch(f"/modules/{empty}", {"status": "DRAFT"})
    await shelf.material(module)
    published = await teacher.put(f"{path}/status", {"status": "PUBLISHED"})
    assert published.status_code == 200, published.text
    assert published.json()["published_at"] is not None
    assert await number(
        owner, "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.course_published' AND payload->>'course_id' = $1",
        course["id"],
    ) == 1  # fmt: skip
    assert (await teacher.put(f"{path}/status", {"status": "DRAFT"})).json()["status"] == "DRAFT"
    await teacher.put(f"{path}/status", {"status": "PUBLISHED"})
    await person(enrolled=place)
    assert problem(await teacher.put(f"{path}/status", {"status": "DRAFT"})) == (409, "course-has-learners")
    assert problem(await teacher.delete(path)) == (409, "course-has-learners")
    assert (await teacher.put(f"{path}/status", {"status": "ARCHIVED"})).json()["status"] == "ARCHIVED"
    assert (await teacher.put(f"{path}/status", {"status": "PUBLISHED"})).json()["status"] == "PUBLISHED"
    assert quiz.id


async def test_a_copy_holds_everything_and_nobody(
    teacher: Person,
    begin: Begin,
    fill: Callable[[Body], Awaitable[MadePath]],
    person: People,
    owner: asyncpg.Connection,
) -> None:
    course = await begin(description="Text", category="Data", price_minor=100, currency="EUR", tags=["a"])
    place = await fill(course)
    await person(enrolled=place)
    upload, rubric = uuid4(), uuid4()
    await owner.execute(
        """INSERT INTO learning.uploads (id, course_id, kind, name, media_type, size_bytes, sha256)
           VALUES ($1, $2, 'ATTACHMENT', 'data.csv', 'text/csv', 3, $3)""",
        upload, UUID(course["id"]), b"x" * 32,
    )  # fmt: skip
    await owner.execute(
        "INSERT INTO learning.rubrics (id, course_id, title) VALUES ($1, $2, 'How texts count')",
        rubric,
        UUID(course["id"]),
    )
    await owner.execute(
        """UPDATE learning.materials SET content = $2 WHERE type = 'ARTICLE'
           AND module_id IN (SELECT id FROM learning.modules WHERE course_id = $1)""",
        UUID(course["id"]), f"[data](/uploads/{upload})",
    )  # fmt: skip
    await owner.execute(
        """UPDATE learning.assignments SET rubric_id = $2
           WHERE module_id IN (SELECT id FROM learning.modules WHERE course_id = $1)""",
        UUID(course["id"]),
        rubric,
    )
    answer = await teacher.post(f"/teach/courses/{course['id']}/copies", {})
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    new_upload = await owner.fetchval("SELECT id FROM learning.uploads WHERE course_id = $1", UUID(copy["id"]))
    assert new_upload not in {None, upload}
    assert (
        await owner.fetchval(
            """SELECT content FROM learning.materials WHERE type = 'ARTICLE'
               AND module_id IN (SELECT id FROM learning.modules WHERE course_id = $1)""",
            UUID(copy["id"]),
        )
        == f"[data](/uploads/{new_upload})"
    )
    assert await number(
        owner, "SELECT count(*) FROM ops.pgqueuer WHERE entrypoint = 'learning.copy_files' AND payload LIKE $1",
        f"%uploads/{upload}%uploads/{new_upload}%".encode(),
    ) == 1  # fmt: skip
    assert await number(
        owner, """SELECT count(*) FROM learning.assignments i JOIN learning.rubrics r ON r.id = i.rubric_id
                  JOIN learning.modules m ON m.id = i.module_id WHERE m.course_id = $1 AND r.course_id = $1""",
        UUID(copy["id"]),
    ) == 1  # fmt: skip
    assert (copy["status"], copy["enrollment_count"], copy["published_at"]) == ("DRAFT", 0, None)
    assert (copy["description"], copy["price_minor"], copy["tags"]) == ("Text", 100, ["a"])
    assert copy["slug"] != course["slug"]
    assert "Copy of" in copy["title"]

    def shape(outline: Body) -> list[Any]:
        return [
            (module["title"], module["slug"], module["status"], module["prerequisites"],
             [(item["kind"], item["title"], item["status"], item["parts"]) for item in module["items"]])
            for module in outline["modules"]
        ]  # fmt: skip

    original = (await teacher.get(f"/teach/courses/{course['id']}")).json()
    assert shape(copy) == shape(original)
    assert [item["parts"] for item in copy["modules"][0]["items"] if item["kind"] != "MATERIAL"] == [2, 1]
    ids = {item["id"] for one in (original, copy) for module in one["modules"] for item in module["items"]}
    assert len(ids) == 2 * sum(len(module["items"]) for module in copy["modules"])
    inside = """SELECT count(*) FROM learning.materials i JOIN learning.modules m ON m.id = i.module_id
        JOIN learning.quizzes q ON q.id = i.quiz_id JOIN learning.modules n ON n.id = q.module_id
        WHERE m.course_id = $1 AND n.course_id = $1"""
    assert await number(owner, inside, UUID(copy["id"])) == 1
    right = """SELECT count(*) FROM learning.options o JOIN learning.questions q ON q.id = o.question_id
        JOIN learning.quizzes z ON z.id = q.quiz_id JOIN learning.modules m ON m.id = z.module_id
        WHERE m.course_id = $1 AND o.is_correct"""
    assert await number(owner, right, UUID(copy["id"])) == await number(owner, right, UUID(course["id"])) == 3


async def test_things_are_put_elsewhere_deleted_and_brought_back(
    teacher: Person, begin: Begin, fill: Callable[[Body], Awaitable[MadePath]]
) -> None:
    course = await begin()
    await fill(course)
    path = f"/teach/courses/{course['id']}"
    outline = (await teacher.get(path)).json()
    first, second = outline["modules"]
    quiz, article, exercise = (
        next(i for i in first["items"] if i["kind"] == k) for k in ("QUIZ", "MATERIAL", "ASSIGNMENT")
    )
    shown = second["items"][0]

    place = {"kind": "ASSIGNMENT", "id": exercise["id"], "module_id": second["id"], "before": shown["id"]}
    moved = (await teacher.put(f"{path}/place", place)).json()
    assert [item["id"] for item in moved["modules"][1]["items"]] == [exercise["id"], shown["id"]]
    assert [item["position"] for item in moved["modules"][1]["items"]] == [0, 1]
    ordered = await teacher.put(f"{path}/modules/order", {"ids": [second["id"], first["id"]]})
    assert [module["id"] for module in ordered.json()["modules"]] == [second["id"], first["id"]]

    other = await begin()
    foreign = await teacher.post(f"/teach/courses/{other['id']}/modules", {"title": "Elsewhere"})
    assert foreign.status_code == 201
    refused = await teacher.put(f"{path}/place", place | {"module_id": foreign.json()["id"]})
    assert problem(refused) == (422, "validation-failed")
    assert problem(await teacher.put(f"/teach/courses/{other['id']}/place", place)) == (404, "not-found")

    assert (await teacher.delete(f"/materials/{article['id']}")).status_code == 204
    gone = (await teacher.get(path)).json()["removed"]
    assert [(one["kind"], one["id"]) for one in gone] == [("MATERIAL", article["id"])]
    taking = {"title": "Takes its address", "slug": article["slug"], "type": "ARTICLE"}
    assert (await teacher.post(f"/modules/{first['id']}/materials", taking)).status_code == 201
    for _twice in range(2):
        back = await teacher.post(f"{path}/restored", {"kind": "MATERIAL", "id": article["id"]})
        items = {item["id"]: item["slug"] for module in back.json()["modules"] for item in module["items"]}
        assert items[article["id"]] == f"{article['slug']}-2"
    assert problem(await teacher.post(f"{path}/restored", {"kind": "QUIZ", "id": str(uuid4())})) == (404, "not-found")
    await teacher.delete(f"/modules/{first['id']}")
    assert [one["kind"] for one in (await teacher.get(path)).json()["removed"]] == ["MODULE"]
    back = await teacher.post(f"{path}/restored", {"kind": "MODULE", "id": first["id"]})
    assert quiz["id"] in str(back.json()["modules"])


async def test_a_deleted_course_comes_back(teacher: Person, begin: Begin, person: People) -> None:
    course = await begin()
    path = f"/teach/courses/{course['id']}"
    assert (await teacher.delete(path)).status_code == 204
    assert problem(await teacher.get(path)) == (404, "not-found")
    taken = await begin(slug=course["slug"])
    stranger = await person(Role.INSTRUCTOR)
    assert problem(await stranger.post(f"{path}/restore")) == (404, "not-found")
    restored = await teacher.post(f"{path}/restore")
    assert restored.json()["slug"] == f"{taken['slug']}-2"
    assert (await teacher.post(f"{path}/restore")).status_code == 200


async def test_the_list_of_courses_is_found_filtered_and_paged(
    person: People, begin: Begin, admin: Person, shelf: Shelf
) -> None:
    who = await person(Role.INSTRUCTOR)
    word = f"zebra{uuid4().hex[:8]}"
    made = [await begin(who, title=f"{word} {number_of}") for number_of in range(27)]
    first = (await who.get("/teach/courses")).json()
    assert [item["id"] for item in first["items"]] == [course["id"] for course in reversed(made[2:])]
    rest = (await who.get("/teach/courses", params={"cursor": first["next_cursor"]})).json()
    assert ([item["id"] for item in rest["items"]], rest["next_cursor"]) == ([made[1]["id"], made[0]["id"]], None)
    found = (await who.get("/teach/courses", params={"q": f"{word} 13"})).json()["items"]
    assert [item["title"] for item in found] == [f"{word} 13"]
    assert (await who.get("/teach/courses", params={"status": "PUBLISHED"})).json()["items"] == []
    assert (await who.get("/teach/courses", params={"role": "GRADER"})).json()["items"] == []
    assert problem(await who.get("/teach/courses", params={"everybody": True})) == (403, "forbidden")
    everybody = (await admin.get("/teach/courses", params={"everybody": True, "q": word})).json()
    assert len(everybody["items"]) == 25
    assert (await admin.get("/teach/courses", params={"q": word})).json()["items"] == []
    path = await shelf.path(instructor_id=who.id, status=PublicationStatus.DRAFT)
    newest = (await who.get("/teach/courses")).json()["items"][0]
    assert (newest["id"], newest["kind"], newest["language_slug"]) == (str(path.course_id), "PATH", path.slug)
    assert problem(await who.put(f"/teach/courses/{path.course_id}/status", {"status": "PUBLISHED"})) == (
        403,
        "forbidden",
    )
    assert problem(await who.patch(f"/teach/courses/{path.course_id}", {"price_minor": 5})) == (
        422,
        "validation-failed",
    )
    assert (await who.patch(f"/teach/courses/{path.course_id}", {"subtitle": "Mine"})).json()["subtitle"] == "Mine"


async def test_markdown_is_rendered_as_learners_see_it(teacher: Person) -> None:
    answer = await teacher.post("/teach/preview", {"markdown": "**bold** <script>alert(1)</script>"})
    assert "<strong>bold</strong>" in answer.json()["html"]
    assert "<script>" not in answer.json()["html"]
