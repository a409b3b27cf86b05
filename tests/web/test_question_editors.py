"""The editors of quizzes and questions, and the page of a bank, without scripts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.database import Database
from codezest_db.enums import QuestionType, Role
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser, client_for

from .browser import Browser, form_to, text_of
from .conftest import Open
from .test_editors import press

API = "/api/v1"
KEYS: dict[str, dict[str, Any]] = {
    "FILL_BLANK": {
        "blanks": {"first": {"accepted": ["a", "b"], "patterns": ["c+"], "case_sensitive": True, "exact_spaces": False}}
    },
    "MATCHING": {"pairs": [{"prompt": "1", "match": "one"}, {"prompt": "2", "match": "two"}], "distractors": ["three"]},
    "ORDERING": {"items": ["low", "middle", "high"]},
    "NUMERIC": {"value": "1.50", "absolute": "0.1", "relative": "0", "units": {"m": "1"}, "unit_required": False},
    "SHORT_ANSWER": {
        "accepted": ["yes"], "patterns": ["y+"], "case_sensitive": False, "exact_spaces": False, "manual": False, "lines": 2,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """One who teaches, a path of theirs with a module, and their client for the API."""

    browser: Browser
    api: httpx.AsyncClient
    path: MadePath
    module: UUID

    @property
    def bank(self) -> str:
        return f"/teach/courses/{self.path.course_id}/bank"

    async def quiz(self) -> str:
        """A new draft."""
        answer = await self.api.post(f"{API}/modules/{self.module}/quizzes", json={"title": f"Quiz {uuid4().hex[:6]}"})
        return str(answer.json()["id"])

    async def read(self, question: str) -> dict[str, Any]:
        return dict((await self.api.get(f"{API}/questions/{question}/authoring")).json())


@pytest.fixture(scope="module")
async def asking(application: Application, database: Database, make_user: MakeUser, visit: Open) -> Asking:
    user = await make_user(Role.INSTRUCTOR)
    shelf = Shelf(database)
    path = await shelf.path(instructor_id=user.id)
    return Asking(visit(user), client_for(application, headers=user.headers), path, await shelf.module(path))


def last(page: httpx.Response) -> str:
    """The id at the end of a page's address."""
    return str(page.url.path).rsplit("/", 1)[-1]


async def test_a_question_with_options_is_written_and_answered(asking: Asking) -> None:
    browser, quiz = asking.browser, await asking.quiz()
    here = f"/teach/quizzes/{quiz}"
    page = await browser.read(f"{here}/questions/new?type=MULTIPLE_CHOICE")
    page = await press(
        browser, page, f"{here}/questions/create", ("do", "add:o"), {"text": "Which?", "o-0-text": "typed"}
    )
    assert dict(form_to(page, f"{here}/questions/create").fields)["o-3-text"] == ""
    refused = await browser.send(page, f"{here}/questions/create", {"points": "0", "o-1-right": "on"})
    assert refused.status_code == 422
    assert 'href="#field-points"' in refused.text
    refused = await browser.send(refused, f"{here}/questions/create", {"points": "3"})
    assert 'id="field-o-1-text-error"' in refused.text
    given: dict[str, str | list[str]] = {"o-1-text": "right", "o-2-text": "right too", "o-2-right": "on"}
    saved = await browser.follow(await browser.send(refused, f"{here}/questions/create", given))
    stored = await asking.read(last(saved))
    assert [(one["text"], one["is_correct"]) for one in stored["options"]] == [
        ("typed", False),
        ("right", True),
        ("right too", True),
    ]
    answer = f"/teach/questions/{stored['id']}/answer#answer"
    graded = await browser.send(saved, answer, {f"answer-{stored['id']}": [stored["options"][1]["id"]]})
    assert "Not correct" not in text_of(graded)
    assert "Partly correct" in text_of(graded)
    ids = [one["id"] for one in stored["options"]]
    moved = await press(browser, saved, f"/teach/questions/{stored['id']}/save", ("do", "down:o:0"))
    other = await browser.read(f"/teach/questions/{stored['id']}")
    await browser.follow(await browser.send(moved, f"/teach/questions/{stored['id']}/save", {"text": "Which ones?"}))
    stored = await asking.read(stored["id"])
    assert [one["id"] for one in stored["options"]] == [ids[1], ids[0], ids[2]], "options keep their ids"
    conflict = await browser.send(other, f"/teach/questions/{stored['id']}/save", {"text": "From elsewhere"})
    assert conflict.status_code == 409
    assert "Which ones?" in text_of(conflict)
    assert dict(form_to(conflict, f"/teach/questions/{stored['id']}/save").fields)["text"] == "From elsewhere"


