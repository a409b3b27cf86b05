"""Order of questions, options and tests by the API; revisions that tell two writers apart; questions copied and counted."""

from uuid import UUID, uuid4

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest.services.learning.pages.teach.rows import RowKind
from codezest.services.learning.rules.limits import suggested_cpu_seconds, suggested_memory_bytes
from codezest_db.enums import Role
from factories.learning import Shelf
from fixtures.accounts import MakeUser, client_for

API = "/api/v1"
OPTIONS = [{"text": "a", "is_correct": True}, {"text": "b"}, {"text": "c"}]


@pytest.fixture(scope="module")
async def authored(
    application: Application, database: Database, make_user: MakeUser
) -> tuple[httpx.AsyncClient, UUID, UUID]:
    """A client of one who teaches, a course of theirs and a module of it."""
    user = await make_user(Role.INSTRUCTOR)
    shelf = Shelf(database)
    path = await shelf.path(instructor_id=user.id)
    return client_for(application, headers=user.headers), path.course_id, await shelf.module(path)


async def test_parts_are_put_in_order_and_counted(authored: tuple[httpx.AsyncClient, UUID, UUID]) -> None:
    api, course, module = authored
    quiz = (await api.post(f"{API}/modules/{module}/quizzes", json={"title": "Order"})).json()["id"]
    made = [
        (await api.post(f"{API}/quizzes/{quiz}/questions", json={"text": text, "options": OPTIONS})).json()
        for text in ("one", "two", "three")
    ]
    ids = [one["id"] for one in made]
    read = (await api.get(f"{API}/quizzes/{quiz}/authoring")).json()
    assert read["asked_count"] == 3
    order = f"{API}/quizzes/{quiz}/questions/order"
    moved = await api.put(order, json={"ids": ids[::-1], "revision": read["order_revision"]})
    assert [one["text"] for one in moved.json()["questions"]] == ["three", "two", "one"]
    late = await api.put(order, json={"ids": ids, "revision": read["order_revision"]})
    assert (late.status_code, late.json()["revision"]) == (409, moved.json()["order_revision"])
    for wrong in (ids[:2], [*ids, ids[0]], [*ids[:2], str(uuid4())]):
        assert (await api.put(order, json={"ids": wrong})).status_code == 422, "no question can be lost"
    options = [one["id"] for one in made[0]["options"]]
    turned = await api.put(f"{API}/questions/{ids[0]}/options/order", json={"ids": options[::-1]})
    assert [one["text"] for one in turned.json()["options"]] == ["c", "b", "a"]
    assert (await api.put(f"{API}/questions/{ids[0]}/options/order", json={"ids": options[:1]})).status_code == 422

    changed = await api.patch(
        f"{API}/quizzes/{quiz}", json={"draw_count": 2, "draws": [{"count": 4}], "revision": read["revision"]}
    )
    assert changed.json()["asked_count"] == 6
    outline = (await api.get(f"{API}/teach/courses/{course}")).json()
    assert {item["parts"] for part in outline["modules"] for item in part["items"] if item["id"] == quiz} == {6}
    only_drawn = (
        await api.post(f"{API}/modules/{module}/quizzes", json={"title": "D", "draws": [{"count": 2}]})
    ).json()
    assert only_drawn["asked_count"] == 2

    copied = await api.post(f"{API}/questions/{ids[1]}/copies", json={"course_id": str(course)})
    assert (copied.status_code, copied.json()["course_id"], copied.json()["text"]) == (201, str(course), "two")
    for nowhere in ({}, {"course_id": str(course), "quiz_id": quiz}):
        assert (await api.post(f"{API}/questions/{ids[1]}/copies", json=nowhere)).status_code == 422
    taken = await api.post(f"{API}/courses/{course}/bank/import", json={"quiz_id": quiz})
    assert taken.json() == {"copied": 2}, "what stands in the bank already is left out"

    moves = f"{API}/questions/{ids[0]}/moves"
    for nowhere in ({}, {"course_id": str(course), "quiz_id": only_drawn["id"]}, {"quiz_id": quiz}):
        assert (await api.post(moves, json=nowhere)).status_code == 422
    assert (await api.post(moves, json={"quiz_id": str(uuid4())})).status_code == 404
    into = {"quiz_id": only_drawn["id"]}
    seen = (await api.get(f"{API}/questions/{ids[0]}/authoring")).json()["revision"]
    changed = await api.patch(f"{API}/questions/{ids[0]}", json={"explanation": "So."})
    stale = await api.post(moves, json={**into, "revision": seen})
    assert (stale.status_code, stale.json()["revision"]) == (409, changed.json()["revision"])
    gone = await api.post(moves, json={**into, "revision": changed.json()["revision"]})
    assert (gone.status_code, gone.json()["quiz_id"], gone.json()["explanation"]) == (201, into["quiz_id"], "So.")
    assert [one["text"] for one in gone.json()["options"]] == ["c", "b", "a"]
    assert (await api.post(moves, json=into)).status_code == 404, "once"
    left = (await api.get(f"{API}/quizzes/{quiz}/authoring")).json()["questions"]
    assert [one["text"] for one in left] == ["three", "two"]
    back = await api.post(f"{API}/questions/{gone.json()['id']}/moves", json={"course_id": str(course)})
    assert (back.status_code, back.json()["course_id"]) == (201, str(course))

    assignment = (
        await api.post(f"{API}/modules/{module}/assignments", json={"title": "A", "language": "python"})
    ).json()
    tests = [
        (await api.post(f"{API}/assignments/{assignment['id']}/tests", json={"name": name, "expected": "1"})).json()[
            "id"
        ]
        for name in ("x", "y", "z")
    ]
    place = f"{API}/assignments/{assignment['id']}/tests/order"
    ordered = (await api.put(place, json={"ids": [tests[2], tests[0], tests[1]]})).json()
    assert [(one["name"], one["position"]) for one in ordered["tests"]] == [("z", 0), ("x", 1), ("y", 2)]
    assert (await api.put(place, json={"ids": tests[:2]})).status_code == 422


