"""What is found, by whom, and how it is written; what is not published or not theirs is found by nobody."""

from collections.abc import Iterable
from uuid import uuid4

import asyncpg
import httpx
import pytest

from codezest.gateway.app import Application
from codezest.kit.actor import ANONYMOUS, Actor
from codezest.kit.database import Database
from codezest.services.learning.queries.search import (
    ENTRIES,
    mistaken_query,
    search,
    segments,
    text_query,
    words_of,
)
from codezest.services.learning.schemas.search import SearchResults, Segment
from codezest_db.enums import PublicationStatus, Role
from factories.learning import MadePath, Shelf
from fixtures.accounts import MakeUser, client_for


@pytest.fixture(scope="module")
async def path(database: Database, owner: asyncpg.Connection) -> MadePath:
    shelf = Shelf(database)
    made = await shelf.path()
    await owner.execute("UPDATE learning.programming_languages SET name = 'Quillo' WHERE id = $1", made.language_id)
    module = await shelf.module(made, title="Zebra crossings", syllabus=["Look both ways"])
    later = await shelf.module(made, title="Later on", position=1, prerequisites=[module])
    await shelf.material(module, title="Café für Anfänger", content="All about `marmalade` <b>& more</b>.")
    await shelf.material(module, title="A hidden draft", status=PublicationStatus.DRAFT)
    await shelf.assignment(module, title="Count the stripes", instructions="Print how many wombats there are.")
    await shelf.quiz(module, title="What have you seen")
    await shelf.material(later, title="Beyond the road", content="Nothing but capybaras.")
    return made


async def found_by(database: Database, actor: Actor, query: str) -> list[tuple[str, str]]:
    """Kind and title of each."""
    results = await search(database.pool("learning"), actor, query, limit=20)
    return [(item.kind, plain(item.title)) for item in results.items]


def plain(parts: Iterable[Segment]) -> str:
    return "".join(part.text for part in parts)


async def learner_of(made: MadePath, make_user: MakeUser, database: Database) -> Actor:
    user = await make_user(Role.STUDENT)
    await Shelf(database).enroll(made, user.id)
    return Actor(user_id=user.id, role=Role.STUDENT)


@pytest.mark.parametrize(
    ("query", "kind", "title"),
    [
        ("quillo", "LANGUAGE", "Quillo"),
        ("zebra", "MODULE", "Zebra crossings"),
        ("crossing", "MODULE", "Zebra crossings"),
        ("zeb", "MODULE", "Zebra crossings"),
        ("both ways", "MODULE", "Zebra crossings"),
        ("CAFE fur", "MATERIAL", "Café für Anfänger"),
        ("café", "MATERIAL", "Café für Anfänger"),
        ("stripe", "ASSIGNMENT", "Count the stripes"),
        ("have you seen", "QUIZ", "What have you seen"),
    ],
)
async def test_everybody_finds_the_outline(
    database: Database, path: MadePath, query: str, kind: str, title: str
) -> None:
    assert (kind, title) in await found_by(database, ANONYMOUS, query)


@pytest.mark.parametrize("query", ["zerba", "zebbra", "zebta", "crossungs", "anfagner", "stripse"])
async def test_a_mistake_still_finds_and_says_so(database: Database, path: MadePath, query: str) -> None:
    results = await search(database.pool("learning"), ANONYMOUS, query, limit=20)
    assert results.similar
    assert results.items


async def test_a_mistake_is_looked_for_in_the_index_alone(owner: asyncpg.Connection, path: MadePath) -> None:
    """However many of its twenty alternatives the planner expects to find, and however few outlines there are to read."""
    scans = "SELECT pg_stat_get_xact_numscans('learning.search_entries'::regclass) = 0"
    asked = mistaken_query(["zerba"])
    async with owner.transaction():
        found = "SELECT count(*) FROM learning.{}(to_tsquery('learning.forms', $1), 9)"
        assert await owner.fetchval(found.format("mistaken_outlines"), asked) == 1
        assert await owner.fetchval(scans)
        await owner.fetchval(found.format("matching_outlines"), asked)
        assert not await owner.fetchval(scans), "scans are counted"