@pytest.mark.parametrize("kind", sorted(KEYS))
async def test_a_key_comes_back_as_it_was(asking: Asking, kind: str) -> None:
    new = {
        "type": kind,
        "text": "Say {{first}}",
        "answer_key": KEYS[kind],
        "media": {"image_url": "/a.png", "image_alt": "A"},
    }
    made = (await asking.api.post(f"{API}/courses/{asking.path.course_id}/bank", json=new)).json()
    here = f"/teach/questions/{made['id']}"
    page = await asking.browser.read(here)
    assert "Answer it yourself" in text_of(page)
    await asking.browser.follow(await asking.browser.send(page, f"{here}/save", {"explanation": "Because"}))
    stored = await asking.read(made["id"])
    assert stored["explanation"] == "Because"
    assert stored["answer_key"] == KEYS[kind]
    assert (stored["media"]["image_url"], stored["media"]["image_alt"]) == ("/a.png", "A")
    graded = await asking.browser.send(page, f"{here}/answer#answer", {})
    assert graded.status_code == 200
    assert "Not correct" in text_of(graded)


@pytest.mark.parametrize("kind", [kind.value for kind in QuestionType])
async def test_what_is_missing_is_said_where_it_is_missing(asking: Asking, kind: str) -> None:
    page = await asking.browser.read(f"{asking.bank}/new?type={kind}")
    refused = await asking.browser.send(page, f"{asking.bank}/create", {"text": "Typed"})
    if kind in {"TRUE_FALSE", "SHORT_ANSWER"}:
        await asking.browser.follow(refused)
        return
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert dict(form_to(refused, f"{asking.bank}/create").fields)["text"] == "Typed"


async def test_a_quiz_its_settings_and_the_order_of_its_questions(asking: Asking) -> None:
    browser, quiz = asking.browser, await asking.quiz()
    here = f"/teach/quizzes/{quiz}"
    page = await browser.read(here)
    refused = await press(browser, page, f"{here}/save", ("status", "PUBLISHED"), {"title": "Kept"})
    assert refused.status_code == 422
    page = await press(browser, refused, f"{here}/save", ("do", "add:d"), {"passing_score": "x"})
    page = await browser.send(page, f"{here}/save", {"d-0-count": "2", "d-0-topic": "loops"})
    assert page.status_code == 422
    saved = await browser.follow(
        await browser.send(
            page,
            f"{here}/save",
            {
                "passing_score": "80",
                "shuffle": "on",
                "attempt_limit": "2",
                "due_at": "2027-03-01T09:00",
                "scoring": "PARTIAL",
            },
        )
    )
    stored = (await asking.api.get(f"{API}/quizzes/{quiz}/authoring")).json()
    assert (stored["title"], stored["passing_score"], stored["attempt_limit"]) == ("Kept", 80, 2)
    assert (stored["shuffle"], stored["scoring"]) == (True, "PARTIAL")
    assert stored["draws"] == [{"count": 2, "topic": "loops", "difficulty": None}]
    before = {name: value for name, value in stored.items() if name != "updated_at"}
    saved = await browser.follow(await browser.send(saved, f"{here}/save", {}))
    stored = (await asking.api.get(f"{API}/quizzes/{quiz}/authoring")).json()
    assert {name: value for name, value in stored.items() if name != "updated_at"} == before
    for text in ("One", "Two"):
        new = {"text": text, "options": [{"text": "a", "is_correct": True}, {"text": "b"}]}
        assert (await asking.api.post(f"{API}/quizzes/{quiz}/questions", json=new)).status_code == 201
    page = await browser.read(here)
    first, second = [one["id"] for one in (await asking.api.get(f"{API}/quizzes/{quiz}/authoring")).json()["questions"]]
    assert "4 questions" not in text_of(page)
    assert "2 questions · an attempt asks 4" in text_of(page)
    elsewhere = page
    for pressed in (
        f"before:{second}:{first}",
        f"before:{second}:",
        f"up:{second}",
        f"copy:{second}",
        f"remove:{first}",
    ):
        page = await browser.follow(await press(browser, page, f"{here}/questions/change", ("question", pressed)))
    conflict = await press(browser, elsewhere, f"{here}/questions/change", ("question", f"down:{second}"))
    assert conflict.status_code == 409
    assert "The order has changed" in text_of(conflict)
    stored = (await asking.api.get(f"{API}/quizzes/{quiz}/authoring")).json()
    assert [one["text"] for one in stored["questions"]] == ["Two", "Two"]
    assert [one["text"] for one in stored["questions"][1]["options"]] == ["a", "b"]
    refused = await press(browser, page, f"{here}/save", ("status", "PUBLISHED"), {})
    assert "in the bank; there are 0" in text_of(refused)
    page = await press(browser, refused, f"{here}/save", ("do", "remove:d:0"), {})
    published = await browser.follow(await press(browser, page, f"{here}/save", ("status", "PUBLISHED"), {}))
    assert "Published" in text_of(published)


