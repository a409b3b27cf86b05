"""Every type of question without scripts: answered, kept, graded and explained; what is granted to one learner."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest_db.enums import PublicationStatus, QuestionType, Role
from codezest_db.ids import uuid7
from codezest_db.models.learning import Question, Quiz
from fixtures.accounts import MakeUser

from .browser import form_to, text_of
from .conftest import Learner, Open

KEYS: dict[QuestionType, tuple[str, dict[str, Any]]] = {
    QuestionType.FILL_BLANK: (
        "Fill in:\n\n```python\n{{1}} f():\n    return {{two}}\n```",
        {"blanks": {"1": {"accepted": ["SECRET-def"]}, "two": {"accepted": ["SECRET-1"]}}},
    ),
    QuestionType.MATCHING: (
        "What is of which type?",
        {
            "pairs": [{"prompt": "`1`", "match": "`int`"}, {"prompt": "**'a'**", "match": "str"}],
            "distractors": ["float"],
        },
    ),
    QuestionType.ORDERING: ("In which order?", {"items": ["read", "think", "write"]}),
    QuestionType.NUMERIC: ("How far?", {"value": "31415", "units": {"m": "1"}}),
    QuestionType.SHORT_ANSWER: ("Why?", {"accepted": ["SECRET-why"], "lines": 3}),
}


Given = dict[str, str | list[str]]


@pytest.fixture
async def asked(database: Database, learner: Learner) -> dict[QuestionType, UUID]:
    """The ids of one question of each type, of the quiz whose id stands under SINGLE_CHOICE."""
    quiz = Quiz(id=uuid7(), module_id=learner.course.module, title="Every type", slug="every-type", status=PublicationStatus.PUBLISHED)  # fmt: skip
    questions = {kind: uuid7() for kind in KEYS}
    async with database.write("learning") as session:
        session.add(quiz)
        await session.flush()
        session.add_all(
            Question(
                id=questions[kind], quiz_id=quiz.id, type=kind, text=text, answer_key=key, explanation="WHY", position=n,
                media={"image_url": "/media/x.webp", "image_alt": "A drawing"} if n == 0 else None,
            )
            for n, (kind, (text, key)) in enumerate(KEYS.items())
        )  # fmt: skip
    return {QuestionType.SINGLE_CHOICE: quiz.id, **questions}


async def test_every_type_is_answered_kept_and_explained(learner: Learner, asked: dict[QuestionType, UUID]) -> None:
    browser = learner.browser
    quiz = asked[QuestionType.SINGLE_CHOICE]
    start = await browser.read(f"/quizzes/{quiz}")
    attempt = str((await browser.send(start, f"/quizzes/{quiz}/attempts")).headers["location"])
    page = await browser.read(attempt)
    for secret in ("SECRET", "31415", "WHY", "answer_key"):
        assert secret not in page.text
    assert 'alt="A drawing"' in page.text
    names = {name for name, _ in form_to(page, f"{attempt}/submit").fields} | set(
        form_to(page, f"{attempt}/submit").choices
    )
    blanks = f"answer-{asked[QuestionType.FILL_BLANK]}"
    assert {f"{blanks}:1", f"{blanks}:two"} <= names
    listing = page.text[page.text.index('class="question-prompt blanks"') :]
    assert listing.index("<pre") < listing.index(f'name="{blanks}:1"') < listing.index("</pre>"), (
        "it stands in the program"
    )
    assert 'aria-label="Blank 1"' in listing
    why = f"answer-{asked[QuestionType.SHORT_ANSWER]}:text"
    far = f"answer-{asked[QuestionType.NUMERIC]}:value"
    given: Given = {
        f"{blanks}:1": "secret-def",
        f"{blanks}:two": "x < 1",
        far: "31.415,0 m",
        why: 'Because "&" <b>\nit is',
    }
    kept = await browser.send(page, f"{attempt}/save", given)
    page = await browser.follow(kept)
    assert "Your answers are saved." in page.text
    fields = dict(form_to(page, f"{attempt}/submit").fields)
    assert {name: fields[name] for name in given} == given
    assert "3 of 5 answered" in text_of(page)

    matching = f"answer-{asked[QuestionType.MATCHING]}:"
    selects = {
        name: values for name, values in form_to(page, f"{attempt}/submit").choices.items() if name.startswith(matching)
    }
    assert len(selects) == 2
    wrong = await browser.send(page, f"{attempt}/submit", {next(iter(selects)): "not-offered"})
    assert wrong.status_code == 422
    assert fields[far] in wrong.text, "nothing is lost"
    done = await browser.follow(await browser.send(page, f"{attempt}/submit", given))
    shown = text_of(done)
    assert "Handed in, waiting to be marked" in shown
    assert "1 of your answers is read by a person." in shown
    assert "Partly correct" not in shown, "all or nothing, unless the quiz says otherwise"
    assert "SECRET-1" in shown
    assert "&lt;b&gt;" in done.text
    assert "Blank 2" in shown
    assert "left open" in shown
    assert (await browser.read(f"/quizzes/{quiz}")).text.count("Waits to be marked") == 1


@pytest.mark.parametrize("value", ["x" * 10_001, "a\0b"], ids=["huge", "nul"])
async def test_hostile_entries_are_refused(learner: Learner, asked: dict[QuestionType, UUID], value: str) -> None:
    browser = learner.browser
    quiz = asked[QuestionType.SINGLE_CHOICE]
    start = await browser.read(f"/quizzes/{quiz}")
    attempt = str((await browser.send(start, f"/quizzes/{quiz}/attempts")).headers["location"])
    page = await browser.read(attempt)
    for target in ("save", "submit"):
        sent = await browser.send(
            page, f"{attempt}/{target}", {f"answer-{asked[QuestionType.SHORT_ANSWER]}:text": value}
        )
        assert sent.status_code == 422


async def test_more_time_is_granted_and_taken_back(
    learner: Learner, make_user: MakeUser, visit: Open, owner: asyncpg.Connection
) -> None:
    admin = visit(await make_user(Role.ADMIN))
    here = f"/teach/courses/{learner.course.path.course_id}/accommodations"
    page = await admin.read(here)
    assert "Nobody is granted anything yet" in page.text
    empty = await admin.send(page, f"{here}/grant", {"extra_minutes": "10"})
    assert empty.status_code == 422
    assert "Choose a learner." in empty.text
    who: Given = {"user_id": str(learner.user.id)}
    bad = await admin.send(page, f"{here}/grant", {**who, "extra_minutes": "ten", "note": "Keep <this>"})
    assert bad.status_code == 422
    assert "Use a whole number" in bad.text
    assert "Keep &lt;this&gt;" in bad.text
    item = f"QUIZ:{learner.course.quiz.id}"
    assert (await admin.send(page, f"{here}/grant", {**who, "due_at": "2027-01-01T10:00"})).status_code == 422
    sent: Given = {
        **who,
        "item": item,
        "extra_minutes": "10",
        "extra_time_percent": "50",
        "due_at": "2027-01-01T10:00",
        "note": "As agreed",
    }
    page = await admin.follow(await admin.send(page, f"{here}/grant", sent))
    shown = text_of(page)
    for said in ("A quiz", "50% more time", "10 more minutes", "As agreed", "It is granted"):
        assert said in shown
    quiz = await learner.browser.read(f"/quizzes/{learner.course.quiz.id}")
    assert "granted to you" in quiz.text
    assert "As agreed" not in quiz.text
    assert (await learner.browser.client.get(here)).status_code == 404
    page = await admin.follow(await admin.send(page, f"{here}/revoke"))
    assert "Nobody is granted anything yet" in page.text
    assert await owner.fetchval("SELECT count(*) FROM learning.accommodations WHERE user_id = $1", learner.user.id) == 0
    assert "Nobody" in (await admin.read(f"{here}?q=zzz")).text