async def test_only_learners_find_what_lessons_say(database: Database, path: MadePath, make_user: MakeUser) -> None:
    learner = await learner_of(path, make_user, database)
    stranger = Actor(user_id=(await make_user(Role.STUDENT)).id, role=Role.STUDENT)
    for query, kind in (("marmalade", "MATERIAL"), ("wombats", "ASSIGNMENT")):
        assert [item for item, _ in await found_by(database, learner, query)] == [kind]
        assert await found_by(database, stranger, query) == []
        assert await found_by(database, ANONYMOUS, query) == []


async def test_what_is_locked_is_named_but_not_quoted(database: Database, path: MadePath, make_user: MakeUser) -> None:
    learner = await learner_of(path, make_user, database)
    assert await found_by(database, learner, "capybaras") == []
    (item,) = (await search(database.pool("learning"), learner, "beyond the road", limit=5)).items
    assert not item.open
    assert "capybaras" not in plain(item.excerpt)
    (open_item,) = (await search(database.pool("learning"), learner, "marmalade", limit=5)).items
    assert open_item.open
    assert [part.text for part in open_item.excerpt if part.hit] == ["marmalade"]


async def test_drafts_and_what_is_deleted_are_found_by_nobody(
    database: Database, path: MadePath, owner: asyncpg.Connection
) -> None:
    assert await found_by(database, Actor(user_id=uuid4(), role=Role.ADMIN), "hidden draft") == []
    shelf = Shelf(database)
    module = await shelf.module(path, title="Ephemeral things")
    item = await shelf.material(module, title="Mayflies")
    assert len(await found_by(database, ANONYMOUS, "mayflies")) == 1
    await owner.execute("UPDATE learning.materials SET title = 'Dragonflies' WHERE id = $1", item)
    assert await found_by(database, ANONYMOUS, "mayflies") == []
    assert await found_by(database, ANONYMOUS, "dragonflies") == [("MATERIAL", "Dragonflies")]
    await owner.execute("UPDATE learning.modules SET status = 'DRAFT' WHERE id = $1", module)
    assert await found_by(database, ANONYMOUS, "dragonflies") == []
    await owner.execute("DELETE FROM learning.materials WHERE id = $1", item)
    assert await owner.fetchval("SELECT count(*) FROM learning.search_entries WHERE target_id = $1", item) == 0


async def test_a_path_that_is_not_offered_is_not_found(database: Database, owner: asyncpg.Connection) -> None:
    shelf = Shelf(database)
    made = await shelf.path()
    await shelf.module(made, title="Unreachable harbour")
    assert len(await found_by(database, ANONYMOUS, "unreachable")) == 1
    await owner.execute("UPDATE learning.programming_languages SET is_active = false WHERE id = $1", made.language_id)
    assert await found_by(database, ANONYMOUS, "unreachable") == []


async def test_excerpts_are_plain_text(database: Database, make_user: MakeUser) -> None:
    shelf = Shelf(database)
    made = await shelf.path()
    module = await shelf.module(made)
    content = "# Maps\n\nRead [the quagga](https://example.org/quagga) of `zones` | **now**\n\n> and > then"
    await shelf.material(module, title="Reading", content=content)
    (item,) = (
        await search(database.pool("learning"), await learner_of(made, make_user, database), "quagga", limit=5)
    ).items
    assert plain(item.excerpt) == "Maps Read the quagga of zones now and then"


async def test_a_course_is_quoted_where_the_word_stands(database: Database, owner: asyncpg.Connection) -> None:
    made = await Shelf(database).path()
    await owner.execute(
        "UPDATE learning.courses SET subtitle = 'About birds', description = 'With a chapter on hoatzins.' WHERE id = $1",
        made.course_id,
    )
    (item,) = (await search(database.pool("learning"), ANONYMOUS, "hoatzins", limit=5)).items
    assert [part.text for part in item.excerpt if part.hit] == ["hoatzins"]


