"""Lessons as pages: a text that can be linked to, what is said in a film, the place and the program that were left."""

import asyncpg
import pytest

from codezest.kit.database import Database
from codezest.services.learning.pages.media.cues import sentences
from codezest_db.enums import MaterialType
from factories.learning import Shelf

from .browser import text_of
from .conftest import Learner

TEXT = "\n\n".join(
    f"## Section {name} with `code` & more\n\n" + " ".join(["word"] * 200) for name in ("one", "two", "three")
)
CAPTIONS = """WEBVTT

1
00:00:00.000 --> 00:00:02.000
A sentence that is longer
than one line

00:00:02.000 --> 00:00:04.500 align:start
goes on here.

NOTE nobody says this

01:02:03.250 --> 01:02:05.000
<v Ada>Much later.</v>
"""


def test_captions_become_sentences() -> None:
    assert [(cue.start, cue.clock, cue.text) for cue in sentences(CAPTIONS)] == [
        (0.0, "0:00", "A sentence that is longer than one line goes on here."),
        (3723.25, "1:02:03", "Much later."),
    ]
    assert sentences("no captions at all") == []


async def test_headings_are_links_and_contents(database: Database, learner: Learner) -> None:
    lesson = await Shelf(database).material(learner.course.module, content=TEXT)
    page = await learner.browser.read(f"/materials/{lesson}")
    name = "section-two-with-code--more"
    assert f'<h2 id="{name}"><a class="heading-link" href="#{name}">Section two with <code>code</code>' in page.text
    assert page.text.count(f'<a href="#{name}">Section two with code &amp; more</a>') == 2, "beside and above the text"
    assert "3 min to read" in text_of(page)


async def test_few_headings_need_no_contents(database: Database, learner: Learner) -> None:
    lesson = await Shelf(database).material(learner.course.module, content="## One\n\n[a link](/)\n\n## [Two](/two)")
    page = await learner.browser.read(f"/materials/{lesson}")
    assert "On this page" not in page.text
    assert '<a href="/two" rel="noopener noreferrer">Two</a></h2>' in page.text, "no link within a link"


async def test_pictures_keep_their_room(database: Database, learner: Learner) -> None:
    content = "![A film](/media/python/introduction.webp) ![Elsewhere](https://example.org/a.png) ![Gone](/media/python/x.png)"
    lesson = await Shelf(database).material(learner.course.module, content=content)
    page = await learner.browser.read(f"/materials/{lesson}")
    assert page.text.count('<img loading="lazy" decoding="async"') == 3
    assert page.text.count('<img loading="lazy" decoding="async" width="') == 1


async def test_what_is_said_in_a_film(database: Database, learner: Learner) -> None:
    lesson = await Shelf(database).material(
        learner.course.module,
        type=MaterialType.VIDEO,
        video_url="/media/python/introduction.webm",
        captions_url="/media/python/introduction.vtt",
        transcript="All in one.",
    )
    page = await learner.browser.read(f"/materials/{lesson}")
    assert "Python is a language for telling a computer what to do." in text_of(page)
    assert 'href="/media/python/introduction.webm#t=4.362" data-seek="4.362" aria-label="Play from 0:04"' in page.text
    assert "All in one." not in page.text
    assert 'preload="metadata"' in page.text
    assert "Continue where you left" not in text_of(page)


@pytest.mark.parametrize(
    ("position", "shown"),
    [(None, False), (0.01, False), (0.5, True), (0.99, False)],
    ids=["never", "top", "middle", "end"],
)
async def test_a_reader_is_led_back(
    position: float | None, shown: bool, database: Database, learner: Learner, owner: asyncpg.Connection
) -> None:
    lesson = await Shelf(database).material(learner.course.module, content=TEXT)
    path = f"/materials/{lesson}"
    await learner.browser.read(path)
    await owner.execute(
        "UPDATE learning.material_progress SET reading_position = $2 WHERE material_id = $1", lesson, position
    )
    page = await learner.browser.read(path)
    assert ("Continue where you left" in text_of(page)) is shown
    if shown:
        assert 'href="#section-two-with-code--more" data-left="0.5"' in page.text
        page = await learner.browser.follow(await learner.browser.send(page, f"{path}/complete"))
        assert "Continue where you left" not in text_of(page)


async def test_a_film_is_led_back_to_without_scripts_too(
    database: Database, learner: Learner, owner: asyncpg.Connection
) -> None:
    lesson = await Shelf(database).material(
        learner.course.module, type=MaterialType.VIDEO, video_url="/media/python/introduction.webm"
    )
    await learner.browser.read(f"/materials/{lesson}")
    await owner.execute("UPDATE learning.material_progress SET video_seconds = 33.5 WHERE material_id = $1", lesson)
    page = await learner.browser.read(f"/materials/{lesson}")
    assert 'href="/media/python/introduction.webm#t=33.5"' in page.text
    assert 'data-left="33.5"' in page.text


async def test_the_program_of_a_cell_is_as_it_was_left(learner: Learner, owner: asyncpg.Connection) -> None:
    path = f"/materials/{learner.course.example}"
    page = await learner.browser.read(path)
    assert 'data-revision="0"' in page.text
    token = page.text.partition('data-token="')[2].partition('"')[0]
    api, headers = f"/api/v1{path}/draft", {"X-CSRF-Token": token}
    change = {"code": "print('half a thought", "files": {}, "revision": 0}
    saved = await learner.browser.client.put(api, json=change, headers=headers)
    assert (saved.status_code, saved.json()["revision"]) == (200, 1)
    other = await learner.browser.client.put(api, json=change | {"code": "print(2)"}, headers=headers)
    assert other.status_code == 409
    assert other.json()["draft"]["code"] == "print('half a thought"
    files = await learner.browser.client.put(api, json=change | {"files": {"b.py": ""}}, headers=headers)
    assert files.status_code == 422
    large = await learner.browser.client.put(api, json=change | {"code": "x" * 70_000}, headers=headers)
    assert large.status_code == 413
    article = f"/api/v1/materials/{learner.course.article}/draft"
    assert (await learner.browser.client.put(article, json=change, headers=headers)).status_code == 422
    page = await learner.browser.read(path)
    assert "half a thought" in page.text
    assert 'data-revision="1"' in page.text
    assert "<template data-starter>print(&#39;hello&#39;)</template>" in page.text
    cells = await owner.fetch("SELECT cell FROM learning.drafts WHERE user_id = $1", learner.user.id)
    assert [row["cell"] for row in cells] == ["main"]
