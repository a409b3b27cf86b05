"""Quizzes with every type of question, over HTTP: what learners see, answer and get back."""

import asyncio
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest_db.enums import Role
from factories.learning import MadePath, Shelf

from .conftest import People, Person, problem

KEYS: dict[str, dict[str, Any]] = {
    "FILL_BLANK": {"blanks": {"1": {"accepted": ["SECRET-def"], "patterns": ["SECRET-[d]+ef"]}, "two": {"accepted": ["SECRET-end"]}}},
    "MATCHING": {"pairs": [{"prompt": "one", "match": "int"}, {"prompt": "'a'", "match": "str"}], "distractors": ["float"]},
    "ORDERING": {"items": ["read", "think", "write", "test"]},
    "NUMERIC": {"value": "31415", "absolute": "0.5", "units": {"m": "1"}},
    "SHORT_ANSWER": {"accepted": ["SECRET-loop"]},
}  # fmt: skip
TEXTS = {"FILL_BLANK": "`{{1}} f():` and {{two}}"}


async def _quiz(teacher: Person, module: UUID, **columns: Any) -> str:
    """A published quiz with one question of two points of each type that has a key, and a single choice."""
    made = (await teacher.post(f"/modules/{module}/quizzes", {"title": "All", **columns})).json()["id"]
    choice = {"text": "Which?", "points": 2, "options": [{"text": "yes", "is_correct": True}, {"text": "no"}, {"text": "perhaps"}]}  # fmt: skip
    for body in (
        choice,
        *({"type": kind, "text": TEXTS.get(kind, kind), "points": 2, "answer_key": key, "explanation": f"WHY-{kind}"}
          for kind, key in KEYS.items()),
    ):  # fmt: skip
        answer = await teacher.post(f"/quizzes/{made}/questions", body)
        assert answer.status_code == 201, answer.text
    published = await teacher.patch(f"/quizzes/{made}", {"status": "PUBLISHED"})
    assert published.status_code == 200, published.text
    return str(made)


async def _start(who: Person, quiz: str) -> dict[str, Any]:
    response = await who.post(f"/quizzes/{quiz}/attempts")
    assert response.status_code == 201, response.text
    for secret in ("SECRET", "31415", "WHY", "is_correct", "answer_key", "accepted", "pairs"):
        assert secret not in response.text
    return dict(response.json())


def _right(question: dict[str, Any]) -> dict[str, Any]:
    """What a learner who knows would send."""
    fields = {field["label"] or field["name"]: field for field in question["fields"]}

    def choose(label: str, text: str) -> tuple[str, str]:
        field = fields[label]
        return field["name"], next(choice["value"] for choice in field["choices"] if choice["text"] == text)

    match question["type"]:
        case "SINGLE_CHOICE":
            return {"option_ids": [option["id"] for option in question["options"] if option["text"] == "yes"]}
        case "FILL_BLANK":
            return {"entries": {"1": "secret-DDDef", "two": " SECRET-end "}}
        case "MATCHING":
            return {"entries": dict([choose("one", "int"), choose("'a'", "str")])}
        case "ORDERING":
            return {"entries": dict(choose(item, str(n)) for n, item in enumerate(KEYS["ORDERING"]["items"], 1))}
        case "NUMERIC":
            return {"entries": {"value": "31.415,2 m"}}
        case _:
            return {"entries": {"text": "secret-LOOP"}}


def _answers(attempt: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"question_id": question["id"], **_right(question)} for question in attempt["questions"]]


async def test_a_learner_who_knows_gets_everything(
    teacher: Person, module: UUID, learner: Person, owner: asyncpg.Connection
) -> None:
    attempt = await _start(learner, await _quiz(teacher, module))
    answers = _answers(attempt)
    kept = {one["question_id"]: {key: one[key] for key in one if key != "question_id"} for one in answers}
    saved = await learner.put(f"/attempts/{attempt['id']}/saved", {"revision": 0, "questions": kept})
    assert saved.status_code == 200
    again = (await learner.get(f"/attempts/{attempt['id']}")).json()
    assert again["questions"] == attempt["questions"], "nothing moves on the next look"
    assert {name: one["entries"] for name, one in again["saved"]["questions"].items()} == {
        name: one.get("entries", {}) for name, one in kept.items()}  # fmt: skip
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", {"answers": answers})).json()
    assert (done["status"], done["score"], done["points"], done["max_points"], done["passed"]) == (
        "GRADED",
        100,
        12,
        12,
        True,
    )
    blank = next(question["review"] for question in done["questions"] if question["type"] == "FILL_BLANK")
    assert blank["entries"][0] == {"name": "1", "given": "secret-DDDef", "right": "SECRET-def", "is_right": True}
    assert blank["explanation"] == "WHY-FILL_BLANK"
    order = next(question["review"]["entries"] for question in done["questions"] if question["type"] == "ORDERING")
    assert all(entry["given"] == entry["right"] for entry in order)
    texts = await owner.fetch(
        "SELECT text_answer FROM learning.quiz_answers WHERE attempt_id = $1", UUID(attempt["id"])
    )
    assert "int; str" in {row["text_answer"] for row in texts} or "str; int" in {row["text_answer"] for row in texts}