async def test_a_change_of_what_was_changed_elsewhere_is_refused(
    authored: tuple[httpx.AsyncClient, UUID, UUID],
) -> None:
    api, _course, module = authored
    made = {"title": "Twice"}
    material = (await api.post(f"{API}/modules/{module}/materials", json=made | {"type": "ARTICLE"})).json()["id"]
    quiz = (await api.post(f"{API}/modules/{module}/quizzes", json=made)).json()["id"]
    assignment = (await api.post(f"{API}/modules/{module}/assignments", json=made | {"language": "python"})).json()[
        "id"
    ]
    question = (await api.post(f"{API}/quizzes/{quiz}/questions", json={"text": "?", "options": OPTIONS})).json()["id"]
    for place, change in (
        (f"modules/{module}", "description"),
        (f"materials/{material}", "description"),
        (f"quizzes/{quiz}", "description"),
        (f"assignments/{assignment}", "description"),
        (f"questions/{question}", "explanation"),
    ):
        seen = (await api.get(f"{API}/{place}/authoring")).json()["revision"]
        first = await api.patch(f"{API}/{place}", json={change: "first", "revision": seen})
        assert first.status_code == 200, first.text
        late = await api.patch(f"{API}/{place}", json={change: "late", "revision": seen})
        assert (late.status_code, late.json()["revision"]) == (409, first.json()["revision"]), place
        assert (await api.get(f"{API}/{place}/authoring")).json()[change] == "first"
        again = await api.patch(f"{API}/{place}", json={change: "late", "revision": late.json()["revision"]})
        assert again.json()[change] == "late"
        assert (await api.patch(f"{API}/{place}", json={change: "unasked"})).status_code == 200


def test_rows_go_where_they_are_dropped() -> None:
    kind = RowKind("t", ("name",), 4)
    rows = [{"name": name} for name in "abcd"]

    def after(wanted: str) -> tuple[str, int | None]:
        edited, place = kind.edited(rows, wanted)
        return "".join(row["name"] for row in edited), place

    assert after("move:t:3:0") == ("dabc", 0)
    assert after("move:t:0:2") == ("bcad", 2)
    assert after("move:t:0:99") == ("bcda", 3)
    assert after("move:t:0:x") == ("abcd", 0)
    assert after("move:t:9:0") == ("abcd", None)
    assert (after("up:t:0"), after("down:t:3"), after("up:t:2")) == (("abcd", 0), ("abcd", 3), ("acbd", 1))
    assert after("move:o:1:0") == ("abcd", None), "rows of another kind"


def test_limits_leave_learners_room() -> None:
    assert [suggested_cpu_seconds(times) for times in ([], [99], [100], [101], [380, 401], [99_000])] == [
        0.5, 0.5, 0.5, 1.0, 3.0, 60.0,
    ]  # fmt: skip
    mebibyte = 1024
    assert [suggested_memory_bytes([size * mebibyte]) // 2**20 for size in (0, 1, 32, 33, 600)] == [
        64,
        64,
        64,
        128,
        1024,
    ]