async def test_titles_are_found_however_many_lessons_mention_the_word(
    database: Database, owner: asyncpg.Connection, make_user: MakeUser
) -> None:
    shelf = Shelf(database)
    made = await shelf.path()
    module = await shelf.module(made)
    first = await shelf.material(module, title="A mention", content="The axolotl again.")
    await owner.execute(
        "INSERT INTO learning.materials SELECT (jsonb_populate_record(m, jsonb_build_object("
        "'id', gen_random_uuid(), 'slug', 'mention-' || n, 'position', m.position + n))).* "
        "FROM learning.materials m, generate_series(1, $2) n WHERE m.id = $1",
        first,
        ENTRIES + 10,
    )
    await shelf.material(module, title="Axolotl", content="By name.")
    for actor, others in ((ANONYMOUS, 0), (await learner_of(made, make_user, database), 19)):
        found = await found_by(database, actor, "axolotl")
        assert found == [("MATERIAL", "Axolotl"), *[("MATERIAL", "A mention")] * others]


async def test_a_title_comes_before_a_mention(database: Database) -> None:
    shelf = Shelf(database)
    made = await shelf.path()
    module = await shelf.module(made, title="Gardening", description="Something about pergolas in passing.")
    await shelf.material(module, title="Pergolas")
    assert [title for _, title in await found_by(database, ANONYMOUS, "pergolas")] == ["Pergolas", "Gardening"]


@pytest.mark.parametrize(
    "query",
    ["", "  ", "+", "'", "''", "\\", "a'b", "':*", "& | !", "zebra & !crossings", "<->", "x" * 5000, "é́", "%_", "🦓"],
)
async def test_no_query_is_an_error(application: Application, path: MadePath, query: str) -> None:
    async with client_for(application) as client:
        assert (await client.get("/search", params={"q": query})).status_code == 200
        assert (await client.get("/search/options", params={"q": query})).status_code == 200


async def test_the_api(application: Application, path: MadePath, client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/search", params={"q": "zebra", "limit": 1})
    results = SearchResults.model_validate(answer.json())
    (item,) = results.items
    assert (item.kind, item.course, item.module, item.open) == ("MODULE", "Quillo", None, True)
    assert [(part.text, part.hit) for part in item.title] == [("Zebra", True), (" crossings", False)]
    assert item.path == f"/modules/{item.id}"
    assert (await client.get(item.path)).status_code == 200
    for bad in ({"q": "x" * 201}, {"q": "x", "limit": 0}, {"q": "x", "limit": 51}):
        assert (await client.get("/api/v1/search", params=bad)).status_code == 422


async def test_what_was_there_before_can_be_found(
    database: Database, path: MadePath, owner: asyncpg.Connection
) -> None:
    """The functions that triggers call rebuild an entry, as the migration did."""
    await owner.execute("DELETE FROM learning.search_entries")
    assert await found_by(database, ANONYMOUS, "zebra") == []
    for table in ("modules", "materials", "assignments", "quizzes"):
        await owner.execute(f"SELECT learning.index_{table}(id) FROM learning.{table}")  # noqa: S608 - of this list
    await owner.execute("SELECT learning.index_course(id) FROM learning.courses")
    assert ("MODULE", "Zebra crossings") in await found_by(database, ANONYMOUS, "zebra")
    left = await owner.fetchval(
        "SELECT count(*) FROM learning.materials WHERE id NOT IN (SELECT target_id FROM learning.search_entries)"
    )
    assert left == 0


def test_words() -> None:
    assert words_of("C++ and  snake_case, don't: हिन्दी ") == ["C", "and", "snake_case", "don", "t", "हिन्दी"]
    assert words_of("_ -- +") == []
    assert len(words_of("a " * 50)) == 8


def test_queries() -> None:
    assert text_query(["loop", "c"], "") == "'loop':* & 'c'"
    assert text_query(["loop", "c"], "ABC") == "'loop':*ABC & 'c':ABC"
    assert mistaken_query(["c", "for"]) == ""
    assert "'python':*ABC" in mistaken_query(["pyhton"])
    assert "'zebra':*ABC" in mistaken_query(["zebbra"])


def test_segments_of_a_marked_text() -> None:
    marked = "one \x02two\x03 three\x02"
    assert [(part.text, part.hit) for part in segments(marked)] == [("one ", False), ("two", True), (" three", False)]
    assert segments("") == []
    assert [part.text for part in segments("\x02open")] == ["open"]