async def test_parts_count_and_wrong_answers_cost_where_the_quiz_says_so(
    teacher: Person, module: UUID, learner: Person
) -> None:
    quiz = await _quiz(teacher, module, scoring="PARTIAL", wrong_penalty_percent=50, passing_score=50)
    attempt = await _start(learner, quiz)
    by_type = {question["type"]: question for question in attempt["questions"]}
    order = _right(by_type["ORDERING"])["entries"]
    swap = {"1": "2", "2": "1", "3": "3", "4": "4"}
    answers = [
        {"question_id": by_type["FILL_BLANK"]["id"], "entries": {"1": "SECRET-def", "two": "wrong"}},
        {"question_id": by_type["ORDERING"]["id"], "entries": {name: swap[place] for name, place in order.items()}},
        {"question_id": by_type["NUMERIC"]["id"], "entries": {"value": "1"}},
        {"question_id": by_type["SINGLE_CHOICE"]["id"], "option_ids": []},
    ]
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", {"answers": answers})).json()
    points = {question["type"]: question["review"]["points"] for question in done["questions"]}
    assert points == {
        "FILL_BLANK": 1,
        "ORDERING": 1.33,
        "NUMERIC": -1,
        "SINGLE_CHOICE": 0,
        "MATCHING": 0,
        "SHORT_ANSWER": 0,
    }
    assert (done["points"], done["max_points"], done["score"], done["passed"]) == (1.33, 12, 11, False)
    attempt = await _start(learner, quiz)
    wrong = [{"question_id": by_type["NUMERIC"]["id"], "entries": {"value": "1"}}]
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", {"answers": wrong})).json()
    assert (done["points"], done["score"]) == (0, 0), "a sum is never below nothing"


@pytest.mark.parametrize(
    ("kind", "entries"),
    [
        ("MATCHING", {"unknown": "x"}), ("NUMERIC", {"value": "9" * 501}), ("SHORT_ANSWER", {"text": "x" * 10_001}),
        ("FILL_BLANK", {"1": "a\0b"}), ("ORDERING", {"1": "1"}), ("SINGLE_CHOICE", {"text": "yes"}), ("NUMERIC", {"value": 1}),
        ("FILL_BLANK", ["x"]), ("FILL_BLANK", {f"f{n}": "" for n in range(61)}), ("FILL_BLANK", {"x" * 65: ""}),
    ],
    ids=range(10),
)  # fmt: skip
async def test_answers_that_are_refused(hostile: tuple[Person, dict[str, Any]], kind: str, entries: object) -> None:
    learner, attempt = hostile
    question = next(question["id"] for question in attempt["questions"] if question["type"] == kind)
    sent = await learner.post(
        f"/attempts/{attempt['id']}/submit", {"answers": [{"question_id": question, "entries": entries}]}
    )
    assert problem(sent)[0] == 422
    assert (await learner.get(f"/attempts/{attempt['id']}")).json()["status"] == "IN_PROGRESS"


@pytest.fixture(scope="module")
async def hostile(shelf: Shelf, teacher: Person, person: People) -> tuple[Person, dict[str, Any]]:
    """A learner with an attempt that is running."""
    path = await shelf.path(instructor_id=teacher.id)
    learner = await person(enrolled=path)
    return learner, await _start(learner, await _quiz(teacher, await shelf.module(path)))


