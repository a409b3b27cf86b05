"""The pages in Spanish and Hindi: nothing of the English interface is left in them, and numbers and times are the reader's."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from uuid import UUID

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit import i18n

from .browser import Browser, text_of
from .conftest import Course, Grade, Learner

READ_ALOUD = frozenset({"alt", "aria-description", "aria-label", "placeholder", "title", "data-announcement"})
WRITTEN_BY_PEOPLE = re.compile(
    r"\b(First|Second|module|Later|An? (article|example|exercise|quiz)|Do the first thing|The example|A case of its own|One|Text|"
    r"Add|two|numbers|Something large|Read first|EXPLANATION-\d|Question \d\?|option \d|(Learn )?lang-\w+|Test Person|TP)(?!\w)|"
    r"# start here|print\('hello'\)|[\w.+-]+@[\w.-]+"
)
"""Titles, texts and names that tests make up."""
ALIKE = re.compile(
    r"CodeZest|GitHub|LinkedIn|Twitter|Vim|Emacs|Enter|Esc|Escape|Ctrl|Tab|PDF|API|Tokens?|Video|Error|Editor|Landlock|https|"
    r"Bash|C|C\+\+|Go|Java|JavaScript|Python|Rust|SQL|TypeScript|English|Español|हिन्दी|UTC|[A-Z]\w+/\w+|[\W\d_]*|[\w.-]+\.py|"
    r"min|s|ms|MB|h|K|F"
)
"""What both languages write in the same way."""


class _Said(HTMLParser):
    """Each piece of text of a page, and each attribute that is read aloud, but for programs."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "code", "pre", "textarea", "option", "kbd"}:
            self._open.append(tag)
        self.said |= {" ".join(value.split()) for name, value in attrs if name in READ_ALOUD and value}

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.said.add(" ".join(data.split()))


def said_in(page: httpx.Response) -> set[str]:
    found = _Said()
    found.feed(page.text)
    return {text for text in found.said if re.search(r"[^\W\d_]", text)}


async def speak(owner: asyncpg.Connection, user: UUID, locale: str) -> None:
    await owner.execute("UPDATE auth.users SET locale = $2 WHERE id = $1", user, locale)


def leftovers(english: httpx.Response, translated: httpx.Response) -> Iterator[str]:
    """What a page says in English in the other language too, though it is of the interface."""
    for text in sorted(said_in(english) & said_in(translated)):
        rest = WRITTEN_BY_PEOPLE.sub("", text)
        if not all(ALIKE.fullmatch(part) for part in re.split(r"[\s·,:;()]+", rest)):
            yield text


async def journey(learner: Learner, grade: Grade) -> list[str]:
    """The addresses of a learner's main way, with work done on it."""
    browser, course = learner.browser, learner.course
    exercise, quiz = f"/assignments/{course.exercise}", f"/quizzes/{course.quiz.id}"
    await browser.send(await browser.read(f"/materials/{course.article}"), f"/materials/{course.article}/complete")
    sent = await browser.send(await browser.read(exercise), f"{exercise}/submit", {"code": "AC\nWA"})
    await grade(sent.headers["location"])
    waiting = await browser.send(await browser.read(exercise), f"{exercise}/submit", {"code": "AC\nAC"})
    attempt = await browser.follow(await browser.send(await browser.read(quiz), f"{quiz}/attempts"))
    asked = str(attempt.url.path)
    handed_in = await browser.send(attempt, f"{asked}/submit")
    await browser.follow(await browser.send(await browser.read(quiz), f"{quiz}/attempts"))
    return [
        "/languages", f"/languages/{course.path.slug}", f"/modules/{course.module}",
        f"/modules/{course.locked_module}", f"/materials/{course.article}", f"/materials/{course.example}", exercise,
        sent.headers["location"], waiting.headers["location"], f"{exercise}/compare", quiz, handed_in.headers["location"],
        "/dashboard",
        "/courses", "/search?q=module", "/search?q=qqqqqq", "/search/palette", "/status", "/offline",
    ]  # fmt: skip


