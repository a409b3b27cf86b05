"""Languages: the registry, and what Python's own class makes of tracebacks."""

import pytest

from codezest.grading import Grader, GradingSpec, TestSpec, UnknownLanguageError
from codezest.grading.languages import find_language, languages
from codezest_db.enums import Verdict


def test_languages_are_found_by_key() -> None:
    assert find_language("python").name == "Python"
    keys = "bash c cpp go java javascript python rust sql typescript"
    assert sorted(language.key for language in languages()) == keys.split()


async def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownLanguageError, match="cobol"):
        find_language("cobol")
    with pytest.raises(UnknownLanguageError):
        await Grader().grade(GradingSpec(language="cobol", tests=(TestSpec(name="a"),)), "x")


@pytest.mark.parametrize(
    ("stderr", "verdict", "said"),
    [
        ("", Verdict.RE, "exit status 1"),
        ("something is wrong\n", Verdict.RE, "exit status 1"),
        ("MemoryError\n", Verdict.RE, "exit status 1"),
        ("Traceback (most recent call last):\nMemoryError\n", Verdict.MLE, "more memory"),
        (
            'Traceback (most recent call last):\n  File "main.py", line 2\n  File "json/decoder.py", line 9\njson.decoder.JSONDecodeError: no\n',
            Verdict.RE,
            "json.decoder.JSONDecodeError: no (line 2).",
        ),
        (
            'Traceback (most recent call last):\n  File "main.py", line 1, in <module>\nEOFError: EOF when reading a line\n',
            Verdict.RE,
            "more input than the test gives",
        ),
        ("Traceback (most recent call last):\nKeyboardInterrupt\n", Verdict.RE, "KeyboardInterrupt."),
        ("Traceback (most recent call last):\nMyError: [Errno 12] x\n", Verdict.RE, "MyError"),
    ],
)
def test_crashes_are_explained(stderr: str, verdict: Verdict, said: str) -> None:
    crash = find_language("python").explain_crash(1, stderr)
    assert crash.verdict is verdict
    assert said in crash.message


def test_inner_paths_are_cleaned_away() -> None:
    text = 'File "/python/lib/python3.11/json/__init__.py"\nFile "/usr/lib/python3.12/json/x.py"\nFile "/tmp/main.py"'
    assert find_language("python").clean_errors(text) == 'File "json/__init__.py"\nFile "json/x.py"\nFile "main.py"'


@pytest.mark.parametrize("key", [language.key for language in languages()])
def test_every_language_says_how_to_test_it(key: str) -> None:
    language = find_language(key)
    assert language.self_test.source
    assert language.self_test.expected
    assert language.file_name