async def test_editing_never_rewrites_what_was_asked(teacher: Person, module: UUID, learner: Person) -> None:
    quiz = await _quiz(teacher, module)
    attempt = await _start(learner, quiz)
    answers = _answers(attempt)
    authored = (await teacher.get(f"/quizzes/{quiz}/authoring")).json()["questions"]
    numeric = next(question for question in authored if question["type"] == "NUMERIC")
    assert numeric["answer_key"]["value"] == "31415"
    changed = await teacher.patch(
        f"/questions/{numeric['id']}", {"text": "Another", "points": 5, "answer_key": {"value": 2}}
    )
    assert (changed.status_code, changed.json()["answer_key"]["value"]) == (200, "2")
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", {"answers": answers})).json()
    assert (done["score"], done["max_points"]) == (100, 12)
    assert "Another" not in json.dumps(done)
    assert (await teacher.delete(f"/questions/{numeric['id']}")).status_code == 204
    assert (await learner.get(f"/attempts/{attempt['id']}")).json() == done
    newer = await _start(learner, quiz)
    assert len(newer["questions"]) == 5
    for refused in ({"type": "ORDERING"}, {"answer_key": {"items": ["a", "b"]}}):
        blank = next(question["id"] for question in authored if question["type"] == "FILL_BLANK")
        assert problem(await teacher.patch(f"/questions/{blank}", refused)) == (422, "validation-failed")


async def test_a_short_answer_waits_for_whoever_grades(
    teacher: Person, module: UUID, learner: Person, person: People, path: MadePath, owner: asyncpg.Connection
) -> None:
    quiz = await _quiz(teacher, module)
    attempt = await _start(learner, quiz)
    answers = _answers(attempt)
    waiting = next(question["id"] for question in attempt["questions"] if question["type"] == "SHORT_ANSWER")
    for answer in answers:
        if answer["question_id"] == waiting:
            answer["entries"] = {"text": "Something that runs <b>again</b>"}
    done = (await learner.post(f"/attempts/{attempt['id']}/submit", {"answers": answers})).json()
    assert (done["status"], done["score"], done["passed"], done["points"]) == ("SUBMITTED", None, None, None)
    assert next(question["review"]["is_correct"] for question in done["questions"] if question["id"] == waiting) is None
    url = f"/attempts/{attempt['id']}/answers/{waiting}/marks"
    for refused in ({"points": 2.01}, {"points": -1}, {"points": 1.005}, {}, {"points": 1, "comment": "x" * 5_001}):
        assert problem(await teacher.post(url, refused)) == (422, "validation-failed")
    assert problem(await learner.post(url, {"points": 2}))[0] in {403, 404}
    marked = await teacher.post(url, {"points": 1.5, "comment": "Nearly."})
    assert marked.status_code == 201, marked.text
    found = (await learner.get(f"/attempts/{attempt['id']}")).json()
    assert (found["status"], found["points"], found["score"], found["passed"]) == ("GRADED", 11.5, 95, True)
    review = next(question["review"] for question in found["questions"] if question["id"] == waiting)
    assert (review["is_correct"], review["points"], review["comment"]) == (False, 1.5, "Nearly.")
    await teacher.post(url, {"points": 2})
    assert (await learner.get(f"/attempts/{attempt['id']}")).json()["score"] == 100
    kept = await owner.fetch(
        "SELECT points, comment FROM learning.answer_marks WHERE answer_id = $1 ORDER BY marked_at, id",
        UUID(review["answer_id"]),
    )
    assert [tuple(row) for row in kept] == [(Decimal("1.50"), "Nearly."), (Decimal("2.00"), None)]
    told = await owner.fetchval(
        "SELECT count(*) FROM ops.outbox WHERE topic = 'learning.quiz_submitted' AND payload->>'attempt_id' = $1",
        attempt["id"],
    )
    assert told == 1


async def test_options_are_shuffled_for_each_attempt_and_stay_so(
    teacher: Person, module: UUID, learner: Person
) -> None:
    made = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Shuffled", "shuffle_options": True})).json()[
        "id"
    ]
    options = [{"text": str(n), "is_correct": n == 0} for n in range(8)]
    await teacher.post(f"/quizzes/{made}/questions", {"text": "Which?", "options": options})
    await teacher.patch(f"/quizzes/{made}", {"status": "PUBLISHED"})
    orders: set[tuple[str, ...]] = set()
    for _ in range(3):
        attempt = await _start(learner, made)
        shown = attempt["questions"][0]["options"]
        orders.add(tuple(option["text"] for option in shown))
        assert (await learner.get(f"/attempts/{attempt['id']}")).json()["questions"][0]["options"] == shown
        await learner.post(f"/attempts/{attempt['id']}/submit", {"answers": []})
    assert len(orders) > 1


