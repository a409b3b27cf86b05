"""The loader accepts what is right, and names the place and the remedy of everything that is wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from codezest.services.learning.content.load import load
from codezest.services.learning.content.problems import ContentProblems
from codezest_db.enums import MaterialType, PublicationStatus, QuestionType

MODULE = "python/modules/01-first-steps"
FILM = "materials/02-film.md"
QUIZ = "quizzes/asked.toml"
ASSIGNMENT = "assignments/double/assignment.toml"
TESTS = "assignments/double/tests/tests.toml"
SECOND_OPTION = '    { key = "tempting", text = "What those answer who made the typical mistake" },\n'


def messages(root: Path) -> list[str]:
    with pytest.raises(ContentProblems) as caught:
        load(root)
    return [str(problem) for problem in caught.value.problems]


def test_what_the_folder_says_is_loaded(small: Path) -> None:
    language = load(small).languages[0]
    first, second = language.modules
    assert [item.position for item in first.items] == [1, 2, 3, 4, 5]
    article, film, program = first.materials
    assert article.type == MaterialType.ARTICLE
    assert (film.video_key, film.captions_key, film.image_key) == ("python/film.webm", "python/film.vtt", None)
    assert film.transcript == "A first sentence. A second one."
    assert program.code is not None
    assert program.sample_input == "Ada\n"
    assert program.examples[0].expected == "Hello, Ada\n"
    assert {item.status for item in first.items} == {PublicationStatus.PUBLISHED}
    assert [option.is_correct for option in first.quizzes[0].questions[0].options] == [True, False]
    assert first.assignments[0].memory_bytes == 128 << 20
    assert first.assignments[0].wrong[0].fails == ("the-example", "two", "negative")
    assert (second.position, second.slug) == (2, "second-steps")


def test_one_language_can_be_loaded_alone(small: Path) -> None:
    assert load(small / "python").languages == load(small).languages


def test_identities_follow_from_keys_and_not_from_places(small: Path, edit: Callable[..., None]) -> None:
    before = load(small).languages[0].modules[0].quizzes[0].questions[0]
    edit(QUIZ, "What do you want to know?", "What is it that you want to know?")
    edit(QUIZ, SECOND_OPTION, SECOND_OPTION + '    { key = "third", text = "Another" },\n')
    edit("module.toml", '"quizzes/asked"', '"quizzes/renamed"')
    module = small / MODULE
    (module / QUIZ).rename(module / "quizzes/renamed.toml")
    after = load(small).languages[0].modules[0].quizzes[0].questions[0]
    assert after.id == before.id
    assert [option.id for option in after.options[:2]] == [option.id for option in before.options]
    assert after.text != before.text


def test_true_or_false_needs_only_an_answer(small: Path, edit: Callable[..., None]) -> None:
    text = (small / MODULE / QUIZ).read_text()
    options = text[text.index("options = [") : text.index("]\n", text.index("options = [")) + 2]
    edit(QUIZ, options, "answer = false\n")
    edit(QUIZ, "SINGLE_CHOICE", "TRUE_FALSE")
    question = load(small).languages[0].modules[0].quizzes[0].questions[0]
    assert question.type == QuestionType.TRUE_FALSE
    assert [(option.text, option.is_correct) for option in question.options] == [("True", False), ("False", True)]
    edit(QUIZ, "answer = false\n", "")
    assert any("needs `answer = true` or `answer = false`" in message for message in messages(small))


def test_a_draft_says_so(small: Path, edit: Callable[..., None]) -> None:
    edit(FILM, "title: Film", "title: Film\nstatus: DRAFT")
    assert load(small).languages[0].modules[0].materials[1].status == PublicationStatus.DRAFT


def test_media_in_the_text_get_their_address(small: Path, edit: Callable[..., None]) -> None:
    edit(FILM, "## The idea", "## The idea\n\n[The film](media/film.webm) and ![a still](media/film.webm)")
    content = load(small).languages[0].modules[0].materials[1].content
    assert "[The film](/media/python/film.webm) and ![a still](/media/python/film.webm)" in content


MISTAKES: list[tuple[str, str, str, str, str]] = [
    # file, what is there, what is written instead, what stands in the line it is reported at, what is said
    (FILM, "title: Film", "titel: Film", "---", "`title` is missing: add a text"),
    (FILM, "title: Film", "titel: Film\ntitle: Film", "titel:", "`titel` is not known here. Did you mean 'title'?"),
    (FILM, "type: VIDEO", "type: FILM", "type:", "`type` is 'FILM', but must be one of VIDEO, ARTICLE"),
    (FILM, "slug: film", "slug: The Film", "slug:", "use small letters and digits"),
    (FILM, "uuid: 0", "uuid: x0", "uuid:", "which is no UUID"),
    (FILM, "duration_minutes: 10", "duration_minutes: ten", "duration_minutes:", "must be a whole number"),
    (FILM, "duration_minutes: 10", "duration_minutes: 0", "duration_minutes:", "must be at least 1"),
    (FILM, "video: film.webm", "video: flim.webm", "video:", "media/flim.webm does not exist"),
    (FILM, "video: film.webm", "video: ../film.webm", "video:", "no name for a file of media/"),
    (FILM, "video: film.webm", "video: film.vtt", "video:", "ends in .webm or .mp4"),
    (FILM, "captions: film.vtt\n", "", "---", "`captions` is missing"),
    (FILM, "---\n\nBegin", "\n\nBegin", "---", "the front matter is missing"),
    (FILM, "title: Film", "title: 'Film", "", "the front matter is not valid YAML"),
    (FILM, "## The idea", "# The idea", "# The idea", "begin headings with ##"),
    (FILM, "Explain it", "Explain <b>it</b>", "Explain <b>it</b>", "raw HTML is not shown"),
    (FILM, "Explain it", "<div>Explain</div>", "<div>Explain</div>", "raw HTML is not shown"),
    (
        FILM,
        "Explain it",
        "Explain [it](01-introduction.md)",
        "Explain [it](01-introduction.md)",
        "the link to '01-introduction.md' leads nowhere",
    ),
    (FILM, "Explain it", "Explain [it](http://example.org)", "Explain [it](http://example.org)", "leads nowhere"),
    (
        FILM,
        "Explain it",
        "Explain [it](media/none.png)",
        "Explain [it](media/none.png)",
        "'media/none.png' does not exist",
    ),
    (FILM, "Explain it", "Explain [it](media/../language.toml)", "Explain [it]", "no name for a file of media/"),
    (FILM, "Explain it", "![](media/film.webm)", "![](media/film.webm)", "has no description"),
    (
        "materials/03-program.md",
        "type: INTERACTIVE",
        "type: ARTICLE",
        "",
        "only a CODE_EXAMPLE or INTERACTIVE has a program",
    ),
    (QUIZ, 'key = "right"', 'key = "Right One"', '{ key = "Right One"', "use small letters and digits"),
    (QUIZ, ", is_correct = true", "", "options =", "no option is correct"),
    (QUIZ, 'mistake" }', 'mistake", is_correct = true }', "options =", "make it MULTIPLE_CHOICE, or leave one"),
    (QUIZ, SECOND_OPTION, "", "[[question]]", "a question needs at least two"),
    (QUIZ, 'key = "tempting"', 'key = "right"', "[[question]]", "the key 'right' is used 2 times"),
    (
        QUIZ,
        "What those answer who made the typical mistake",
        "The right answer",
        "options =",
        "two options have the same text",
    ),
    (QUIZ, "points = 1", "points = 0", "points =", "must be at least 1"),
    (QUIZ, "SINGLE_CHOICE", "ESSAY", "type =", "must be one of SINGLE_CHOICE, MULTIPLE_CHOICE, TRUE_FALSE"),
    (QUIZ, "SINGLE_CHOICE", "ORDERING", "[[question]]", "`items`: Field required"),
    (QUIZ, "passing_score = 70", "due_at = 2026-12-01T23:59:00", "due_at =", "must be a moment with its zone"),
    (QUIZ, "passing_score = 70", 'late_policy = "PENALTY_PER_DAY"', "late_policy =", "add `late_penalty_percent`"),
    (QUIZ, "passing_score = 70", "[[draw]]\ncount = 2", "", "draws 2 questions (any topic), but bank/ holds 0"),
    (QUIZ, "points = 1", 'image_url = "/media/x.webp"', "image_url =", "`image_alt` is missing"),
    (QUIZ, "SINGLE_CHOICE", 'TRUE_FALSE"\nanswer = "yes', "answer =", "is not known here"),
    (QUIZ, "explanation = ", "explained = ", "[[question]]", "`explanation` is missing"),
    (QUIZ, "topic = ", "theme = ", "[[question]]", "`topic` is missing"),
    (QUIZ, "passing_score = 70", "passing_score = 170", "passing_score", "must be between 0 and 100"),
    (QUIZ, "passing_score = 70", "draw_count = 3", "draw_count", "there are only 1 questions"),
    (QUIZ, "passing_score = 70", "passing_score = ", "passing_score", "this is not valid TOML"),
    (QUIZ, "[[question]]", "[[questions]]", "uuid", "there are no questions"),
    (QUIZ, "is the question's identity", "is\x00", "", "contains a NUL character"),
    (QUIZ, "What do you want", "What do \\u0000 you want", "text =", "contains a NUL character"),
    (ASSIGNMENT, "hints = [", "other = [", "uuid", "there are no hints"),
    (ASSIGNMENT, "max_score = 100", "max_score = 0", "max_score", "must be at least 1"),
    (
        ASSIGNMENT,
        'checker = "EXACT"',
        'checker = "EQUAL"',
        "checker",
        "must be one of EXACT, TOKENS, FLOAT, UNORDERED_LINES",
    ),
    (ASSIGNMENT, 'checker = "EXACT"', 'checker = "EXACT"\nabsolute = 0.1', "absolute", "it belongs to"),
    (ASSIGNMENT, "cpu_seconds = 2.0", "cpu_seconds = 0", "cpu_seconds", "must be a number above 0"),
    (ASSIGNMENT, "memory_mb", "memory", "memory = ", "`memory` is not known here. Did you mean 'memory_mb'?"),
    (ASSIGNMENT, 'verdict = "WA"', 'verdict = "AC"', 'verdict = "AC"', "a wrong solution cannot be accepted"),
    (ASSIGNMENT, '"negative"]', '"positive"]', 'fails = ["the-example"', "there is no test with the key 'positive'"),
    (ASSIGNMENT, 'fails = "all"', "", "[[wrong]]", "`fails` is missing"),
    (ASSIGNMENT, 'file = "adds-two.py"', 'file = "none.py"', "", "this file is missing"),
    (ASSIGNMENT, "why = ", "because = ", "[[wrong]]", "`why` is missing"),
    (TESTS, 'kind_of_case = "A small number."\n', "", '[[test]]\nkey = "two"', "a hidden test needs kind_of_case"),
    (TESTS, "visible = true", "visible = false", "[[test]]", "a hidden test needs kind_of_case"),
    (TESTS, "visible = true", 'visible = "yes"', 'visible = "yes"', "must be true or false"),
    (TESTS, "points = 1", "points = -1", "points =", "must be at least 1"),
    (TESTS, 'key = "two"', 'key = "negative"', "# Each test", "the key 'negative' is used 2 times"),
    (
        TESTS,
        'name = "The number two"',
        'name = "A negative number"',
        "# Each test",
        "the name 'A negative number' is used 2 times",
    ),
    (TESTS, 'stdin = "2\\n"', 'stdin_file = "big.in"', "", "this file is missing"),
    (
        TESTS,
        'stdin = "2\\n"',
        'stdin = "2\\n"\nstdin_file = "tests.toml"',
        "stdin_file",
        "both `stdin` and `stdin_file` are given",
    ),
    (TESTS, 'stdin = "2\\n"', 'files = { "../x" = "" }', "", "is no plain file name"),
    ("module.toml", '    "quizzes/asked",\n', "", "items = [", "'quizzes/asked' is there, but not listed"),
    ("module.toml", '"quizzes/asked"', '"quizzes/asked", "quizzes/more"', "items = [", "there is no such item"),
    ("module.toml", '"quizzes/asked"', '"quizzes/asked", "quizzes/asked"', "items = [", "is listed 2 times"),
    (
        "module.toml",
        "prerequisites = []",
        'prerequisites = ["second-steps"]',
        "prerequisites = ",
        "no slug of an earlier module",
    ),
    ("module.toml", 'title = "', 'title = " " # "', "title = ", "`title` is empty"),
    (
        "../../language.toml",
        '    "02-second-steps",\n',
        "",
        "modules = [",
        "'02-second-steps' is there, but not listed",
    ),
    (
        "../../language.toml",
        'difficulty = "BEGINNER"',
        'difficulty = "EASY"',
        "difficulty = ",
        "must be one of BEGINNER",
    ),
    ("../../language.toml", 'title = "Learn Python"', "", "[path]", "`title` is missing"),
]


@pytest.mark.parametrize(("name", "old", "new", "place", "said"), MISTAKES, ids=[case[4][:48] for case in MISTAKES])
def test_a_mistake_is_reported_where_it_is(
    small: Path, edit: Callable[..., None], *, name: str, old: str, new: str, place: str, said: str
) -> None:
    edit(name, old, new)
    found = [message for message in messages(small) if said in message]
    assert found, messages(small)
    if place:
        path = (small / MODULE / name).resolve()
        text = path.read_text()
        line = text[: text.index(place)].count("\n") + 1
        assert found[0].startswith(f"{path.relative_to(small)}:{line}: ")


MISSING: list[tuple[str, str]] = [
    ("materials/03-program.py", "materials/03-program.py: this file is missing"),
    ("assignments/double/instructions.md", "instructions.md: this file is missing"),
    ("assignments/double/start/main.py", "start/main.py: this file is missing"),
    ("assignments/double/solution/main.py", "solution/main.py: this file is missing"),
    ("assignments/double/tests/tests.toml", "tests.toml: this file is missing"),
    ("assignments/double/wrong/adds-two.py", "wrong/adds-two.py: this file is missing"),
    ("assignments/double/assignment.toml", "assignment.toml: this file is missing"),
    ("quizzes/asked.toml", "'quizzes/asked' is listed in `items`, but there is no such item"),
    ("module.toml", "'01-first-steps' is listed in `modules`, but there is no such item"),
]


@pytest.mark.parametrize(("name", "said"), MISSING)
def test_a_missing_file_is_reported(small: Path, name: str, said: str) -> None:
    (small / MODULE / name).unlink()
    assert any(said in message for message in messages(small))


def test_a_file_that_nothing_reads_is_reported(small: Path) -> None:
    assignment = small / MODULE / "assignments" / "double"
    (assignment / "wrong" / "forgotten.py").write_text("print(1)\n")
    (assignment / "solutions").mkdir()
    found = messages(small)
    assert any("wrong/forgotten.py: no [[wrong]] in assignment.toml names this file" in message for message in found)
    assert any("double/solutions: nothing reads this" in message for message in found)


def test_captions_must_be_captions(small: Path) -> None:
    (small / "python" / "media" / "film.vtt").write_text("A first sentence.\n")
    assert any("a WebVTT file begins with WEBVTT" in message for message in messages(small))


def test_a_copy_that_kept_its_uuid_is_reported(small: Path, edit: Callable[..., None]) -> None:
    quizzes = small / MODULE / "quizzes"
    shutil.copy(quizzes / "asked.toml", quizzes / "again.toml")
    edit("module.toml", '"quizzes/asked"', '"quizzes/asked", "quizzes/again"')
    found = messages(small)
    assert any("has the uuid of first-steps/asked" in message for message in found)
    assert any("the slug 'asked' is used by 2 of its quiz items" in message for message in found)


def test_text_that_is_not_utf_8_is_reported(small: Path) -> None:
    (small / MODULE / "materials" / "03-program.py").write_bytes(b"print('\xff')\n")
    assert any("03-program.py: this file cannot be read as UTF-8 text" in message for message in messages(small))


def test_every_mistake_is_reported_at_once(small: Path, edit: Callable[..., None]) -> None:
    edit(FILM, "title: Film", "titel: Film")
    edit(QUIZ, ", is_correct = true", "")
    edit(TESTS, "points = 1", "points = 0")
    assert len(messages(small)) == 4


def test_an_empty_folder_is_no_content(tmp_path: Path) -> None:
    assert messages(tmp_path) == [
        ".: there is nothing to learn here: expected language.toml or course.toml, or folders that have one"
    ]