async def test_the_bank_is_filtered_filled_and_copied_from(asking: Asking) -> None:
    browser, quiz, empty = asking.browser, await asking.quiz(), await asking.quiz()
    word = uuid4().hex[:8]
    for number in range(2):
        new = {
            "text": f"{word} number {number}",
            "topic": word,
            "difficulty": "ADVANCED",
            "options": [{"text": "a", "is_correct": True}, {"text": "b"}],
        }
        await asking.api.post(f"{API}/quizzes/{quiz}/questions", json=new)
    await asking.api.post(f"{API}/quizzes/{quiz}/questions", json={"text": "Not ready", "options": []})
    page = await browser.read(asking.bank)
    for said in ("2 questions are taken over.", "0 questions are taken over."):
        page = await browser.follow(await browser.send(page, f"{asking.bank}/import", {"quiz_id": quiz}))
        assert said in text_of(page)
    found = await browser.read(f"{asking.bank}?q={word}&topic={word}&difficulty=ADVANCED&type=SINGLE_CHOICE&used=no")
    assert f"{word} number 1" in text_of(found)
    for nothing in ("used=yes", "difficulty=BEGINNER", "type=NUMERIC", "topic=other"):
        assert "Nothing found" in text_of(await browser.read(f"{asking.bank}?q={word}&{nothing}"))
    choices = form_to(found, f"{asking.bank}/change").choices["question"]
    assert len(choices) == 2
    refused = await press(browser, found, f"{asking.bank}/change", ("do", "copy"))
    assert refused.status_code == 422
    copied = await press(
        browser, found, f"{asking.bank}/change", ("do", "copy"), {"question": choices[0], "quiz_id": empty}
    )
    assert "1 question is copied." in text_of(await browser.follow(copied))
    assert len((await asking.api.get(f"{API}/quizzes/{empty}/authoring")).json()["questions"]) == 1
    removed = await press(browser, found, f"{asking.bank}/change", ("do", "remove"), {"question": choices[0]})
    assert "1 question is deleted." in text_of(await browser.follow(removed))
    assert (await asking.api.get(f"{API}/questions/{choices[0]}/authoring")).status_code == 404


async def test_a_question_that_was_asked_leaves_the_bank_and_stays_with_its_attempts(
    asking: Asking, database: Database, make_user: MakeUser, visit: Open
) -> None:
    new = {"text": "Asked", "options": [{"text": "a", "is_correct": True}, {"text": "b"}]}
    made = (await asking.api.post(f"{API}/courses/{asking.path.course_id}/bank", json=new)).json()["id"]
    async with database.write("learning") as session:
        from codezest_db.models.learning import QuestionSnapshot

        session.add(QuestionSnapshot(sha256=uuid4().hex, question_id=UUID(made), content={}))
    page = await browser_page(asking)
    done = await press(asking.browser, page, f"{asking.bank}/change", ("do", "remove"), {"question": made})
    assert done.status_code == 303
    assert made not in (await browser_page(asking)).text
    kept = "SELECT deleted_at IS NOT NULL FROM learning.questions WHERE id = $1"
    assert await database.pool("learning").fetchval(kept, UUID(made)) is True
    stranger = visit(await make_user(Role.INSTRUCTOR))
    for address in (asking.bank, f"/teach/questions/{made}", f"{asking.bank}/new"):
        assert (await stranger.open(address)).status_code == 404


async def browser_page(asking: Asking) -> httpx.Response:
    return await asking.browser.read(asking.bank)
