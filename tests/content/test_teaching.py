"""What the courses that ship with CodeZest promise, beyond loading."""

import importlib
import re
from pathlib import Path

import pytest

from codezest.services.learning.content.load import load
from codezest.services.learning.content.model import ModuleContent
from codezest_db.enums import MaterialType

CONTENT = Path(__file__).parents[2] / "content"
MEDIA = CONTENT / "python" / "media"
FILMS = ("introduction", "if-else-statements", "defining-functions")
MODULES = load(CONTENT / "python").languages[0].modules
LARGEST_FILM = 450_000
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
CUE = re.compile(r"(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)")


def prose(module: ModuleContent) -> list[str]:
    """Everything that learners read in a module, without code."""
    texts = [module.title, module.description or "", *module.syllabus]
    for material in module.materials:
        texts += [material.title, material.description or "", material.content, material.transcript or ""]
    for assignment in module.assignments:
        texts += [assignment.title, assignment.instructions, *assignment.hints, *(w.why for w in assignment.wrong)]
        texts += [text for test in assignment.tests for text in (test.name, test.kind_of_case or "")]
    for quiz in module.quizzes:
        for question in quiz.questions:
            texts += [question.text, question.explanation, *(option.text for option in question.options)]
    return [CODE.sub("", text) for text in texts]


def test_the_path_has_the_three_modules_one_after_another() -> None:
    assert [module.title for module in MODULES] == ["Python Basics", "Control Flow", "Functions"]
    assert [module.prerequisites for module in MODULES] == [(), (MODULES[0].id,), (MODULES[1].id,)]


def test_every_module_has_what_the_specification_lists() -> None:
    titles = [[item.title for item in module.items] for module in MODULES]
    assert {"Introduction to Python", "Variables and Data Types", "Hello World"} <= set(titles[0])
    assert {"Write a Calculator Program", "Python Basics Quiz"} <= set(titles[0])
    assert {"If-Else Statements", "Loops in Python", "FizzBuzz Challenge", "Control Flow Quiz"} <= set(titles[1])
    assert {"Defining Functions", "Lambda Functions", "Create a Function Library", "Functions Quiz"} <= set(titles[2])
    types = {material.type for material in MODULES[0].materials}
    assert types == {MaterialType.VIDEO, MaterialType.ARTICLE, MaterialType.CODE_EXAMPLE, MaterialType.INTERACTIVE}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_quizzes_teach(module: ModuleContent) -> None:
    quiz = module.quizzes[0]
    assert len(quiz.questions) == (10 if module.slug == "python-basics" else 8)
    for question in quiz.questions:
        assert len(question.explanation.split()) >= 25, question.key
    assert len({question.topic for question in quiz.questions}) >= 3


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_assignments_teach(module: ModuleContent) -> None:
    assignment = module.assignments[0]
    assert len(assignment.hints) >= 3
    assert 6 <= len(assignment.tests) <= 10
    assert any(test.visible for test in assignment.tests)
    assert any(not test.visible for test in assignment.tests)
    example = next(test for test in assignment.tests if test.visible)
    assert f"```text\n{example.stdin}```" in assignment.instructions
    assert f"```text\n{example.expected}```" in assignment.instructions


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_articles_have_a_length_that_is_read(module: ModuleContent) -> None:
    for material in module.materials:
        if material.type == MaterialType.ARTICLE:
            assert 600 <= len(material.content.split()) <= 1200, material.slug
            assert "## Check yourself" in material.content


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.slug)
def test_the_voice_is_calm(module: ModuleContent) -> None:
    assert [text for text in prose(module) if "!" in text.replace("![", "")] == []


@pytest.mark.parametrize("name", FILMS)
def test_films_are_small_and_their_captions_in_order(name: str) -> None:
    film = (MEDIA / f"{name}.webm").read_bytes()
    assert film.startswith(b"\x1aE\xdf\xa3")
    assert len(film) <= LARGEST_FILM
    assert (MEDIA / f"{name}.webp").stat().st_size <= 40_000
    times = [tuple(map(float, match)) for match in CUE.findall((MEDIA / f"{name}.vtt").read_text())]
    seconds = [hours * 3600 + minutes * 60 + rest for cue in times for hours, minutes, rest in (cue[:3], cue[3:])]
    assert seconds == sorted(seconds)
    assert 40 <= seconds[-1] <= 75


@pytest.mark.parametrize("name", FILMS)
def test_captions_are_those_of_the_script(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script also runs its programs, so a film cannot show output that Python does not give."""
    monkeypatch.syspath_prepend(str(CONTENT.parent / "tools"))
    film = importlib.import_module("video.script").read(MEDIA / f"{name}.film.toml")
    captions = importlib.import_module("video.captions").webvtt(film)
    assert (MEDIA / f"{name}.vtt").read_text() == captions