async def test_questions_are_drawn_from_the_bank(
    teacher: Person, module: UUID, path: MadePath, learner: Person, person: People
) -> None:
    url = f"/courses/{path.course_id}/bank"
    for n in range(6):
        body = {"text": f"Number {n}?", "type": "NUMERIC", "answer_key": {"value": n}, "topic": "loops" if n % 2 else "sums",
                "difficulty": "ADVANCED" if n > 3 else "BEGINNER"}  # fmt: skip
        assert (await teacher.post(url, body)).status_code == 201
    assert problem(await teacher.post(url, {"text": "No key", "type": "NUMERIC"})) == (422, "not-ready")
    page = (await teacher.get(url, params={"limit": 4})).json()
    assert [item["text"] for item in page["items"]] == [f"Number {n}?" for n in (5, 4, 3, 2)]
    rest = (await teacher.get(url, params={"cursor": page["next_cursor"], "topic": "loops"})).json()
    assert [item["answer_key"]["value"] for item in rest["items"]] == ["1"]
    assert [item["text"] for item in (await teacher.get(url, params={"q": "NUMBER 4"})).json()["items"]] == [
        "Number 4?"
    ]
    topics = (await teacher.get(f"{url}/topics")).json()["items"]
    assert {(one["topic"], one["difficulty"]): one["questions"] for one in topics} == {
        ("loops", "ADVANCED"): 1, ("loops", "BEGINNER"): 2, ("sums", "ADVANCED"): 1, ("sums", "BEGINNER"): 2}  # fmt: skip
    quiz = (await teacher.post(f"/modules/{module}/quizzes", {"title": "Drawn", "shuffle": True})).json()["id"]
    too_many = await teacher.patch(
        f"/quizzes/{quiz}", {"draws": [{"count": 4, "topic": "loops"}], "status": "PUBLISHED"}
    )
    assert too_many.json()["missing"] == ["4 questions about “loops” in the bank; there are 3"]
    draws = [{"count": 2, "topic": "loops"}, {"count": 2}]
    assert (await teacher.patch(f"/quizzes/{quiz}", {"draws": draws, "status": "PUBLISHED"})).status_code == 200
    assert (await learner.get(f"/quizzes/{quiz}")).json()["question_count"] == 4
    drawn: set[frozenset[str]] = set()
    for _ in range(4):
        attempt = await _start(learner, quiz)
        texts = [question["text"] for question in attempt["questions"]]
        assert len(set(texts)) == 4
        assert sum(question["topic"] == "loops" for question in attempt["questions"]) >= 2
        drawn.add(frozenset(texts))
        answers = [{"question_id": one["id"], "entries": {"value": one["text"][7]}} for one in attempt["questions"]]
        assert (await learner.post(f"/attempts/{attempt['id']}/submit", {"answers": answers})).json()["score"] == 100
    one = page["items"][0]["id"]
    assert problem(await teacher.patch(f"/questions/{one}", {"answer_key": None})) == (422, "not-ready")
    assert (await teacher.patch(f"/questions/{one}", {"topic": "maps"})).json()["course_id"] == str(path.course_id)
    other = await person(Role.INSTRUCTOR)
    assert problem(await other.patch(f"/questions/{one}", {"topic": "mine"})) == (404, "not-found")
    assert (await teacher.delete(f"/questions/{one}")).status_code == 204
    assert len((await teacher.get(url)).json()["items"]) == 5


async def test_two_devices_get_no_more_attempts_than_allowed(teacher: Person, module: UUID, learner: Person) -> None:
    quiz = await _quiz(teacher, module, attempt_limit=2)
    for wanted in ({200, 201}, {200, 201}, {409}):
        answers = await asyncio.gather(*(learner.post(f"/quizzes/{quiz}/attempts") for _ in range(6)))
        assert {answer.status_code for answer in answers} == wanted
        assert sum(answer.status_code == 201 for answer in answers) == (201 in wanted)
        if 201 in wanted:
            url = f"/attempts/{answers[0].json()['id']}/submit"
            sent = await asyncio.gather(*(learner.post(url, {"answers": []}) for _ in range(3)))
            assert sorted(one.status_code for one in sent) == [200, 409, 409]