ACCOUNT = (
    "/account", "/account/profile", "/account/preferences", "/account/email", "/account/password", "/account/sessions",
    "/account/tokens", "/account/data", "/account/passkeys", "/account/two-step", "/account/connections",
)  # fmt: skip
STRANGERS = (
    "/",
    "/login",
    "/register",
    "/forgot-password",
    "/resend-verification",
    "/register/sent",
    "/mailbox",
    "/nowhere",
)


@pytest.mark.parametrize("locale", ["es", "hi"])
async def test_a_learners_way_is_translated(
    learner: Learner, grade: Grade, owner: asyncpg.Connection, locale: str
) -> None:
    found: dict[str, list[str]] = {}
    for path in [*await journey(learner, grade), *ACCOUNT]:
        await speak(owner, learner.user.id, "en")
        english = await learner.browser.read(path)
        await speak(owner, learner.user.id, locale)
        translated = await learner.browser.read(path)
        assert f'<html lang="{locale}" dir="ltr"' in translated.text or path == "/search/palette"
        assert len(said_in(translated) - said_in(english)) > 4, path
        if left := [*leftovers(english, translated)]:
            found[path] = left
    assert found == {}


@pytest.mark.parametrize("locale", ["es", "hi"])
async def test_a_strangers_browser_says_the_language(nobody: Browser, locale: str) -> None:
    for path in STRANGERS:
        english = await nobody.open(path, headers={"Accept-Language": "en"})
        translated = await nobody.open(path, headers={"Accept-Language": f"{locale}-XX, en;q=0.5"})
        assert f'<html lang="{locale}"' in translated.text
        assert not [*leftovers(english, translated)], path


async def test_an_error_is_answered_in_the_readers_language(nobody: Browser, course: Course) -> None:
    path = f"/api/v1/assignments/{course.exercise}/draft"
    english = (await nobody.open(path)).json()
    spanish = (await nobody.open(path, headers={"Accept-Language": "es"})).json()
    assert (english["type"], english["status"]) == (spanish["type"], spanish["status"])
    assert (english["title"], spanish["title"]) == ("Sign in first", "Primero inicia sesión")


async def test_a_new_account_speaks_the_language_it_was_made_in(nobody: Browser, owner: asyncpg.Connection) -> None:
    person = {
        "email": "nueva@codezest.example",
        "password": "a-quiet-place-to-learn",
        "first_name": "Ana",
        "last_name": "Ruiz",
    }
    asked = {"Accept-Language": "es-CO", "Cookie": "codezest_timezone=America/Bogota"}
    answer = await nobody.client.post("/api/v1/auth/register", json=person, headers=asked)
    assert answer.status_code == 201, answer.text
    made = await owner.fetchrow("SELECT locale, timezone FROM auth.users WHERE email = $1", person["email"])
    assert made is not None
    assert tuple(made) == ("es", "America/Bogota")


async def test_times_are_those_of_the_readers_zone(learner: Learner, owner: asyncpg.Connection) -> None:
    await speak(owner, learner.user.id, "es")
    exercise = f"/assignments/{learner.course.exercise}"
    sent = await learner.browser.send(await learner.browser.read(exercise), f"{exercise}/submit", {"code": "AC\nAC"})
    moment = await owner.fetchval("SELECT submitted_at FROM learning.submissions WHERE user_id = $1", learner.user.id)
    assert moment is not None
    shown: set[str] = set()
    for zone in ("Asia/Kolkata", "America/Bogota"):
        await owner.execute("UPDATE auth.users SET timezone = $2 WHERE id = $1", learner.user.id, zone)
        shown.add(i18n.Reader("es", zone).datetime(moment))
        page = text_of(await learner.browser.read(sent.headers["location"]))
        assert f"Guardado desde el {i18n.Reader('es', zone).datetime(moment)}." in page.replace("\xa0", " ")
    assert len(shown) == 2


async def test_a_language_that_is_written_from_the_right_turns_the_page(
    application: Application, nobody: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "available_locales", lambda: ("en", "ar"))
    page = await nobody.open("/login", headers={"Accept-Language": "ar"})
    assert '<html lang="ar" dir="rtl"' in page.text
    assert "Log in" in text_of(page)
